import { describe, expect, it } from 'vitest';
import type { Flow, Target } from '../endpoint/api.ts';
import { header, toTag } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import { answerTo, Lab, requestFromPeer, there } from '../simulation/lab.test-support.ts';
import { sdp } from '../simulation/world.test-support.ts';

/*
 * The "digest leak": a phone answers a challenge that somebody other than its registrar or trunk has made, and so hands out
 * what its password can be guessed from.
 */
const credentials = { username: 'alice', password: 'secret' };
const challenge = (realm: string, nonce: string, more = '') =>
  `WWW-Authenticate: Digest realm="${realm}", nonce="${nonce}", qop="auth"${more}`;
const proxyChallenge = (...args: Parameters<typeof challenge>) =>
  challenge(...args).replace('WWW-Authenticate', 'Proxy-Authenticate');
const isAuthorised = (request: SipRequest): boolean =>
  header(request, 'authorization') !== undefined || header(request, 'proxy-authorization') !== undefined;

/** Registered at the peer of the lab, which is the registrar here; what was sent so far is forgotten. */
function registered(lab: Lab, registrar = 'sip:192.0.2.2') {
  lab.run((sip, now) =>
    sip.register(
      {
        registrar,
        aor: 'sip:alice@192.0.2.2',
        contactUser: 'alice',
        expires: 3_600,
        credentials,
      },
      now,
    ),
  );
  lab.receive(answerTo(lab.request('REGISTER'), 401, { headers: [challenge('pbx', 'n1')] }));
  const contact = (header(lab.request('REGISTER'), 'contact') ?? '').replaceAll(/[<>]/g, '');
  lab.receive(answerTo(lab.request('REGISTER'), 200, { contact }));
  lab.takeSent();
}

const stranger: Target = { transport: 'udp', address: '192.0.2.66', port: 5060 };
const strangerFlow = { ...stranger, localAddress: '192.0.2.1', localPort: 5060 };

/** Somebody calls our registered contact, is answered, and the call is hung up by us: gives the BYE. */
function hangUpOn(
  lab: Lab,
  who: 'registrar' | 'stranger',
  more: string[] = [],
  contact = 'sip:bob@192.0.2.2:5060',
  flow: Flow | undefined = who === 'stranger' ? strangerFlow : undefined,
): SipRequest {
  const at = who === 'stranger' ? stranger.address : there.address;
  const text = (method: string, options: Parameters<typeof requestFromPeer>[2]) =>
    requestFromPeer(lab, method, { uri: 'sip:alice@192.0.2.1:5060', headers: more, ...options })
      .replace('Contact: <sip:bob@192.0.2.2:5060>', `Contact: <${contact}>`)
      .replaceAll(/192\.0\.2\.2\b/g, at);
  lab.receive(text('INVITE', { body: 'offer' }), flow);
  const { session } = lab.last('session.incoming');
  lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
  lab.receive(text('ACK', { toTag: toTag(lab.response(200)) ?? '' }), flow);
  lab.run((sip, now) => sip.end(session, now));
  return lab.request('BYE');
}

function calling(lab: Lab, more: { realms?: string[] } = {}) {
  lab.run((sip, now) =>
    sip.invite(
      {
        to: 'sip:+4930@192.0.2.2',
        from: 'sip:alice@192.0.2.2',
        offer: sdp('offer'),
        credentials: { ...credentials, ...more },
      },
      now,
    ),
  );
  return lab.request('INVITE');
}

/** A call through a trunk that has asked for credentials is answered: gives the ACK and where it went. */
function acknowledged(more: { contact: string; headers?: string[] }) {
  const lab = new Lab();
  lab.receive(answerTo(calling(lab), 407, { tag: 'x', headers: [proxyChallenge('trunk', 'n1')] }));
  lab.receive(answerTo(lab.request('INVITE'), 200, { tag: 'bob', body: 'answer', ...more }));
  return { ack: lab.request('ACK'), to: lab.sent.at(-1)?.target.address };
}

