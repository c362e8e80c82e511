import { clipSample } from './tone.ts';

/** Steps of the IMA's recommendation (Digital Audio Compression, 1992), each about a tenth larger than the last. */
const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97,
  107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724,
  796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026,
  4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10_442, 11_487, 12_635, 13_899, 15_289, 16_818,
  18_500, 20_350, 22_385, 24_623, 27_086, 29_794, 32_767,
] as const;
/** By the three bits of magnitude: how far the next step moves. */
const MOVES = [-1, -1, -1, -1, 2, 4, 6, 8] as const;
const HEADER = 4;

/**
 * Mono IMA ADPCM as WAV files have it: blocks of `blockSize` octets, each with its first sample and step in a header
 * of four. What is left at the end and is no header is passed over.
 */
export function decodeImaAdpcm(octets: Uint8Array, blockSize: number): Int16Array {
  if (blockSize < HEADER) return new Int16Array(0);
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const out: number[] = [];
  for (let start = 0; start + HEADER <= octets.length; start += blockSize) {
    let sample = view.getInt16(start, true);
    let index = Math.min(view.getUint8(start + 2), STEPS.length - 1);
    out.push(sample);
    for (const octet of octets.subarray(start + HEADER, start + blockSize)) {
      for (const nibble of [octet & 0x0f, octet >> 4]) {
        sample = clipSample(sample + difference(nibble, STEPS[index] ?? 0));
        index = Math.max(0, Math.min(STEPS.length - 1, index + (MOVES[nibble & 7] ?? 0)));
        out.push(sample);
      }
    }
  }
  return Int16Array.from(out);
}

function difference(nibble: number, step: number): number {
  let size = step >> 3;
  if ((nibble & 4) !== 0) size += step;
  if ((nibble & 2) !== 0) size += step >> 1;
  if ((nibble & 1) !== 0) size += step >> 2;
  return (nibble & 8) === 0 ? size : -size;
}
