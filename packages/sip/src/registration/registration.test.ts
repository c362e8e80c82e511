import { describe, expect, it } from 'vitest';
import { SeededRandom } from '@offhook/testkit';
import { DigestServer } from '../auth/server.ts';
import type { RegisterParams } from '../endpoint/api.ts';
import { Registrar } from '../registrar/registrar.ts';
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
function runRegistrar(world: World, options: { minExpires?: number } = {}): Registrar {
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
});
