import { A_LAW_SILENCE, G722Encoder, MU_LAW_SILENCE, type VoiceCodecName } from '@offhook/audio';
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

const frames = new Map<VoiceCodecName, Uint8Array>();

/** 20 ms of silence. For G.722 what its encoder gives for zeros once its predictors are at rest. */
export function silenceFrame(codec: VoiceCodecName): Uint8Array {
  let frame = frames.get(codec);
  if (frame === undefined) {
    frame = makeSilence(codec);
    frames.set(codec, frame);
  }
  return frame;
}

function makeSilence(codec: VoiceCodecName): Uint8Array {
  switch (codec) {
    case 'PCMA':
      return new Uint8Array(PACKET_TICKS).fill(A_LAW_SILENCE);
    case 'PCMU':
      return new Uint8Array(PACKET_TICKS).fill(MU_LAW_SILENCE);
    case 'G722': {
      const encoder = new G722Encoder();
      const zeros = new Int16Array(2 * PACKET_TICKS);
      for (let settle = 0; settle < 50; settle += 1) encoder.encode(zeros);
      return encoder.encode(zeros);
    }
    default:
      return codec satisfies never;
  }
}
