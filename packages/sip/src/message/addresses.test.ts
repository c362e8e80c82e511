import { describe, expect, test } from 'vitest';
import { formatNameAddr, parseNameAddr } from './name-addr.ts';
import { formatParams, parseParams, quote, tokenOrQuoted, unquote, withParam } from './params.ts';
import { formatVia, parseVia, stampVia, viaReceived } from './via.ts';

describe('parseParams', () => {
  test('[RFC3261-25.1] flags, tokens, hosts and quoted strings, white space around them', () => {
    const params = parseParams(' ; lr ;Tag = 1928 ; text="a;b\\"c" ;received=2001:db8::1');
    expect([...(params ?? [])]).toEqual([
      ['lr', undefined],
      ['tag', '1928'],
      ['text', '"a;b\\"c"'],
      ['received', '2001:db8::1'],
    ]);
    expect(params && formatParams(params)).toBe(';lr;tag=1928;text="a;b\\"c";received=2001:db8::1');
  });

  test.each([';', ';;a', 'a', ';=b', ';a=', ';a="b', ';a=b c', ';a=b,c', ';a<b'])('%j is none', (text) => {
    expect(parseParams(text)).toBeUndefined();
  });

  test('of a name that comes twice the first counts', () => {
    expect(parseParams(';tag=1;TAG=2')?.get('tag')).toBe('1');
  });

  test('quoted strings', () => {
    expect(unquote('"a\\"b\\\\c"')).toBe('a"b\\c');
    expect(unquote('plain')).toBe('plain');
    expect(quote('a"b\\c\r\nd')).toBe('"a\\"b\\\\c d"');
    expect([tokenOrQuoted('token'), tokenOrQuoted('two words')]).toEqual(['token', '"two words"']);
  });

  test('a parameter is set at its place', () => {
    const params = withParam(parseParams(';rport;branch=x') ?? new Map(), 'rport', '5060');
    expect(formatParams(params)).toBe(';rport=5060;branch=x');
  });
});

describe('parseNameAddr', () => {
  test.each([
    [
      '"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s',
      'A. G. Bell',
      'sip:agb@bell-telephone.com',
      'a48s',
    ],
    [
      'sip:+12125551212@server.phone2net.com;tag=887s',
      undefined,
      'sip:+12125551212@server.phone2net.com',
      '887s',
    ],
    ['Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8', 'Anonymous', 'sip:c8oqz84zk7z@privacy.org', 'hyh8'],
    ['<sip:a@b;user=phone?x=y>;tag=1', undefined, 'sip:a@b;user=phone?x=y', '1'],
    ['caller<sip:caller@example.com>;tag=323', 'caller', 'sip:caller@example.com', '323'],
    ['"Q \\"uote\\" <x>" <sip:a@b>;tag=2', 'Q "uote" <x>', 'sip:a@b', '2'],
    ['Jörg Müller <sip:a@b>;tag=3', 'Jörg Müller', 'sip:a@b', '3'],
    ['"" <sip:a@b>;tag=4', undefined, 'sip:a@b', '4'],
  ])('[RFC3261-20.20] %s', (text, displayName, uri, tag) => {
    const address = parseNameAddr(text);
    expect(address?.displayName).toBe(displayName);
    expect(address?.uri).toBe(uri);
    expect(address?.params.get('tag')).toBe(tag);
  });

  test.each([
    '',
    'Bob',
    '"Bob <sip:bob@b>',
    '"Bob" sip:bob@b',
    'Bob" <sip:bob@b>',
    '<sip:bob@b',
    '<>',
    '<sip:>',
    '<bob@b>',
    '<sip:b ob@b>',
    '<sip:bob@b> tag=1',
    '<sip:bob@b>;;',
    'sip:bob@b?x=y',
    'sip:bob@b>',
    'sip:bob@b,sip:carol@b',
    'sip:evil@b;tag=1 <sip:bob@b>',
  ])('[RFC3261-20.10] %j is none', (text) => {
    expect(parseNameAddr(text)).toBeUndefined();
  });

  test('formatting quotes the name and brackets the URI', () => {
    const address = { displayName: 'Jörg "J" \\', uri: 'sip:a@b;x=1', params: new Map([['tag', '1']]) };
    expect(formatNameAddr(address)).toBe('"Jörg \\"J\\" \\\\" <sip:a@b;x=1>;tag=1');
    expect(parseNameAddr(formatNameAddr(address))).toEqual(address);
    expect(formatNameAddr({ uri: 'sip:a@b' })).toBe('<sip:a@b>');
  });

  test('a display name cannot start a header of its own', () => {
    expect(formatNameAddr({ displayName: 'x\r\nVia: y', uri: 'sip:a@b' })).toBe('"x Via: y" <sip:a@b>');
  });
});

describe('parseVia', () => {
  test.each([
    [
      'SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7',
      'UDP',
      'erlang.bell-telephone.com',
      5060,
    ],
    [
      'SIP / 2.0 / UDP first.example.com: 4000;ttl=16;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1',
      'UDP',
      'first.example.com',
      4000,
    ],
    ['SIP/2.0/tcp [2001:db8::9:1];branch=z9hG4bKas3-111', 'TCP', '2001:db8::9:1', undefined],
    ['SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks', 'WSS', 'df7jal23ls0d.invalid', undefined],
    ['sip/2.0/UDP 192.0.2.1 : 5070', 'UDP', '192.0.2.1', 5070],
  ])('[RFC3261-20.42] %s', (text, transport, host, port) => {
    const via = parseVia(text);
    expect([via?.transport, via?.host, via?.port]).toEqual([transport, host, port]);
  });

  test.each([
    '',
    'SIP/2.0',
    'SIP/2.0/UDP',
    'SIP/2.0/UDP ',
    'SIP/3.0/UDP host',
    'HTTP/2.0/UDP host',
    'SIP/2.0/UDP host;;',
    'SIP/2.0/UDP host:99999',
    'SIP/2.0/UDP ho st',
    'SIP/2.0/UDP 2001:db8::1',
    'SIP/2.0/U(DP host',
  ])('[RFC3261-25.1] %j is none', (text) => {
    expect(parseVia(text)).toBeUndefined();
  });

  test('formatting', () => {
    const text = 'SIP/2.0/UDP [2001:db8::1]:5060;rport;branch=z9hG4bK1';
    const via = parseVia(text);
    expect(via && formatVia(via)).toBe(text);
  });

  test('[RFC3581-4] rport is filled in, with received, even when the address is the same', () => {
    const via = parseVia('SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK1');
    expect(via && formatVia(stampVia(via, '192.0.2.1', 41_000))).toBe(
      'SIP/2.0/UDP 192.0.2.1:5060;rport=41000;branch=z9hG4bK1;received=192.0.2.1',
    );
  });

  test('[RFC3261-18.2.1] received is added where the source is another address', () => {
    const via = parseVia('SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK1');
    const stamped = via && stampVia(via, '2001:db8::7', 5060);
    expect(stamped && formatVia(stamped)).toBe(
      'SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK1;received=2001:db8::7',
    );
    expect(stamped && viaReceived(stamped)).toBe('2001:db8::7');
    const same = parseVia('SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1');
    expect(same && stampVia(same, '192.0.2.1', 5060)).toBe(same);
  });

  test('[RFC4007-11.2] the zone of a link-local source stays on our side', () => {
    const via = parseVia('SIP/2.0/UDP [fe80::7]:5060;branch=z9hG4bK1;rport');
    const stamped = via && stampVia(via, 'fe80::7%eth0', 5060);
    expect(stamped?.params.get('received')).toBe('fe80::7');
  });
});
