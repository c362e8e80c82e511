import { describe, expect, it } from 'vitest';
import { SeededRandom } from '@offhook/testkit';
import { DigestServer } from '../auth/server.ts';
import type { Flow, RegisterParams } from '../endpoint/api.ts';
import { createRequest } from '../message/build.ts';
import { header, headerValues } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { Registrar } from '../registrar/registrar.ts';
import type { RegistrarOptions } from '../registrar/registrar.ts';
import { answerTo, Lab, peerFlow } from '../simulation/lab.test-support.ts';
import type { World } from '../simulation/world.test-support.ts';
import { all, createWorld, last, leftovers, nothingLeft } from '../simulation/world.test-support.ts';

const params: RegisterParams = {
  registrar: 'sip:192.0.2.2',
  aor: 'sip:alice@192.0.2.2',
  contactUser: 'alice',
  expires: 600,
  credentials: { username: 'alice', password: 'correct horse' },
};

/** Bob becomes a registrar that asks for digest credentials. */
function runRegistrar(world: World, options: RegistrarOptions = {}): Registrar {
  const { bob } = world;
  const registrar = new Registrar(options);
  const digest = new DigestServer({ realm: 'test', random: new SeededRandom(7).bytes });
  bob.onEvent = (event) => {
    if (event.type !== 'request') return;
    bob.host.run((sip, now) => {
      const verdict = digest.verify(
        event.request,
        () => ({ kind: 'password', password: 'correct horse' }),
        now,
      );
      if (verdict.kind === 'malformed') sip.respond(event.requestId, 400, now);
      else if (verdict.kind === 'challenge') {
        sip.respond(event.requestId, verdict.status, now, { headers: verdict.headers });
      } else {
        const { status, headers } = registrar.process(event.request, event.flow, now);
        sip.respond(event.requestId, status, now, { headers });
      }
    });
  };
  return registrar;
}

/** A binding that somebody else has made. */
function bind(registrar: Registrar, contact: string, now: number): void {
  const request = createRequest({
    method: 'REGISTER',
    uri: params.registrar,
    from: `<${params.aor}>;tag=1`,
    to: `<${params.aor}>`,
    callId: contact,
    cseq: 1,
    contact: `<${contact}>`,
    headers: [['Expires', '600']],
  });
  expect(registrar.process(request, peerFlow, now).status).toBe(200);
}

describe('a registration that is asked for before its time', () => {
  it('[RFC3261-10.2.4] registers at once, and once, and goes on as ever', () => {
    const lab = new Lab();
    registered(lab);
    const { registration } = lab.last('registration.changed');
    lab.takeSent();
    lab.run((sip, now) => sip.refreshRegistration(registration, now));
    lab.run((sip, now) => sip.refreshRegistration(registration, now));
    expect(lab.takeSent()).toEqual(['REGISTER']);
    expect(lab.last('registration.changed').state.name).toBe('registering');
  });
});

describe('a registration over a stream', () => {
  it('[RFC5626-4.5] is made anew soon after its connection was closed, and after no other one', () => {
    const lab = new Lab();
    const target = { transport: 'tcp', address: '192.0.2.2', port: 5060 } as const;
    const flow = { ...peerFlow, transport: 'tcp', connectionId: 'c1' } as const;
    lab.run((sip, now) => sip.register({ ...params, target }, now));
    const contact = parseNameAddr(header(lab.request('REGISTER'), 'contact') ?? '')?.uri ?? '';
    const granted = answerTo(lab.request('REGISTER'), 200, { tag: 'r', contact });
    lab.receive(`${granted.trimEnd()}\nContent-Length: 0\n\n`, flow);
    expect(lab.last('registration.changed').state.name).toBe('registered');
    lab.takeSent();
    lab.run((sip, now) => sip.handle({ kind: 'closed', flow: { ...flow, connectionId: 'c2' } }, now));
    lab.advance(10_000);
    expect(lab.takeSent()).toEqual([]);
    lab.run((sip, now) => sip.handle({ kind: 'closed', flow }, now));
    expect(lab.last('registration.changed').state).toMatchObject({
      name: 'failed',
      why: { kind: 'transport', text: 'the connection to the registrar was closed' },
    });
    lab.advance(2_000);
    expect(lab.takeSent()).toEqual(['REGISTER']);
  });
});

