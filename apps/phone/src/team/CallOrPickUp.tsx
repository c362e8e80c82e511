import { ActionIcon } from '@mantine/core';
import type { DirectoryPerson } from '@offhook/contract';
import { canDo } from '@offhook/phone-core';
import { IconPhone, IconPhoneIncoming } from '@tabler/icons-react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { usePresence } from '../presence/use-watched.ts';
import { useIsMe } from './use-people.ts';

/** One click calls a colleague; while their telephone rings, it takes that call instead. */
export function CallOrPickUp({ person }: { readonly person: DirectoryPerson }) {
  const { t } = useWords();
  const { calls } = usePhone();
  const rings = useCanPickUp(person);
  const { number, name } = person;
  const isMe = useIsMe(person);
  if (number === undefined || isMe) return null;
  return (
    <ActionIcon
      variant={rings ? 'filled' : 'subtle'}
      color={rings ? 'green.8' : 'cobalt'}
      size={40}
      radius="xl"
      aria-label={t(rings ? 'team.pickUp' : 'team.call', { name })}
      onClick={() => void (rings ? calls.pickUp(number, name) : calls.place(number, name))}
    >
      {rings ? <IconPhoneIncoming size={20} stroke={1.8} /> : <IconPhone size={20} stroke={1.7} />}
    </ActionIcon>
  );
}

/** Whether a call rings at this colleague's that could be taken here. */
export function useCanPickUp({ userId, number }: DirectoryPerson): boolean {
  const presence = usePresence(userId);
  const offered = usePhoneState((state) => canDo(state, 'pickUp'));
  return offered && number !== undefined && presence?.line === 'ringing';
}
