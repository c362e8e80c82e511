import type { HeaderField, SipRequest } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { assertedOf, callerOf, correlationOf, displayText, divertedByOf } from './party.ts';

const octets = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const invite = (...headers: [string, string][]): SipRequest => ({
  kind: 'request',
  method: 'INVITE',
  uri: 'sip:line@192.0.2.2',
  headers: headers.map(([name, value]): HeaderField => ({ name, value })),
  body: new Uint8Array(),
});

describe('who calls', () => {
  test('[RFC3325-9.1] the PBX asserts an identity: it counts, not From', () => {
    const request = invite(
      ['from', '"Somebody" <sip:anonymous@anonymous.invalid>;tag=1'],
      ['p-asserted-identity', '"Carla Duval" <sip:201@pbx.example>, <tel:+49-30-201>'],
    );
    expect(callerOf(request, true)).toEqual({ number: '201', name: 'Carla Duval' });
  });

  test('[RFC3325-9.1] an identity asserted by anybody else is not believed', () => {
    const request = invite(
      ['from', '<sip:999@elsewhere.example>;tag=1'],
      ['p-asserted-identity', '"The boss" <sip:100@pbx.example>'],
    );
    expect(callerOf(request, false)).toEqual({ number: '999' });
  });

  test('[RFC3325-9.3] an identity that is asserted and secret is not shown', () => {
    const asserted: [string, string] = ['p-asserted-identity', '"Carla Duval" <sip:201@pbx.example>'];
    const hidden: [string, string] = ['from', '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1'];
    expect(callerOf(invite(hidden, asserted, ['privacy', 'id']), true)).toEqual({ number: '' });
    expect(callerOf(invite(hidden, asserted, ['privacy', 'none']), true).number).toBe('201');
    const shown: [string, string] = ['from', '"Carla Duval" <sip:201@pbx.example>;tag=1'];
    expect(callerOf(invite(shown, asserted, ['privacy', 'user;critical']), true)).toEqual({ number: '' });
  });

  test('[RFC3323-4.1.1.3] a withheld number is empty and has no name', () => {
    const request = invite(['from', '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1']);
    expect(callerOf(request, true)).toEqual({ number: '' });
  });

  test('[RFC3966] a tel: number loses its visual separators and parameters', () => {
    const request = invite(['from', '<tel:+49-(30)-12.34;ext=5>;tag=1']);
    expect(callerOf(request, true)).toEqual({ number: '+49301234' });
  });

  test('escapes and UTF-8 are decoded, in numbers and names', () => {
    const request = invite(['from', `"${octets('Jürgen Groß')}" <sip:%2B4930@pbx.example>;tag=1`]);
    expect(callerOf(request, true)).toEqual({ number: '+4930', name: 'Jürgen Groß' });
  });

  test('a name that only repeats the number is none', () => {
    expect(callerOf(invite(['from', '"201" <sip:201@pbx>;tag=1']), true)).toEqual({ number: '201' });
  });

  test('a From that nobody can read is a withheld number', () => {
    expect(callerOf(invite(['from', 'nonsense']), true)).toEqual({ number: '' });
  });
});

describe('text for people', () => {
  test('Latin-1 from an older PBX stays readable', () => {
    expect(displayText('J\u00FCrgen')).toBe('Jürgen');
  });
  test('control characters and turned writing directions are left out', () => {
    expect(displayText(octets('An\u0000na\u202Egnp'))).toBe('Annagnp');
  });
});

test('an id for logs holds only characters that ids may have', () => {
  expect(correlationOf('a b@c:1.2-3_4')).toBe('a-b-c-1.2-3_4');
  expect(correlationOf('x'.repeat(100))).toHaveLength(64);
});

describe('who is at the other side from now on', () => {
  test('[RFC3325-9.1] is whom the PBX asserts, and nobody new where it asserts none', () => {
    const from: [string, string] = ['from', '<sip:200@pbx.example>;tag=1'];
    const asserted: [string, string] = ['p-asserted-identity', '"Carla" <sip:203@pbx.example>'];
    expect(assertedOf(invite(from, asserted))).toEqual({ number: '203', name: 'Carla' });
    expect(assertedOf(invite(from))).toBeUndefined();
    expect(assertedOf(invite(from, asserted, ['privacy', 'id']))).toBeUndefined();
  });
});

describe('who has sent a call on', () => {
  test('[RFC5806-3] is the last of Diversion', () => {
    const request = invite(
      ['diversion', '"Ben" <sip:102@pbx.example>;reason=no-answer'],
      ['diversion', '<sip:103@pbx.example>;reason=unconditional'],
    );
    expect(divertedByOf(request)).toEqual({ number: '102', name: 'Ben' });
  });

  test('[RFC3892-2.1.3] is who has transferred it', () => {
    expect(divertedByOf(invite(['referred-by', '"Ben" <sip:102@pbx.example>']))).toEqual({
      number: '102',
      name: 'Ben',
    });
  });

  test('[RFC5806-4] is nobody where they do not want to be shown, or there is none', () => {
    expect(divertedByOf(invite(['diversion', '<sip:102@pbx.example>;privacy=full']))).toBeUndefined();
    expect(divertedByOf(invite())).toBeUndefined();
  });
});
