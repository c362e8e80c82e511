import { dtmfSamples, telephoneEventPackets } from '@offhook/audio';
import type { VoiceLeg } from './leg.ts';
import type { SampleSource } from './source.ts';

/** Frames of 20 ms. */
const GAP_FRAMES = 5;
const KEY_SECONDS = 0.1;

/** 20 ms that are due: makes its datagram. */
export type Frame = (now: number) => Uint8Array | undefined;

/** A key and the pause after it: as events where they were negotiated (RFC 4733), else as tones in the voice. */
export function keyFrames(leg: VoiceLeg, key: string): Frame[] {
  return [...(leg.takesEvents ? events(leg, key) : tones(leg, key)), ...gap(leg)];
}

function events(leg: VoiceLeg, key: string): Frame[] {
  return (telephoneEventPackets(key) ?? []).map(
    ({ payload, marker }) =>
      (now) =>
        leg.playEvent(payload, marker, now),
  );
}

function tones(leg: VoiceLeg, key: string): Frame[] {
  const rate = leg.sampleRate ?? 8000;
  const samples = dtmfSamples(rate, key, KEY_SECONDS);
  const length = rate / 50;
  return Array.from({ length: samples.length / length }, (_, index) => {
    const piece = samples.subarray(index * length, (index + 1) * length);
    return (now) => leg.play({ next: () => piece }, now);
  });
}

function gap(leg: VoiceLeg): Frame[] {
  const silence: SampleSource = { next: (count) => new Int16Array(count) };
  return Array.from({ length: GAP_FRAMES }, () => (now) => leg.play(silence, now));
}
