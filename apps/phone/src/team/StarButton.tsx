import { ActionIcon } from '@mantine/core';
import type { DirectoryPerson } from '@offhook/contract';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { useIsFavourite, useIsMe } from './use-people.ts';

export interface StarButtonProps {
  readonly person: DirectoryPerson;
  readonly size?: number;
}

/** Makes somebody a favourite, and takes that back. */
export function StarButton({ person, size = 40 }: StarButtonProps) {
  const { t } = useWords();
  const { favourites } = usePhone();
  const starred = useIsFavourite(person.userId);
  const isMe = useIsMe(person);
  // Who was starred before it was refused can still be taken out.
  if (isMe && !starred) return null;
  const Icon = starred ? IconStarFilled : IconStar;
  return (
    <ActionIcon
      variant="subtle"
      color={starred ? 'cobalt' : 'gray'}
      size={size}
      radius="xl"
      aria-pressed={starred}
      aria-label={t('team.star', { name: person.name })}
      title={t(starred ? 'team.remove' : 'team.add')}
      onClick={() => void (starred ? favourites.remove(person.userId) : favourites.place(person))}
    >
      <Icon size={20} stroke={1.7} />
    </ActionIcon>
  );
}
