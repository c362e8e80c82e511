import { UnstyledButton } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import type { DirectoryPerson } from '@offhook/contract';
import type { PersonEntry } from '@offhook/phone-core';
import { PersonAvatar, PresenceDot } from '@offhook/ui';
import { useMemo, useRef, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { PresenceText } from '../presence/PresenceText.tsx';
import { usePresence, useWatched } from '../presence/use-watched.ts';
import { CallOrPickUp } from '../team/CallOrPickUp.tsx';
import { StarButton } from '../team/StarButton.tsx';
import { readableNumber } from '../words/party.ts';
import classes from './ContactsPanel.module.css';
import { lettersOf, windowOf } from './virtual.ts';

/** Pixels; the style sheet has the same. */
const ROW = 60;

/** Where letters save scrolling. */
const LETTERS_FROM = 30;

export interface ContactListProps {
  readonly entries: readonly PersonEntry[];
  readonly onOpen: (person: DirectoryPerson) => void;
}

/** Fifty thousand people as quickly as fifty: only the rows that are seen are there. */
export function ContactList({ entries, onOpen }: ContactListProps) {
  const { t } = useWords();
  const { ref: sized, height } = useElementSize<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(sized, scroller);
  const [top, setTop] = useState(0);
  const { first, end } = windowOf(top, height, ROW, entries.length);
  const shown = entries.slice(first, end);
  useWatched(shown.map(({ person }) => person.userId));
  const letters = useMemo(
    () => (entries.length < LETTERS_FROM ? [] : lettersOf(entries.map(({ name }) => name))),
    [entries],
  );
  return (
    <div className={classes['body']}>
      {/* What scrolls can be scrolled by keys, too. */}
      <div
        ref={ref}
        className={classes['scroller']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={t('contacts.title')}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <ul className={classes['list']} style={{ height: entries.length * ROW, paddingTop: first * ROW }}>
          {shown.map(({ person }, at) => (
            <ContactRow
              key={person.userId}
              person={person}
              place={first + at + 1}
              of={entries.length}
              onOpen={() => onOpen(person)}
            />
          ))}
        </ul>
      </div>
      {letters.length < 2 ? null : (
        <nav className={classes['letters']} aria-label={t('contacts.jump')}>
          {letters.map(([letter, row]) => (
            <button
              key={letter}
              type="button"
              className={classes['letter']}
              onClick={() => scroller.current?.scrollTo({ top: row * ROW })}
            >
              {letter}
            </button>
          ))}
        </nav>
      )}
    </div>
  );
}

interface ContactRowProps {
  readonly person: DirectoryPerson;
  readonly place: number;
  readonly of: number;
  readonly onOpen: () => void;
}

function ContactRow({ person, place, of, onOpen }: ContactRowProps) {
  const { t } = useWords();
  const presence = usePresence(person.userId);
  return (
    <li className={classes['row']} aria-posinset={place} aria-setsize={of}>
      <UnstyledButton
        className={classes['open']}
        aria-label={t('contacts.open', { name: person.name })}
        onClick={onOpen}
      >
        <PersonAvatar
          name={person.name}
          size={38}
          badge={presence && <PresenceDot state={presence.state} />}
        />
        <span className={classes['words']}>
          <span className={classes['name']}>{person.name}</span>
          <span className={classes['detail']}>
            {presence === undefined ? null : <PresenceText presence={presence} />}
          </span>
        </span>
        <span className={classes['number']}>
          {person.number === undefined ? '' : readableNumber(person.number)}
        </span>
      </UnstyledButton>
      <StarButton person={person} />
      <CallOrPickUp person={person} />
    </li>
  );
}
