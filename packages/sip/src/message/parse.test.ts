import { describe, expect, test } from 'vitest';
import { header, headerValues } from './headers.ts';
import { isKeepalive, parseMessage } from './parse.ts';
import type { MessageLimits, ParseFault, SipMessage } from './types.ts';

const HEAD = [
  'INVITE sip:bob@biloxi.example SIP/2.0',
  'Via: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776asdhds',
  'Max-Forwards: 70',
  'To: Bob <sip:bob@biloxi.example>',
  'From: Alice <sip:alice@atlanta.example>;tag=1928301774',
  'Call-ID: a84b4c76e66710@pc33.atlanta.example',
  'CSeq: 314159 INVITE',
] as const;

function octets(lines: readonly string[], body = ''): Uint8Array {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

/** The example INVITE with one line replaced (found by how it begins), left out, or more lines added. */
function edited(
  edit: { replace?: [string, string]; without?: string; add?: readonly string[] },
  body = '',
): Uint8Array {
  const lines = HEAD.filter((line) => edit.without === undefined || !line.startsWith(edit.without)).map(
    (line) => (edit.replace !== undefined && line.startsWith(edit.replace[0]) ? edit.replace[1] : line),
  );
  return octets([...lines, ...(edit.add ?? [])], body);
}

function message(bytes: Uint8Array, limits?: Partial<MessageLimits>): SipMessage {
  const result = parseMessage(bytes, limits);
  if (result.kind === 'fault') throw new Error(result.text);
  return result;
}

function fault(bytes: Uint8Array, limits?: Partial<MessageLimits>): ParseFault {
  const result = parseMessage(bytes, limits);
  if (result.kind !== 'fault') throw new Error('was accepted');
  return result;
}

describe('start line', () => {
  test('[RFC3261-7.1] a request line is method, URI and version', () => {
    expect(message(octets(HEAD))).toMatchObject({
      kind: 'request',
      method: 'INVITE',
      uri: 'sip:bob@biloxi.example',
    });
  });

  test('[RFC3261-7.2] a status line is version, status and reason', () => {
    const response = message(octets(['SIP/2.0 486 Busy Here', ...HEAD.slice(1)]));
    expect(response).toMatchObject({ kind: 'response', status: 486, reason: 'Busy Here' });
  });

  test('a status line without the space before an empty reason is tolerated', () => {
    expect(message(octets(['SIP/2.0 200', ...HEAD.slice(1)]))).toMatchObject({ status: 200, reason: '' });
  });

  test.each([
    'SIP/2.0 99 Low',
    'SIP/2.0 700 High',
    'SIP/2.0 2000 OK',
    'SIP/2.0 abc',
    'SIP/2.0',
    'SIP/3.0 200 OK',
  ])('[RFC3261-7.2] %s is dropped, never answered', (line) => {
    expect(fault(octets([line, ...HEAD.slice(1)])).answerable).toBeUndefined();
  });

  test('[RFC3261-7.1] the version is compared without case', () => {
    expect(message(edited({ replace: ['INVITE', 'INVITE sip:bob@biloxi.example sip/2.0'] })).kind).toBe(
      'request',
    );
  });

  test('[RFC3261-21.5.7] another version is a fault that can be answered 505', () => {
    const result = fault(edited({ replace: ['INVITE', 'INVITE sip:bob@biloxi.example SIP/3.1'] }));
    expect(result.code).toBe('version');
    expect(result.answerable?.method).toBe('INVITE');
  });

  test.each(['GET / HTTP/1.1', 'INVITE', 'INVITE sip:bob@biloxi.example', 'INV(ITE sip:b@c SIP/2.0', ''])(
    '%j is not SIP',
    (line) => {
      expect(fault(octets([line, ...HEAD.slice(1)]))).toMatchObject({ code: 'start_line' });
    },
  );

  test('[RFC3261-7.5] line breaks before the start line are passed over', () => {
    expect(message(Buffer.concat([Buffer.from('\r\n\r\n'), octets(HEAD)])).kind).toBe('request');
  });
});

describe('header fields', () => {
  test('[RFC3261-7.3.1] names have no case, and keep their order', () => {
    const result = message(edited({ add: ['x-ONE: 1', 'X-Two:2', 'x-one:3'] }));
    expect(result.headers.slice(-3)).toEqual([
      { name: 'x-one', value: '1' },
      { name: 'x-two', value: '2' },
      { name: 'x-one', value: '3' },
    ]);
  });

  test('[RFC3261-7.3.3] compact names are expanded, in either case', () => {
    const result = message(edited({ add: ['k: timer', 'M: <sip:alice@pc33.atlanta.example>'] }));
    expect(header(result, 'Supported')).toBe('timer');
    expect(header(result, 'contact')).toBe('<sip:alice@pc33.atlanta.example>');
  });

  test('[RFC3261-7.3.1] a folded line is one value with single spaces', () => {
    const result = message(edited({ add: ['Subject: I know you are \r\n \t there,\r\n\tpick up'] }));
    expect(header(result, 'subject')).toBe('I know you are there, pick up');
  });

  test('folding does not cut an octet 160 that ends a UTF-8 character', () => {
    const subject = Buffer.from('Subject: voilà\r\n voilà').toString('latin1');
    expect(header(message(edited({ add: [subject] })), 'subject')).toBe('voilà voilà');
  });

  test('[RFC3261-7.3.1] text is UTF-8; what is none is read as Latin-1', () => {
    const utf8 = Buffer.from('X-A: Jörg Müller 電話').toString('latin1');
    const result = message(edited({ add: [utf8, 'X-B: J\xf6rg'] }));
    expect(header(result, 'x-a')).toBe('Jörg Müller 電話');
    expect(header(result, 'x-b')).toBe('Jörg');
  });

  test.each([
    ['a line without a colon', 'Foobar'],
    ['a line without a name', ': value'],
    ['a name that is no token', 'X Y: z'],
    ['a lone line feed', 'X-A: 1\nX-B: 2'],
    ['a lone carriage return', 'X-A: 1\rX-B: 2'],
  ])('[RFC3261-25.1] %s is a fault', (_, line) => {
    const result = fault(edited({ add: [line, 'Subject: still read'] }));
    expect(result.code).toBe('header');
    expect(result.answerable && header(result.answerable, 'subject')).toBe('still read');
  });

  test.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])('[RFC3261-8.1.1] a request without %s', (name) => {
    const result = fault(edited({ without: name }));
    expect(result.code).toBe('missing_header');
    expect(result.answerable !== undefined, 'only a request with a Via can be answered').toBe(name !== 'Via');
  });

  test('Max-Forwards may lack, as RFC 2543 had none', () => {
    expect(message(edited({ without: 'Max-Forwards' })).kind).toBe('request');
  });

  test.each(HEAD.slice(2))('[RFC4475-3.3.8] %s may not come twice', (line) => {
    expect(fault(edited({ add: [line] })).code).toBe('duplicate_header');
  });

  test.each([
    ['CSeq', 'CSeq: 1 BYE'],
    ['CSeq', 'CSeq: 4294967296 INVITE'],
    ['CSeq', 'CSeq: INVITE'],
    ['From', 'From: "Alice <sip:alice@atlanta.example>;tag=1'],
    ['To', 'To: <sip:bob@biloxi.example'],
    ['Via', 'Via: SIP/2.0/UDP'],
    ['Call-ID', 'Call-ID:'],
  ])('[RFC3261-8.1.1] malformed %s: %s', (name, line) => {
    expect(fault(edited({ replace: [name, line] })).code).toBe('header');
  });

  test('[RFC3261-17.1.1.3] a malformed ACK is never answered', () => {
    const lines = HEAD.map((line) => line.replace('INVITE', 'ACK')).filter((line) => !line.startsWith('To'));
    expect(fault(octets(lines))).toEqual({ kind: 'fault', code: 'missing_header', text: 'to is missing' });
  });

  test('a fault says what is wrong without a word of the message', () => {
    const { text } = fault(edited({ replace: ['CSeq', 'CSeq: secret'] }));
    expect(text).not.toContain('secret');
  });
});

