import { OffhookError, UserId, type CallId, type CallState, type DirectoryEntry } from '@offhook/contract';
import { createPhoneStore, type Phone } from '@offhook/phone-core';
import { ended, people, permittedIn, states } from './builders.ts';
import type { Scene } from './scenes.ts';

const directory: readonly DirectoryEntry[] = [people.ben, people.carla, people.david, people.long].map(
  ({ name, number }) => ({ userId: UserId.parse(name.replaceAll(/\W/gu, '')), name, number }),
);

const nothing = (): Promise<void> => Promise.resolve();

/** A phone in one scene. Its calls obey at once; nothing else moves. */
export function fakePhone(scene: Scene): Phone {
  const store = createPhoneStore(scene.state);
  const change = (callId: CallId, next: CallState): Promise<void> => {
    store.setState(({ calls }) => ({
      calls: calls.map((one) =>
        one.callId === callId
          ? { ...one, state: next, position: 'here', permitted: permittedIn(next, false) }
          : one,
      ),
    }));
    return nothing();
  };
  return {
    store,
    start: () => undefined,
    signIn: () => Promise.reject(new OffhookError('invalid_credentials')),
    signOut: nothing,
    calls: {
      place: nothing,
      cancelAttempt: () => undefined,
      answer: (callId) => change(callId, states.connected),
      placeAtDesk: nothing,
      pickUp: nothing,
      answerAtDesk: nothing,
      deflect: nothing,
      toVoicemail: nothing,
      pull: nothing,
      push: nothing,
      consult: nothing,
      alternate: nothing,
      reconnect: nothing,
      transfer: nothing,
      completeTransfer: nothing,
      conference: nothing,
      park: nothing,
      callBack: nothing,
      reject: nothing,
      hangUp: (callId) => change(callId, ended('completed')),
      hold: (callId) => change(callId, states.held),
      retrieve: (callId) => change(callId, states.connected),
      setMuted: nothing,
      sendDtmf: nothing,
      dismissCall: () => undefined,
      dismissProblem: () => undefined,
    },
    settings: { change: nothing, undo: nothing, dismiss: () => undefined },
    presence: { choose: nothing, watch: () => () => undefined },
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
