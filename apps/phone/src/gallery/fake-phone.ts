import { OffhookError, UserId, type CallId, type CallState, type DirectoryEntry } from '@offhook/contract';
import { createPhoneStore, namesOf, withChange, type KnownCall, type Phone } from '@offhook/phone-core';
import { ended, everything, paired, people, permittedIn, presences, states } from './builders.ts';
import { fakeDiagnostics } from './fake-diagnostics.ts';
import { crowdOf } from './people-scenes.ts';
import type { Scene } from './scene.ts';

const directory: readonly DirectoryEntry[] = [people.ben, people.carla, people.david, people.long].map(
  ({ name, number, ...rest }) => {
    const userId = 'userId' in rest ? rest.userId : UserId.parse(name.replaceAll(/\W/gu, ''));
    const presence = presences[userId];
    return { userId, name, number, ...(presence === undefined ? {} : { presence }) };
  },
);

const nothing = (): Promise<void> => Promise.resolve();

/** A call that could be transferred can be again; one that could be swapped can be swapped again. */
function permittedAfter(before: KnownCall, next: CallState): KnownCall['permitted'] {
  const rich = before.permitted.some((service) => everything.includes(service) && service === 'transfer');
  const twin = before.permitted.includes('alternate');
  if (!rich && !twin) return permittedIn(next, false);
  if (next.name === 'connected') return everything;
  return next.name === 'held' ? paired : [];
}

/** A phone in one scene. Its calls obey at once; nothing else moves. */
export function fakePhone(scene: Scene): Phone {
  const store = createPhoneStore(scene.state);
  if (scene.crowd !== undefined) store.setState({ directory: crowdOf(scene.crowd) });
  const change = (callId: CallId, next: CallState): Promise<void> => {
    store.setState(({ calls }) => ({
      calls: calls.map((one) =>
        one.callId === callId
          ? {
              ...one,
              state: next,
              position: next.name === 'ended' ? 'nowhere' : 'here',
              permitted: permittedAfter(one, next),
            }
          : one,
      ),
    }));
    return nothing();
  };
  return {
    store,
    start: () => undefined,
    ask: ({ path }) =>
      path.startsWith('/api/support')
        ? Promise.resolve({ contact: 'support@demo.example' })
        : Promise.reject(new OffhookError('invalid_credentials')),
    enter: () => undefined,
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
      alternate: async (callId) => {
        const talking = store.getState().calls.find((one) => one.state.name === 'connected');
        if (talking !== undefined) await change(talking.callId, states.held);
        await change(callId, states.connected);
      },
      reconnect: nothing,
      transfer: (callId) => change(callId, ended('transferred')),
      completeTransfer: async (callId, otherCallId) => {
        await change(callId, ended('transferred'));
        await change(otherCallId, ended('transferred'));
      },
      conference: (callId, otherCallId) => {
        store.setState(({ calls }) => ({
          calls: calls.map((one) => {
            if (one.callId === callId) return { ...one, state: ended('joined'), permitted: [] };
            if (one.callId !== otherCallId) return one;
            return { ...one, members: [people.ben, people.carla], permitted: everything };
          }),
        }));
        return nothing();
      },
      park: (callId) => {
        store.setState(({ calls }) => ({
          calls: calls.map((one) =>
            one.callId === callId
              ? { ...one, state: states.held, position: 'parked', parkedAt: '*71', permitted: ['pull'] }
              : one,
          ),
        }));
        return nothing();
      },
      callBack: nothing,
      reject: nothing,
      hangUp: (callId) => change(callId, ended('completed')),
      hold: (callId) => change(callId, states.held),
      retrieve: (callId) => change(callId, states.connected),
      setMuted: (callId, muted) => {
        store.setState(({ calls }) => ({
          calls: calls.map((one) => (one.callId === callId ? { ...one, muted } : one)),
        }));
        return nothing();
      },
      renewMicrophones: nothing,
      sendDtmf: nothing,
      dismissCall: () => undefined,
      dismissProblem: () => undefined,
    },
    settings: {
      change: (change) => {
        store.setState(({ settings: { held } }) => ({
          settings: {
            held: held && withChange(held, change),
            pending: undefined,
            last: { of: namesOf(change), outcome: { name: 'changed', undo: {} } },
          },
        }));
        return nothing();
      },
      undo: nothing,
      dismiss: () => undefined,
    },
    diagnostics: fakeDiagnostics(scene.check ?? 'good'),
    quality: {
      rate: () => {
        store.setState({ rating: undefined });
        return nothing();
      },
      dismissRating: () => store.setState({ rating: undefined }),
    },
    presence: {
      choose: (choice) => {
        const state = choice === 'appear_offline' ? 'offline' : choice === 'automatic' ? 'available' : choice;
        store.setState(({ ownPresence }) => ({
          ownPresence: { ...ownPresence, held: { state, line: 'idle', choice } },
        }));
        return nothing();
      },
      watch: () => () => undefined,
    },
    favourites: {
      place: (person, before) => {
        store.setState(({ favourites: { held = [] } }) => {
          const others = held.filter(({ userId }) => userId !== person.userId);
          const at = others.findIndex(({ userId }) => userId === before);
          return {
            favourites: {
              held: others.toSpliced(at === -1 ? others.length : at, 0, person),
              problem: undefined,
            },
          };
        });
        return nothing();
      },
      remove: (userId) => {
        store.setState(({ favourites: { held = [] } }) => ({
          favourites: { held: held.filter((one) => one.userId !== userId), problem: undefined },
        }));
        return nothing();
      },
      dismiss: () => undefined,
    },
    directory: {
      need: () => undefined,
      person: () => undefined,
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
