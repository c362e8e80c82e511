import { SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import type { FrameOutcome } from './decoder.ts';
import { FrameDecoder } from './decoder.ts';
import { encodeFrame, eventInvokeId, fitsFrame, mostFrameOctets } from './frames.ts';
import { framingVectors } from './vectors.test-support.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

function outcomesOf(pieces: readonly Uint8Array[], decoder = new FrameDecoder()): FrameOutcome[] {
  const outcomes = pieces.flatMap((piece) => decoder.push(piece));
  return [...outcomes, decoder.end() ?? []].flat();
}

const shown = (outcomes: readonly FrameOutcome[]): unknown[] =>
  outcomes.map((outcome) =>
    outcome.kind === 'fault'
      ? outcome.code
      : {
          invoke: String(outcome.invokeId).padStart(4, '0'),
          xml: new TextDecoder().decode(outcome.document),
        },
  );

const vectors = framingVectors();

describe.skipIf(vectors.length === 0)('the conformance vectors', () => {
  const good = vectors.filter(({ expect }) => typeof expect !== 'string');
  it.each(good)('[ECMA-323-J] $name', ({ pieces, expect: wanted }) => {
    expect(shown(outcomesOf(pieces))).toEqual(wanted);
  });

  const codes: Readonly<Record<string, string>> = {
    'BAD: first two octets not zero': 'header',
    'BAD: length 7 (< header)': 'length',
    'BAD: invoke id not digits': 'invoke_id',
    'truncated at end of connection': 'truncated',
  };
  const bad = vectors.filter(({ expect }) => typeof expect === 'string');
  it.each(bad)('[ECMA-323-J] $name', ({ name, pieces }) => {
    expect(shown(outcomesOf(pieces))).toEqual([codes[name]]);
  });
});

describe('frames', () => {
  it('[ECMA-323-J] the header has zeros, the whole length and four digits', () => {
    const frame = encodeFrame(7, octets('<a/>'));
    expect([...frame.subarray(0, 8)]).toEqual([0, 0, 0, 12, 0x30, 0x30, 0x30, 0x37]);
    expect(encodeFrame(eventInvokeId, octets('ü')).subarray(2, 4)).toEqual(Uint8Array.of(0, 10));
  });

  it('[ECMA-323-J] what does not fit into 16 bits of length is not written', () => {
    const longest = new Uint8Array(mostFrameOctets - 8);
    expect(fitsFrame(longest)).toBe(true);
    expect(outcomesOf([encodeFrame(1, longest)])).toMatchObject([{ kind: 'frame', invokeId: 1 }]);
    expect(() => encodeFrame(1, new Uint8Array(mostFrameOctets - 7))).toThrow(RangeError);
    expect(() => encodeFrame(10_000, longest)).toThrow(RangeError);
    expect(() => encodeFrame(1.5, longest)).toThrow(RangeError);
  });

  it('a frame without a document is a frame', () => {
    expect(shown(outcomesOf([octets('\0\0\0\u00080042')]))).toEqual([{ invoke: '0042', xml: '' }]);
  });

  it('limits.frame_size: a longer frame than the link takes is refused by its header alone', () => {
    const decoder = new FrameDecoder({ mostOctets: 100 });
    expect(shown(decoder.push(encodeFrame(1, new Uint8Array(93)).subarray(0, 8)))).toEqual(['too_long']);
    expect(
      shown(new FrameDecoder({ mostOctets: 100 }).push(encodeFrame(1, octets('a'.repeat(92))))),
    ).toHaveLength(1);
  });

  it('nothing that follows a fault is looked at', () => {
    const decoder = new FrameDecoder();
    expect(shown(decoder.push(octets('\u0001\0\0\u00080001')))).toEqual(['header']);
    expect(decoder.push(encodeFrame(1, octets('<a/>')))).toEqual([]);
    expect(decoder.end()).toBeUndefined();
  });

  it.each([1, 2, 3])('[ECMA-323-J] a stream cut anywhere gives the same frames (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const sent = Array.from({ length: 200 }, (_, at) => ({
      invoke: String(at).padStart(4, '0'),
      xml: 'x'.repeat(random.integer(0, 300)),
    }));
    const stream = Buffer.concat(sent.map(({ xml }, at) => encodeFrame(at, octets(xml))));
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < stream.length;) {
      const length = random.integer(1, 50);
      pieces.push(stream.subarray(at, at + length));
      at += length;
    }
    expect(shown(outcomesOf(pieces))).toEqual(sent);
  });
});