describe('the digest leak', () => {
  it('[digest-leak] a caller that challenges our BYE gets nothing, whatever realm it claims', () => {
    for (const realm of ['pbx', 'evil']) {
      const lab = new Lab();
      registered(lab);
      const bye = hangUpOn(lab, 'stranger');
      expect(isAuthorised(bye)).toBe(false);
      for (const ask of [challenge, proxyChallenge]) {
        lab.receive(
          answerTo(bye, ask === challenge ? 401 : 407, { headers: [ask(realm, 'evil')] }),
          strangerFlow,
        );
      }
      expect(lab.sent.filter(({ message }) => isAuthorised(message as SipRequest))).toEqual([]);
      expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    }
  });

  it('[digest-leak] the same challenge of our own PBX is answered', () => {
    const lab = new Lab();
    registered(lab);
    const bye = hangUpOn(lab, 'registrar');
    lab.receive(answerTo(bye, 401, { headers: [challenge('pbx', 'n2', ', stale=true')] }));
    expect(header(lab.request('BYE'), 'authorization')).toContain('nonce="n2"');
  });

  it('[digest-leak] behind a proxy the far end may be asking: inside the call nothing is answered', () => {
    const lab = new Lab();
    registered(lab);
    // The registrar is a proxy here that record-routes, and the caller is somebody behind it.
    const route = 'Record-Route: <sip:192.0.2.2;lr>';
    const text = requestFromPeer(lab, 'INVITE', {
      uri: 'sip:alice@192.0.2.1:5060',
      headers: [route],
      body: 'offer',
    });
    lab.receive(text.replace('Contact: <sip:bob@192.0.2.2:5060>', 'Contact: <sip:evil@192.0.2.66>'));
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: toTag(lab.response(200)) ?? '' }));
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    expect(bye.uri).toBe('sip:evil@192.0.2.66');
    expect(lab.sent.at(-1)?.target.address).toBe(there.address);
    expect(header(bye, 'authorization')).toBeUndefined();
    lab.receive(answerTo(bye, 407, { headers: [proxyChallenge('pbx', 'evil', ', stale=true')] }));
    expect(lab.takeSent().filter((each) => each === 'BYE')).toHaveLength(1);
  });

  it.each([
    ['a route set that leads on to him', '<sip:192.0.2.2;lr>, <sip:192.0.2.66;lr>', 'sip:evil@192.0.2.2'],
    ['maddr', '<sip:192.0.2.2;lr>', 'sip:evil@192.0.2.2;maddr=192.0.2.66'],
    ['a parameter of a proxy', '<sip:192.0.2.2;lr>', 'sip:evil@192.0.2.2;alias=192.0.2.66~5060~1'],
  ])('[digest-leak] a caller who writes the address of our PBX gets nothing: %s', (_, route, contact) => {
    const lab = new Lab();
    registered(lab);
    const bye = hangUpOn(lab, 'registrar', [`Record-Route: ${route}`], contact);
    expect(lab.sent.at(-1)?.target.address).toBe(there.address);
    expect(header(bye, 'authorization')).toBeUndefined();
    lab.receive(answerTo(bye, 401, { headers: [challenge('pbx', 'evil')] }));
    expect(lab.takeSent().filter((each) => each === 'BYE')).toHaveLength(1);
  });

  it('[digest-leak] a connection to our PBX may lead on to the far end as well', () => {
    const here = { address: '192.0.2.1', port: 5060 };
    const local = [
      { transport: 'udp', ...here },
      { transport: 'ws', ...here },
    ] as const;
    const side = { localAddress: here.address, localPort: here.port };
    const connection = { transport: 'ws', ...there, ...side, connectionId: 'one' } as const;
    for (const [contact, isShown] of [
      ['sip:evil@192.0.2.66', false],
      ['sip:bob@192.0.2.2:5060', true],
    ] as const) {
      const lab = new Lab({ local });
      registered(lab);
      const bye = hangUpOn(lab, 'registrar', [], contact, connection);
      expect(lab.sent.at(-1)?.target.connectionId).toBe('one');
      expect(header(bye, 'authorization') !== undefined).toBe(isShown);
    }
  });

  it('[digest-leak] the ACK that goes straight to the far end has no credentials; through the trunk it has', () => {
    const direct = acknowledged({ contact: 'sip:evil@192.0.2.66' });
    expect({ to: direct.to, shown: isAuthorised(direct.ack) }).toEqual({
      to: stranger.address,
      shown: false,
    });
    const headers = ['Record-Route: <sip:192.0.2.2;lr>'];
    const routed = acknowledged({ contact: 'sip:evil@192.0.2.66', headers });
    expect({ to: routed.to, shown: isAuthorised(routed.ack) }).toEqual({ to: there.address, shown: true });
  });

  it('our own PBX behind its own proxy may ask inside a call, by address and by the name that we know it by', () => {
    for (const contact of ['sip:bob@192.0.2.2:5080', 'sip:bob@PBX.example;transport=udp']) {
      const lab = new Lab();
      lab.names.set('pbx.example', [{ transport: 'udp', ...there }]);
      registered(lab, 'sip:pbx.example');
      const bye = hangUpOn(lab, 'registrar', ['Record-Route: <sip:192.0.2.2;lr>'], contact);
      lab.receive(answerTo(bye, 401, { headers: [challenge('pbx', 'n2', ', stale=true')] }));
      expect(header(lab.request('BYE'), 'authorization')).toContain('nonce="n2"');
    }
  });

  it('[digest-leak] after the trunk has asked, a second realm gets nothing, nor a nonce that is called stale at once', () => {
    for (const [realm, more] of [
      ['evil', ''],
      ['trunk', ', stale=true'],
    ] as const) {
      const lab = new Lab();
      lab.receive(answerTo(calling(lab), 407, { tag: 'x', headers: [proxyChallenge('trunk', 'n1')] }));
      const second = lab.request('INVITE');
      expect(isAuthorised(second)).toBe(true);
      lab.receive(answerTo(second, 407, { tag: 'y', headers: [proxyChallenge(realm, 'evil', more)] }));
      expect(lab.request('INVITE')).toBe(second);
      expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 407 } });
    }
  });

  it('[digest-leak] realms can be named, then no other may ask even first', () => {
    const lab = new Lab();
    lab.receive(
      answerTo(calling(lab, { realms: ['trunk'] }), 401, { tag: 'x', headers: [challenge('evil', 'n1')] }),
    );
    expect(lab.types()).toEqual(['session.ended']);
    const other = new Lab();
    other.receive(
      answerTo(calling(other, { realms: ['trunk'] }), 401, { tag: 'x', headers: [challenge('trunk', 'n1')] }),
    );
    expect(isAuthorised(other.request('INVITE'))).toBe(true);
  });

  it('a nonce that has served for a while may be called stale', () => {
    const lab = new Lab();
    registered(lab);
    lab.advance(3_000_000);
    const refresh = lab.request('REGISTER');
    expect(header(refresh, 'authorization')).toContain('nonce="n1"');
    lab.receive(answerTo(refresh, 401, { headers: [challenge('pbx', 'n2', ', stale=true')] }));
    expect(header(lab.request('REGISTER'), 'authorization')).toContain('nonce="n2"');
  });
});
