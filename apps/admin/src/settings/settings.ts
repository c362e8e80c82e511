import { TenantSettings } from '@offhook/contract';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../api/api.ts';

export const settingsPath = '/api/admin/tenant';

export const settingsQuery = (api: Api) =>
  queryOptions({ queryKey: ['tenant'], queryFn: () => api.get(settingsPath, TenantSettings) });
