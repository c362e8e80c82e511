import { A_LAW_SILENCE, MU_LAW_SILENCE, type VoiceCodecName } from '@offhook/audio';
import { PACKET_MS, PACKET_TICKS } from './stream-rewriter.ts';

/** So long a stream may pause before silence fills it: jitter is not a pause. */
const GRACE_MS = 100;
/** A process that was held up longer does not make good what it missed. */
const MAX_LAG_MS = 100;

/**
 * When packets of comfort are due: every 20 ms from the first question on, but not within 100 ms of voice. Pure:
 * time comes in, the times that packets stand for come out.
 */
export class ComfortClock {
  #nextAt: number | undefined;

  /** Voice went out. */
  postpone(now: number): void {
    this.#nextAt = now + GRACE_MS;
  }

  due(now: number): readonly number[] {
    let next = this.#nextAt ?? now;
    if (now - next > MAX_LAG_MS) next = now;
    const times: number[] = [];
    for (; next <= now; next += PACKET_MS) times.push(next);
    this.#nextAt = next;
    return times;
  }

  /** Nothing is sent for now; the next question starts anew. */
  reset(): void {
    this.#nextAt = undefined;
  }
}

/**
 * The G.722 code of silence: high band at rest, and the low-band code whose step rounds to nothing while the step is
 * small. A decoder at rest gives zeros for it, and one that has just heard voice comes below −55 dBFS within 40 ms. What an
 * encoder makes of zeros does not repeat, so a frame of that cannot be sent again and again.
 */
export const G722_SILENCE = 0xfc;

const SILENCE: Readonly<Record<VoiceCodecName, Uint8Array>> = {
  G722: new Uint8Array(PACKET_TICKS).fill(G722_SILENCE),
  PCMA: new Uint8Array(PACKET_TICKS).fill(A_LAW_SILENCE),
  PCMU: new Uint8Array(PACKET_TICKS).fill(MU_LAW_SILENCE),
};

/** 20 ms of silence. */
export function silenceFrame(codec: VoiceCodecName): Uint8Array {
  return SILENCE[codec];
}
