import { chosenSeeds, SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import type { EndpointEvent } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type { World } from './world.test-support.ts';
import { aliceUri, bobUri, createWorld, leftovers, nothingLeft, sdp } from './world.test-support.ts';

/** Makes something else of a message: octets, header lines, tags, branches, numbers, methods. */
function mutate(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const text = new TextDecoder('latin1').decode(bytes);
  const lines = text.split('\r\n');
  const at = random.integer(0, lines.length - 1);
  const methods = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'UPDATE', 'INFO', 'PRACK', 'OPTIONS', 'REGISTER', 'X'];
  switch (random.integer(0, 9)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(at, 0, lines[random.integer(0, lines.length - 1)] ?? '');
      break;
    case 2:
      lines[at] = (lines[at] ?? '').slice(0, random.integer(0, 40));
      break;
    case 3:
      return latin1(text.replace(/^SIP\/2\.0 \d+/, `SIP/2.0 ${random.integer(100, 699)}`));
    case 4:
      return latin1(text.replaceAll(/\b(?:INVITE|ACK|BYE|INFO|UPDATE)\b/g, random.pick(methods)));
    case 5:
      return latin1(text.replace(/CSeq: \d+/, `CSeq: ${random.integer(0, 9)}`));
    case 6:
      return latin1(text.replace(/branch=z9hG4bK\w+/, `branch=z9hG4bK${random.uint32()}`));
    case 7:
      return latin1(text.replace(/tag=\w+/, random.chance(0.5) ? '' : `tag=${random.integer(0, 3)}`));
    case 8:
      return latin1(text.slice(0, random.integer(0, text.length)));
    default: {
      const changed = Uint8Array.from(bytes);
      changed[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
      return changed;
    }
  }
  return latin1(lines.join('\r\n'));
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** An application that answers whatever comes, at random. */
function actAtRandom({ clock, alice, bob }: World, random: SeededRandom): void {
  for (const party of [alice, bob]) {
    const tolerant = (delay: number, act: Parameters<typeof party.host.run>[0]): void => {
      clock.after(delay, () => {
        try {
          party.host.run(act);
        } catch (error) {
          if (!(error instanceof SipUsageError)) throw error;
        }
      });
    };
    party.onEvent = (event: EndpointEvent) => {
      const delay = random.integer(0, 500);
      if (event.type === 'session.incoming') {
        if (random.chance(0.5)) party.host.run((sip, now) => sip.ring(event.session, now));
        tolerant(delay, (sip, now) =>
          random.chance(0.8) ? sip.accept(event.session, sdp('a'), now) : sip.refuse(event.session, 486, now),
        );
      }
      if (event.type === 'session.accepted' && event.needsAnswer) {
        tolerant(delay, (sip, now) => sip.acknowledge(event.session, sdp('a'), now));
      }
      if (event.type === 'session.reoffer') {
        tolerant(delay, (sip, now) =>
          random.chance(0.8)
            ? sip.acceptOffer(event.session, sdp('a'), now)
            : sip.refuseOffer(event.session, 488, now),
        );
      }
      if (event.type === 'session.accepted' || event.type === 'session.confirmed') {
        tolerant(delay, (sip, now) => sip.reoffer(event.session, sdp('o'), now));
        tolerant(delay, (sip, now) => sip.requestInSession(event.session, { method: 'INFO' }, now));
        tolerant(5_000, (sip, now) => sip.end(event.session, now));
      }
      if (event.type === 'session.request' || event.type === 'request') {
        tolerant(delay, (sip, now) => sip.respond(event.requestId, 200, now));
      }
    };
  }
}

describe.each(chosenSeeds([1, 2]))('an attacker who replays and changes what he hears, seed %i', (seed) => {
  it('crashes nothing, and nothing is left over when all is done', () => {
    const random = new SeededRandom(seed);
    const world = createWorld({ seed, conditions: { loss: 0.02, duplication: 0.02, delay: [1, 80] } });
    const { clock, network, alice, bob } = world;
    actAtRandom(world, random);
    let injected = 0;
    let isAttacking = true;
    network.onDatagram = (datagram) => {
      if (!isAttacking || !random.chance(0.7)) return;
      isAttacking = false;
      injected += 1;
      const bytes = mutate(datagram.bytes, random);
      // Some come back to whoever sent them.
      const { from, to } = datagram;
      network.send(random.chance(0.2) ? { from: to, to: from, bytes } : { from, to, bytes });
      isAttacking = true;
    };
    for (let call = 0; call < 150; call += 1) {
      clock.at(clock.now + call * 200, () => {
        const offer = random.chance(0.8) ? { offer: sdp('o') } : {};
        const params = { to: bobUri, from: aliceUri, answerTimeout: 20_000, ...offer };
        const session = alice.host.run((sip, now) => sip.invite(params, now));
        clock.after(30_000, () => alice.host.run((sip, now) => sip.end(session, now)));
      });
    }
    clock.advance(60_000);
    isAttacking = false;
    for (const party of [alice, bob]) {
      const over = new Set(party.events.map((event) => (event.type === 'session.ended' ? event.session : 0)));
      for (const event of party.events) {
        if (!('session' in event) || over.has(event.session)) continue;
        party.host.run((sip, now) => sip.end(event.session, now));
      }
    }
    clock.runToEnd(1_000_000);
    expect(injected).toBeGreaterThan(500);
    expect(bob.host.endpoint.counts().malformed).toBeGreaterThan(50);
    expect(leftovers(alice)).toEqual(nothingLeft);
    expect(leftovers(bob)).toEqual(nothingLeft);
    for (const party of [alice, bob]) {
      const ends = party.events.flatMap((event) => (event.type === 'session.ended' ? [event.session] : []));
      expect(new Set(ends).size).toBe(ends.length);
    }
  });
});
