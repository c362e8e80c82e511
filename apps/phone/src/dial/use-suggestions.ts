import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import type { DirectoryEntry } from '@offhook/contract';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';

const DEBOUNCE_MS = 120;
const FRESH_MS = 30_000;

export interface Suggestions {
  readonly entries: readonly DirectoryEntry[];
  /** Asks now, also for a text that has just been typed. Rejects with `OffhookError`. */
  readonly find: (text: string) => Promise<readonly DirectoryEntry[]>;
}

const none: readonly DirectoryEntry[] = [];

/** People whose name, address or number matches, best first. */
export function useSuggestions(text: string): Suggestions {
  const phone = usePhone();
  const client = useQueryClient();
  const online = usePhoneState((state) => state.connection.name === 'online');
  const [settled] = useDebouncedValue(text.trim(), DEBOUNCE_MS);
  const query = (wanted: string) => ({
    queryKey: ['directory', wanted.toLowerCase()],
    queryFn: () => phone.searchDirectory(wanted),
    staleTime: FRESH_MS,
  });
  const { data = none } = useQuery({
    ...query(settled),
    enabled: online && settled !== '',
    placeholderData: keepPreviousData,
  });
  return {
    entries: text.trim() === '' ? none : data,
    find: (wanted) => client.fetchQuery(query(wanted.trim())),
  };
}
