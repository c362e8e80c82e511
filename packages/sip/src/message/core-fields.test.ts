import { expect, test } from 'vitest';
import { createResponse, withHeaderSet, withTopVia, withTopViaReplaced } from './build.ts';
import { cseq, fromTag, topVia, toTag } from './headers.ts';
import { parseMessage } from './parse.ts';
import type { SipRequest } from './types.ts';
import { parseVia } from './via.ts';

function request(n: number): SipRequest {
  const message = parseMessage(
    Buffer.from(
      [
        'OPTIONS sip:a@example.com SIP/2.0',
        `Via: SIP/2.0/UDP host${n};branch=z9hG4bK${n}, SIP/2.0/UDP below`,
        `From: <sip:b@example.com>;tag=from${n}`,
        'To: <sip:a@example.com>',
        'Call-ID: x',
        `CSeq: ${n} OPTIONS`,
        '',
        '',
      ].join('\r\n'),
    ),
  );
  if (message.kind !== 'request') throw new Error('not read');
  return message;
}

const shown = (message: SipRequest) => [
  topVia(message)?.params.get('branch'),
  fromTag(message),
  toTag(message),
  cseq(message)?.number,
];

test('what is known of one message is not taken for another, however many there are', () => {
  const messages = Array.from({ length: 20 }, (_, n) => request(n));
  for (const round of [1, 2]) {
    messages.forEach((message, n) => {
      expect([round, ...shown(message)]).toEqual([round, `z9hG4bK${n}`, `from${n}`, undefined, n]);
    });
  }
});

test('who changes the Via or a header finds the change, and the old message as it was', () => {
  const old = request(1);
  const via = parseVia('SIP/2.0/UDP new;branch=z9hG4bKnew');
  if (via === undefined) throw new Error('not read');
  expect(shown(withTopVia(old, via))).toEqual(['z9hG4bKnew', 'from1', undefined, 1]);
  const replaced = withTopViaReplaced(old, via);
  expect(shown(replaced)).toEqual(['z9hG4bKnew', 'from1', undefined, 1]);
  const changed = withHeaderSet(replaced, 'To', '<sip:a@example.com>;tag=set');
  expect(shown(changed)).toEqual(['z9hG4bKnew', 'from1', 'set', 1]);
  expect(toTag(createResponse(replaced, 200, undefined, { toTag: 'ours' }))).toBe('ours');
  expect(shown(replaced)).toEqual(['z9hG4bKnew', 'from1', undefined, 1]);
  expect(shown(old)).toEqual(['z9hG4bK1', 'from1', undefined, 1]);
});
