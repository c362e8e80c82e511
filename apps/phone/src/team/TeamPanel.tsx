import { Button, CloseButton, Title } from '@mantine/core';
import type { DirectoryPerson } from '@offhook/contract';
import { Blank } from '@offhook/ui';
import { IconStar } from '@tabler/icons-react';
import { useState } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { useWatched } from '../presence/use-watched.ts';
import { openPage } from '../shell/use-page.ts';
import { problemWords } from '../words/problem.ts';
import { FavouriteRow } from './FavouriteRow.tsx';
import classes from './TeamPanel.module.css';
import { useFavourites } from './use-people.ts';

const focusNew = (button: HTMLButtonElement | null): void => button?.focus();

interface Removed {
  readonly person: DirectoryPerson;
  /** Before whom they stood. */
  readonly next: DirectoryPerson | undefined;
}

/** The colleagues whom one works with most: what they and their telephones do, live. */
export default function TeamPanel() {
  const { t } = useWords();
  const { favourites } = usePhone();
  const held = useFavourites();
  const known = usePhoneState((state) => state.favourites.held !== undefined);
  const problem = usePhoneState((state) => state.favourites.problem);
  const [removed, setRemoved] = useState<Removed>();
  const [said, setSaid] = useState('');
  useWatched(held.map(({ userId }) => userId));

  const move = (person: DirectoryPerson, to: number): void => {
    const others = held.filter(({ userId }) => userId !== person.userId);
    void favourites.place(person, others[to]?.userId);
    setSaid(t('team.moved', { name: person.name, place: to + 1, of: held.length }));
  };
  const remove = (person: DirectoryPerson, at: number): void => {
    setRemoved({ person, next: held[at + 1] });
    void favourites.remove(person.userId);
  };
  const undo = ({ person, next }: Removed): void => {
    setRemoved(undefined);
    void favourites.place(person, next?.userId);
  };
  return (
    <>
      <Title order={2} id="team-title" className={classes['title'] ?? ''}>
        {t('team.title')}
      </Title>
      {held.length === 0 && known ? (
        <Blank
          icon={<IconStar size={36} stroke={1.5} />}
          title={t('team.empty')}
          hint={t('team.empty.hint')}
          action={
            <Button variant="default" size="sm" onClick={() => openPage('contacts')}>
              {t('team.find')}
            </Button>
          }
        />
      ) : (
        <ul className={classes['list']}>
          {held.map((person, at) => (
            <FavouriteRow
              key={person.userId}
              person={person}
              isFirst={at === 0}
              isLast={at === held.length - 1}
              onMove={(step) => move(person, at + step)}
              onDrop={(userId) => {
                const dragged = held.find((one) => one.userId === userId);
                if (dragged !== undefined && dragged !== person) move(dragged, at);
              }}
              onRemove={() => remove(person, at)}
            />
          ))}
        </ul>
      )}
      {removed === undefined ? null : (
        <div className={classes['undo']} role="status">
          <span>{t('team.removed', { name: removed.person.name })}</span>
          {/* The row that had the focus is gone. */}
          <Button
            ref={focusNew}
            key={removed.person.userId}
            variant="subtle"
            size="compact-sm"
            onClick={() => undo(removed)}
          >
            {t('team.undo')}
          </Button>
          <CloseButton size="sm" aria-label={t('app.dismiss')} onClick={() => setRemoved(undefined)} />
        </div>
      )}
      {problem === undefined ? null : (
        <p role="alert" className={classes['problem']}>
          {t(problemWords(problem).title)}
          <CloseButton size="sm" aria-label={t('app.dismiss')} onClick={() => favourites.dismiss()} />
        </p>
      )}
      <span className={classes['said']} aria-live="polite">
        {said}
      </span>
    </>
  );
}
