import { describe, expect, test } from 'vitest';
import {
  callId,
  contentType,
  cseq,
  fromTag,
  hasToken,
  header,
  headerFields,
  headerValues,
  numberHeader,
  parseContactList,
  parseCSeq,
  parseReason,
  parseWarning,
  retryAfter,
  splitValues,
  topVia,
  toTag,
} from './headers.ts';
import { canonicalName } from './names.ts';
import type { SipRequest } from './types.ts';

function withFields(...fields: readonly [string, string][]): SipRequest {
  const headers = fields.map(([name, value]) => ({ name: canonicalName(name), value }));
  return { kind: 'request', method: 'INVITE', uri: 'sip:a@b', headers, body: new Uint8Array(0) };
}

describe('values of headers', () => {
  const message = withFields(
    ['Route', '<sip:a;lr>, "x, y" <sip:b?h=1,2>'],
    ['Via', 'SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/TCP b;branch=z9hG4bK2'],
    ['Route', '<sip:c>'],
    ['Supported', 'timer,100rel'],
    ['From', '<sip:a@b>;tag=f'],
    ['To', 'sip:c@d;tag=t'],
    ['Call-ID', 'Id'],
    ['CSeq', '7 INVITE'],
  );

  test('[RFC3261-7.3.1] a list may stand in one field or in several', () => {
    expect(headerValues(message, 'route')).toEqual(['<sip:a;lr>', '"x, y" <sip:b?h=1,2>', '<sip:c>']);
    expect(headerFields(message, 'Route')).toHaveLength(2);
    expect(header(message, 'ROUTE')).toBe('<sip:a;lr>, "x, y" <sip:b?h=1,2>');
    expect(headerValues(message, 'record-route')).toEqual([]);
    expect(header(message, 'record-route')).toBeUndefined();
  });

  test('splitting minds quotes, escapes and brackets, and leaves empty elements out', () => {
    expect(splitValues('a,, "b\\",c" ,<d,e>,')).toEqual(['a', '"b\\",c"', '<d,e>']);
    expect(splitValues('"never closed, x')).toEqual(['"never closed, x']);
    expect(splitValues('')).toEqual([]);
  });

  test('what a dialog needs', () => {
    expect([callId(message), fromTag(message), toTag(message)]).toEqual(['Id', 'f', 't']);
    expect(cseq(message)).toEqual({ number: 7, method: 'INVITE' });
    expect(topVia(message)).toMatchObject({ transport: 'UDP', host: 'a' });
    expect(topVia(withFields())).toBeUndefined();
  });

  test('tokens of a list', () => {
    expect([hasToken(message, 'supported', '100REL'), hasToken(message, 'supported', '100')]).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    ['4294967295 ACK', { number: 4_294_967_295, method: 'ACK' }],
    ['0009\t INVITE', { number: 9, method: 'INVITE' }],
    ['4294967296 ACK', undefined],
    ['-1 ACK', undefined],
    ['1', undefined],
    ['1 A CK', undefined],
    ['ACK 1', undefined],
    ['', undefined],
  ])('[RFC3261-20.16] CSeq %j', (text, expected) => {
    expect(parseCSeq(text)).toEqual(expected);
  });

  test('numbers', () => {
    const message = withFields(
      ['Expires', '3600'],
      ['Min-Expires', 'soon'],
      ['Retry-After', '18000;duration=3600'],
    );
    expect(numberHeader(message, 'expires')).toBe(3_600);
    expect(numberHeader(message, 'min-expires')).toBeUndefined();
    expect(retryAfter(message)).toBe(18_000);
    expect(retryAfter(withFields(['Retry-After', '120 (in a meeting)']))).toBe(120);
    expect(retryAfter(withFields(['Retry-After', 'later']))).toBeUndefined();
  });

  test('[RFC3261-20.15] the media type without its parameters', () => {
    expect(contentType(withFields(['c', 'Application/SDP ; charset=utf-8']))).toBe('application/sdp');
    expect(contentType(withFields())).toBeUndefined();
  });
});

describe('parseContactList', () => {
  test('[RFC3261-10.2.2] the star stands alone', () => {
    expect(parseContactList(withFields(['Contact', '*']))).toEqual({ kind: 'all' });
    expect(parseContactList(withFields(['Contact', '*'], ['Contact', '<sip:a@b>']))).toBeUndefined();
    expect(parseContactList(withFields(['Contact', '*, <sip:a@b>']))).toBeUndefined();
  });

  test('[RFC3261-20.10] contacts of all fields, or none', () => {
    const list = parseContactList(
      withFields(['m', '"A, B" <sip:a@b>;q=0.7, sip:c@d'], ['Contact', '<sip:e@f>']),
    );
    expect(list?.kind === 'contacts' && list.contacts.map((contact) => contact.uri)).toEqual([
      'sip:a@b',
      'sip:c@d',
      'sip:e@f',
    ]);
    expect(parseContactList(withFields())).toEqual({ kind: 'contacts', contacts: [] });
    expect(parseContactList(withFields(['Contact', '<sip:a@b>, nonsense']))).toBeUndefined();
  });
});

describe('Warning and Reason', () => {
  test('[RFC3261-20.43] code, agent and text', () => {
    expect(parseWarning('399 osv.example.com "Check \\"provisioning\\""')).toEqual({
      code: 399,
      agent: 'osv.example.com',
      text: 'Check "provisioning"',
    });
    expect(parseWarning('1812 overture "In Progress"')).toBeUndefined();
    expect(parseWarning('399 host no quotes')).toBeUndefined();
    expect(parseWarning('399 host "a" "b"')).toBeUndefined();
  });

  test('[RFC3326-2] protocol, cause and text', () => {
    expect(parseReason('SIP ;cause=200 ;text="Call completed elsewhere"')).toEqual({
      protocol: 'SIP',
      cause: 200,
      text: 'Call completed elsewhere',
    });
    expect(parseReason('Q.850;cause=16')).toEqual({ protocol: 'Q.850', cause: 16 });
    expect(parseReason('preemption')).toEqual({ protocol: 'preemption' });
    expect(parseReason('SIP;cause')).toEqual({ protocol: 'SIP' });
    expect(['', ';cause=1', 'SIP;cause=x', 'a b'].map(parseReason)).toEqual(Array(4).fill(undefined));
  });
});
