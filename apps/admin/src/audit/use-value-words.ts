import { isPermitted } from '@offhook/contract';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import { useMe } from '../app/session.ts';
import { connectorsQuery } from '../connectors/data.ts';
import type { Format } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import type { CatalogueKey } from '../words/keys.ts';
import type { Change } from './changes.ts';
import { valueWords } from './value-words.ts';

/** How values of an entry are said; names of telephone systems are asked for where the entry has their ids. */
export function useValueWords(
  format: Format,
  changes: readonly Change[],
): (field: string, value: unknown) => string {
  const { t, i18n } = useWords();
  const api = useApi();
  const { role } = useMe();
  const wantsNames = changes.some(({ field }) => field.endsWith('connectorId'));
  const { data } = useQuery({
    ...connectorsQuery(api),
    enabled: wantsNames && isPermitted(role, 'connectors.read'),
  });
  const names = new Map<string, string>(data?.connectors.map(({ connectorId, name }) => [connectorId, name]));
  const ways = {
    t,
    format,
    has: (key: string): key is CatalogueKey => i18n.exists(key),
    nameOf: (id: string) => names.get(id),
  };
  return (field, value) => valueWords(ways, field, value);
}
