import { useDebouncedValue } from '@mantine/hooks';
import { searchPeople } from '@offhook/phone-core';
import { useEffect, useMemo } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useAsked } from './use-asked.ts';
import { fitsParty, recentParties, recentSuggestion, suggestionOf, type Suggestion } from './suggestion.ts';

const DEBOUNCE_MS = 120;
const PEOPLE = 8;
const RECENT = 3;

export interface Suggestions {
  readonly entries: readonly Suggestion[];
  /** Best first, also for a text that has just been typed. Rejects with `OffhookError`. */
  readonly find: (text: string) => Promise<readonly Suggestion[]>;
}

const none: readonly Suggestion[] = [];
const nobody: ReturnType<typeof recentParties> = [];

/**
 * People whose name, address or number matches, best first, and whom one has talked to lately. From the first letter on the directory is read, and
 * then searched here, at once; until it is there the cloud is asked.
 */
export function useSuggestions(text: string): Suggestions {
  const phone = usePhone();
  const online = usePhoneState((state) => state.connection.name === 'online');
  const { people, reading } = usePhoneState((state) => state.directory);
  const isHere = reading === 'whole' && people !== undefined;
  const typed = text.trim();
  const isTyping = typed !== '';
  const me = usePhoneState(({ session }) => (session.name === 'signedIn' ? session.me.userId : undefined));
  const [settled] = useDebouncedValue(typed, DEBOUNCE_MS);

  useEffect(() => {
    if (isTyping) phone.directory.need();
  }, [phone, isTyping]);

  const askCloud = async (wanted: string) => (await phone.searchDirectory(wanted)).map(suggestionOf);
  const asks = online && !isHere && settled !== '';
  const ofCloud = useAsked(asks ? settled.toLowerCase() : undefined, () => askCloud(settled)) ?? none;
  const parties =
    useAsked(online && isTyping ? 'recent' : undefined, async () =>
      recentParties((await phone.history.page({ filter: 'all', search: '' })).entries),
    ) ?? nobody;

  const entries = useMemo(() => {
    if (typed === '') return none;
    const found = isHere ? searchPeople(people, typed, PEOPLE).map(suggestionOf) : ofCloud;
    const colleagues = found.filter(({ userId }) => userId !== me || userId === undefined);
    const recent = parties
      .filter((party) => fitsParty(party, typed, people?.numbering))
      .slice(0, RECENT)
      .map(recentSuggestion);
    return [...colleagues, ...recent];
  }, [typed, isHere, people, ofCloud, parties, me]);
  return {
    entries,
    find: async (wanted) =>
      isHere ? searchPeople(people, wanted, PEOPLE).map(suggestionOf) : askCloud(wanted.trim()),
  };
}
