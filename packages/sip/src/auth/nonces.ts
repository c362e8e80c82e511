import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Millis, RandomBytes } from '../endpoint/api.ts';

const TIME_BYTES = 6;
const SALT_BYTES = 8;
const MAC_BYTES = 16;
const BODY_BYTES = TIME_BYTES + SALT_BYTES;

/** How many counts below the highest may still come, out of order. */
const WINDOW = 32;

interface Use {
  readonly issuedAt: Millis;
  highest: number;
  /** Bit `n` stands for the count `highest - n`. */
  seen: number;
}

/**
 * Nonces that carry their own age and proof of origin: `base64url(time · salt · HMAC-SHA-256(time · salt))`. Issuing one
 * stores nothing, so a flood of unauthenticated requests costs no memory; only nonces that somebody with the right password
 * has used are remembered, up to a bound, to refuse counts that were used before (RFC 7616 section 5.4).
 */
export class Nonces {
  readonly #random: RandomBytes;
  readonly #secret: Uint8Array;
  readonly #lifetime: Millis;
  readonly #maxTracked: number;
  readonly #used = new Map<string, Use>();
  /** Nonces issued up to here may have been forgotten: an unknown one among them could be a replay. */
  #forgottenUntil: Millis = -1;

  constructor(options: { random: RandomBytes; lifetime: Millis; maxTracked: number }) {
    this.#random = options.random;
    this.#lifetime = options.lifetime;
    this.#maxTracked = options.maxTracked;
    this.#secret = options.random(32);
  }

  issue(now: Millis): string {
    const nonce = Buffer.alloc(BODY_BYTES + MAC_BYTES);
    nonce.writeUIntBE(Math.floor(now), 0, TIME_BYTES);
    nonce.set(this.#random(SALT_BYTES), TIME_BYTES);
    nonce.set(this.#mac(nonce.subarray(0, BODY_BYTES)), BODY_BYTES);
    return nonce.toString('base64url');
  }

  /** When a nonce of ours was issued; `undefined` when it is not ours. */
  issuedAt(nonce: string): Millis | undefined {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== BODY_BYTES + MAC_BYTES) return undefined;
    const isOurs = timingSafeEqual(this.#mac(bytes.subarray(0, BODY_BYTES)), bytes.subarray(BODY_BYTES));
    return isOurs ? bytes.readUIntBE(0, TIME_BYTES) : undefined;
  }

  isFresh(issuedAt: Millis, now: Millis): boolean {
    return issuedAt <= now && now - issuedAt <= this.#lifetime;
  }

  /** Marks a count as used; false when it was used before or may have been. Call it after the password is proved. */
  use(nonce: string, issuedAt: Millis, count: number, now: Millis): boolean {
    const use = this.#used.get(nonce);
    if (use === undefined) {
      if (issuedAt <= this.#forgottenUntil) return false;
      this.#makeRoom(now);
      this.#used.set(nonce, { issuedAt, highest: count, seen: 1 });
      return true;
    }
    const ahead = count - use.highest;
    if (ahead > 0) {
      use.seen = ahead >= WINDOW ? 1 : (use.seen << ahead) | 1;
      use.highest = count;
      return true;
    }
    const bit = -ahead;
    if (bit >= WINDOW || ((use.seen >>> bit) & 1) === 1) return false;
    use.seen |= 1 << bit;
    return true;
  }

  get tracked(): number {
    return this.#used.size;
  }

  #makeRoom(now: Millis): void {
    for (const [nonce, use] of this.#used) {
      const isExpired = !this.isFresh(use.issuedAt, now);
      if (!isExpired && this.#used.size < this.#maxTracked) return;
      this.#used.delete(nonce);
      if (!isExpired) this.#forgottenUntil = Math.max(this.#forgottenUntil, use.issuedAt);
    }
  }

  #mac(body: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#secret).update(body).digest().subarray(0, MAC_BYTES);
  }
}
