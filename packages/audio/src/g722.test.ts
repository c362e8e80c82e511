import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { G722Decoder, G722Encoder } from './g722.ts';
import { dominantFrequency, levelDbfs } from './spectrum.ts';
import { clipSample, toneSamples } from './tone.ts';

/** The 32-bit generator of the C standard's example, so that the vectors can be made anywhere. */
function* noise(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state;
  }
}

/** A rising sweep, then noise on it, then an overload: every branch of the adaptation is taken. */
function sweepNoiseOverload(): Int16Array {
  const random = noise(12_345);
  return Int16Array.from({ length: 16_000 }, (_, index) => {
    const hiss = ((random.next().value >>> 16) - 32_768) * 0.3;
    const sweep = 12_000 * Math.sin((index * index) / 90_000);
    return clipSample(sweep + (index > 8000 ? hiss : 0) + (index > 14_000 ? 30_000 : 0));
  });
}

const sha256 = (bytes: ArrayBufferView): string =>
  createHash('sha256')
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest('hex');

describe('[G.722] bit for bit as an independent implementation (libavcodec 59) codes', () => {
  it('encodes a sweep with noise and overload to the same octets', () => {
    const octets = new G722Encoder().encode(sweepNoiseOverload());
    expect(Buffer.from(octets.subarray(0, 32)).toString('hex')).toBe(
      'fade77b2b2bab7f8f8f0efece9eae9eaeb6cecabadadaeeeeff0eeaff1eff1f0',
    );
    expect(sha256(octets)).toBe('227c752490cea36500b2ac4f5f62e7838611047dea5746c57929498e2f37cd2c');
  });
  it('decodes random octets to the same samples', () => {
    const random = noise(99);
    const octets = Uint8Array.from({ length: 8000 }, () => random.next().value >>> 24);
    expect(sha256(new G722Decoder().decode(octets))).toBe(
      'ed50a72b5154715e3905ba316972f49113bf194e5872e79829c5909600e6affa',
    );
  });
});

describe('[G.722] coding', () => {
  it.each([440, 1000, 3000, 6500])('a tone of %i Hz comes back with its pitch and level', (frequency) => {
    const sent = toneSamples(16_000, [frequency], 0.5);
    const heard = new G722Decoder().decode(new G722Encoder().encode(sent));
    expect(dominantFrequency(heard, 16_000)).toBeCloseTo(frequency, 0);
    expect(levelDbfs(heard)).toBeCloseTo(levelDbfs(sent), 0);
  });
  it('coding in packets of 20 ms gives what coding at once gives', () => {
    const sent = toneSamples(16_000, [700], 0.2);
    const whole = new G722Encoder().encode(sent);
    const encoder = new G722Encoder();
    const parts: number[] = [];
    for (let start = 0; start < sent.length; start += 320)
      parts.push(...encoder.encode(sent.subarray(start, start + 320)));
    expect(Uint8Array.from(parts)).toEqual(whole);
  });
  it('gives one octet for each pair of samples', () => {
    expect(new G722Encoder().encode(new Int16Array(321))).toHaveLength(160);
    expect(new G722Decoder().decode(new Uint8Array(160))).toHaveLength(320);
  });
});
