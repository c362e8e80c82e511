import { SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import { digestHa1, digestResponse } from '../auth/digest.ts';
import { formatAuthorization, parseAuthorization, parseChallenge } from '../auth/fields.ts';
import { DigestServer } from '../auth/server.ts';
import type { EndpointEvent, ExtraHeaders } from '../endpoint/api.ts';
import { withHeaderSet } from '../message/build.ts';
import { header } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import { vectorsAbsent } from '../message/vectors.test-support.ts';
import { Registrar } from '../registrar/registrar.ts';
import { password, Stage } from './rfc3665.test-support.ts';
import { nothingLeft } from './world.test-support.ts';

const absent = vectorsAbsent('flows');

const bound = 'sips:bob@client.biloxi.example.com';

/** Bob's phone, registered as in section 2.1. */
function registered() {
  const stage = new Stage('2.1', 'bob');
  expect(stage.play('register >1 <2 >3 <4')).toEqual([]);
  const { state } = stage.lab.last('registration.changed');
  expect(state).toMatchObject({ name: 'registered', expiresAt: stage.lab.now + 3_600_000 });
  return stage;
}

describe.skipIf(absent)('the registrations of RFC 3665, on the side of the phone', () => {
  it('[RFC3665-2.1] a challenge is answered, and the phone is bound for the hour that the registrar says', () => {
    const stage = registered();
    expect(stage.unexpected()).toEqual([]);
    expect(stage.heard()).toBe('registration.changed registration.changed');
  });

  it.each([
    // A phone of ours binds itself and nobody else, and so has no reason to ask without binding.
    ['2.2', [{ where: 'F1 contact', rfc: ['mailto:bob@biloxi.example.com'], ours: [bound] }]],
    ['2.3', []],
  ])('[RFC3665-%s] of a list with somebody else the phone takes what is said of itself', (section, found) => {
    const stage = registered();
    const { lab } = stage;
    lab.advance((lab.endpoint.deadline() ?? 0) - lab.now);
    stage.open(section);
    expect(stage.play('>1 <2')).toEqual(found);
    const { state } = lab.last('registration.changed');
    expect(state).toMatchObject({ name: 'registered', expiresAt: lab.now + 3_600_000 });
  });

  it('[RFC3665-2.4] a phone that leaves removes its own binding, and shows credentials unasked', () => {
    const stage = registered();
    stage.open('2.4');
    // The RFC's client removes all bindings. Ours leaves those of the other phones of the extension alone.
    const found = [{ where: 'F1 contact', rfc: ['*'], ours: [bound] }];
    stage.play('unregister');
    expect(header(stage.lab.request('REGISTER'), 'expires')).toBe('0');
    expect(stage.play('>1 <2')).toEqual(found);
    expect(stage.lab.last('registration.changed').state).toEqual({ name: 'unregistered' });
    stage.finish();
    expect(stage.lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3665-2.5] a wrong password is not tried a second time', () => {
    const stage = new Stage('2.5', 'bob');
    const found = stage.play('register >1 <2 >3 <4');
    expect(found).toEqual([]);
    expect(stage.unexpected()).toEqual([]);
    expect(stage.lab.last('registration.changed').state).toMatchObject({
      name: 'failed',
      why: { kind: 'response', status: 401 },
    });
  });
});

const find = () => ({ kind: 'password', password }) as const;

interface Machine {
  readonly stage: Stage;
  readonly registrar: Registrar;
}

/**
 * The registrar of the RFC: what an application makes of {@link DigestServer} and {@link Registrar}. The RFC's credentials are for
 * nonces of its own and a password that it does not tell, so they are made anew in the form that they have there, without qop.
 */
function registrarOf(
  section: string,
  { typed = password, asPrinted = false }: { typed?: string; asPrinted?: boolean } = {},
): Machine {
  const registrar = new Registrar();
  const digest = new DigestServer({
    realm: 'atlanta.example.com',
    random: new SeededRandom(3665).bytes,
    algorithms: ['MD5'],
    allowWithoutQop: true,
  });
  const application = (event: EndpointEvent, { lab }: Stage): void => {
    if (event.type !== 'request') return;
    const { request, requestId, flow } = event;
    lab.run((sip, now) => {
      const verdict = digest.verify(request, find, now);
      switch (verdict.kind) {
        case 'malformed':
          sip.respond(requestId, 400, now);
          break;
        case 'challenge':
          sip.respond(requestId, verdict.status, now, { headers: verdict.headers });
          break;
        case 'accepted': {
          const { status, headers } = registrar.process(request, flow, now);
          sip.respond(requestId, status, now, { headers });
          break;
        }
      }
    });
  };
  const rewrite = (request: SipRequest): SipRequest =>
    asPrinted ? request : authorisedAnew(request, digest.challenge(stage.lab.now), typed);
  const stage = new Stage(section, 'ss2', { application, rewrite });
  return { stage, registrar };
}

function authorisedAnew(request: SipRequest, challenges: ExtraHeaders, typed: string): SipRequest {
  const value = header(request, 'authorization');
  if (value === undefined) return request;
  const printed = parseAuthorization(value.replace('qop="auth",', ''));
  const nonce = parseChallenge(challenges[0]?.[1] ?? '')?.nonce;
  if (printed === undefined || nonce === undefined) throw new Error(`no credentials: ${value}`);
  const ha1 = digestHa1('MD5', printed.username, printed.realm, typed);
  const response = digestResponse({ ...printed, nonce, ha1, method: request.method });
  return withHeaderSet(request, 'Authorization', formatAuthorization({ ...printed, nonce, response }));
}

/**
 * What the first request of a section binds, as if it had come before. Under another Call-ID: in the RFC all requests have one, and
 * CSeq 1 again, which would be out of order (RFC 3261 section 10.3).
 */
function bind({ stage, registrar }: Machine, from: string, section: string): void {
  stage.open(from);
  const request = stage.message(1);
  if (request.kind !== 'request') throw new Error(`section ${from} begins with no request`);
  registrar.process(withHeaderSet(request, 'Call-ID', `as in ${from}`), phone, stage.lab.now);
  stage.open(section);
}

const phone = {
  transport: 'tls',
  address: '192.0.2.201',
  port: 5061,
  localAddress: '192.0.2.222',
  localPort: 5061,
  connectionId: 'phone',
} as const;

function contactsIn({ stage, registrar }: Machine): string[] {
  const bindings = registrar.lookup('sips:bob@biloxi.example.com', stage.lab.now);
  return bindings.map(({ contact }) => contact.uri);
}

const mail = 'mailto:bob@biloxi.example.com';
/** The RFC's registrar keeps what cannot move for ever; ours has one default for all. */
const mailLivesShorter = {
  where: 'F2 contact',
  rfc: [`${bound} 3600`, `${mail} 4294967295`],
  ours: [`${bound} 3600`, `${mail} 3600`],
};

describe.skipIf(absent)('the registrations of RFC 3665, on the side of the registrar', () => {
  it('[RFC3665-2.1] a phone is challenged, and bound for an hour', () => {
    const machine = registrarOf('2.1');
    expect(machine.stage.play('<1 >2 <3 >4')).toEqual([]);
    expect(contactsIn(machine)).toEqual([bound]);
  });

  it('[RFC3665-2.2] a second contact stands beside the first, even where it is no SIP URI', () => {
    const machine = registrarOf('2.2');
    bind(machine, '2.1', '2.2');
    expect(machine.stage.play('<1 >2')).toEqual([mailLivesShorter]);
    expect(contactsIn(machine)).toEqual([bound, mail]);
  });

  it('[RFC3665-2.2] the credentials as they are printed there, with qop and no count, are malformed', () => {
    const machine = registrarOf('2.2', { asPrinted: true });
    machine.stage.play('<1');
    expect(machine.stage.unexpected()).toEqual(['400 REGISTER']);
    expect(contactsIn(machine)).toEqual([]);
  });

  it('[RFC3665-2.3] a REGISTER without Contact is told all that are bound, and changes nothing', () => {
    const machine = registrarOf('2.3');
    bind(machine, '2.1', '2.3');
    bind(machine, '2.2', '2.3');
    expect(machine.stage.play('<1 >2')).toEqual([mailLivesShorter]);
    expect(contactsIn(machine)).toEqual([bound, mail]);
  });

  it('[RFC3665-2.4] a star removes all', () => {
    const machine = registrarOf('2.4');
    bind(machine, '2.1', '2.4');
    bind(machine, '2.2', '2.4');
    expect(machine.stage.play('<1 >2')).toEqual([]);
    expect(contactsIn(machine)).toEqual([]);
  });

  it('[RFC3665-2.5] a wrong password is challenged again, not as stale, and binds nothing', () => {
    const machine = registrarOf('2.5', { typed: 'wrong' });
    // The RFC's registrar has one To tag for both, which it need not: they are two requests.
    expect(machine.stage.play('<1 >2 <3 >4').map(({ where }) => where)).toEqual(['F4 to']);
    expect(contactsIn(machine)).toEqual([]);
    machine.stage.finish();
    expect(machine.stage.lab.endpoint.counts()).toMatchObject(nothingLeft);
  });
});
