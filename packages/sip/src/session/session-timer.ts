import type { Agent } from '../agent/agent.ts';
import type { ExtraHeaders, Millis, SessionTimer } from '../endpoint/api.ts';
import { formatSessionExpires, leastSessionExpires, minSe, sessionExpires } from '../headers/index.ts';
import type { SessionExpires } from '../headers/index.ts';
import { hasToken } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { Timer } from '../timing/timer-queue.ts';

/** For 422. */
export const leastInterval: readonly [string, string] = ['Min-SE', String(leastSessionExpires)];
/** A server that keeps asking for longer intervals is not followed for ever. */
const mostCorrections = 2;

type State =
  | { readonly name: 'off' }
  | {
      readonly name: 'running';
      /** Seconds. */
      readonly interval: number;
      readonly refresher: 'local' | 'remote';
      /** The refresh of ours, or none where the other side refreshes. */
      readonly refreshTimer: Timer | undefined;
      readonly expiryTimer: Timer;
      readonly expiresAt: Millis;
    };

export interface SessionTimerOptions {
  readonly agent: Agent;
  readonly wish: SessionTimer | undefined;
  /** Seconds that a 422 to the INVITE has asked for. */
  readonly least?: number | undefined;
  readonly refresh: (now: Millis) => void;
  readonly expire: (now: Millis) => void;
}

/**
 * The session timer of one call (RFC 4028): both sides learn from its refreshes that the other is still there, so a call
 * whose peer has died without a word ends.
 *
 * ```
 *            2xx with Session-Expires, ours or theirs
 *   off ───────────────────────────────────────────────► running ──half the interval: refresh, where that is ours──┐
 *    ▲                                                     │ ▲ └────────────────────────────────────────────────────┘
 *    │                                                     │ └─2xx to a re-INVITE or UPDATE: from the start
 *    └──2xx without it, stop───────────────────────────────┤
 *                                                          └─the interval is over: expire (we: BYE)
 * ```
 *
 * Off unless the application or the other side asks.
 */
export class SessionTimerKeeper {
  readonly #options: SessionTimerOptions;
  #wish: SessionTimer | undefined;
  #state: State = { name: 'off' };
  /** Raised by 422 (section 7.3), and by the Min-SE of their requests (section 7.4). */
  #minSe: number;
  #corrections = 0;

  constructor(options: SessionTimerOptions) {
    this.#options = options;
    this.#wish = options.wish;
    this.#minSe = options.least ?? leastSessionExpires;
  }

  /** Seconds: the shortest interval that the other side, and whoever is on the way, have borne so far. */
  get least(): number {
    return this.#minSe;
  }

  /** What the application asks for when it accepts the call. */
  want(wish: SessionTimer | undefined): void {
    this.#wish = wish ?? this.#wish;
  }

  /** What is asked for, at least as long as the other side bears. */
  get wish(): SessionTimer | undefined {
    return (
      this.#wish && { ...this.#wish, expires: Math.max(this.#wish.expires, this.#minSe, leastSessionExpires) }
    );
  }

