import { expect, test } from 'vitest';
import { header } from '../message/headers.ts';
import { formatSipfrag, parseSipfrag } from './sipfrag.ts';

const parse = (text: string) => parseSipfrag(Buffer.from(text));

test.each([
  ['SIP/2.0 100 Trying', 100, 'Trying'],
  ['SIP/2.0 200 OK\r\n', 200, 'OK'],
  ['\r\nSIP/2.0 603 Declined by ü\n', 603, 'Declined by ü'],
  ['sip/2.0 486', 486, ''],
  ['SIP/2.0 503 \r\n', 503, ''],
])('[RFC3515-2.4.5] %j', (text, status, reason) => {
  expect(parse(text)).toEqual({ status, reason, headers: [] });
});

test.each([
  '',
  '\r\n',
  'SIP/2.0',
  'SIP/2.0 99 X',
  'SIP/2.0 700 X',
  'SIP/2.0 2000 X',
  'SIP/3.0 200 OK',
  'HTTP/1.1 200 OK',
  'INVITE sip:a@b SIP/2.0',
  'From: a',
])('[RFC3420-2] %j has no status line', (text) => {
  expect(parse(text)).toBeUndefined();
});

test('[RFC3420-2] headers may follow, folded ones too, and a body that is not looked at', () => {
  const fragment = parse(
    'SIP/2.0 302 Moved\r\nm: <sip:a@b>\r\nWarning: 399 x\r\n "y"\r\nnonsense\r\n\r\nContact: <sip:evil@b>',
  );
  expect(fragment?.headers.map(({ name }) => name)).toEqual(['contact', 'warning']);
  expect(fragment && header(fragment, 'Contact')).toBe('<sip:a@b>');
  expect(fragment && header(fragment, 'Warning')).toBe('399 x "y"');
});

test('headers are bounded', () => {
  expect(parse(`SIP/2.0 200 OK\r\n${'A: b\r\n'.repeat(1_000)}`)?.headers).toHaveLength(64);
});

test('[RFC3420-3] writing and reading are inverse, and no line can be smuggled in', () => {
  const body = formatSipfrag(180);
  expect(body.contentType).toBe('message/sipfrag;version=2.0');
  expect(Buffer.from(body.bytes).toString()).toBe('SIP/2.0 180 Ringing\r\n');
  expect(parseSipfrag(formatSipfrag(500, 'a\r\nVia: x').bytes)).toEqual({
    status: 500,
    reason: 'a Via: x',
    headers: [],
  });
});
