import { describe, expect, it } from 'vitest';
import { createRequest, createResponse } from '../message/build.ts';
import { header, headerFields } from '../message/headers.ts';
import { ackForFailure, cancelFor } from './derived-requests.ts';

const credentials = ['Digest username="a", realm="one"', 'Digest username="a", realm="two"'];
const via = { transport: 'UDP', host: '192.0.2.1', port: 5060, params: new Map([['branch', 'z9hG4bK1']]) };
const invite = createRequest({
  method: 'INVITE',
  uri: 'sip:bob@pbx.example',
  via,
  from: '<sip:alice@pbx.example>;tag=a',
  to: '<sip:bob@pbx.example>',
  callId: 'call',
  cseq: 7,
  route: ['<sip:p1;lr>', '<sip:p2;lr>'],
  headers: credentials.map((value) => ['Proxy-Authorization', value] as const),
});

describe('what follows an INVITE along its way', () => {
  it('[RFC3261-17.1.1.3] the ACK to a failure has its Via, Route, From and Call-ID, and the To of the response', () => {
    const ack = ackForFailure(invite, createResponse(invite, 486, undefined, { toTag: 'b' }));
    expect(ack).toMatchObject({ method: 'ACK', uri: invite.uri });
    for (const name of ['via', 'from', 'call-id']) expect(header(ack, name)).toBe(header(invite, name));
    expect(headerFields(ack, 'route')).toEqual(['<sip:p1;lr>', '<sip:p2;lr>']);
    expect(header(ack, 'to')).toBe('<sip:bob@pbx.example>;tag=b');
    expect(header(ack, 'cseq')).toBe('7 ACK');
  });

  it('[RFC3261-22.1] the ACK to a failure repeats the credentials, the CANCEL does not', () => {
    const ack = ackForFailure(invite, createResponse(invite, 486, undefined, { toTag: 'b' }));
    expect(headerFields(ack, 'proxy-authorization')).toEqual(credentials);
    expect(headerFields(cancelFor(invite), 'proxy-authorization')).toEqual([]);
  });
});
