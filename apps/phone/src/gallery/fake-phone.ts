import { OffhookError, type DirectoryEntry, UserId } from '@offhook/contract';
import { createPhoneStore, type Phone } from '@offhook/phone-core';
import { people } from './builders.ts';
import type { Scene } from './scenes.ts';

const directory: readonly DirectoryEntry[] = [people.ben, people.carla, people.david, people.long].map(
  ({ name, number }) => ({ userId: UserId.parse(name.replaceAll(/\W/gu, '')), name, number }),
);

const nothing = (): Promise<void> => Promise.resolve();

/** A phone that stands still in one scene. */
export function fakePhone(scene: Scene): Phone {
  return {
    store: createPhoneStore(scene.state),
    start: () => undefined,
    signIn: () => Promise.reject(new OffhookError('invalid_credentials')),
    signOut: nothing,
    calls: {
      place: nothing,
      cancelAttempt: () => undefined,
      answer: nothing,
      takeOver: nothing,
      reject: nothing,
      hangUp: nothing,
      hold: nothing,
      retrieve: nothing,
      setMuted: nothing,
      sendDtmf: nothing,
      dismissCall: () => undefined,
      dismissProblem: () => undefined,
    },
    searchDirectory: (query) =>
      Promise.resolve(
        directory.filter(({ name, number }) =>
          `${name} ${number}`.toLowerCase().includes(query.toLowerCase()),
        ),
      ),
    history: () => {
      if (scene.history === 'loading') return new Promise(() => undefined);
      if (scene.history === 'error') return Promise.reject(new OffhookError('unavailable'));
      return Promise.resolve({ entries: [...scene.history], more: scene.history.length > 0 });
    },
    onHistoryAdded: () => () => undefined,
    wake: () => undefined,
    resume: nothing,
    close: () => undefined,
  };
}
