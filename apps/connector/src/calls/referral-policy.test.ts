import type { HeaderField, SipRequest } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { judgeReferral, type ReferralVerdict } from './referral-policy.ts';

const refer = (...referTo: readonly string[]): SipRequest => ({
  kind: 'request',
  method: 'REFER',
  uri: 'sip:line@192.0.2.2',
  headers: [
    ...referTo.map((value): HeaderField => ({ name: 'refer-to', value })),
    { name: 'referred-by', value: '"Ben" <sip:102@pbx.example>' },
  ],
  body: new Uint8Array(),
});
const judge = (fromPbx: boolean, ...referTo: readonly string[]): ReferralVerdict =>
  judgeReferral(refer(...referTo), { hosts: ['PBX.example', '192.0.2.1'], fromPbx });

describe('whom the other side may have the line call [RFC3515-4.2]', () => {
  test('a number at the PBX, whoever asks', () => {
    expect(judge(false, '<sip:203@pbx.example>')).toEqual({
      ok: true,
      target: { uri: 'sip:203@pbx.example', number: '203', referredBy: 'sip:102@pbx.example' },
    });
  });

  test('[RFC5589-7.3] by way of the PBX also somebody elsewhere, in the place of another', () => {
    const elsewhere = '<sip:203@198.51.100.7?Replaces=call%40host%3Bto-tag%3Da%3Bfrom-tag%3Db>';
    expect(judge(true, elsewhere)).toMatchObject({
      ok: true,
      target: {
        uri: 'sip:203@198.51.100.7',
        replaces: { callId: 'call@host', toTag: 'a', fromTag: 'b' },
      },
    });
    expect(judge(false, elsewhere)).toEqual({ ok: false, status: 403 });
  });

  test.each<[number, readonly string[]]>([
    [400, []],
    [400, ['<sip:1@pbx.example>', '<sip:2@pbx.example>']],
    [400, ['<sip:1@pbx.example?Replaces=nonsense>']],
    [501, ['<sip:203@pbx.example;method=BYE>']],
    [416, ['<mailto:203@pbx.example>']],
    [403, ['<sip:203@198.51.100.7>']],
  ])('%i to %j', (status, referTo) => {
    expect(judge(true, ...referTo)).toEqual({ ok: false, status });
  });
});
