export interface FloodLimits {
  /** That one source may send for ever; responses and keep-alives count. */
  readonly messagesPerSecond: number;
  /** On top of that, at once. */
  readonly burst: number;
  /** How many more are answered 503 before the source is no longer listened to. */
  readonly refusals: number;
  readonly dropMs: number;
  /** Sources remembered; the one that was silent longest is forgotten first. */
  readonly sources: number;
}

/** A PBX with 800 calls a second through both legs of a back-to-back user agent stays below. */
export const defaultFloodLimits: FloodLimits = {
  messagesPerSecond: 10_000,
  burst: 10_000,
  refusals: 1_000,
  dropMs: 30_000,
  sources: 10_000,
};

/** `refuse`: new requests are answered 503 with Retry-After, the rest is heard. `drop`: nothing is. */
export type FloodVerdict = 'pass' | 'refuse' | 'drop';

interface Source {
  readonly address: string;
  /** A bucket: full at `burst`, refilled with time, overdrawn by what is refused. */
  level: number;
  at: number;
  droppedUntil: number | undefined;
}

/**
 * Tells floods from traffic, source by source. Pure; memory is bounded.
 *
 * ```
 *   pass ──bucket empty──► refuse ──`refusals` more──► drop ──`dropMs`──► pass
 *     ▲                      │ slows down
 *     └──────────────────────┘
 * ```
 */
export class FloodGuard {
  readonly #limits: FloodLimits;
  /** The one that spoke last is last. */
  readonly #sources = new Map<string, Source>();
  /** That one: mostly the next message is its as well, and nothing has to be looked up. */
  #latest: Source | undefined;
  readonly #counts = { refused: 0, dropped: 0, floods: 0, forgotten: 0 };

  constructor(limits: FloodLimits = defaultFloodLimits) {
    this.#limits = limits;
  }

  /**
   * Since the start: messages refused, messages dropped, times that a source was no longer listened to, sources forgotten
   * because of too many others.
   */
  get counts(): Readonly<Record<'refused' | 'dropped' | 'floods' | 'forgotten', number>> {
    return { ...this.#counts };
  }

  get sources(): number {
    return this.#sources.size;
  }

  /** Whether a source is being dropped: its connections need not be accepted. */
  isDropping(address: string, now: number): boolean {
    const until = this.#sources.get(address)?.droppedUntil;
    return until !== undefined && now < until;
  }

  /** @param messages how many came at once; 0 for a part of one */
  judge(address: string, messages: number, now: number): FloodVerdict {
    const source = this.#refilled(address, now);
    if (source.droppedUntil !== undefined) {
      this.#counts.dropped += messages;
      return 'drop';
    }
    source.level -= messages;
    if (source.level >= 0) return 'pass';
    if (source.level >= -this.#limits.refusals) {
      this.#counts.refused += messages;
      return 'refuse';
    }
    this.#counts.dropped += messages;
    this.#counts.floods += 1;
    source.droppedUntil = now + this.#limits.dropMs;
    return 'drop';
  }

  #refilled(address: string, now: number): Source {
    const { burst, messagesPerSecond } = this.#limits;
    const source = this.#latest?.address === address ? this.#latest : this.#moveToEnd(address, now);
    if (source.droppedUntil !== undefined && now >= source.droppedUntil) {
      source.droppedUntil = undefined;
      source.level = burst;
    } else {
      source.level = Math.min(burst, source.level + ((now - source.at) * messagesPerSecond) / 1_000);
    }
    source.at = now;
    return source;
  }

  #moveToEnd(address: string, now: number): Source {
    const { burst, sources } = this.#limits;
    const known = this.#sources.get(address);
    this.#sources.delete(address);
    if (known === undefined) {
      const [longestSilent] = this.#sources.keys();
      if (this.#sources.size >= sources && longestSilent !== undefined) {
        this.#sources.delete(longestSilent);
        this.#counts.forgotten += 1;
      }
    }
    const source = known ?? { address, level: burst, at: now, droppedUntil: undefined };
    this.#sources.set(address, source);
    this.#latest = source;
    return source;
  }
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Messages in the next octets of a stream, near enough: the ends of heads. A piece of a body is none. */
export function messagesIn(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let count = 0;
  for (let at = view.indexOf(HEAD_END); at >= 0; at = view.indexOf(HEAD_END, at + HEAD_END.length))
    count += 1;
  return count;
}
