import { describe, expect, it } from 'vitest';
import type { Target } from '../endpoint/api.ts';
import { header } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import { answerTo, here, Lab, requestFromPeer, there } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp } from '../simulation/world.test-support.ts';

const credentials = { username: 'alice', password: 'secret' };
const challenge = (nonce: string, more = ''): string =>
  `WWW-Authenticate: Digest realm="pbx", nonce="${nonce}", qop="auth"${more}`;
const nonceOf = (request: SipRequest): string | undefined =>
  /nonce="(\w+)"/.exec(header(request, 'authorization') ?? '')?.[1];

function call(lab: Lab, more: { credentials?: typeof credentials; to?: string; target?: Target } = {}) {
  const { to = 'sip:bob@192.0.2.2', ...rest } = more;
  return lab.run((sip, now) =>
    sip.invite({ to, from: 'sip:alice@192.0.2.1', offer: sdp('offer'), ...rest }, now),
  );
}

describe('challenges', () => {
  it('[RFC3261-22.2] 401 is acknowledged and answered: next CSeq, another branch, same Call-ID and From tag', () => {
    const lab = new Lab();
    call(lab, { credentials });
    const first = lab.request('INVITE');
    expect(header(first, 'authorization')).toBeUndefined();
    lab.receive(answerTo(first, 401, { tag: 'x', headers: [challenge('n1')] }));
    expect(lab.summaries()).toBe('INVITE, ACK, INVITE');
    const second = lab.request('INVITE');
    expect(nonceOf(second)).toBe('n1');
    expect(header(second, 'cseq')).toBe('2 INVITE');
    expect(header(second, 'to')).toBe('<sip:bob@192.0.2.2>');
    expect(header(second, 'via')).not.toBe(header(first, 'via'));
    for (const name of ['call-id', 'from']) expect(header(second, name)).toBe(header(first, name));
    expect(lab.types()).toEqual([]);
  });

  it('[RFC3261-17.1.1.2] an error of the attempt that was challenged is none of the next attempt', () => {
    const lab = new Lab();
    const session = call(lab, { credentials });
    lab.receive(answerTo(lab.request('INVITE'), 401, { tag: 'x', headers: [challenge('n1')] }));
    const second = lab.request('INVITE');
    // The second is answered, so that nothing is sent for it when the ACK to the first fails.
    lab.receive(answerTo(second, 183, { tag: 'bob' }));
    const [target] = lab.sent.map((sent) => sent.target);
    lab.run((sip, now) => target && sip.handle({ kind: 'transport_error', target, text: 'refused' }, now));
    lab.receive(answerTo(second, 200, { tag: 'bob', contact: 'sip:bob@192.0.2.2', body: 'answer' }));
    expect(lab.types()).toEqual(['session.progress', 'session.accepted']);
    lab.run((sip, now) => sip.end(session, now));
    lab.receive(answerTo(lab.request('BYE'), 200));
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-22.3] 407 is answered with Proxy-Authorization, which the ACK to the 2xx repeats', () => {
    const lab = new Lab();
    call(lab, { credentials });
    const ask = challenge('n1').replace('WWW-', 'Proxy-');
    lab.receive(answerTo(lab.request('INVITE'), 407, { tag: 'x', headers: [ask] }));
    const second = lab.request('INVITE');
    lab.receive(answerTo(second, 200, { tag: 'bob', contact: 'sip:bob@192.0.2.2', body: 'answer' }));
    expect(header(lab.request('ACK'), 'proxy-authorization')).toBe(header(second, 'proxy-authorization'));
    expect(lab.types()).toEqual(['session.accepted']);
  });

  it('credentials go along from the start in later requests of the call, and a new challenge is answered', () => {
    const lab = new Lab();
    const session = call(lab, { credentials });
    lab.receive(answerTo(lab.request('INVITE'), 401, { tag: 'x', headers: [challenge('n1')] }));
    lab.receive(answerTo(lab.request('INVITE'), 200, { tag: 'bob', contact: 'sip:bob@192.0.2.2' }));
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    expect(nonceOf(bye)).toBe('n1');
    lab.receive(answerTo(bye, 401, { headers: [challenge('n2', ', stale=true')] }));
    const again = lab.request('BYE');
    expect(nonceOf(again)).toBe('n2');
    expect(header(again, 'cseq')).toBe('4 BYE');
    lab.receive(answerTo(again, 200));
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
  });

  it('a wrong password is refused after one attempt', () => {
    const lab = new Lab();
    call(lab, { credentials });
    lab.receive(answerTo(lab.request('INVITE'), 401, { tag: 'x', headers: [challenge('n1')] }));
    lab.receive(answerTo(lab.request('INVITE'), 401, { tag: 'x', headers: [challenge('n2')] }));
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 401 } });
    expect(lab.takeSent()).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK']);
  });

  it('without credentials a challenge is a refusal', () => {
    const lab = new Lab();
    call(lab);
    lab.receive(answerTo(lab.request('INVITE'), 401, { tag: 'x', headers: [challenge('n1')] }));
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 401 } });
  });

  it('a challenge to a call that is given up meanwhile is not answered', () => {
    const lab = new Lab();
    const session = call(lab, { credentials });
    lab.run((sip, now) => sip.end(session, now));
    lab.receive(answerTo(lab.request('INVITE'), 401, { tag: 'x', headers: [challenge('n1')] }));
    expect(lab.takeSent()).toEqual(['INVITE', 'ACK']);
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
  });

  it('a server that calls every nonce stale is not asked for ever', () => {
    const lab = new Lab();
    call(lab, { credentials });
    for (let round = 0; round < 20; round += 1) {
      const invite = lab.sent.findLast(
        ({ message }) => message.kind === 'request' && message.method === 'INVITE',
      );
      lab.sent.length = 0;
      if (invite?.message.kind !== 'request') break;
      const headers = [challenge(`n${round}`, ', stale=true')];
      lab.receive(answerTo(invite.message, 401, { tag: 'x', headers }));
    }
    expect(lab.types()).toEqual(['session.ended']);
  });

  it('calls to a registered contact answer challenges with the credentials of the registration', () => {
    const lab = new Lab();
    lab.run((sip, now) =>
      sip.register(
        {
          registrar: 'sip:192.0.2.2',
          aor: 'sip:alice@192.0.2.2',
          contactUser: 'alice',
          expires: 600,
          credentials,
        },
        now,
      ),
    );
    lab.receive(requestFromPeer(lab, 'INVITE', { uri: 'sip:alice@192.0.2.1:5060', body: 'offer' }));
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    const toTag = /tag=(\w+)/.exec(header(lab.response(200), 'to') ?? '')?.[1] ?? '';
    lab.receive(requestFromPeer(lab, 'ACK', { toTag }));
    lab.run((sip, now) => sip.end(session, now));
    lab.receive(answerTo(lab.request('BYE'), 401, { headers: [challenge('n1')] }));
    expect(nonceOf(lab.request('BYE'))).toBe('n1');
  });
});

