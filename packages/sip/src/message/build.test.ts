import { describe, expect, test } from 'vitest';
import {
  createRequest,
  createResponse,
  withHeader,
  withHeaderSet,
  withoutHeader,
  withTopVia,
  withTopViaReplaced,
} from './build.ts';
import { header, headerFields, headerValues, toTag, topVia } from './headers.ts';
import { parseMessage } from './parse.ts';
import { reasonPhrase } from './reasons.ts';
import { serialise } from './serialise.ts';
import { parseVia, stampVia } from './via.ts';

const VIA = parseVia('SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776asdhds') ?? undefined;

function invite() {
  if (VIA === undefined) throw new Error('no Via');
  return createRequest({
    method: 'INVITE',
    uri: 'sip:bob@biloxi.example',
    via: VIA,
    from: {
      displayName: 'Alice',
      uri: 'sip:alice@atlanta.example',
      params: new Map([['tag', '1928301774']]),
    },
    to: '<sip:bob@biloxi.example>',
    callId: 'a84b4c76e66710',
    cseq: 314_159,
    route: ['<sip:p1.example;lr>', '<sip:p2.example;lr>'],
    contact: '<sip:alice@pc33.atlanta.example>',
    headers: [['User-Agent', 'Offhook']],
    body: { contentType: 'application/sdp', bytes: Buffer.from('v=0\r\n') },
  });
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

describe('createRequest', () => {
  test('[RFC3261-8.1.1] every mandatory header, written in its usual spelling', () => {
    expect(text(serialise(invite())).split('\r\n')).toEqual([
      'INVITE sip:bob@biloxi.example SIP/2.0',
      'Via: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776asdhds',
      'Max-Forwards: 70',
      'Route: <sip:p1.example;lr>',
      'Route: <sip:p2.example;lr>',
      'From: "Alice" <sip:alice@atlanta.example>;tag=1928301774',
      'To: <sip:bob@biloxi.example>',
      'Call-ID: a84b4c76e66710',
      'CSeq: 314159 INVITE',
      'Contact: <sip:alice@pc33.atlanta.example>',
      'User-Agent: Offhook',
      'Content-Type: application/sdp',
      'Content-Length: 5',
      '',
      'v=0',
      '',
    ]);
  });

  test('what is built can be parsed', () => {
    const parsed = parseMessage(serialise(invite()));
    expect(parsed.kind === 'request' && withoutHeader(parsed, 'Content-Length')).toEqual({
      ...invite(),
      body: new Uint8Array(Buffer.from('v=0\r\n')),
    });
  });
});

describe('createResponse', () => {
  const request = withHeader(
    withHeader(
      withHeader(invite(), 'Via', 'SIP/2.0/TCP proxy;branch=z9hG4bK1'),
      'Record-Route',
      '<sip:p1;lr>',
    ),
    'Timestamp',
    '54.2',
  );

  test('[RFC3261-8.2.6.2] Via, From, Call-ID, CSeq are equal, To gets a tag', () => {
    const response = createResponse(request, 180, undefined, { toTag: 'a6c85cf' });
    for (const name of ['via', 'from', 'call-id', 'cseq']) {
      expect(headerFields(response, name)).toEqual(headerFields(request, name));
    }
    expect(header(response, 'to')).toBe('<sip:bob@biloxi.example>;tag=a6c85cf');
    expect(response.reason).toBe('Ringing');
  });

  test('[RFC3261-8.2.6.1] 100 has no tag of ours and takes the Timestamp along', () => {
    const response = createResponse(request, 100, undefined, { toTag: 'x' });
    expect([toTag(response), header(response, 'timestamp')]).toEqual([undefined, '54.2']);
    expect(header(createResponse(request, 200), 'timestamp')).toBeUndefined();
  });

  test('a tag that is there is kept', () => {
    const inDialog = withHeaderSet(request, 'To', '<sip:bob@biloxi.example>;tag=theirs');
    expect(toTag(createResponse(inDialog, 200, 'OK', { toTag: 'ours' }))).toBe('theirs');
  });

  test.each([
    [180, true],
    [200, true],
    [100, false],
    [302, false],
    [486, false],
  ])('[RFC3261-12.1.1] Record-Route in %i: %s', (status, isCopied) => {
    expect(headerFields(createResponse(request, status), 'record-route')).toHaveLength(isCopied ? 1 : 0);
  });

  test('[RFC3261-10.3] a response to REGISTER has no Record-Route', () => {
    const register = { ...request, method: 'REGISTER' };
    expect(headerFields(createResponse(register, 200), 'record-route')).toEqual([]);
  });

  test('[RFC4475-3.3.1] a request that lacks headers can still be answered 400', () => {
    const lacking = { ...request, headers: request.headers.filter(({ name }) => name === 'via') };
    expect(text(serialise(createResponse(lacking, 400, 'From is missing', { toTag: 'x' })))).toBe(
      'SIP/2.0 400 From is missing\r\nVia: SIP/2.0/UDP pc33.atlanta.example;branch=z9hG4bK776asdhds\r\n' +
        'Via: SIP/2.0/TCP proxy;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n',
    );
  });

  test('[RFC3261-8.1.3.2] an unknown status has the phrase of its class', () => {
    expect([reasonPhrase(486), reasonPhrase(499), reasonPhrase(699)]).toEqual([
      'Busy Here',
      'Bad Request',
      'Busy Everywhere',
    ]);
  });
});

describe('changing messages', () => {
  test('the top Via is replaced, the others of its field stay', () => {
    const message = withHeaderSet(invite(), 'Via', 'SIP/2.0/UDP a;rport;branch=z9hG4bKa, SIP/2.0/UDP b');
    const via = topVia(message);
    if (via === undefined) throw new Error('no Via');
    expect(headerValues(withTopViaReplaced(message, stampVia(via, '192.0.2.9', 5_071)), 'via')).toEqual([
      'SIP/2.0/UDP a;rport=5071;branch=z9hG4bKa;received=192.0.2.9',
      'SIP/2.0/UDP b',
    ]);
    expect(headerValues(withTopVia(message, via), 'via')).toHaveLength(3);
  });

  test('a header is set once, at its first place', () => {
    const message = withHeaderSet(withHeader(invite(), 'CSeq', '1 X'), 'cseq', '2 INVITE');
    expect(headerFields(message, 'cseq')).toEqual(['2 INVITE']);
    expect(message.headers.findIndex(({ name }) => name === 'cseq')).toBe(
      invite().headers.findIndex(({ name }) => name === 'cseq'),
    );
  });
});

describe('serialise', () => {
  test('writes Content-Length itself, once, in octets', () => {
    const message = withHeader({ ...invite(), body: Buffer.from('ä') }, 'Content-Length', '99');
    expect(text(serialise(message)).match(/^Content-Length.*$/gm)).toEqual(['Content-Length: 2']);
  });

  test('no value can start a header or a message of its own', () => {
    const message = withHeader(
      { ...invite(), uri: 'sip:a@b SIP/2.0\r\nX: 1' },
      'Subject',
      'hello\r\nRoute: <sip:evil>\r\n\r\nINVITE',
    );
    const lines = text(serialise(message)).split('\r\n');
    expect(lines.filter((line) => line.startsWith('Route: <sip:evil') || line.startsWith('X:'))).toEqual([]);
    expect(lines).toContain('Subject: hello Route: <sip:evil> INVITE');
  });

  test('text goes out as UTF-8', () => {
    const message = withHeader(invite(), 'Subject', 'Grüße 電話');
    const parsed = parseMessage(serialise(message));
    expect(parsed.kind === 'request' && header(parsed, 'subject')).toBe('Grüße 電話');
  });
});
