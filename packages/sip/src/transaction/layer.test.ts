import { describe, expect, it } from 'vitest';
import type { Flow } from '../endpoint/api.ts';
import { header, topVia, toTag } from '../message/headers.ts';
import { answerTo, callPeer, here, Lab, peerFlow, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp } from '../simulation/world.test-support.ts';

describe('matching responses', () => {
  it('[RFC3261-17.1.3] a response of another branch or another CSeq method is a stray', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    const ok = answerTo(invite, 180, { tag: 'bob' });
    lab.receive(ok.replace(/branch=z9hG4bK\w+/, 'branch=z9hG4bKother'));
    lab.receive(ok.replace('1 INVITE', '1 OPTIONS'));
    expect(lab.types()).toEqual([]);
    expect(lab.endpoint.counts().stray).toBe(2);
  });

  it('[RFC3261-18.1.2] a response whose sent-by is not ours is a stray', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180).replace('UDP 192.0.2.1:5060', 'UDP 192.0.2.66:5060'));
    expect(lab.types()).toEqual([]);
    expect(lab.endpoint.counts().stray).toBe(1);
  });

  it('[RFC6026-7.2] a 2xx without a transaction is dropped, not acknowledged', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 486, { tag: 'bob' }));
    lab.advance(32_000);
    lab.takeSent();
    lab.receive(answerTo(invite, 200, { tag: 'bob' }));
    expect(lab.takeSent()).toEqual([]);
  });
});

describe('matching requests', () => {
  it('[RFC3261-17.2.3] the same branch from another sent-by is another transaction', () => {
    const lab = new Lab();
    const branch = 'z9hG4bKsame';
    const text = requestFromPeer(lab, 'OPTIONS', { branch, callId: 'a' });
    lab.receive(text);
    lab.receive(text);
    expect(lab.endpoint.counts().transactions).toBe(1);
    lab.receive(text.replace('UDP 192.0.2.2:5060', 'UDP 192.0.2.3:5060').replace('Call-ID: a', 'Call-ID: b'));
    expect(lab.endpoint.counts().transactions).toBe(2);
    expect(lab.takeSent()).toEqual(['200 OPTIONS', '200 OPTIONS', '200 OPTIONS']);
    expect(lab.endpoint.counts().retransmitted).toBe(1);
  });

  it('[RFC3261-17.2.3] without the magic cookie the rules of RFC 2543 match INVITE, retransmission and ACK', () => {
    const lab = new Lab();
    const via = 'Via: SIP/2.0/UDP 192.0.2.2:5060';
    const invite = requestFromPeer(lab, 'INVITE', { via, body: 'offer' });
    lab.receive(invite);
    lab.receive(invite);
    expect(lab.types()).toEqual(['session.incoming']);
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.refuse(session, 486, now));
    const tag = toTag(lab.response(486)) ?? '';
    lab.takeSent();
    lab.receive(requestFromPeer(lab, 'ACK', { via, toTag: 'another' }));
    lab.advance(500);
    expect(lab.takeSent()).toEqual(['486 INVITE']);
    lab.receive(requestFromPeer(lab, 'ACK', { via, toTag: tag }));
    lab.advance(31_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject({ ...nothingLeft, stray: 1 });
  });

  it('[RFC3261-8.2.2.2] the same request by another path is answered 482 and makes no second call', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { branch: 'z9hG4bKone', body: 'offer' }));
    lab.receive(requestFromPeer(lab, 'INVITE', { branch: 'z9hG4bKtwo', body: 'offer' }));
    expect(lab.takeSent()).toEqual(['482 INVITE']);
    expect(lab.types()).toEqual(['session.incoming']);
  });

  it('the same call to two contacts of ours, forked by a proxy, is two calls', () => {
    const lab = new Lab();
    const to = (user: string) =>
      requestFromPeer(lab, 'INVITE', { uri: `sip:${user}@192.0.2.1`, body: 'offer' });
    lab.receive(to('alice'));
    lab.receive(to('carol'));
    expect(lab.types()).toEqual(['session.incoming', 'session.incoming']);
    lab.receive(to('%61lice'));
    lab.receive(to('carol'));
    expect(lab.takeSent()).toEqual(['482 INVITE', '482 INVITE']);
  });

  it('an ACK that belongs to nothing is dropped and counted', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: 'nobody' }));
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject({ ...nothingLeft, stray: 1 });
  });

  it('a full table refuses with 503 and Retry-After, statelessly and alike for each retransmission', () => {
    const lab = new Lab({ limits: { transactions: 1 } });
    lab.receive(requestFromPeer(lab, 'MESSAGE', { callId: 'one' }));
    const second = requestFromPeer(lab, 'MESSAGE', { callId: 'two' });
    lab.receive(second);
    const first = lab.response(503);
    expect(header(first, 'retry-after')).toBe('5');
    lab.receive(second);
    expect(toTag(lab.response(503))).toBe(toTag(first));
    expect(lab.endpoint.counts()).toMatchObject({ transactions: 1, limits: { transactions: 2 } });
  });
});

describe('where responses go', () => {
  const from: Flow = { ...peerFlow, address: '198.51.100.7', port: 40_000 };

  it('[RFC3581-4] with rport to the source address and port, which are told in the Via', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'OPTIONS'), from);
    expect(lab.sent.at(-1)?.target).toMatchObject({
      transport: 'udp',
      address: '198.51.100.7',
      port: 40_000,
    });
    const via = topVia(lab.response(200));
    expect(via?.params.get('rport')).toBe('40000');
    expect(via?.params.get('received')).toBe('198.51.100.7');
  });

  it('[RFC3261-18.2.2] without rport to the source address and the port of sent-by', () => {
    const lab = new Lab();
    const via = 'Via: SIP/2.0/UDP phone.example:5080;branch=z9hG4bKx';
    lab.receive(requestFromPeer(lab, 'OPTIONS', { via }), from);
    expect(lab.sent.at(-1)?.target).toMatchObject({ transport: 'udp', address: '198.51.100.7', port: 5080 });
    expect(topVia(lab.response(200))?.params.get('received')).toBe('198.51.100.7');
  });

  it('[RFC3261-18.2.2] over a stream by its connection, and to sent-by when that is gone', () => {
    const lab = new Lab();
    const flow: Flow = { ...from, transport: 'tcp', connectionId: 'c1', localAddress: here.address };
    const via = 'Via: SIP/2.0/TCP 192.0.2.2:5070;branch=z9hG4bKx;rport';
    const invite = requestFromPeer(lab, 'INVITE', { via });
    lab.receive(invite.replace('\n\n', '\nContent-Length: 0\n\n'), flow);
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    expect(lab.sent.at(-1)?.target).toMatchObject({ connectionId: 'c1' });
    lab.run((sip, now) => sip.handle({ kind: 'transport_error', target: flow, text: 'closed' }, now));
    expect(lab.summaries()).toBe('200 INVITE, 200 INVITE');
    expect(lab.sent.at(-1)?.target).toEqual({ transport: 'tcp', address: '198.51.100.7', port: 5070 });
  });
});