describe('a registration over UDP', () => {
  it('[RFC5626-4.4.2] is made anew soon after its flow has failed, and after no other one', () => {
    const lab = new Lab();
    registered(lab);
    lab.takeSent();
    const close = (flow: Flow) => lab.run((sip, now) => sip.handle({ kind: 'closed', flow }, now));
    for (const other of [
      { ...peerFlow, port: 5_061 },
      { ...peerFlow, localPort: 5_061 },
      { ...peerFlow, transport: 'tcp', connectionId: 'c1' } as const,
    ]) {
      close(other);
    }
    lab.advance(10_000);
    expect(lab.takeSent()).toEqual([]);
    close(peerFlow);
    expect(lab.last('registration.changed').state).toMatchObject({
      name: 'failed',
      why: { kind: 'transport', text: expect.stringContaining('does not answer keep-alives') },
    });
    // Said twice, it is one failure.
    close(peerFlow);
    lab.advance(2_000);
    expect(lab.takeSent()).toEqual(['REGISTER']);
  });
});

describe('a registration', () => {
  it('[RFC3665-2.1] answers the challenge, is bound, and [RFC3665-2.4] is removed again', () => {
    const world = createWorld();
    const { clock, alice } = world;
    const registrar = runRegistrar(world);
    const id = alice.host.run((sip, now) => sip.register(params, now));
    clock.advance(50);
    expect(last(alice, 'registration.changed').state).toMatchObject({ name: 'registered' });
    const [binding] = registrar.lookup('sip:alice@192.0.2.2', clock.now);
    expect(binding?.contact.uri).toBe('sip:alice@192.0.2.1:5060');
    alice.host.run((sip, now) => sip.unregister(id, now));
    clock.advance(50);
    expect(last(alice, 'registration.changed').state).toEqual({ name: 'unregistered' });
    expect(registrar.lookup('sip:alice@192.0.2.2', clock.now)).toEqual([]);
    clock.runToEnd(60_000);
    expect(leftovers(alice)).toEqual(nothingLeft);
    expect(all(alice, 'registration.changed').map(({ state }) => state.name)).toEqual([
      'registering',
      'registered',
      'unregistered',
    ]);
  });

  it('[RFC3261-20.35] tells what the registrar calls itself', () => {
    const world = createWorld();
    runRegistrar(world, {});
    world.alice.host.run((sip, now) => sip.register(params, now));
    world.clock.advance(50);
    expect(last(world.alice, 'registration.changed').state).toMatchObject({
      name: 'registered',
      server: expect.stringMatching(/./u) as string,
    });
  });

  it('[RFC3608-6.1] tells the Service-Route of the last 200, and none where that has none or no readable one', () => {
    const world = createWorld();
    const { clock, alice, bob } = world;
    const serviceRoute = ['<sip:192.0.2.2;lr>', '<sip:s2.example;lr>'];
    runRegistrar(world, { serviceRoute });
    alice.host.run((sip, now) => sip.register(params, now));
    clock.advance(50);
    expect(last(alice, 'registration.changed').state).toMatchObject({ name: 'registered', serviceRoute });
    runRegistrar(world, { serviceRoute: ['sip:no-brackets.example;lr'] });
    clock.advance(600_000);
    expect(last(alice, 'registration.changed').state).toMatchObject({ serviceRoute: [] });
    runRegistrar(world, { serviceRoute });
    clock.advance(600_000);
    expect(last(alice, 'registration.changed').state).toMatchObject({ serviceRoute });
    runRegistrar(world);
    clock.advance(600_000);
    expect(last(alice, 'registration.changed').state).toMatchObject({ name: 'registered', serviceRoute: [] });
    expect(all(bob, 'request').length).toBeGreaterThan(3);
  });

  it('[RFC3327-5.1] says that proxies may put themselves into Path', () => {
    const lab = new Lab();
    lab.run((sip, now) => sip.register(params, now));
    expect(headerValues(lab.request('REGISTER'), 'supported')).toContain('path');
  });

  it('[RFC3327-5.3] that demands Path is for the registrar to judge, not for the endpoint', () => {
    const lab = new Lab();
    lab.receive(
      [
        'REGISTER sip:192.0.2.1 SIP/2.0',
        'Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKr',
        'From: <sip:a@b>;tag=1',
        'To: <sip:a@b>',
        'Call-ID: r',
        'CSeq: 1 REGISTER',
        'Require: path',
        'Content-Length: 0',
        '',
        '',
      ].join('\n'),
    );
    expect(lab.last('request').request.method).toBe('REGISTER');
  });

  it('is refreshed before it expires, with the nonce that it has, and stays bound', () => {
    const world = createWorld();
    const { clock, alice } = world;
    const registrar = runRegistrar(world);
    alice.host.run((sip, now) => sip.register(params, now));
    clock.advance(50);
    const { sent } = alice.host.endpoint.counts();
    for (let minute = 0; minute < 180; minute += 1) {
      clock.advance(60_000);
      expect(registrar.lookup('sip:alice@192.0.2.2', clock.now)).toHaveLength(1);
    }
    const refreshes = all(alice, 'registration.changed').filter(
      ({ state }) => state.name === 'registered',
    ).length;
    // Three hours in pieces of 5 to 9 minutes.
    expect(refreshes).toBeGreaterThanOrEqual(20);
    expect(refreshes).toBeLessThanOrEqual(37);
    expect(alice.host.endpoint.counts().sent - sent).toBeLessThan(2 * refreshes);
  });

  it('[RFC3261-21.4.17] 423 is answered with the lifetime that the registrar wants', () => {
    const world = createWorld();
    runRegistrar(world, { minExpires: 900 });
    world.alice.host.run((sip, now) => sip.register(params, now));
    world.clock.advance(50);
    const { state } = last(world.alice, 'registration.changed');
    if (state.name !== 'registered') throw new Error(`it is ${state.name}`);
    expect(Math.round((state.expiresAt - world.clock.now) / 60_000)).toBe(15);
  });

  it('removes the binding that a killed process of ours has left at another port, and nobody else’s', () => {
    const world = createWorld();
    const { clock, alice } = world;
    const registrar = runRegistrar(world);
    const bound = () => registrar.lookup('sip:alice@192.0.2.2', clock.now).map(({ contact }) => contact.uri);
    const others = ['sip:alice@192.0.2.1:49152', 'sip:desk@192.0.2.1:49152', 'sip:alice@192.0.2.7:5060'];
    for (const uri of others) bind(registrar, uri, clock.now);
    const id = alice.host.run((sip, now) => sip.register({ ...params, ownsContactUser: true }, now));
    clock.advance(100);
    expect(bound().toSorted()).toEqual([
      'sip:alice@192.0.2.1:5060',
      'sip:alice@192.0.2.7:5060',
      'sip:desk@192.0.2.1:49152',
    ]);
    expect(all(alice, 'registration.changed').map(({ state }) => state.name)).toEqual([
      'registering',
      'registered',
    ]);
    alice.host.run((sip, now) => sip.unregister(id, now));
    clock.advance(100);
    expect(bound()).not.toContain('sip:alice@192.0.2.1:5060');
  });

  it('leaves the binding of another phone of the same extension on the same host alone', () => {
    const world = createWorld();
    const { clock, alice } = world;
    const registrar = runRegistrar(world);
    bind(registrar, 'sip:alice@192.0.2.1:49152', clock.now);
    alice.host.run((sip, now) => sip.register(params, now));
    clock.advance(100);
    const bound = registrar.lookup('sip:alice@192.0.2.2', clock.now).map(({ contact }) => contact.uri);
    expect(bound.toSorted()).toEqual(['sip:alice@192.0.2.1:49152', 'sip:alice@192.0.2.1:5060']);
  });

  it('with a wrong password it fails, and is tried again after a minute, not at once', () => {
    const world = createWorld();
    const { clock, alice } = world;
    runRegistrar(world);
    const credentials = { username: 'alice', password: 'wrong' };
    alice.host.run((sip, now) => sip.register({ ...params, credentials }, now));
    clock.advance(50);
    const { state } = last(alice, 'registration.changed');
    expect(state).toMatchObject({ name: 'failed', why: { kind: 'response', status: 401 } });
    if (state.name !== 'failed') return;
    expect(state.retryAt - clock.now).toBeGreaterThan(29_000);
    const { sent } = alice.host.endpoint.counts();
    expect(sent).toBe(2);
    clock.advance(state.retryAt - clock.now + 50);
    expect(alice.host.endpoint.counts().sent).toBe(4);
  });
});

