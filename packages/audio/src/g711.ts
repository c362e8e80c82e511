/**
 * G.711 µ-law and A-law (ITU-T G.711, as the wire has them: even bits of A-law inverted, all bits of µ-law inverted).
 * Samples are 16-bit linear. Coding goes through tables that are computed once from the segment definition.
 */

/** Magnitude of the µ-law encoder's bias at 16 bit: moves the first segment's start to a power of two. */
const MU_BIAS = 132;
const MU_CLIP = 32_635;

/** One's complement of negative values makes the two halves mirror each other: −1 codes as 0 does. */
function magnitudeOf(sample: number): number {
  return sample < 0 ? ~sample : sample;
}

function muLawFromLinear(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(magnitudeOf(sample), MU_CLIP) + MU_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  const interval = (magnitude >> (segment + 3)) & 0x0f;
  return ~(sign | (segment << 4) | interval) & 0xff;
}

function linearFromMuLaw(octet: number): number {
  const code = ~octet & 0xff;
  const segment = (code >> 4) & 0x07;
  const magnitude = ((((code & 0x0f) << 3) + MU_BIAS) << segment) - MU_BIAS;
  return (code & 0x80) === 0 ? magnitude : -magnitude;
}

function aLawFromLinear(sample: number): number {
  const magnitude = magnitudeOf(sample) >> 4;
  const segment = magnitude < 16 ? 0 : 28 - Math.clz32(magnitude);
  const interval = (segment < 2 ? magnitude : magnitude >> (segment - 1)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | interval) ^ 0x55;
}

function linearFromALaw(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code >> 4) & 0x07;
  const half = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? half : (half + 0x100) << (segment - 1);
  return (code & 0x80) === 0 ? -magnitude : magnitude;
}

interface Tables {
  /** Index: the 16 bits of the sample as unsigned. */
  readonly encode: Uint8Array;
  readonly decode: Int16Array;
}

function tablesOf(fromLinear: (sample: number) => number, toLinear: (octet: number) => number): Tables {
  const encode = new Uint8Array(65_536);
  for (let index = 0; index < encode.length; index += 1) encode[index] = fromLinear((index << 16) >> 16);
  const decode = new Int16Array(256);
  for (let octet = 0; octet < decode.length; octet += 1) decode[octet] = toLinear(octet);
  return { encode, decode };
}

const MU_LAW = tablesOf(muLawFromLinear, linearFromMuLaw);
const A_LAW = tablesOf(aLawFromLinear, linearFromALaw);

/** The octets of silence, for comfort in a stream that must not stop. */
export const MU_LAW_SILENCE = 0xff;
export const A_LAW_SILENCE = 0xd5;

export function encodeMuLaw(samples: Int16Array): Uint8Array {
  return encode(MU_LAW, samples);
}

export function decodeMuLaw(octets: Uint8Array): Int16Array {
  return decode(MU_LAW, octets);
}

export function encodeALaw(samples: Int16Array): Uint8Array {
  return encode(A_LAW, samples);
}

export function decodeALaw(octets: Uint8Array): Int16Array {
  return decode(A_LAW, octets);
}

function encode(tables: Tables, samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => tables.encode[sample & 0xffff] ?? 0);
}

function decode(tables: Tables, octets: Uint8Array): Int16Array {
  return Int16Array.from(octets, (octet) => tables.decode[octet] ?? 0);
}
