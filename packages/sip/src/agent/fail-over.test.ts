import { describe, expect, it } from 'vitest';
import type { EndpointOptions, Target } from '../endpoint/api.ts';
import { header } from '../message/headers.ts';
import { serialise } from '../message/serialise.ts';
import { answerTo, here, Lab, requestFromPeer, there } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp } from '../simulation/world.test-support.ts';

const server = (at: number): Target => ({ transport: 'udp', address: `192.0.2.1${at}`, port: 5060 });
const request = { method: 'OPTIONS', to: 'sip:pbx.example', from: 'sip:alice@192.0.2.1' };

/** An endpoint for which `pbx.example` is three servers. */
function cluster(options: Partial<EndpointOptions> = {}): Lab {
  const lab = new Lab(options);
  lab.names.set('pbx.example', [server(1), server(2), server(3)]);
  return lab;
}

/** Sends an OPTIONS and gives the last digit of each server that was tried within `patience`. */
function tried(lab: Lab, patience: number): string {
  lab.sent.length = 0;
  lab.run((sip, now) => sip.request(request, now));
  lab.advance(patience);
  const vias = lab.sent.filter(
    ({ message }, at, all) =>
      all.findIndex((other) => header(other.message, 'via') === header(message, 'via')) === at,
  );
  return vias.map(({ target }) => target.address.at(-1)).join('');
}

describe('fail-over', () => {
  it('[RFC3263-4.3] a silent server is left after 4 s while another is left, the last one has all the time', () => {
    const lab = cluster();
    lab.run((sip, now) => sip.request(request, now));
    lab.advance(3_999);
    expect(new Set(lab.sent.map(({ target }) => target.address))).toEqual(new Set(['192.0.2.11']));
    lab.advance(1);
    expect(lab.sent.at(-1)?.target).toEqual(server(2));
    lab.advance(4_000);
    expect(lab.sent.at(-1)?.target).toEqual(server(3));
    lab.advance(31_999);
    expect(lab.types()).toEqual([]);
    lab.advance(1);
    expect(lab.last('response').result).toEqual({ kind: 'timeout' });
    lab.advance(60_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3263-4.3] the short time can be set, and is never longer than timer B and F', () => {
    expect(tried(cluster({ timers: { failoverTimeout: 500 } }), 1_000)).toBe('123');
    expect(tried(cluster({ timers: { transactionTimeout: 1_000 } }), 2_000)).toBe('123');
  });

  it('[RFC3263-4.3] the next request passes over what has failed, for 30 s', () => {
    const lab = cluster();
    tried(lab, 4_000);
    lab.receive(answerTo(lab.request('OPTIONS'), 200, { tag: 'x' }));
    expect(tried(lab, 0)).toBe('2');
    lab.receive(answerTo(lab.request('OPTIONS'), 200, { tag: 'x' }));
    lab.advance(30_000);
    expect(tried(lab, 0)).toBe('1');
  });

  it('[RFC3261-21.5.4] a server that says 503 is passed over as long as it says', () => {
    const lab = cluster();
    lab.run((sip, now) => sip.request(request, now));
    lab.receive(answerTo(lab.request('OPTIONS'), 503, { tag: 'x', headers: ['Retry-After: 120'] }));
    lab.receive(answerTo(lab.request('OPTIONS'), 200, { tag: 'x' }));
    lab.advance(119_000);
    expect(tried(lab, 0)).toBe('2');
    lab.receive(answerTo(lab.request('OPTIONS'), 200, { tag: 'x' }));
    lab.advance(1_000);
    expect(tried(lab, 0)).toBe('1');
  });

  it('when all have failed all are still tried', () => {
    const lab = cluster({ timers: { failoverTimeout: 500, transactionTimeout: 1_000 } });
    expect(tried(lab, 2_000)).toBe('123');
    expect(lab.last('response').result).toEqual({ kind: 'timeout' });
    expect(tried(lab, 2_000)).toBe('123');
  });

  it('[RFC3263-4] a sips URI is looked up as such', () => {
    const lab = new Lab();
    lab.endpoint.request({ ...request, to: 'sips:secure.example' }, lab.now);
    expect(lab.endpoint.poll()).toMatchObject({ kind: 'resolve', transport: undefined, secure: true });
  });
});

