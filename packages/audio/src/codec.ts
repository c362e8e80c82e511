import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from './g711.ts';
import { G722Decoder, G722Encoder } from './g722.ts';

export type VoiceCodecName = 'G722' | 'PCMA' | 'PCMU';

/** One direction pair of one call: G.722 has state, G.711 has none. */
export interface VoiceCodec {
  readonly name: VoiceCodecName;
  /** Hz of the samples that go in and come out. */
  readonly sampleRate: 8000 | 16_000;
  encode(samples: Int16Array): Uint8Array;
  decode(octets: Uint8Array): Int16Array;
}

/** RTP clock of all three codecs: also G.722's, by an old mistake that stays (RFC 3551 section 4.5.2). */
export const VOICE_CLOCK_RATE = 8000;

/** Static payload types (RFC 3551 table 4). */
export const STATIC_PAYLOAD_TYPES: Readonly<Record<VoiceCodecName, number>> = { PCMU: 0, PCMA: 8, G722: 9 };

export function createVoiceCodec(name: VoiceCodecName): VoiceCodec {
  switch (name) {
    case 'G722': {
      const encoder = new G722Encoder();
      const decoder = new G722Decoder();
      return {
        name,
        sampleRate: 16_000,
        encode: (samples) => encoder.encode(samples),
        decode: (octets) => decoder.decode(octets),
      };
    }
    case 'PCMA':
      return { name, sampleRate: 8000, encode: encodeALaw, decode: decodeALaw };
    case 'PCMU':
      return { name, sampleRate: 8000, encode: encodeMuLaw, decode: decodeMuLaw };
    default:
      return name satisfies never;
  }
}
