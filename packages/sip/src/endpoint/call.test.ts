import { describe, expect, it } from 'vitest';
import {
  aliceUri,
  bobUri,
  createWorld,
  last,
  leftovers,
  nothingLeft,
  sdp,
  textOf,
} from '../simulation/world.test-support.ts';

describe('a call between two endpoints', () => {
  it('[RFC3665-3.1] rings, is answered, and ends with a BYE that leaves nothing behind', () => {
    const { clock, alice, bob } = createWorld();
    const session = alice.host.run((sip, now) =>
      sip.invite({ to: bobUri, from: aliceUri, fromName: 'Alice', offer: sdp('offer') }, now),
    );
    clock.advance(10);
    const incoming = last(bob, 'session.incoming');
    expect(textOf(incoming.offer)).toBe('offer');
    expect(incoming.info.remoteName).toBe('Alice');
    bob.host.run((sip, now) => sip.ring(incoming.session, now));
    clock.advance(10);
    expect(last(alice, 'session.progress').response.status).toBe(180);
    bob.host.run((sip, now) => sip.accept(incoming.session, sdp('answer'), now));
    clock.advance(10);
    const accepted = last(alice, 'session.accepted');
    expect(accepted.session).toBe(session);
    expect(accepted.needsAnswer).toBe(false);
    expect(textOf(accepted.body)).toBe('answer');
    expect(last(bob, 'session.confirmed').session).toBe(incoming.session);
    alice.host.run((sip, now) => sip.end(session, now));
    clock.advance(10);
    expect(last(alice, 'session.ended').end).toEqual({ by: 'local' });
    expect(last(bob, 'session.ended').end).toEqual({ by: 'remote' });
    expect(alice.host.endpoint.counts()).toMatchObject({ sessions: 0, dialogs: 0 });
    clock.runToEnd(60_000);
    expect(leftovers(alice)).toEqual(nothingLeft);
    expect(leftovers(bob)).toEqual(nothingLeft);
  });
});
