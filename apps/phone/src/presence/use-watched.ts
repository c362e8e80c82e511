import type { Presence, UserId } from '@offhook/contract';
import { presenceOf } from '@offhook/phone-core';
import { useEffect } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';

const SEPARATOR = ' ';

/** Follows these colleagues for as long as the component shows them. */
export function useWatched(userIds: readonly UserId[]): void {
  const { presence } = usePhone();
  const key = userIds.join(SEPARATOR);
  useEffect(() => {
    if (key === '') return undefined;
    return presence.watch(key.split(SEPARATOR) as UserId[]);
  }, [presence, key]);
}

/** What is known of one of them now, or what the directory said last. */
export function usePresence(userId: UserId | undefined, otherwise?: Presence): Presence | undefined {
  return usePhoneState((state) => presenceOf(state, userId, otherwise));
}
