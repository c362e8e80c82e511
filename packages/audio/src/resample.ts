import { clipSample } from './tone.ts';

/**
 * Between the two rates of telephony. Half-band low-pass of 31 taps (Hamming-windowed sinc): enough that a voice at
 * 8 kHz does not whistle at 16 kHz and the other way round; not a studio's filter.
 */
const TAPS = 31;
const CENTRE = (TAPS - 1) / 2;
const HALF_BAND = Float64Array.from({ length: TAPS }, (_, index) => {
  const distance = index - CENTRE;
  const sinc = distance === 0 ? 0.5 : Math.sin((Math.PI * distance) / 2) / (Math.PI * distance);
  return sinc * (0.54 - 0.46 * Math.cos((2 * Math.PI * index) / (TAPS - 1)));
});

/** A whole piece of sound from one rate to the other; the same rate gives the same samples. */
export function resample(samples: Int16Array, from: 8000 | 16_000, to: 8000 | 16_000): Int16Array {
  if (from === to) return samples;
  return from === 8000 ? up(samples) : down(samples);
}

function down(samples: Int16Array): Int16Array {
  const out = new Int16Array(samples.length >> 1);
  for (let index = 0; index < out.length; index += 1) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap += 1)
      sum += (samples[2 * index + tap - CENTRE] ?? 0) * (HALF_BAND[tap] ?? 0);
    out[index] = clipSample(sum);
  }
  return out;
}

function up(samples: Int16Array): Int16Array {
  const out = new Int16Array(samples.length * 2);
  for (let index = 0; index < out.length; index += 1) {
    let sum = 0;
    // Between two samples there is a zero: only every second tap meets something; the gain of 2 makes up for it.
    for (let tap = (index + CENTRE) & 1; tap < TAPS; tap += 2) {
      sum += 2 * (samples[(index + tap - CENTRE) / 2] ?? 0) * (HALF_BAND[tap] ?? 0);
    }
    out[index] = clipSample(sum);
  }
  return out;
}
