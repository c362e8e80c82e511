/** What is in a piece of sound: its level and its strongest frequency. Full scale is 32,768. */

const FULL_SCALE = 32_768;

/** Level of digital silence, so that a number stands for it and not −Infinity. */
export const SILENCE_DBFS = -120;

/** Longest piece that is looked at: the last 4 s at 16 kHz. */
const MAX_WINDOW = 65_536;

/** RMS level in dB relative to full scale: a full-scale sine has −3 dBFS. Nothing, or zeros: {@link SILENCE_DBFS}. */
export function levelDbfs(samples: Int16Array): number {
  if (samples.length === 0) return SILENCE_DBFS;
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const rms = Math.sqrt(energy / samples.length) / FULL_SCALE;
  return rms === 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(rms));
}

/** True where the RMS level stays under `thresholdDbfs`. The quietest code of A-law is about −72 dBFS. */
export function isSilent(samples: Int16Array, thresholdDbfs = -60): boolean {
  return levelDbfs(samples) < thresholdDbfs;
}

/** |X(f)|² of the samples at one frequency in Hz (Goertzel). A sine of amplitude a over N samples gives (a·N/2)². */
export function goertzelPower(samples: Int16Array, sampleRate: number, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / sampleRate);
  let last = 0;
  let before = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - coefficient * last * before;
}

/** RMS level in dBFS of the one frequency, whatever else there is: to find a tone under another. */
export function toneLevelDbfs(samples: Int16Array, sampleRate: number, frequency: number): number {
  if (samples.length === 0) return SILENCE_DBFS;
  const amplitude =
    (2 * Math.sqrt(Math.max(0, goertzelPower(samples, sampleRate, frequency)))) / samples.length;
  const rms = amplitude / Math.SQRT2 / FULL_SCALE;
  return rms === 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(rms));
}

/**
 * The strongest frequency in Hz, to well under 1 Hz with a second of a steady tone; `undefined` where there is
 * less than 64 samples or only silence. Hann window, FFT, parabola through the peak's logarithm.
 */
export function dominantFrequency(samples: Int16Array, sampleRate: number): number | undefined {
  const window = samples.subarray(Math.max(0, samples.length - MAX_WINDOW));
  const count = window.length;
  if (count < 64 || isSilent(window)) return undefined;
  const size = 2 ** Math.ceil(Math.log2(count));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  let mean = 0;
  for (const sample of window) mean += sample / count;
  for (const [index, sample] of window.entries()) {
    real[index] = (sample - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / count));
  }
  fourier(real, imaginary);

  const power = (bin: number): number => {
    const [re, im] = [real[bin] ?? 0, imaginary[bin] ?? 0];
    return re * re + im * im;
  };
  let peak = 1;
  for (let bin = 2; bin < size / 2; bin += 1) if (power(bin) > power(peak)) peak = bin;
  const [left, middle, right] = [power(peak - 1), power(peak), power(peak + 1)].map((value) =>
    Math.log(value + 1e-9),
  ) as [number, number, number];
  const curvature = left - 2 * middle + right;
  const offset = curvature === 0 ? 0 : (left - right) / (2 * curvature);
  return ((peak + offset) * sampleRate) / size;
}

/** In-place radix-2 FFT; the length is a power of two. */
function fourier(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, reversed = 0; index < size; index += 1) {
    let bit = size >> 1;
    for (; (reversed & bit) !== 0; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (index < reversed) {
      swap(real, index, reversed);
      swap(imaginary, index, reversed);
    }
  }
  for (let span = 2; span <= size; span *= 2) {
    const half = span / 2;
    for (let step = 0; step < half; step += 1) {
      const angle = (-2 * Math.PI * step) / span;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      for (let start = step; start < size; start += span) {
        const other = start + half;
        const re = (real[other] ?? 0) * cosine - (imaginary[other] ?? 0) * sine;
        const im = (real[other] ?? 0) * sine + (imaginary[other] ?? 0) * cosine;
        real[other] = (real[start] ?? 0) - re;
        imaginary[other] = (imaginary[start] ?? 0) - im;
        real[start] = (real[start] ?? 0) + re;
        imaginary[start] = (imaginary[start] ?? 0) + im;
      }
    }
  }
}

function swap(values: Float64Array, one: number, other: number): void {
  const kept = values[one] ?? 0;
  values[one] = values[other] ?? 0;
  values[other] = kept;
}