const long = { headers: [['X-Long', 'x'.repeat(1_300)]] as const };
const tcp: Target = { transport: 'tcp', ...there };
const call = (lab: Lab, more: object = long) =>
  lab.run((sip, now) =>
    sip.invite({ to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1', offer: sdp('offer'), ...more }, now),
  );

describe('requests that may not fit into a packet', () => {
  it('[RFC3261-18.1.1] go over TCP, and say so in Via', () => {
    const lab = new Lab();
    call(lab);
    expect(lab.sent.map(({ target }) => target)).toEqual([tcp]);
    expect(header(lab.request('INVITE'), 'via')).toMatch(/^SIP\/2\.0\/TCP /);
    lab.advance(3_000);
    expect(lab.summaries()).toBe('INVITE');
  });

  it('[RFC3261-18.1.1] the bound is 1300 octets, to the octet', () => {
    const lengths = [1_300, 1_301].map((wanted) => {
      const lab = new Lab();
      call(lab, { headers: [['X-Long', 'x']] });
      const more = wanted - serialise(lab.request('INVITE')).length;
      const second = new Lab();
      call(second, { headers: [['X-Long', 'x'.repeat(1 + more)]] });
      return [serialise(second.request('INVITE')).length, second.sent[0]?.target.transport];
    });
    expect(lengths).toEqual([
      [1_300, 'udp'],
      [1_301, 'tcp'],
    ]);
  });

  it('[RFC3261-18.1.1] go over UDP after all where TCP is refused, and the next ones at once for ten minutes', () => {
    const lab = new Lab();
    call(lab);
    lab.run((sip, now) => sip.handle({ kind: 'transport_error', target: tcp, text: 'refused' }, now));
    expect(lab.sent.map(({ target }) => target.transport)).toEqual(['tcp', 'udp']);
    expect(header(lab.request('INVITE'), 'via')).toMatch(/^SIP\/2\.0\/UDP /);
    call(lab);
    expect(lab.sent.map(({ target }) => target.transport)).toEqual(['tcp', 'udp', 'udp']);
    lab.advance(599_999);
    lab.sent.length = 0;
    call(lab);
    expect(lab.sent[0]?.target.transport).toBe('udp');
    lab.advance(1);
    lab.sent.length = 0;
    call(lab);
    expect(lab.sent[0]?.target.transport).toBe('tcp');
  });

  it('are cancelled over the transport that they went', () => {
    const lab = new Lab();
    const session = call(lab);
    const flow = { ...tcp, localAddress: here.address, localPort: here.port, connectionId: 'c1' };
    const body = `${answerTo(lab.request('INVITE'), 180, { tag: 'x' }).trimEnd()}\nContent-Length: 0\n\n`;
    lab.receive(body, flow);
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.sent.at(-1)?.target).toEqual(tcp);
    expect(header(lab.request('CANCEL'), 'via')).toBe(header(lab.request('INVITE'), 'via'));
  });

  it('go over UDP where there is no TCP, or where the operator knows the network better', () => {
    const udpOnly = new Lab({ local: [{ transport: 'udp', ...here }] });
    call(udpOnly);
    expect(udpOnly.sent[0]?.target.transport).toBe('udp');
    const jumbo = new Lab({ limits: { datagramBytes: 8_000 } });
    call(jumbo);
    expect(jumbo.sent[0]?.target.transport).toBe('udp');
  });
});

/** The peer sends this while it sends too much. */
function flood(lab: Lab, text: string): void {
  const bytes = new TextEncoder().encode(text.replaceAll('\n', '\r\n'));
  const flow = { transport: 'udp', ...there, localAddress: here.address, localPort: here.port } as const;
  lab.run((sip, now) => sip.handle({ kind: 'received', flow, bytes, overloaded: true }, now));
}

describe('a source that sends more than it may', () => {
  it('[RFC3261-21.5.4] is answered 503 with Retry-After, without a transaction', () => {
    const lab = new Lab();
    flood(lab, requestFromPeer(lab, 'INVITE', { body: 'offer' }));
    flood(lab, requestFromPeer(lab, 'MESSAGE', { callId: 'other' }));
    expect(lab.takeSent()).toEqual(['503 INVITE', '503 MESSAGE']);
    expect(lab.types()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject({ ...nothingLeft, limits: { overload: 2 } });
  });

  it('is heard in what belongs to its calls', () => {
    const lab = new Lab();
    const invite = requestFromPeer(lab, 'INVITE', { body: 'offer', branch: 'z9hG4bKone' });
    lab.receive(invite);
    flood(lab, invite);
    flood(lab, requestFromPeer(lab, 'CANCEL', { branch: 'z9hG4bKone' }));
    expect(lab.summaries()).not.toContain('503');
    expect(lab.last('session.ended').end).toEqual({ by: 'remote' });
  });

  it('[RFC3261-21.5.4] is not heard because it says that there is a call, or an INVITE to cancel', () => {
    const lab = new Lab();
    flood(lab, requestFromPeer(lab, 'BYE', { toTag: 'nobody' }));
    flood(lab, requestFromPeer(lab, 'CANCEL'));
    expect(lab.takeSent()).toEqual(['503 BYE', '503 CANCEL']);
    expect(lab.endpoint.counts()).toMatchObject({ ...nothingLeft, limits: { overload: 2 } });
  });
});
