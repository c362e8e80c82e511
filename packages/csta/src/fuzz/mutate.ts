import type { Entropy } from './entropy.ts';

/** What breaks readers rather than what is likely. */
const FRAGMENTS = [
  '< > </ /> <a> </a> <?x ?> <!-- --> <![CDATA[ ]]> <!DOCTYPE & &amp; &lt; &#0; &#x10ffff; &b; = " \'',
  'xmlns xmlns="" xmlns:p="urn:p" p: : callID deviceID extensions privateData private true false 1 -1',
  '\0 \0\0 \0\0\0\u0008 9999 0000 0001 \u00ff \u00c3 \ufeff 999999999999999999999 NaN SystemStatus MakeCall',
]
  .flatMap((line) => line.split(' '))
  .concat(' ', '\r\n')
  .map((text) => new TextEncoder().encode(text));

const ELEMENTS = [
  '<later/>',
  '<deviceID>1</deviceID>',
  '<callID/>',
  '<extensions><privateData><private><x xmlns="urn:x">1</x></private></privateData></extensions>',
  '<notKnown/>',
  '<p:a xmlns:p="urn:p" b="1">&#10;</p:a>',
].map((text) => new TextEncoder().encode(text));

const greaterThan = 0x3e;
const mostOctets = 70_000;

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.subarray(0, mostOctets);
}

const place = (octets: Uint8Array, entropy: Entropy): number => entropy.integer(0, octets.length);

type Edit = (octets: Uint8Array, entropy: Entropy, other: Uint8Array) => Uint8Array;

const EDITS: readonly Edit[] = [
  // A fragment more, or in the place of something.
  (octets, entropy) => {
    const at = place(octets, entropy);
    const fragment = entropy.pick(FRAGMENTS);
    const end = entropy.chance(0.5) ? at : at + fragment.length;
    return joined(octets.subarray(0, at), fragment, octets.subarray(end));
  },
  // An element where one may stand: the document often stays well formed.
  (octets, entropy) => {
    const at = octets.indexOf(greaterThan, place(octets, entropy)) + 1;
    return joined(octets.subarray(0, at), entropy.pick(ELEMENTS), octets.subarray(at));
  },
  // Another character in a text or a name.
  (octets, entropy) => {
    const changed = octets.slice();
    const at = entropy.integer(0, Math.max(0, octets.length - 1));
    const isLetter = /[a-z0-9]/i.test(String.fromCharCode(changed[at] ?? 0));
    if (isLetter) changed[at] = entropy.integer(0x61, 0x7a);
    return changed;
  },
  // Something less.
  (octets, entropy) => {
    const at = place(octets, entropy);
    return joined(octets.subarray(0, at), octets.subarray(at + entropy.integer(1, 30)));
  },
  // Something twice.
  (octets, entropy) => {
    const at = place(octets, entropy);
    const end = at + entropy.integer(1, 200);
    return joined(octets.subarray(0, end), octets.subarray(at));
  },
  (octets, entropy) => {
    const flipped = octets.slice();
    const at = entropy.integer(0, Math.max(0, octets.length - 1));
    flipped[at] = (flipped[at] ?? 0) ^ (1 << entropy.integer(0, 7));
    return flipped;
  },
  (octets, entropy) => octets.subarray(0, place(octets, entropy)),
  // The front of one with the end of another.
  (octets, entropy, other) =>
    joined(octets.subarray(0, place(octets, entropy)), other.subarray(place(other, entropy))),
  // One fragment very often: what is quadratic shows itself.
  (octets, entropy) => {
    const at = place(octets, entropy);
    const fragment = entropy.pick(FRAGMENTS);
    const count = entropy.chance(0.05) ? 20_000 : entropy.integer(2, 60);
    const many = Array.from(
      { length: Math.min(count, Math.ceil(mostOctets / (fragment.length || 1))) },
      () => fragment,
    );
    return joined(octets.subarray(0, at), ...many, octets.subarray(at));
  },
];

/** One to three random edits. */
export function mutate(octets: Uint8Array, entropy: Entropy, other: Uint8Array): Uint8Array {
  let edited = octets;
  for (
    let edits = entropy.chance(0.7) ? 1 : entropy.integer(2, 3);
    edits > 0 && edited.length > 0;
    edits -= 1
  ) {
    edited = entropy.pick(EDITS)(edited, entropy, other);
  }
  return edited;
}
