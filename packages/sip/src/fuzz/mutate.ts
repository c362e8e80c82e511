import type { Entropy } from './entropy.ts';

/** What breaks parsers rather than what is likely. */
const FRAGMENTS = [
  '\r\n \r\n\r\n \n \r \0 " \\ < > ; , : % %00 @ \t [ ] = * \u00ff \u00c3 -1 0 4294967295 4294967296 NaN',
  '99999999999999999999 SIP/2.0 sip: INVITE Via: Content-Length: ;tag= ;branch=z9hG4bK ;rport a= m=',
]
  .flatMap((line) => line.split(' '))
  .concat([' ', '\r\n '])
  .map((text) => Buffer.from(text, 'latin1'));

const MOST_OCTETS = 70_000;

type Edit = (bytes: Buffer, entropy: Entropy, corpus: readonly Uint8Array[]) => Buffer;

const place = (bytes: Buffer, entropy: Entropy): number => entropy.integer(0, bytes.length);

const around = (bytes: Buffer, from: number, to: number, middle: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);

const EDITS: readonly Edit[] = [
  (bytes, entropy) => {
    const at = place(bytes, entropy);
    return around(bytes, at, at, entropy.pick(FRAGMENTS));
  },
  (bytes, entropy) => {
    const at = place(bytes, entropy);
    const fragment = entropy.pick(FRAGMENTS);
    return around(bytes, at, at + fragment.length, fragment);
  },
  (bytes, entropy) => {
    const at = place(bytes, entropy);
    return around(bytes, at, at + entropy.integer(1, 20), Buffer.alloc(0));
  },
  (bytes, entropy) => {
    const at = place(bytes, entropy);
    return around(bytes, at, at, bytes.subarray(at, at + entropy.integer(1, 60)));
  },
  (bytes, entropy) => {
    const flipped = Buffer.from(bytes);
    const at = entropy.integer(0, Math.max(0, bytes.length - 1));
    flipped[at] = (flipped[at] ?? 0) ^ (1 << entropy.integer(0, 7));
    return flipped;
  },
  (bytes, entropy) => bytes.subarray(0, place(bytes, entropy)),
  swapLines,
  // The front of one message with the end of another.
  (bytes, entropy, corpus) => {
    const other = entropy.pick(corpus);
    return Buffer.concat([
      bytes.subarray(0, place(bytes, entropy)),
      other.subarray(entropy.integer(0, other.length)),
    ]);
  },
  // One fragment very often: what is quadratic shows itself.
  (bytes, entropy) => {
    const at = place(bytes, entropy);
    const fragment = entropy.pick(FRAGMENTS);
    const count = entropy.chance(0.05) ? 20_000 : entropy.integer(2, 60);
    return around(bytes, at, at, Buffer.alloc(Math.min(count * fragment.length, MOST_OCTETS), fragment));
  },
];

function swapLines(bytes: Buffer, entropy: Entropy): Buffer {
  const lines = bytes.toString('latin1').split('\r\n');
  const [a, b] = [entropy.integer(0, lines.length - 1), entropy.integer(0, lines.length - 1)];
  [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

/** One to four random edits of octets. Never longer than a little more than what an endpoint takes. */
export function mutate(sample: Uint8Array, entropy: Entropy, corpus: readonly Uint8Array[]): Uint8Array {
  let bytes = Buffer.from(sample);
  for (let edits = entropy.integer(1, 4); edits > 0 && bytes.length > 0; edits -= 1) {
    bytes = Buffer.from(entropy.pick(EDITS)(bytes, entropy, corpus).subarray(0, MOST_OCTETS));
  }
  return bytes;
}
