import { dominantFrequency, levelDbfs, toneLevelDbfs, toneSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { Inbox, MIX_FRAME, MIX_RATE, mix } from './inbox.ts';
import { StreamResampler } from './stream-resampler.ts';

function pieces(samples: Int16Array, length: number): readonly Int16Array[] {
  return Array.from({ length: samples.length / length }, (_, at) =>
    samples.subarray(at * length, (at + 1) * length),
  );
}

function joined(parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

describe('resampling a stream', () => {
  it.each([
    [8000, 16_000],
    [16_000, 8000],
  ] as const)('[PBX-2] from %i to %i Hz piece by piece has no seam', (from, to) => {
    const stream = new StreamResampler(from, to);
    const out = joined(pieces(toneSamples(from, [440], 1), from / 50).map((piece) => stream.next(piece)));
    expect(out).toHaveLength(to);
    const steady = out.subarray(to / 10);
    expect(dominantFrequency(steady, to)).toBeCloseTo(440, 0);
    // Seams would be noise beside the tone: all of the level is the tone's.
    expect(levelDbfs(steady) - toneLevelDbfs(steady, to, 440)).toBeLessThan(0.1);
  });
});

const piece = () => new Int16Array(MIX_FRAME).fill(7);

describe('the inbox of a leg', () => {
  it('[PBX-2] waits for 40 ms, then gives 20 ms each time, and waits anew after a gap', () => {
    const inbox = new Inbox();
    inbox.put(piece(), MIX_RATE);
    expect(inbox.take()).toBeUndefined();
    inbox.put(piece(), MIX_RATE);
    expect(inbox.take()).toEqual(piece());
    expect(inbox.take()).toEqual(piece());
    expect(inbox.take()).toBeUndefined();
    inbox.put(piece(), MIX_RATE);
    expect(inbox.take()).toBeUndefined();
  });

  it('[PBX-2] takes pieces of any length, and forgets the oldest of too much', () => {
    const inbox = new Inbox();
    for (let value = 0; value < 100; value += 1) inbox.put(new Int16Array(240).fill(value), MIX_RATE);
    const first = inbox.take();
    expect(first).toHaveLength(MIX_FRAME);
    expect(first?.[0]).toBeGreaterThan(85);
  });
});

describe('mixing', () => {
  it('[PBX-14] is the sum, cut at 16 bits; of nobody it is silence', () => {
    const loud = new Int16Array(MIX_FRAME).fill(30_000);
    expect(mix([loud, loud])[0]).toBe(32_767);
    expect(mix([loud, loud, new Int16Array(MIX_FRAME).fill(-30_000)])[0]).toBe(30_000);
    expect(mix([])).toEqual(new Int16Array(MIX_FRAME));
  });
});
