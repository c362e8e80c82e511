import { describe, expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import { formatReferredBy, formatReferTo, parseReferredBy, parseReferTo, referSub } from './refer.ts';

const replaces = {
  callId: '425928@bobster.example.com.3',
  toTag: '7743',
  fromTag: '6472',
  earlyOnly: false,
};

describe('Refer-To', () => {
  test('[RFC3515-2.1] the examples of the section', () => {
    expect(parseReferTo(withFields(['r', 'sip:alice@atlanta.example.com']))).toEqual({
      uri: 'sip:alice@atlanta.example.com',
      method: 'INVITE',
      headers: [],
    });
    const attended =
      '<sip:bob@biloxi.example.net?Accept-Contact=sip:bobsdesk.biloxi.example.net&Call-ID%3D55432%40alicepc.atlanta.example.com>';
    expect(parseReferTo(withFields(['Refer-To', attended]))).toBeUndefined();
    expect(
      parseReferTo(
        withFields([
          'Refer-To',
          '<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>',
        ]),
      ),
    ).toEqual({
      uri: 'sip:dave@denver.example.org',
      method: 'INVITE',
      replaces: { callId: '12345@192.168.118.3', toTag: '12345', fromTag: '5FFE-3994', earlyOnly: false },
      headers: [],
    });
    expect(
      parseReferTo(withFields(['Refer-To', 'Carol <sip:carol@cleveland.example.org;method=SUBSCRIBE>'])),
    ).toEqual({
      uri: 'sip:carol@cleveland.example.org',
      displayName: 'Carol',
      method: 'SUBSCRIBE',
      headers: [],
    });
    expect(parseReferTo(withFields(['Refer-To', 'http://www.ietf.org']))?.uri).toBe('http://www.ietf.org');
  });

  test('[RFC3515-2.4.2] exactly one, and readable', () => {
    const one = ['Refer-To', '<sip:a@b>'] as const;
    expect(parseReferTo(withFields())).toBeUndefined();
    expect(parseReferTo(withFields(one, one))).toBeUndefined();
    expect(parseReferTo(withFields(['Refer-To', '<sip:a@b>, <sip:c@d>']))).toBeUndefined();
    for (const value of [
      '',
      '<>',
      '<sip:a b>',
      '<sip:a@b;method>',
      '<sip:a@b?Replaces=x>',
      '<sip:a@b?x=%0d>',
    ]) {
      expect(parseReferTo(withFields(['Refer-To', value]))).toBeUndefined();
    }
  });

  test('[RFC3261-19.1.5] headers that would forge a request are left out, by their compact names too', () => {
    const uri =
      'sip:a@b?From=x&f=x&i=1&CSeq=1&Via=x&v=x&Route=x&Record-Route=x&m=x&P-Asserted-Identity=x&Authorization=x&body=x&Subject=s';
    expect(parseReferTo(withFields(['Refer-To', `<${uri}>`]))?.headers).toEqual([['subject', 's']]);
  });

  test('[RFC3891-6.2] Replaces is escaped into the URI and read from there', () => {
    const text = formatReferTo({ uri: 'sip:bob@biloxi.example.com;gr=x', displayName: 'Bob', replaces });
    expect(text).toBe(
      '"Bob" <sip:bob@biloxi.example.com;gr=x?Replaces=425928%40bobster.example.com.3%3Bto-tag%3D7743%3Bfrom-tag%3D6472>',
    );
    expect(parseReferTo(withFields(['Refer-To', text]))).toEqual({
      uri: 'sip:bob@biloxi.example.com;gr=x',
      displayName: 'Bob',
      method: 'INVITE',
      replaces,
      headers: [],
    });
  });
});

describe('Referred-By', () => {
  test('[RFC3892-3] its URI and the Content-ID of its token', () => {
    const value = '"Boss" <sip:r@ref.example>;cid="2UWQFN309shb3@ref.example"';
    expect(parseReferredBy(withFields(['b', value]))).toEqual({
      uri: 'sip:r@ref.example',
      displayName: 'Boss',
      cid: '2UWQFN309shb3@ref.example',
    });
    expect(formatReferredBy({ uri: 'sip:r@ref.example', displayName: 'Boss' })).toBe(
      '"Boss" <sip:r@ref.example>',
    );
  });

  test('[RFC3892-3] none, several and unreadable ones are none', () => {
    const one = ['Referred-By', '<sip:a@b>'] as const;
    expect(parseReferredBy(withFields())).toBeUndefined();
    expect(parseReferredBy(withFields(one, one))).toBeUndefined();
    expect(parseReferredBy(withFields(['Referred-By', 'a']))).toBeUndefined();
  });
});

test('[RFC4488-4] Refer-Sub', () => {
  expect(referSub(withFields(['Refer-Sub', 'false']))).toBe(false);
  expect(referSub(withFields(['Refer-Sub', 'True ;x=y']))).toBe(true);
  expect(referSub(withFields(['Refer-Sub', 'maybe']))).toBeUndefined();
  expect(referSub(withFields())).toBeUndefined();
  expect(referSub(withFields(['Refer-Sub', 'false'], ['Refer-Sub', 'false']))).toBeUndefined();
});
