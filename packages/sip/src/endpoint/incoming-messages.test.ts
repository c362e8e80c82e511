import { describe, expect, it } from 'vitest';
import type { Flow } from './api.ts';
import { header, toTag } from '../message/headers.ts';
import { here, Lab, peerFlow, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft } from '../simulation/world.test-support.ts';

describe('requests outside dialogs', () => {
  it('[RFC3261-11.2] OPTIONS is answered with Allow, Accept and Supported', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'OPTIONS'));
    const response = lab.response(200);
    expect(header(response, 'allow')).toContain('INVITE');
    expect(header(response, 'accept')).toBe('application/sdp');
    expect(header(response, 'supported')).toBeDefined();
    expect(header(response, 'server')).toBe('Lab');
    expect(toTag(response)).toBeDefined();
    expect(lab.types()).toEqual([]);
  });

  it.each(['REGISTER', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'REFER'])(
    '%s goes to the application, whose answer is sent again for a retransmission',
    (method) => {
      const lab = new Lab({ unsolicited: ['message-summary'] });
      const text = requestFromPeer(lab, method, { headers: ['Event: message-summary'] });
      lab.receive(text);
      lab.receive(text);
      const { requestId, request } = lab.last('request');
      expect(request.method).toBe(method);
      lab.run((sip, now) => sip.respond(requestId, 202, now, { headers: [['X-Test', '1']] }));
      lab.receive(text);
      expect(lab.takeSent()).toEqual([`202 ${method}`, `202 ${method}`]);
      expect(lab.types()).toEqual(['request']);
    },
  );

  it('[RFC4320-4.2] a request that the application does not answer is forgotten; a late answer is dropped', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'MESSAGE'));
    const { requestId } = lab.last('request');
    lab.advance(32_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
    lab.run((sip, now) => sip.respond(requestId, 200, now));
    expect(lab.takeSent()).toEqual([]);
  });

  it.each([
    ['BYE', 481],
    ['INFO', 481],
    ['UPDATE', 481],
    ['PRACK', 481],
    ['DANCE', 501],
  ])('%s is answered %i', (method, status) => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, method));
    expect(lab.takeSent()).toEqual([`${status} ${method}`]);
    expect(lab.types()).toEqual([]);
  });

  it('[RFC3261-12.2.2] a request of a dialog that nobody knows is answered 481', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { toTag: 'gone', body: 'offer' }));
    expect(lab.takeSent()).toEqual(['481 INVITE']);
  });

  it('[RFC3261-8.2.2.3] an extension that we do not have is answered 420 and named', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { headers: ['Require: 100rel, nothing, more'] }));
    expect(header(lab.response(420), 'unsupported')).toBe('nothing, more');
    expect(lab.types()).toEqual([]);
  });

  it('[RFC3261-8.2.2.1] a Request-URI of another scheme is answered 416', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { uri: 'nobodyKnowsThisScheme:totallyopaquecontent' }));
    expect(lab.takeSent()).toEqual(['416 INVITE']);
  });

  it('[RFC3261-8.2.3] a body that cannot be read is answered 415, unless its handling is optional', () => {
    const lab = new Lab();
    const invite = (headers: string[]): string =>
      requestFromPeer(lab, 'INVITE', {
        callId: `id-${headers.length}-${headers.join().length}`,
        body: 'x',
        headers,
      }).replace('application/sdp', 'application/isup');
    lab.receive(invite([]));
    lab.receive(invite(['Content-Disposition: signal;handling=optional']));
    lab.receive(invite(['Content-Encoding: gzip']));
    expect(lab.takeSent()).toEqual(['415 INVITE', '415 INVITE']);
    expect(lab.last('session.incoming').offer).toBeUndefined();
  });

  it('too many sessions are refused with 503 and Retry-After', () => {
    const lab = new Lab({ limits: { sessions: 1 } });
    lab.receive(requestFromPeer(lab, 'INVITE', { callId: 'one' }));
    lab.receive(requestFromPeer(lab, 'INVITE', { callId: 'two' }));
    expect(lab.takeSent()).toEqual(['503 INVITE']);
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 1, limits: { sessions: 1 } });
  });
});

