import { describe, expect, test } from 'vitest';
import { StreamFramer } from './framer.ts';
import type { StreamItem } from './framer.ts';

const CRLF = Buffer.from('\r\n');

function request(method: string, body = '', contentLength: string | undefined = String(body.length)): Buffer {
  const lines = [
    `${method} sip:bob@biloxi.example SIP/2.0`,
    'Via: SIP/2.0/TCP pc33.atlanta.example;branch=z9hG4bK776asdhds',
    'To: Bob <sip:bob@biloxi.example>',
    'From: Alice <sip:alice@atlanta.example>;tag=1928301774',
    'Call-ID: a84b4c76e66710',
    `CSeq: 1 ${method}`,
    ...(contentLength === '' ? [] : [`Content-Length: ${contentLength}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function names(items: readonly StreamItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'keepalive') return item.ping ? 'ping' : 'pong';
    if (item.kind === 'fault') return item.fault.code;
    return item.message.kind === 'request' ? item.message.method : String(item.message.status);
  });
}

describe('StreamFramer', () => {
  test('[RFC3261-18.3] Content-Length cuts several messages out of one piece', () => {
    const framer = new StreamFramer();
    const items = framer.push(
      Buffer.concat([request('INVITE', 'v=0\r\n'), request('INFO', 'a\r\n\r\nb'), request('BYE')]),
    );
    expect(names(items)).toEqual(['INVITE', 'INFO', 'BYE']);
    expect(items[1]).toMatchObject({ message: { body: new Uint8Array(Buffer.from('a\r\n\r\nb')) } });
    expect(framer.heldBytes).toBe(0);
  });

  test('a message is given as soon as its last octet is there', () => {
    const framer = new StreamFramer();
    const bytes = request('INVITE', 'v=0\r\n');
    expect(framer.push(bytes.subarray(0, -1))).toEqual([]);
    expect(framer.heldBytes).toBe(bytes.length - 1);
    expect(names(framer.push(bytes.subarray(-1)))).toEqual(['INVITE']);
  });

  test('held octets do not change when the pushed buffer is used again', () => {
    const framer = new StreamFramer();
    const bytes = request('INVITE', 'v=0');
    const piece = Buffer.from(bytes.subarray(0, 100));
    framer.push(piece);
    piece.fill(0);
    expect(names(framer.push(bytes.subarray(100)))).toEqual(['INVITE']);
  });

  test('[RFC5626-3.5.1] a double CRLF is a ping, a single one a pong', () => {
    expect(names(new StreamFramer().push(Buffer.from('\r\n\r\n')))).toEqual(['ping']);
    expect(names(new StreamFramer().push(CRLF))).toEqual(['pong']);
    expect(names(new StreamFramer().push(Buffer.concat([CRLF, request('BYE'), CRLF, CRLF])))).toEqual([
      'pong',
      'BYE',
      'ping',
    ]);
  });

  test('[RFC5626-3.5.1] a pong is given at once, and completed to a ping if another CRLF follows', () => {
    const framer = new StreamFramer();
    expect(names(framer.push(CRLF))).toEqual(['pong']);
    expect(names(framer.push(Buffer.from('\r')))).toEqual([]);
    expect(names(framer.push(Buffer.from('\n')))).toEqual(['ping']);
    expect(names(framer.push(CRLF))).toEqual(['pong']);
    expect(names(framer.push(request('BYE')))).toEqual(['BYE']);
    expect(names(framer.push(CRLF))).toEqual(['pong']);
  });

  test('after a malformed message whose end is certain the next one is read', () => {
    const framer = new StreamFramer();
    const malformed = Buffer.from(request('INVITE', 'v=0').toString().replace('CSeq: 1', 'CSeq: one'));
    const items = framer.push(Buffer.concat([malformed, request('BYE')]));
    expect(names(items)).toEqual(['header', 'BYE']);
    expect(framer.broken).toBe(false);
  });

  test.each([
    ['[RFC3261-18.3] without Content-Length', request('INVITE', '', ''), 'content_length'],
    ['[RFC4475-3.1.2.3] with a negative Content-Length', request('INVITE', '', '-5'), 'content_length'],
    ['that is not SIP', Buffer.from('GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n'), 'start_line'],
  ])('a message %s breaks the stream', (_, bytes, code) => {
    const framer = new StreamFramer();
    expect(names(framer.push(Buffer.concat([bytes, request('BYE')])))).toEqual([code]);
    expect(framer.broken).toBe(true);
    expect(framer.push(request('BYE'))).toEqual([]);
    expect(framer.heldBytes).toBe(0);
  });

  test('a body above the limit breaks the stream before it is read, with a request to answer 513', () => {
    const framer = new StreamFramer({ bodyBytes: 10 });
    const [item] = framer.push(request('INVITE', '', '11'));
    expect(item).toMatchObject({
      kind: 'fault',
      fault: { code: 'too_large', answerable: { method: 'INVITE' } },
    });
    expect(framer.broken).toBe(true);
  });

  test('head and body together count against the limit of a message', () => {
    const bytes = request('INVITE', 'x'.repeat(100));
    expect(names(new StreamFramer({ messageBytes: bytes.length }).push(bytes))).toEqual(['INVITE']);
    expect(names(new StreamFramer({ messageBytes: bytes.length - 1 }).push(bytes))).toEqual(['too_large']);
  });

  test('a head without end is held up to the limit and no further', () => {
    const framer = new StreamFramer({ messageBytes: 1_000 });
    const piece = Buffer.alloc(100, 'x');
    for (let pushed = 0; pushed < 1_000; pushed += piece.length) expect(framer.push(piece)).toEqual([]);
    expect(framer.heldBytes).toBe(1_000);
    expect(names(framer.push(piece))).toEqual(['too_large']);
    expect([framer.broken, framer.heldBytes]).toEqual([true, 0]);
  });

  test('octets that begin no text, such as those of TLS, break the stream at once', () => {
    const framer = new StreamFramer();
    expect(names(framer.push(Buffer.from('1603010200010001fc0303', 'hex')))).toEqual(['start_line']);
    expect([framer.broken, framer.heldBytes]).toEqual([true, 0]);
  });

  test('too many header fields break the stream: Content-Length may stand behind them', () => {
    const framer = new StreamFramer({ headerCount: 3 });
    expect(names(framer.push(request('INVITE')))).toEqual(['too_many_headers']);
    expect(framer.broken).toBe(true);
  });

  test('a message of the greatest size passes in single octets', () => {
    const body = 'x'.repeat(60_000);
    const framer = new StreamFramer();
    const items = Array.from(request('MESSAGE', body), (octet) => framer.push(Uint8Array.of(octet))).flat();
    expect(names(items)).toEqual(['MESSAGE']);
  });

  test('many messages in pieces that never end where a message ends', () => {
    // All different from their first octet: octets left over from one cannot pass for those of another.
    const methods = Array.from({ length: 200 }, (_, index) => `${index}-INFO`);
    const stream = Buffer.concat(methods.map((method, index) => request(method, 'x'.repeat(index))));
    const framer = new StreamFramer();
    const items: StreamItem[] = [];
    for (let at = 0; at < stream.length; at += 137) items.push(...framer.push(stream.subarray(at, at + 137)));
    expect(names(items)).toEqual(methods);
    expect(items.map((item) => (item.kind === 'message' ? item.message.body.length : -1))).toEqual(
      Array.from({ length: 200 }, (_, index) => index),
    );
  });
});