  /** For INVITE, re-INVITE and UPDATE of ours (sections 7.1, 7.4). */
  requestHeaders(): ExtraHeaders {
    const state = this.#state;
    const least = this.#minSe > leastSessionExpires ? [['Min-SE', String(this.#minSe)] as const] : [];
    if (state.name === 'running') {
      const refresher = state.refresher === 'local' ? 'uac' : 'uas';
      return [
        [
          'Session-Expires',
          formatSessionExpires({ seconds: Math.max(state.interval, this.#minSe), refresher }),
        ],
        ...least,
      ];
    }
    if (this.#wish === undefined) return least;
    const seconds = Math.max(this.#wish.expires, this.#minSe);
    const role = { local: 'uac', remote: 'uas' } as const;
    const refresher = this.#wish.refresher === undefined ? undefined : role[this.#wish.refresher];
    const value = { seconds, ...(refresher !== undefined && { refresher }) };
    return [['Session-Expires', formatSessionExpires(value)], ...least];
  }

  /**
   * A 2xx to a request of ours that may start or refresh the session (section 7.2).
   *
   * @param since when a refresh was sent: the other side counts from when it came, which may be long before its 2xx gets through
   */
  onSuccess(response: SipResponse, now: Millis, since = now): void {
    const granted = intervalIn(response);
    if (granted !== undefined) {
      const refresher = granted.refresher === 'uas' ? 'remote' : 'local';
      this.#run(Math.max(granted.seconds, leastSessionExpires), refresher, now, since);
    } else if (this.#wish === undefined) this.stop();
    // Whoever asked refreshes alone where the other side knows nothing of timers: it still learns that the other is gone.
    else this.#run(Math.max(this.#wish.expires, this.#minSe), 'local', now);
  }

  /** Whether a 422 is followed: with a longer interval, twice at most. */
  onTooSmall(response: SipResponse): boolean {
    const least = leastIn(response);
    if (least === undefined || least <= this.#minSe || this.#corrections >= mostCorrections) return false;
    this.#corrections += 1;
    this.#minSe = least;
    const state = this.#state;
    if (state.name === 'running') this.#state = { ...state, interval: Math.max(state.interval, least) };
    return true;
  }

  /** Headers of our 2xx to a request of theirs (section 9), and the timer runs from then on. */
  answer(request: SipRequest, now: Millis): ExtraHeaders {
    const asked = intervalIn(request);
    const running = this.#state.name === 'running' ? this.#state : undefined;
    const wished = request.method === 'INVITE' ? this.#wish?.expires : undefined;
    const wanted = asked?.seconds ?? running?.interval ?? wished;
    if (wanted === undefined) return [];
    const interval = this.#intervalFor(asked?.seconds, wanted, leastIn(request));
    const peerKnows = hasToken(request, 'supported', 'timer') || hasToken(request, 'require', 'timer');
    const refresher = peerKnows ? this.#refresherFor(asked?.refresher, running?.refresher) : 'local';
    this.#minSe = Math.max(this.#minSe, Math.min(leastIn(request) ?? 0, interval));
    this.#run(interval, refresher, now);
    const value = { seconds: interval, refresher: refresher === 'remote' ? 'uac' : 'uas' } as const;
    const header = ['Session-Expires', formatSessionExpires(value)] as const;
    return refresher === 'remote' ? [header, ['Require', 'timer']] : [header];
  }

  stop(): void {
    if (this.#state.name === 'running') {
      this.#state.refreshTimer?.cancel();
      this.#state.expiryTimer.cancel();
    }
    this.#state = { name: 'off' };
  }

  /** Not longer than they asked for, not shorter than either side bears. */
  #intervalFor(asked: number | undefined, wanted: number, theirLeast: number | undefined): number {
    // Where both contradict each other, what was asked for counts: it must not grow (section 9).
    const least = Math.max(leastSessionExpires, Math.min(theirLeast ?? 0, asked ?? Infinity));
    const wished = this.#wish === undefined ? wanted : Math.min(this.#wish.expires, wanted);
    return Math.max(asked === undefined ? wished : Math.min(wished, asked), least);
  }

  #refresherFor(
    asked: 'uac' | 'uas' | undefined,
    running: 'local' | 'remote' | undefined,
  ): 'local' | 'remote' {
    if (asked !== undefined) return asked === 'uac' ? 'remote' : 'local';
    return running ?? this.#wish?.refresher ?? 'remote';
  }

  #run(interval: number, refresher: 'local' | 'remote', now: Millis, since = now): void {
    this.stop();
    const { timers } = this.#options.agent;
    const expiresAt = now + interval * 1_000;
    // Who does not refresh ends the call a little before its end (section 10).
    const grace = refresher === 'remote' ? Math.min(32, Math.floor(interval / 3)) * 1_000 : 0;
    const expiryTimer = timers.arm(expiresAt - grace, (at) => {
      this.stop();
      this.#options.expire(at);
    });
    const refreshTimer = refresher === 'local' ? this.#armRefresh(now, since + interval * 1_000) : undefined;
    this.#state = { name: 'running', interval, refresher, refreshTimer, expiryTimer, expiresAt };
  }

  /** At half the time that is left, and again where nothing came of it. */
  #armRefresh(now: Millis, expiresAt: Millis): Timer {
    const wait = Math.max((expiresAt - now) / 2, 5_000);
    return this.#options.agent.timers.arm(now + wait, (at) => {
      const state = this.#state;
      if (state.name !== 'running') return;
      if (at + 5_000 < expiresAt) this.#state = { ...state, refreshTimer: this.#armRefresh(at, expiresAt) };
      this.#options.refresh(at);
    });
  }
}

/** The interval that a request of theirs asks for is shorter than we bear: for 422 with Min-SE (section 9). */
export function isIntervalTooSmall(request: SipRequest): boolean {
  const asked = intervalIn(request);
  return (
    asked !== undefined && asked.seconds < leastSessionExpires && hasToken(request, 'supported', 'timer')
  );
}

/** One that cannot be read is as if it were not there: the call matters more. */
function intervalIn(message: SipRequest | SipResponse): SessionExpires | undefined {
  const value = sessionExpires(message);
  return value === 'malformed' ? undefined : value;
}

function leastIn(message: SipRequest | SipResponse): number | undefined {
  const value = minSe(message);
  return value === 'malformed' ? undefined : value;
}
