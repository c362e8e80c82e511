import { expect, test } from 'vitest';
import { withoutHeader } from './build.ts';
import { StreamFramer } from './framer.ts';
import {
  cseq,
  fromTag,
  headerValues,
  parseContactList,
  parseReason,
  parseWarning,
  topVia,
  toTag,
} from './headers.ts';
import { parseNameAddr } from './name-addr.ts';
import { parseMessage } from './parse.ts';
import { serialise } from './serialise.ts';
import type { SipMessage } from './types.ts';
import { formatUri, parseUri, uriEquals } from './uri.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const ROUNDS = 1_500;

const SAMPLES = [
  [
    'INVITE sip:bob;x=1:pw@[2001:db8::1]:5060;transport=tcp?a=b SIP/2.0',
    'v: SIP/2.0/UDP pc33.atlanta.example:5060;rport;branch=z9hG4bK776asdhds, SIP / 2.0 / TCP b',
    'Max-Forwards: 70',
    't: "Bob \\"B\\" \u00e4" <sip:bob@biloxi.example;lr>;x="y;z"',
    'f: Alice <sip:alice@atlanta.example>;tag=1928301774',
    'Call-ID: a84b4c76e66710@pc33',
    'CSeq: 314159 INVITE',
    'm: "A, B" <sip:alice@pc33?x=y>;q=0.7;expires=3600,',
    ' <sips:alice@192.0.2.1:5061>',
    'Warning: 399 host "text \\" x"',
    'Reason: SIP;cause=200;text="x"',
    'Content-Type: application/sdp',
    'l: 10',
    '',
    'v=0\r\no=- 1',
  ].join('\r\n'),
  [
    'SIP/2.0 200 OK \u00fc',
    'Via: SIP/2.0/TLS [::1]:5061;received=[::2];branch=z9hG4bK1',
    'From: sip:a@b;tag=1',
    'To: tel:+49-89-1234;tag=2',
    'Call-ID: 1',
    'CSeq: 1 BYE',
    'Contact: *',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n'),
].map((text) => Buffer.from(text));

/** What breaks parsers rather than what is likely. */
const FRAGMENTS = [
  '\r\n',
  '\r\n ',
  '\r\n\r\n',
  '\0',
  '"',
  '\\',
  '<',
  '>',
  ';',
  ',',
  ':',
  '%',
  '%00',
  '@',
  ' ',
  '[',
  ']',
  '=',
  '\xff',
  '\xc3',
];

/** mulberry32: every run of a seed is the same. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(sample: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(sample);
  for (let edits = random(3) + 1; edits > 0; edits -= 1) {
    const at = random(bytes.length);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const fragment = Buffer.from(FRAGMENTS[random(FRAGMENTS.length)] ?? '', 'latin1');
    const edit = random(4);
    if (edit === 0) bytes = Buffer.concat([before, fragment, after]);
    else if (edit === 1) bytes = Buffer.concat([before, fragment, after.subarray(fragment.length)]);
    else if (edit === 2) bytes = Buffer.concat([before, after.subarray(random(20))]);
    else bytes = Buffer.concat([before, after.subarray(0, random(30)), after]);
    if (bytes.length === 0) return bytes;
  }
  return bytes;
}

/** Asks for everything; nothing may throw, and what a parser accepts has to survive being written and read again. */
function exercise(message: SipMessage): void {
  cseq(message);
  fromTag(message);
  toTag(message);
  topVia(message);
  parseContactList(message);
  headerValues(message, 'warning').forEach(parseWarning);
  headerValues(message, 'reason').forEach(parseReason);
  for (const name of ['from', 'to', 'contact']) {
    for (const value of headerValues(message, name)) {
      const uri = parseUri(parseNameAddr(value)?.uri ?? '');
      if (uri === undefined) continue;
      const again = parseUri(formatUri(uri));
      expect(again !== undefined && uriEquals(uri, again)).toBe(true);
    }
  }
  const again = parseMessage(serialise(message));
  expect(again.kind === 'fault' ? again : withoutHeader(again, 'content-length')).toEqual(
    withoutHeader(message, 'content-length'),
  );
}

/** What a stream in these pieces gives, without keepalives: where pieces end decides how many pongs are seen. */
function outline(pieces: readonly Uint8Array[]): string {
  const framer = new StreamFramer();
  const items = pieces.flatMap((piece) => framer.push(piece)).filter((item) => item.kind !== 'keepalive');
  return JSON.stringify([items, framer.broken]);
}

test.each(SEEDS)('mutated messages are read or refused, never worse (seed %i)', (seed) => {
  const random = randomOf(seed);
  let accepted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const bytes = mutate(SAMPLES[random(SAMPLES.length)] ?? Buffer.alloc(0), random);
    const result = parseMessage(bytes);
    if (result.kind !== 'fault') {
      accepted += 1;
      exercise(result);
    }
    const split = random(bytes.length + 1);
    expect(outline([bytes.subarray(0, split), bytes.subarray(split)])).toBe(outline([bytes]));
  }
  // Neither all refused nor all accepted: otherwise this would prove nothing.
  expect(accepted).toBeGreaterThan(ROUNDS / 20);
  expect(accepted).toBeLessThan(ROUNDS);
});
