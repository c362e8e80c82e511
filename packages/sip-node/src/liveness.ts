/** When a connection is pinged, and when it is given up. Times in milliseconds. */
export interface LivenessPolicy {
  /** Between pings of ours; `undefined`: we do not ping. */
  readonly pingMs: number | undefined;
  /** RFC 5626 section 4.4.1: a pong has to come within 10 s. */
  readonly pongMs: number;
  /** `once_seen`: silence means something only of a peer that has answered a ping on this connection before. */
  readonly expectPong: 'always' | 'once_seen';
  /** Until the peer has said anything at all. */
  readonly firstMs: number;
  /** Without a single octet either way; not shorter than `firstMs`. */
  readonly idleMs: number;
}

export type LivenessVerdict = 'fine' | 'ping' | 'no_pong' | 'silent' | 'idle';

/**
 * Whether one connection still lives: told of every octet, asked at its {@link deadline}. Pure.
 *
 * ```
 *   quiet ──ping interval──► pinged ──anything heard──► quiet
 *     │ idle time              │ pong time, and the peer is one that answers
 *     ▼                        ▼
 *    idle, or silent         no_pong
 *    where it never spoke
 * ```
 */
export class Liveness {
  readonly #policy: LivenessPolicy;
  readonly #pingEvery: number | undefined;
  #hasSpoken: boolean;
  #activeAt: number;
  #nextPingAt: number;
  #pingedAt: number | undefined;
  #answersPings = false;

  /**
   * @param fraction in [0, 1): the interval is drawn from 80–100 % of `pingMs` (RFC 5626 section 4.4), so that the
   *   connections that a restart has made at once are not pinged at once
   * @param isOurs we dialled it: the peer need not speak first
   */
  constructor(policy: LivenessPolicy, isOurs: boolean, fraction: number, now: number) {
    this.#policy = policy;
    this.#hasSpoken = isOurs;
    this.#activeAt = now;
    this.#pingEvery = policy.pingMs === undefined ? undefined : policy.pingMs * (0.8 + 0.2 * fraction);
    this.#nextPingAt = now + (this.#pingEvery ?? 0);
  }

  heard(isPong: boolean, now: number): void {
    this.#hasSpoken = true;
    this.#activeAt = now;
    this.#pingedAt = undefined;
    this.#answersPings ||= isPong;
  }

  sent(now: number): void {
    this.#activeAt = now;
  }

  /** When `check` may say something new, at the earliest. */
  deadline(): number {
    const idle = this.#activeAt + (this.#hasSpoken ? this.#policy.idleMs : this.#policy.firstMs);
    const ping = this.#pingEvery === undefined ? idle : this.#nextPingAt;
    const pong = this.#pongDeadline() ?? idle;
    return Math.min(idle, ping, pong);
  }

  /** `ping` is said once per interval, and counts as done. */
  check(now: number): LivenessVerdict {
    const pong = this.#pongDeadline();
    if (pong !== undefined && now >= pong) return 'no_pong';
    const patience = this.#hasSpoken ? this.#policy.idleMs : this.#policy.firstMs;
    if (now >= this.#activeAt + patience) return this.#hasSpoken ? 'idle' : 'silent';
    if (this.#pingEvery === undefined || now < this.#nextPingAt) return 'fine';
    this.#nextPingAt = now + this.#pingEvery;
    this.#pingedAt ??= now;
    return 'ping';
  }

  #pongDeadline(): number | undefined {
    const isExpected = this.#policy.expectPong === 'always' || this.#answersPings;
    return this.#pingedAt === undefined || !isExpected ? undefined : this.#pingedAt + this.#policy.pongMs;
  }
}
