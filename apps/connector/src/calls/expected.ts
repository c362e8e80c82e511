import type { CallId, ClientId, UserId } from '@offhook/contract';
import type { Clock } from '../clock.ts';
import type { Outcome } from './live-call.ts';

/** A call that the platform is about to bring to the user's line, and that one client has already said yes to. */
export interface Expected {
  readonly userId: UserId;
  readonly clientId: ClientId;
  /** The client's offer. */
  readonly offer: string;
  /** The call that comes; absent for one that is picked up, which nobody here knows yet. */
  readonly callId: CallId | undefined;
  /** Takes what becomes of it once the INVITE is there. */
  readonly arrived: (outcome: Promise<Outcome>) => void;
}

/**
 * INVITEs that are answered without ringing, for a client has asked for them. One for each user at a time, and not for
 * long: an INVITE that comes later rings like any other.
 */
export class ExpectedCalls {
  readonly #clock: Clock;
  readonly #byUser = new Map<UserId, { readonly expected: Expected; readonly cancel: () => void }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param onLate nothing has come within `milliseconds`
   * @returns undefined where the user expects a call already; else what takes the expectation back
   */
  add(expected: Expected, milliseconds: number, onLate: () => void): (() => void) | undefined {
    if (this.#byUser.has(expected.userId)) return undefined;
    const cancel = this.#clock.after(milliseconds, () => {
      this.#byUser.delete(expected.userId);
      onLate();
    });
    this.#byUser.set(expected.userId, { expected, cancel });
    return () => {
      if (this.#byUser.get(expected.userId)?.expected !== expected) return;
      cancel();
      this.#byUser.delete(expected.userId);
    };
  }

  /** The user's next INVITE, where it may be the one. */
  take(userId: UserId, mayBe: (expected: Expected) => boolean = () => true): Expected | undefined {
    const entry = this.#byUser.get(userId);
    if (entry === undefined || !mayBe(entry.expected)) return undefined;
    entry.cancel();
    this.#byUser.delete(userId);
    return entry.expected;
  }
}
