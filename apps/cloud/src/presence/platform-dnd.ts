import type { LineSettings, UserId } from '@offhook/contract';
import { untilDone, type RetryOptions } from '../retry.ts';
import { createSerial } from '../serial.ts';
import { wantsDnd } from './choice.ts';
import type { StoredChoice } from './store.ts';

export type PlatformDndDependencies = {
  known: (userId: UserId) => StoredChoice;
  /** What is kept has been read. */
  ready: () => Promise<void>;
  follow: (userId: UserId, on: boolean) => Promise<StoredChoice>;
  enter: (choice: StoredChoice) => void;
  /** Set do-not-disturb at the platform; never rejects. */
  push: (userId: UserId, on: boolean) => Promise<void>;
  onFailed: RetryOptions['onFailed'];
};

/**
 * Keeps do-not-disturb of the platform and the users' choices in step, at the one node where the connector's link ends: so
 * once for each user, however many clients they have.
 * ```
 * [PR-23] What the platform says is written down only where it differs from what it said before.
 * [PR-24] A choice that the platform has not heard of (it could not be asked, or did not let it be set) is set when it can
 *         be: with the first word of the platform on this link, and when it lets it be set from then on.
 * [PR-25] While the database is away the last word of the platform waits for it.
 * ```
 */
export function createPlatformDnd(deps: PlatformDndDependencies) {
  const serial = createSerial();
  const closing = new AbortController();
  /** Users of whom this link has said something, and whether do-not-disturb could be set then. */
  const settable = new Map<UserId, boolean>();
  const latest = new Map<UserId, boolean>();

  const write = (userId: UserId) =>
    untilDone(
      [userId],
      async () => {
        const on = latest.get(userId);
        if (on === undefined || deps.known(userId).platformDnd === on) return;
        deps.enter(await deps.follow(userId, on));
      },
      { signal: closing.signal, onFailed: deps.onFailed },
    );

  return {
    /** Resolves when it is written down. */
    said: async (userId: UserId, { doNotDisturb, settable: names }: LineSettings): Promise<void> => {
      const canBeSet = names.includes('doNotDisturb');
      const couldBeSet = settable.get(userId) ?? false;
      settable.set(userId, canBeSet);
      latest.set(userId, doNotDisturb);
      await serial(userId, async () => {
        await deps.ready();
        await write(userId);
      });
      if (closing.signal.aborted || !canBeSet || couldBeSet || latest.get(userId) !== doNotDisturb) return;
      const wanted = wantsDnd(deps.known(userId).choice);
      if (wanted !== doNotDisturb) void deps.push(userId, wanted);
    },
    close: () => closing.abort(),
  };
}
