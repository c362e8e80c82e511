import { AdministratorList, ProviderSettings, type Administrator } from '@offhook/contract';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';

export const TEAM = '/api/provider/people';
export const SAFETY = '/api/provider/settings';
export const memberPath = ({ userId }: Administrator): string => `${TEAM}/${encodeURIComponent(userId)}`;

export const teamQuery = (api: Api) =>
  queryOptions({
    queryKey: ['team'],
    queryFn: async () => (await api.get(TEAM, AdministratorList)).administrators,
  });

export const safetyQuery = (api: Api) =>
  queryOptions({ queryKey: ['team', 'safety'], queryFn: () => api.get(SAFETY, ProviderSettings) });
