import type { OwnPresence, Presence, UserId } from '@offhook/contract';
import { shownPresence } from './presence.ts';

/** One client that is told: of itself, and of those whom it watches. */
export type Listener = {
  userId: UserId;
  onOwn: (presence: OwnPresence) => void;
  onPresence: (userId: UserId, presence: Presence) => void;
};

/**
 * Who wants to know about whom, and what they were told last.
 * ```
 * [PR-21] Each change of a user's presence is one message to each who watches; what is not a change for them is none.
 * [PR-22] What is asked for and what is told fit together: whoever is told what holds now, is told every change of it.
 * ```
 */
export function createInterest() {
  const watchers = new Map<UserId, Set<Listener>>();
  const owners = new Map<UserId, Set<Listener>>();
  const watched = new Map<Listener, readonly UserId[]>();
  const told = new Map<UserId, OwnPresence>();

  const forgetIfAlone = (userId: UserId) => {
    if (!watchers.has(userId) && !owners.has(userId)) told.delete(userId);
  };

  const unwatch = (listener: Listener) => {
    for (const userId of watched.get(listener) ?? []) {
      remove(watchers, userId, listener);
      forgetIfAlone(userId);
    }
    watched.delete(listener);
  };

  return {
    add: (listener: Listener): void => add(owners, listener.userId, listener),

    remove: (listener: Listener): void => {
      unwatch(listener);
      remove(owners, listener.userId, listener);
      forgetIfAlone(listener.userId);
    },

    /** From now on this client watches these, and nobody else. */
    watch: (listener: Listener, userIds: readonly UserId[]): void => {
      const wanted = [...new Set(userIds)];
      const before = watched.get(listener) ?? [];
      watched.set(listener, wanted);
      for (const userId of wanted) add(watchers, userId, listener);
      const still = new Set(wanted);
      for (const userId of before) {
        if (still.has(userId)) continue;
        remove(watchers, userId, listener);
        forgetIfAlone(userId);
      }
      if (wanted.length === 0) watched.delete(listener);
    },

    /** What somebody is about to be told of a user: later changes are told from there. The first who asks sets it. */
    remember: (userId: UserId, presence: OwnPresence): OwnPresence => {
      if (!watchers.has(userId) && !owners.has(userId)) return presence;
      const known = told.get(userId);
      if (known === undefined) told.set(userId, presence);
      return known ?? presence;
    },

    users: (): UserId[] => [...new Set([...watchers.keys(), ...owners.keys()])],
    wants: (userId: UserId): boolean => watchers.has(userId) || owners.has(userId),
    /** Clients that watch somebody. */
    watching: (): number => watched.size,

    /** A user's presence may have changed. @returns messages sent, or undefined where there was nothing to tell */
    tell: (userId: UserId, presence: OwnPresence): number | undefined => {
      const before = told.get(userId);
      if (before !== undefined && isSame(before, presence)) return undefined;
      told.set(userId, presence);
      let messages = 0;
      const shown = shownPresence(presence);
      const seen = before === undefined ? undefined : shownPresence(before);
      if (seen?.state !== shown.state || seen.line !== shown.line) {
        for (const watcher of watchers.get(userId) ?? []) {
          watcher.onPresence(userId, shown);
          messages += 1;
        }
      }
      for (const owner of owners.get(userId) ?? []) {
        owner.onOwn(presence);
        messages += 1;
      }
      return messages;
    },
  };
}
export type Interest = ReturnType<typeof createInterest>;

const isSame = (a: OwnPresence, b: OwnPresence): boolean =>
  a.state === b.state && a.line === b.line && a.choice === b.choice;

function add(map: Map<UserId, Set<Listener>>, userId: UserId, listener: Listener): void {
  const set = map.get(userId) ?? new Set();
  set.add(listener);
  map.set(userId, set);
}

function remove(map: Map<UserId, Set<Listener>>, userId: UserId, listener: Listener): void {
  const set = map.get(userId);
  set?.delete(listener);
  if (set?.size === 0) map.delete(userId);
}