const target = (address: string): Target => ({ transport: 'udp', address, port: 5060 });

function resolving(lab: Lab): { answer: (targets: readonly Target[]) => void } {
  return {
    answer: (targets) => lab.run((sip, now) => sip.handle({ kind: 'resolved', resolveId: 1, targets }, now)),
  };
}

describe('finding the target', () => {
  it('[RFC3263-4] a name is looked up by the driver', () => {
    const lab = new Lab();
    lab.endpoint.invite({ to: 'sip:bob@pbx.example;transport=tcp', from: 'sip:a@b.example' }, lab.now);
    expect(lab.endpoint.poll()).toEqual({
      kind: 'resolve',
      resolveId: 1,
      host: 'pbx.example',
      port: undefined,
      transport: 'tcp',
    });
    resolving(lab).answer([{ ...target('192.0.2.7'), transport: 'tcp' }]);
    expect(lab.sent.at(-1)?.target).toEqual({ transport: 'tcp', address: '192.0.2.7', port: 5060 });
    expect(header(lab.request('INVITE'), 'via')).toMatch(/^SIP\/2\.0\/TCP /);
    expect(header(lab.request('INVITE'), 'contact')).toBe('<sip:192.0.2.1:5060;transport=tcp>');
  });

  it('a name that nobody knows, or that is never answered, ends the call with the transport', () => {
    const unknown = new Lab();
    call(unknown, { to: 'sip:bob@nowhere.example' });
    resolving(unknown).answer([]);
    expect(unknown.last('session.ended').end).toMatchObject({ by: 'transport' });
    const silent = new Lab();
    call(silent, { to: 'sip:bob@nowhere.example' });
    silent.advance(15_000);
    expect(silent.last('session.ended').end).toMatchObject({ by: 'transport' });
    expect(silent.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3263-4.3] the next target is tried after 503, a time-out or a transport error, with a new branch', () => {
    const lab = new Lab({ timers: { transactionTimeout: 3_700 } });
    call(lab, { to: 'sip:bob@pbx.example' });
    resolving(lab).answer(['192.0.2.11', '192.0.2.12', '192.0.2.13', '192.0.2.14'].map(target));
    lab.receive(answerTo(lab.request('INVITE'), 503, { tag: 'x' }));
    lab.advance(3_700);
    lab.run((sip, now) =>
      sip.handle({ kind: 'transport_error', target: target('192.0.2.13'), text: 'unreachable' }, now),
    );
    const invites = lab.sent.filter(
      ({ message }) => message.kind === 'request' && message.method === 'INVITE',
    );
    const hosts = new Set(invites.map((sent) => sent.target.address));
    expect([...hosts]).toEqual(['192.0.2.11', '192.0.2.12', '192.0.2.13', '192.0.2.14']);
    expect(new Set(invites.map(({ message }) => header(message, 'via'))).size).toBe(4);
    expect(lab.types()).toEqual([]);
    lab.receive(answerTo(lab.request('INVITE'), 503, { tag: 'x' }));
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 503 } });
  });

  it('a fixed target is used as it is, whatever the Request-URI says', () => {
    const lab = new Lab();
    call(lab, { to: 'sip:bob@pbx.example', target: target('192.0.2.50') });
    expect(lab.sent.at(-1)?.target.address).toBe('192.0.2.50');
    expect(lab.request('INVITE').uri).toBe('sip:bob@pbx.example');
  });

  it('a connection of the peer is used while it stands, then its address', () => {
    const lab = new Lab();
    const connection: Target = { transport: 'tcp', ...there, port: 40_000, connectionId: 'c1' };
    call(lab, { to: 'sip:bob@192.0.2.2;transport=tcp', target: connection });
    expect(lab.sent.at(-1)?.target).toEqual(connection);
    lab.run((sip, now) => sip.handle({ kind: 'transport_error', target: connection, text: 'closed' }, now));
    expect(lab.sent.at(-1)?.target).toEqual({ transport: 'tcp', ...there });
  });

  it('a transport that we have no socket for is passed over', () => {
    const lab = new Lab({ local: [{ transport: 'udp', ...here }] });
    call(lab, { to: 'sip:bob@192.0.2.2;transport=tcp' });
    lab.advance(0);
    expect(lab.last('session.ended').end).toEqual({ by: 'transport', text: 'no socket for tcp' });
  });
});

describe('requests of the application', () => {
  it('its final response comes back, once', () => {
    const lab = new Lab();
    const outgoing = lab.run((sip, now) =>
      sip.request({ method: 'MESSAGE', to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1' }, now),
    );
    const message = lab.request('MESSAGE');
    lab.receive(answerTo(message, 100));
    lab.receive(answerTo(message, 202, { tag: 'x' }));
    lab.receive(answerTo(message, 202, { tag: 'x' }));
    expect(lab.types()).toEqual(['response']);
    expect(lab.last('response')).toMatchObject({ outgoing, result: { response: { status: 202 } } });
    lab.advance(5_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('silence and a full table are told', () => {
    const lab = new Lab();
    const request = { method: 'OPTIONS', to: 'sip:bob@192.0.2.2', from: 'sip:a@192.0.2.1' };
    lab.run((sip, now) => sip.request(request, now));
    lab.advance(32_000);
    expect(lab.last('response').result).toEqual({ kind: 'timeout' });
    const full = new Lab({ limits: { transactions: 0 } });
    full.run((sip, now) => sip.request(request, now));
    full.advance(0);
    expect(full.last('response').result).toMatchObject({ kind: 'transport' });
  });
});