const states = (lab: Lab): string[] =>
  lab.events.flatMap((event) => (event.type === 'registration.changed' ? [event.state.name] : []));

function registered(lab: Lab) {
  const id = lab.run((sip, now) => sip.register(params, now));
  lab.receive(answerTo(lab.request('REGISTER'), 200, { tag: 'r', headers: ['Expires: 600'] }));
  return id;
}

describe('a registration with a scripted registrar', () => {
  it('[RFC3261-10.2] all its REGISTERs have one Call-ID and rising CSeq numbers', () => {
    const lab = new Lab();
    registered(lab);
    const first = lab.request('REGISTER');
    expect(header(first, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    expect(header(first, 'expires')).toBe('600');
    lab.sent.length = 0;
    lab.advance(540_000);
    const [second = first] = lab.sent.flatMap(({ message }) => (message.kind === 'request' ? [message] : []));
    expect(header(second, 'call-id')).toBe(header(first, 'call-id'));
    expect([header(first, 'cseq'), header(second, 'cseq')]).toEqual(['1 REGISTER', '2 REGISTER']);
  });

  it('silence fails after timer F and is tried again with growing waits until the registrar is back', () => {
    const lab = new Lab();
    lab.run((sip, now) => sip.register(params, now));
    lab.advance(32_000);
    expect(lab.last('registration.changed').state).toMatchObject({
      name: 'failed',
      why: { kind: 'timeout' },
    });
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { state } = lab.last('registration.changed');
      if (state.name !== 'failed') throw new Error(`it is ${state.name}`);
      waits.push(state.retryAt - lab.now);
      lab.advance(state.retryAt - lab.now + 32_000);
    }
    expect(waits[0]).toBeLessThanOrEqual(2_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(60_000);
    expect(waits.at(-1)).toBeLessThanOrEqual(120_000);
    lab.advance(120_000);
    lab.receive(answerTo(lab.request('REGISTER'), 200, { tag: 'r', headers: ['Expires: 600'] }));
    expect(lab.last('registration.changed').state.name).toBe('registered');
  });

  it('[RFC3261-20.33] Retry-After is waited for', () => {
    const lab = new Lab();
    lab.run((sip, now) => sip.register(params, now));
    lab.receive(answerTo(lab.request('REGISTER'), 503, { tag: 'r', headers: ['Retry-After: 100'] }));
    lab.takeSent();
    lab.advance(99_999);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(10_001);
    expect(lab.takeSent()[0]).toBe('REGISTER');
  });

  it('[RFC3261-10.2] `unregister` waits for the REGISTER under way, then removes the binding', () => {
    const lab = new Lab();
    const id = lab.run((sip, now) => sip.register(params, now));
    lab.run((sip, now) => sip.unregister(id, now));
    expect(lab.summaries()).toBe('REGISTER');
    lab.receive(answerTo(lab.request('REGISTER'), 200, { tag: 'r', headers: ['Expires: 600'] }));
    expect(header(lab.request('REGISTER'), 'expires')).toBe('0');
    lab.receive(answerTo(lab.request('REGISTER'), 200, { tag: 'r' }));
    expect(states(lab)).toEqual(['registering', 'unregistered']);
    lab.advance(5_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-10.2] `unregister` and the refresh wait for the REGISTER that tidies up', () => {
    const lab = new Lab();
    const id = lab.run((sip, now) => sip.register({ ...params, ownsContactUser: true }, now));
    const list = 'Contact: <sip:alice@192.0.2.1:5060>, <sip:alice@192.0.2.1:4000>';
    lab.receive(answerTo(lab.request('REGISTER'), 200, { tag: 'r', headers: [list, 'Expires: 600'] }));
    expect(headerValues(lab.request('REGISTER'), 'contact')).toEqual([
      '<sip:alice@192.0.2.1:4000>;expires=0',
    ]);
    lab.takeSent();
    lab.run((sip, now) => sip.unregister(id, now));
    expect(lab.takeSent()).toEqual([]);
    lab.advance(32_000);
    expect(header(lab.request('REGISTER'), 'expires')).toBe('0');
    expect(header(lab.request('REGISTER'), 'contact')).toContain('5060');
  });

  it('a registrar that rewrites contacts is not asked to remove what may be our own', () => {
    const lab = new Lab();
    lab.run((sip, now) => sip.register(params, now));
    const list = 'Contact: <sip:alice@192.0.2.1:4000>;expires=600';
    const register = lab.request('REGISTER');
    lab.takeSent();
    lab.receive(answerTo(register, 200, { tag: 'r', headers: [list] }));
    expect(states(lab)).toEqual(['registering', 'registered']);
    expect(lab.takeSent()).toEqual([]);
  });

  it('`unregister` sends nothing where nothing is bound, and ends whatever the registrar says', () => {
    const never = new Lab();
    const first = never.run((sip, now) => sip.register(params, now));
    never.receive(answerTo(never.request('REGISTER'), 500, { tag: 'r' }));
    never.takeSent();
    never.run((sip, now) => sip.unregister(first, now));
    expect(never.takeSent()).toEqual([]);
    expect(states(never)).toEqual(['registering', 'failed', 'unregistered']);

    const deaf = new Lab();
    const second = registered(deaf);
    deaf.run((sip, now) => sip.unregister(second, now));
    deaf.advance(32_000);
    expect(states(deaf)).toEqual(['registering', 'registered', 'unregistered']);
    expect(deaf.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('registrations are bounded', () => {
    const lab = new Lab({ limits: { registrations: 1 } });
    registered(lab);
    expect(() => lab.run((sip, now) => sip.register(params, now))).toThrow('too many registrations');
  });
});
