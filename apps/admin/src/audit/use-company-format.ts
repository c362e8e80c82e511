import { isPermitted } from '@offhook/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useMe } from '../app/session.ts';
import { formatIn, type Format } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { settingsQuery } from '../settings/settings.ts';

/** Times as the company's clocks show them: the log's days are theirs too. The provider's people see their own. */
export function useCompanyFormat(): Format {
  const { language } = useWords();
  const api = useApi();
  const { role } = useMe();
  const { data } = useQuery({ ...settingsQuery(api), enabled: isPermitted(role, 'tenant.read') });
  const zone = data?.timeZone;
  return useMemo(() => formatIn(language, zone), [language, zone]);
}