describe('what is malformed', () => {
  it('[RFC3261-8.2] a header that cannot be read is answered 400, with what there is of the request', () => {
    const lab = new Lab();
    const from: Flow = { ...peerFlow, port: 40_000 };
    lab.receive(requestFromPeer(lab, 'OPTIONS').replace('CSeq: 1 OPTIONS', 'CSeq: x OPTIONS'), from);
    const [answer = ''] = lab.echoes;
    expect(answer).toMatch(/^SIP\/2\.0 400 Bad Request: CSeq is malformed\r\n/);
    expect(answer).toMatch(/\r\nVia: .*rport=40000/);
    expect(answer).toContain('\r\nCSeq: x OPTIONS\r\n');
    expect(lab.endpoint.counts()).toMatchObject({ ...nothingLeft, malformed: 1 });
  });

  it('[RFC3261-21.5.6] another version is answered 505', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'OPTIONS').replace('SIP/2.0\nVia', 'SIP/7.0\nVia'));
    expect(lab.takeSent()).toEqual(['505 OPTIONS']);
  });

  it('neither an ACK, nor a response, nor what is no SIP is answered', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'ACK').replace('CSeq: 1 ACK', 'CSeq: x ACK'));
    lab.receive('SIP/2.0 999 No\n\n');
    lab.receive('hello');
    lab.receive('\r\n\r\n');
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts().malformed).toBe(3);
  });
});

/** Over a stream. */
function options(lab: Lab): string {
  return requestFromPeer(lab, 'OPTIONS', {
    via: `Via: SIP/2.0/TCP 192.0.2.2:5060;branch=${lab.newBranch()}`,
    callId: lab.newBranch(),
    headers: ['Content-Length: 0'],
  });
}

describe('streams', () => {
  const flow: Flow = {
    ...peerFlow,
    transport: 'tcp',
    port: 40_000,
    connectionId: 'c1',
    localAddress: here.address,
  };
  const over = (lab: Lab, text: string, connection = flow): string[] => {
    const kinds: string[] = [];
    const bytes = new TextEncoder().encode(text.replaceAll(/\r?\n/g, '\r\n'));
    lab.endpoint.handle({ kind: 'received', flow: connection, bytes }, lab.now);
    for (let effect = lab.endpoint.poll(); effect !== undefined; effect = lab.endpoint.poll()) {
      kinds.push(effect.kind === 'send' ? new TextDecoder().decode(effect.bytes.slice(0, 11)) : effect.kind);
    }
    return kinds;
  };
  it('[RFC3261-18.3] messages are cut out of the stream, however it is cut up', () => {
    const lab = new Lab();
    const text = options(lab) + options(lab);
    expect(over(lab, text.slice(0, 100))).toEqual([]);
    expect(over(lab, text.slice(100))).toEqual(['SIP/2.0 200', 'SIP/2.0 200']);
  });

  it('[RFC5626-4.4.1] a double CRLF is answered with one', () => {
    expect(over(new Lab(), '\n\n')).toEqual(['\r\n']);
  });

  it('a stream that is no SIP is closed; the half-read message of a closed one is forgotten', () => {
    const lab = new Lab();
    expect(over(lab, 'GET / HTTP/1.1\n\n')).toEqual(['close']);
    const text = options(lab);
    over(lab, text.slice(0, 50));
    lab.run((sip, now) => sip.handle({ kind: 'closed', flow }, now));
    expect(over(lab, options(lab))).toEqual(['SIP/2.0 200']);
  });

  it('streams beyond the limit are closed', () => {
    const lab = new Lab({ limits: { streams: 1 } });
    expect(over(lab, options(lab))).toEqual(['SIP/2.0 200']);
    expect(over(lab, options(lab), { ...flow, connectionId: 'c2' })).toEqual(['close']);
    expect(lab.endpoint.counts().limits.streams).toBe(1);
  });
});
