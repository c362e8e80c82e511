import type { RandomBytes } from '../endpoint/api.ts';
import { magicCookie } from '../transaction/key.ts';

/** Makes what has to be unique or unguessable out of the driver's randomness. */
export class Identifiers {
  readonly #random: RandomBytes;

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** RFC 3261 section 8.1.1.7. */
  branch(): string {
    return magicCookie + this.#hex(12);
  }

  /** Section 19.3 asks for at least 32 random bits. */
  tag(): string {
    return this.#hex(8);
  }

  callId(): string {
    return this.#hex(16);
  }

  /** In [0, 1). */
  fraction(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#random(4);
    return (a * 0x1_00_00_00 + b * 0x1_00_00 + c * 0x1_00 + d) / 0x1_00_00_00_00;
  }

  /** An integer in [from, to], both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  #hex(length: number): string {
    const octets = this.#random(length);
    return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex');
  }
}
