import { describe, expect, test } from 'vitest';
import { canonicalName, usualName } from './names.ts';
import {
  decodeEscapes,
  escapeUser,
  formatHostPort,
  formatUri,
  parseHostPort,
  parseUri,
  uriEquals,
} from './uri.ts';

function areEqual(left: string, right: string): boolean {
  const [leftUri, rightUri] = [parseUri(left), parseUri(right)];
  if (leftUri === undefined || rightUri === undefined) throw new Error('no URI');
  return uriEquals(leftUri, rightUri);
}

describe('parseUri and formatUri', () => {
  test('[RFC3261-19.1.1] every part of a SIP URI', () => {
    const uri = parseUri(
      'sips:alice:secret@[2001:db8::1]:5061;transport=tcp;lr?subject=project%20x&priority=urgent',
    );
    expect(uri).toEqual({
      kind: 'sip',
      scheme: 'sips',
      user: 'alice',
      password: 'secret',
      host: '2001:db8::1',
      port: 5061,
      params: new Map([
        ['transport', 'tcp'],
        ['lr', undefined],
      ]),
      headers: new Map([
        ['subject', 'project%20x'],
        ['priority', 'urgent'],
      ]),
    });
  });

  // Examples of section 19.1.3, and what desk phones and the platforms behind them send.
  test.each([
    'sip:alice@atlanta.com',
    'sip:alice:secretword@atlanta.com;transport=tcp',
    'sips:alice@atlanta.com?subject=project%20x&priority=urgent',
    'sip:+1-212-555-1212:1234@gateway.com;user=phone',
    'sips:1212@gateway.com',
    'sip:alice@192.0.2.4',
    'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
    'sip:alice;day=tuesday@atlanta.com',
    'sip:*21#@pbx.example',
    'sip:100@pbx_1.local:5070',
    'sip:[2001:db8::9:1]:5070;lr',
    'sip:[::ffff:192.0.2.1]',
    'sip:100@192.0.2.1;maddr=239.255.255.1;ttl=15',
    'tel:+1-201-555-0123',
    'tel:7042;phone-context=example.com',
    'tel:*21#;phone-context=+49',
    'urn:service:sos',
    'name:John_Smith',
  ])('[RFC3261-19.1.3] %s is the same after parsing', (text) => {
    const uri = parseUri(text);
    expect(uri && formatUri(uri)).toBe(text);
  });

  test.each([
    '',
    'sip:',
    'sip',
    ':alice@atlanta.com',
    'alice@atlanta.com',
    'sip:@atlanta.com',
    'sip:alice@',
    'sip:al ice@atlanta.com',
    'sip:alice@atlanta.com ',
    'sip:alice@atlanta.com:port',
    'sip:alice@atlanta.com:65536',
    'sip:alice@atlanta.com:',
    'sip:alice@bob@atlanta.com',
    'sip:alice%4@atlanta.com',
    'sip:alice%zz@atlanta.com',
    'sip:alice@atlanta.com;;lr',
    'sip:alice@atlanta.com;=x',
    'sip:alice@atlanta.com;a="b"',
    'sip:2001:db8::10',
    'sip:[2001:db8::10',
    'sip:[not-hex]',
    'sip:[2001:db8::10]5060',
    '<sip:alice@atlanta.com>',
    'tel:',
    'tel:abc xyz',
    'tel:-',
    'urn:',
    'urn:a<b>',
  ])('[RFC3261-25.1] %j is no URI', (text) => {
    expect(parseUri(text)).toBeUndefined();
  });

  test('[RFC3261-19.1.4] an escaped parameter name is the name', () => {
    const uri = parseUri('sip:alice@atlanta.com;tr%61nsport=tcp');
    expect(uri?.kind === 'sip' && uri.params.get('transport')).toBe('tcp');
  });

  test('[RFC5118-4.10] three colons are tolerated', () => {
    expect(parseUri('sip:[2001:db8:::192.0.2.1]')).toMatchObject({ host: '2001:db8:::192.0.2.1' });
  });

  test('host and port', () => {
    expect(parseHostPort('[::1]:5060')).toEqual({ host: '::1', port: 5060 });
    expect(formatHostPort('::1', 5060)).toBe('[::1]:5060');
    expect(formatHostPort('pbx', undefined)).toBe('pbx');
  });

  test('text becomes a user part and back', () => {
    expect(escapeUser('*21#')).toBe('*21%23');
    expect(escapeUser('+49 89;x@y')).toBe('+49%2089;x%40y');
    expect(parseUri(`sip:${escapeUser('Jörg @ home')}@pbx`)).toMatchObject({
      user: 'J%C3%B6rg%20%40%20home',
    });
    expect(decodeEscapes('J%C3%B6rg%20%40%20home')).toBe('Jörg @ home');
    expect(decodeEscapes('%ff')).toBeUndefined();
  });
});

describe('uriEquals', () => {
  // The examples of section 19.1.4, in its order.
  test.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+1-201-555-0123', 'tel:+12015550123'],
    ['urn:service:sos', 'URN:service:sos'],
  ])('[RFC3261-19.1.4] %s is %s', (left, right) => {
    expect(areEqual(left, right)).toBe(true);
    expect(areEqual(right, left)).toBe(true);
  });

  test.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@b.com', 'sips:a@b.com'],
    ['sip:a%40@b.com', 'sip:a%41@b.com'],
    ['sip:a%3Bx@b.com', 'sip:a;x@b.com'],
    ['sip:a:p@b.com', 'sip:a:P@b.com'],
    ['sip:a@b.com', 'sip:b.com'],
    ['sip:a@b.com?x=1', 'sip:a@b.com?y=1'],
    ['tel:1;phone-context=a', 'tel:1;phone-context=b'],
    ['tel:1', 'urn:1'],
  ])('[RFC3261-19.1.4] %s is not %s', (left, right) => {
    expect(areEqual(left, right)).toBe(false);
    expect(areEqual(right, left)).toBe(false);
  });
});

test('[RFC3261-7.3.3] header names: compact, canonical, usual', () => {
  expect(['v', 'VIA', 'Via', 'I', 'X-Own'].map(canonicalName)).toEqual([
    'via',
    'via',
    'via',
    'call-id',
    'x-own',
  ]);
  expect(['call-id', 'cseq', 'www-authenticate', 'x-own-name'].map(usualName)).toEqual([
    'Call-ID',
    'CSeq',
    'WWW-Authenticate',
    'X-Own-Name',
  ]);
});