describe('body of a datagram', () => {
  test('[RFC3261-18.3] ends where Content-Length says', () => {
    const result = message(edited({ add: ['Content-Length: 4'] }, 'v=0\nmore'));
    expect(Buffer.from(result.body).toString()).toBe('v=0\n');
  });

  test('[RFC3261-18.3] is the rest without Content-Length', () => {
    expect(message(edited({}, 'v=0\r\n')).body).toHaveLength(5);
  });

  test('[RFC3261-18.3] shorter than Content-Length is a fault', () => {
    const result = fault(edited({ add: ['Content-Length: 6'] }, 'v=0\r\n'));
    expect(result.code).toBe('truncated');
    expect(result.answerable).toBeDefined();
  });

  test.each(['-1', '1e3', '0x10', '5, 5', '99999999999', ''])(
    '[RFC3261-20.14] Content-Length %j is a fault',
    (value) => {
      expect(fault(edited({ add: [`Content-Length: ${value}`] }, 'v=0\r\n')).code).toBe('content_length');
    },
  );

  test('[RFC4475-3.3.9] Content-Length may not come twice, not even the same', () => {
    expect(fault(edited({ add: ['Content-Length: 0', 'l: 0'] })).code).toBe('content_length');
  });

  test('is a copy: the driver may reuse its buffer', () => {
    const bytes = edited({}, 'v=0');
    const { body } = message(bytes);
    bytes.fill(0);
    expect(Buffer.from(body).toString()).toBe('v=0');
  });
});

