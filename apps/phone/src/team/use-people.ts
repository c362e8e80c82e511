import type { DirectoryPerson, UserId } from '@offhook/contract';
import { useEffect } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';

/** Has the directory read, from when something shows people. */
export function useDirectory() {
  const { directory } = usePhone();
  useEffect(() => directory.need(), [directory]);
  return usePhoneState((state) => state.directory);
}

const nobody: readonly DirectoryPerson[] = [];

/** In their order; empty until the cloud has said. */
export function useFavourites(): readonly DirectoryPerson[] {
  return usePhoneState((state) => state.favourites.held ?? nobody);
}

export function useIsFavourite(userId: UserId): boolean {
  return usePhoneState(
    (state) => state.favourites.held?.some((favourite) => favourite.userId === userId) ?? false,
  );
}

/** One's own entry can be looked at, and neither called nor starred. */
export function useIsMe({ userId }: Pick<DirectoryPerson, 'userId'>): boolean {
  return usePhoneState(({ session }) => session.name === 'signedIn' && session.me.userId === userId);
}
