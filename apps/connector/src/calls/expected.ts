import { isSameNumber, type UserCall } from '@offhook/call-model';
import type { CallId, ClientId, LineConfig, Party, UserId } from '@offhook/contract';
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
 * long: an INVITE that comes later rings like any other, and so does a stranger's that comes meanwhile.
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

  /** An INVITE for the user has come: is it the one? Any other rings, though somebody waits. */
  take(userId: UserId, isIt: (expected: Expected) => boolean): Expected | undefined {
    const entry = this.#byUser.get(userId);
    if (entry === undefined || !isIt(entry.expected)) return undefined;
    entry.cancel();
    this.#byUser.delete(userId);
    return entry.expected;
  }
}

/** An INVITE that has come while a client expects a call. */
export interface Arrived {
  readonly remote: Party;
  readonly line: LineConfig;
  /** The call that it belongs to by what the platform has told; absent where that is not known. */
  readonly callId: CallId | undefined;
  /** The PBX itself asks for it to be answered at once. */
  readonly answersAtOnce: boolean;
}

/**
 * Whether this INVITE is what the client has asked for. A stranger who calls at that moment must not be answered unasked, so it
 * has to fit: it is that call by what the platform has told, or it is to be answered at once, or it comes from the other side
 * of that call, or from the user's own number, where the PBX shows who had the call moved.
 *
 * @param awaited the call that is brought; absent for one that is picked up, which comes from anybody
 */
export function isExpected(awaited: UserCall | undefined, expected: Expected, arrived: Arrived): boolean {
  const { remote, line, callId, answersAtOnce } = arrived;
  if (callId !== undefined) return callId === expected.callId;
  if (answersAtOnce || expected.callId === undefined) return true;
  const { number, mainNumber, deskPhone } = line;
  const own = [number, mainNumber, deskPhone].some((each) => each !== undefined && each === remote.number);
  return own || (awaited !== undefined && isSameNumber(awaited.remote, remote));
}
