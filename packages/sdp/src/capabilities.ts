import type { AudioFormat } from './audio-codecs.ts';
import type { AudioCapabilities } from './negotiate-audio.ts';

/** The codecs that Offhook speaks, with the payload types of its offers. */
export const KNOWN_CODECS = {
  G722: { payloadType: 9, name: 'G722', clockRate: 8000, channels: 1 },
  PCMA: { payloadType: 8, name: 'PCMA', clockRate: 8000, channels: 1 },
  PCMU: { payloadType: 0, name: 'PCMU', clockRate: 8000, channels: 1 },
  opus: { payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2 },
} as const satisfies Record<string, AudioFormat>;
export type KnownCodecName = keyof typeof KNOWN_CODECS;

/** RFC 4733 section 2.4.1: without parameters it means 0–15; some PBXs want it spelled out. */
const TELEPHONE_EVENTS: readonly AudioFormat[] = [
  { payloadType: 101, name: 'telephone-event', clockRate: 8000, channels: 1, parameters: '0-15' },
  { payloadType: 110, name: 'telephone-event', clockRate: 48_000, channels: 1, parameters: '0-15' },
];

/** Capabilities of a side that speaks these codecs, in this order, and telephone-event. */
export function audioCapabilities(codecs: readonly KnownCodecName[]): AudioCapabilities {
  return { codecs: codecs.map((name) => KNOWN_CODECS[name]), telephoneEvents: TELEPHONE_EVENTS };
}
