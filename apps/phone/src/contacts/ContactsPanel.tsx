import { CloseButton, TextInput, Title } from '@mantine/core';
import type { DirectoryPerson } from '@offhook/contract';
import { filterPeople, type DirectoryState, type PersonEntry } from '@offhook/phone-core';
import { Blank } from '@offhook/ui';
import { IconAddressBook, IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useWords } from '../i18n/use-words.ts';
import { useDirectory } from '../team/use-people.ts';
import { ContactCard } from './ContactCard.tsx';
import { ContactList } from './ContactList.tsx';
import classes from './ContactsPanel.module.css';

interface Opened {
  readonly person: DirectoryPerson;
  /** What was pressed in the list. */
  readonly from: Element | null;
}

const nobody: readonly PersonEntry[] = [];

/** Everybody of the company. */
export default function ContactsPanel() {
  const { t, i18n } = useWords();
  const directory = useDirectory();
  const [text, setText] = useState('');
  const [opened, setOpened] = useState<Opened>();
  // Typing goes first; the list follows.
  const query = useDeferredValue(text);
  const { people } = directory;
  const entries = useMemo(
    () => (people === undefined ? nobody : filterPeople(people, query)),
    [people, query],
  );
  const close = (): void => {
    // The list is there again before its row can have the focus.
    flushSync(() => setOpened(undefined));
    if (opened?.from instanceof HTMLElement) opened.from.focus();
  };
  return (
    <>
      <Title order={2} id="contacts-title" className={classes['title'] ?? ''}>
        {t('contacts.title')}
      </Title>
      {/* The list stays where it was scrolled to while one of its people is looked at. */}
      <div className={opened === undefined ? undefined : classes['away']} inert={opened !== undefined}>
        <div className={classes['head']}>
          <TextInput
            size="md"
            aria-label={t('contacts.filter')}
            placeholder={t('contacts.filter')}
            leftSection={<IconSearch size={18} stroke={1.7} />}
            rightSection={
              text === '' ? null : <CloseButton aria-label={t('dial.erase')} onClick={() => setText('')} />
            }
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <span className={classes['count']} role="status">
            {statusText(t, directory, entries.length, new Intl.NumberFormat(i18n.language))}
          </span>
        </div>
        {entries.length === 0 && directory.reading === 'whole' ? (
          <Blank
            icon={<IconAddressBook size={36} stroke={1.5} />}
            title={text === '' ? t('contacts.empty') : t('dial.nobody', { text })}
          />
        ) : (
          <ContactList
            key={query}
            entries={entries}
            onOpen={(person) => setOpened({ person, from: document.activeElement })}
          />
        )}
      </div>
      {opened === undefined ? null : <ContactCard person={opened.person} onClose={close} />}
    </>
  );
}

function statusText(
  t: ReturnType<typeof useWords>['t'],
  { reading }: DirectoryState,
  count: number,
  format: Intl.NumberFormat,
): string {
  switch (reading) {
    case 'unread':
    case 'under_way':
      return t('contacts.loading');
    case 'failed':
      return t('contacts.failed');
    case 'whole':
      return t('contacts.people', { count, number: format.format(count) });
  }
}
