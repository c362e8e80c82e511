import { ActionIcon, Menu } from '@mantine/core';
import type { DirectoryPerson } from '@offhook/contract';
import { PersonAvatar, PresenceDot } from '@offhook/ui';
import {
  IconArrowDown,
  IconArrowUp,
  IconDotsVertical,
  IconGripVertical,
  IconStarOff,
} from '@tabler/icons-react';
import { useState, type DragEvent, type KeyboardEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { PresenceText } from '../presence/PresenceText.tsx';
import { usePresence } from '../presence/use-watched.ts';
import { readableNumber } from '../words/party.ts';
import { CallOrPickUp } from './CallOrPickUp.tsx';
import classes from './TeamPanel.module.css';

export interface FavouriteRowProps {
  readonly person: DirectoryPerson;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onMove: (step: -1 | 1) => void;
  /** Somebody else was dropped here. */
  readonly onDrop: (userId: string) => void;
  readonly onRemove: () => void;
}

const DRAGGED = 'application/x-offhook-person';

/** A favourite: what they and their telephone do, and one click to reach them. Moved by dragging, by Alt and an arrow key, or by the menu. */
export function FavouriteRow({ person, isFirst, isLast, onMove, onDrop, onRemove }: FavouriteRowProps) {
  const presence = usePresence(person.userId);
  const [over, setOver] = useState(false);

  const keyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    if (event.key === 'ArrowUp' ? !isFirst : !isLast) onMove(event.key === 'ArrowUp' ? -1 : 1);
  };
  const dragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    const userId = event.dataTransfer.getData(DRAGGED);
    if (userId === '') return;
    event.preventDefault();
    onDrop(userId);
  };
  return (
    // The keys are those of the buttons inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      className={classes['row']}
      data-line={presence?.line}
      data-over={over || undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, person.userId);
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragOver={dragOver}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      onKeyDown={keyDown}
    >
      <IconGripVertical className={classes['grip']} size={16} stroke={1.8} aria-hidden="true" />
      <PersonAvatar name={person.name} size={40} badge={presence && <PresenceDot state={presence.state} />} />
      <span className={classes['words']}>
        <span className={classes['name']}>{person.name}</span>
        <span className={classes['detail']}>
          {presence === undefined ? (
            person.number === undefined ? null : (
              readableNumber(person.number)
            )
          ) : (
            <PresenceText presence={presence} />
          )}
        </span>
      </span>
      <CallOrPickUp person={person} />
      <RowMenu {...{ person, isFirst, isLast, onMove, onRemove }} />
    </li>
  );
}

type RowMenuProps = Omit<FavouriteRowProps, 'onDrop'>;

function RowMenu({ person, isFirst, isLast, onMove, onRemove }: RowMenuProps) {
  const { t } = useWords();
  return (
    <Menu position="bottom-end" radius="lg" shadow="lg">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          radius="xl"
          aria-label={t('team.more', { name: person.name })}
        >
          <IconDotsVertical size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={18} stroke={1.7} />}
          disabled={isFirst}
          onClick={() => onMove(-1)}
        >
          {t('team.moveUp')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={18} stroke={1.7} />}
          disabled={isLast}
          onClick={() => onMove(1)}
        >
          {t('team.moveDown')}
        </Menu.Item>
        <Menu.Item leftSection={<IconStarOff size={18} stroke={1.7} />} onClick={onRemove}>
          {t('team.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