describe('bounds', () => {
  test('octets of a message', () => {
    const bytes = octets(HEAD);
    expect(message(bytes, { messageBytes: bytes.length }).kind).toBe('request');
    expect(fault(bytes, { messageBytes: bytes.length - 1 }).code).toBe('too_large');
  });

  test('number of header fields', () => {
    expect(message(octets(HEAD), { headerCount: 6 }).headers).toHaveLength(6);
    expect(fault(octets(HEAD), { headerCount: 5 }).code).toBe('too_many_headers');
  });

  test('octets of a header value, counted after unfolding', () => {
    const bytes = edited({ add: ['Subject: 12345\r\n  6789'] });
    expect(header(message(bytes, { headerBytes: 60 }), 'subject')).toHaveLength(10);
    const long = edited({ add: [`Subject: ${'x'.repeat(61)}`] });
    expect(fault(long, { headerBytes: 60 }).code).toBe('too_large');
  });

  test('octets of the start line', () => {
    const bytes = edited({ replace: ['INVITE', `INVITE sip:${'x'.repeat(100)}@biloxi.example SIP/2.0`] });
    expect(fault(bytes, { headerBytes: 100 }).code).toBe('too_large');
  });

  test('octets of a body', () => {
    expect(message(edited({}, 'v=0'), { bodyBytes: 3 }).body).toHaveLength(3);
    expect(fault(edited({}, 'v=00'), { bodyBytes: 3 }).code).toBe('too_large');
  });

  test.each([
    ['digits of a telephone number', `tel:${'1'.repeat(60_000)}x`],
    ['escapes of a user', `sip:${'%41'.repeat(20_000)}@b c`],
    ['parameters', `sip:b${';a'.repeat(30_000)};`],
  ])('60,000 octets of %s are refused in time that grows with their number', (_, uri) => {
    expect(
      fault(edited({ replace: ['INVITE', `INVITE ${uri} SIP/2.0`] }), { headerBytes: 65_535 }).code,
    ).toBe('start_line');
  });

  test.each([
    ['white space', `Via: SIP/2.0/UDP host${' '.repeat(60_000)}x`],
    ['opening quotes', `Via: SIP/2.0/UDP host;a=${'"'.repeat(60_001)}`],
    ['folds', `Via: SIP/2.0/UDP${'\r\n '.repeat(20_000)}`],
  ])('60,000 octets of %s are refused in time that grows with their number', (_, line) => {
    expect(fault(edited({ replace: ['Via', line] }), { headerBytes: 65_535 }).code).toBe('header');
  });

  test('a header value of 60,000 commas is split in time that grows with its length', () => {
    const bytes = edited({ add: [`X-List: ${'a,'.repeat(30_000)}`] });
    expect(headerValues(message(bytes, { headerBytes: 65_535 }), 'x-list')).toHaveLength(30_000);
  });
});

test('[RFC5626-3.5.1] datagrams of line breaks keep a binding open and are no messages', () => {
  expect(isKeepalive(Buffer.from('\r\n\r\n'))).toBe(true);
  expect(isKeepalive(Buffer.from([0, 0, 0, 0]))).toBe(true);
  expect(isKeepalive(octets(HEAD))).toBe(false);
  expect(parseMessage(Buffer.from('\r\n\r\n'))).toMatchObject({ kind: 'fault' });
  expect(parseMessage(new Uint8Array(0))).toMatchObject({ kind: 'fault' });
});
