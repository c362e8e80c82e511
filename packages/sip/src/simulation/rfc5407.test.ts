import { chosenSeeds } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../endpoint/api.ts';
import type { SipEndpoint } from '../endpoint/endpoint.ts';
import { cseq, header, toTag } from '../message/headers.ts';
import { parseMessage } from '../message/parse.ts';
import {
  answeredCall,
  answerTo,
  callPeer,
  establishedCall,
  inDialog,
  Lab,
  requestFromPeer,
  summary,
} from './lab.test-support.ts';
import type { Party, World } from './world.test-support.ts';
import {
  aliceUri,
  all,
  bobUri,
  createWorld,
  last,
  leftovers,
  nothingLeft,
  sdp,
  textOf,
} from './world.test-support.ts';

/*
 * The races of RFC 5407: messages that cross on the way, in the words of its section 2: before the ACK has come the callee is in
 * the "moratorium" state, after a BYE both are "mortal". Section 3.2.1, two BYEs that cross, is in established-call.test.ts.
 */

const contact = 'sip:bob@192.0.2.2:5060';

/** A call of the peer that we have rung for and answered; the ACK has not come yet. */
function unacknowledged(lab: Lab, offer: 'in the INVITE' | 'in our 2xx' = 'in the INVITE') {
  const options = { branch: 'z9hG4bKinvite', ...(offer === 'in the INVITE' && { body: 'offer' }) };
  const invite = requestFromPeer(lab, 'INVITE', options);
  lab.receive(invite);
  const { session } = lab.last('session.incoming');
  lab.run((sip, now) => sip.ring(session, now));
  lab.run((sip, now) => sip.accept(session, sdp('ours'), now));
  const tag = toTag(lab.response(200)) ?? '';
  const inCall = (method: string, sequence: number, body?: string): void =>
    lab.receive(
      requestFromPeer(lab, method, { toTag: tag, cseq: sequence, ...(body !== undefined && { body }) }),
    );
  lab.takeSent();
  return { session, invite, tag, inCall };
}

function expectNothingLeft(lab: Lab): void {
  lab.advance(70_000);
  expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
}

describe('before the ACK has come to the callee', () => {
  it('[RFC5407-3.1.1] the INVITE comes again: one call, and the 2xx goes by its own clock', () => {
    const lab = new Lab();
    const { invite, inCall } = unacknowledged(lab);
    lab.receive(invite);
    lab.receive(invite);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(500);
    expect(lab.takeSent()).toEqual(['200 INVITE']);
    inCall('ACK', 1);
    lab.receive(invite);
    lab.advance(20_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.types()).toEqual(['session.incoming', 'session.confirmed']);
  });

  it('[RFC5407-3.1.2] CANCEL comes after the 2xx: 200 to it, and the call stands until the BYE of the caller', () => {
    const lab = new Lab();
    const { inCall } = unacknowledged(lab);
    lab.receive(requestFromPeer(lab, 'CANCEL', { branch: 'z9hG4bKinvite' }));
    expect(lab.takeSent()).toEqual(['200 CANCEL']);
    inCall('ACK', 1);
    inCall('BYE', 2);
    expect(lab.takeSent()).toEqual(['200 BYE']);
    expect(lab.types()).toEqual(['session.incoming', 'session.confirmed', 'session.ended']);
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.1.2] the 2xx reaches the caller after its CANCEL: ACK, BYE, and ACK again for each that comes again', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    lab.run((sip, now) => sip.end(session, now));
    const cancel = lab.request('CANCEL');
    lab.takeSent();
    const accepted = answerTo(invite, 200, { tag: 'bob', contact, body: 'answer' });
    lab.receive(accepted);
    const bye = lab.request('BYE');
    expect(lab.takeSent()).toEqual(['ACK', 'BYE']);
    lab.receive(answerTo(cancel, 200, { tag: 'bob' }));
    lab.receive(accepted);
    lab.receive(answerTo(bye, 200));
    lab.receive(accepted);
    expect(lab.takeSent()).toEqual(['ACK', 'ACK']);
    expect(lab.types().filter((type) => type !== 'session.progress')).toEqual(['session.ended']);
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.1.3] BYE in the early dialog crosses the 2xx: 200 to it, and the 2xx is not sent again', () => {
    const lab = new Lab();
    const { inCall } = unacknowledged(lab);
    inCall('BYE', 2);
    expect(lab.takeSent()).toEqual(['200 BYE']);
    // The caller has the 2xx now, and acknowledges it.
    inCall('ACK', 1);
    lab.advance(40_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.last('session.ended').end).toEqual({ by: 'remote' });
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.1.4] a re-INVITE overtakes the ACK, offer and answer are done: it is offered, and each 2xx has its ACK', () => {
    const lab = new Lab();
    const { session, inCall } = unacknowledged(lab);
    inCall('INVITE', 2, 'hold');
    expect(textOf(lab.last('session.reoffer').offer)).toBe('hold');
    lab.run((sip, now) => sip.acceptOffer(session, sdp('held'), now));
    const answers = () => lab.sent.map(({ message }) => cseq(message)?.number);
    lab.sent.length = 0;
    lab.advance(500);
    expect(answers()).toEqual([1, 2]);
    lab.sent.length = 0;
    inCall('ACK', 2);
    lab.advance(1_000);
    expect(answers()).toEqual([1]);
    lab.sent.length = 0;
    inCall('ACK', 1);
    lab.advance(40_000);
    expect(answers()).toEqual([]);
    expect(lab.types()).toEqual(['session.incoming', 'session.reoffer', 'session.confirmed']);
  });

  it('[RFC5407-3.1.5] a re-INVITE overtakes the ACK that has the answer: 491, and the answer counts when it comes', () => {
    const lab = new Lab();
    const { inCall } = unacknowledged(lab, 'in our 2xx');
    inCall('INVITE', 2, 'hold');
    expect(lab.takeSent()).toContain('491 INVITE');
    inCall('ACK', 2);
    inCall('ACK', 1, 'theirs');
    expect(textOf(lab.last('session.confirmed').body)).toBe('theirs');
    inCall('INVITE', 3, 'hold');
    expect(textOf(lab.last('session.reoffer').offer)).toBe('hold');
  });

  it('[RFC5407-3.1.6] BYE comes and the ACK is lost: the call is over, and nothing is sent any more', () => {
    const lab = new Lab();
    const { inCall } = unacknowledged(lab);
    lab.advance(600);
    expect(lab.takeSent()).toEqual(['200 INVITE']);
    inCall('BYE', 2);
    expect(lab.takeSent()).toEqual(['200 BYE']);
    expectNothingLeft(lab);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.types()).toEqual(['session.incoming', 'session.ended']);
  });
});

describe('after a BYE', () => {
  it('[RFC5407-3.2.2] a re-INVITE crosses our BYE: 481, and the session ends as ours', () => {
    const lab = new Lab();
    const { session, toTag: tag } = answeredCall(lab);
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    const reinvite = { toTag: tag, cseq: 2, branch: 'z9hG4bKcrossing' };
    lab.receive(requestFromPeer(lab, 'INVITE', { ...reinvite, body: 'hold' }));
    expect(lab.takeSent()).toEqual(['BYE', '481 INVITE']);
    lab.receive(requestFromPeer(lab, 'ACK', reinvite));
    lab.receive(answerTo(bye, 200));
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    expect(lab.types()).not.toContain('session.reoffer');
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.2.2] our re-INVITE crosses their BYE: 200 to it, ACK to the 481, and no result of what nobody waits for', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const reinvite = lab.request('INVITE');
    lab.receive(inDialog(lab, invite, 'BYE', 1));
    lab.receive(answerTo(reinvite, 481));
    expect(lab.takeSent()).toEqual(['INVITE', '200 BYE', 'ACK']);
    expect(lab.types()).toEqual(['session.accepted', 'session.ended']);
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.2.3] the 2xx to our re-INVITE crosses our BYE: it is acknowledged', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const reinvite = lab.request('INVITE');
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    const accepted = answerTo(reinvite, 200, { contact, body: 'held' });
    lab.receive(accepted);
    lab.receive(answerTo(bye, 200));
    lab.receive(accepted);
    expect(lab.takeSent()).toEqual(['INVITE', 'BYE', 'ACK', 'ACK']);
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.2.4] the ACK comes after our BYE for want of it: it changes nothing', () => {
    const lab = new Lab();
    const { inCall } = unacknowledged(lab);
    lab.advance(32_000);
    const bye = lab.request('BYE');
    lab.takeSent();
    inCall('ACK', 1);
    lab.receive(answerTo(bye, 200));
    expect(lab.takeSent()).toEqual([]);
    expect(lab.types()).toEqual(['session.incoming', 'session.ended']);
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'no_ack' });
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.3.3] REFER crosses our BYE: 481, and nobody is asked to transfer a call that is over', () => {
    const lab = new Lab();
    const { session, toTag: tag } = answeredCall(lab);
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    const headers = ['Refer-To: <sip:carol@192.0.2.3>'];
    lab.receive(requestFromPeer(lab, 'REFER', { toTag: tag, cseq: 2, headers }));
    expect(lab.takeSent()).toEqual(['BYE', '481 REFER']);
    lab.receive(answerTo(bye, 200));
    expect(lab.types().at(-1)).toBe('session.ended');
    expect(lab.types()).not.toContain('session.request');
    expectNothingLeft(lab);
  });

  it('[RFC5407-3.3.3] our REFER crosses their BYE: 200 to it, and the transfer is told as refused', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.refer({ session, referTo: 'sip:carol@192.0.2.3' }, now));
    const refer = lab.request('REFER');
    lab.receive(inDialog(lab, invite, 'BYE', 1));
    expect(lab.takeSent()).toEqual(['REFER', '200 BYE']);
    lab.receive(answerTo(refer, 481));
    expect(lab.types()).toEqual(['session.accepted', 'session.ended', 'referral.changed']);
    expect(lab.last('referral.changed').state).toMatchObject({
      name: 'ended',
      outcome: { kind: 'refused', response: { status: 481 } },
    });
    expectNothingLeft(lab);
  });
});

describe('offers that cross', () => {
  it('[RFC5407-3.3.1] re-INVITEs: 491 to both, theirs comes again first, and ours after it', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('ours'), now));
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'theirs' }));
    lab.receive(answerTo(lab.request('INVITE'), 491));
    lab.receive(inDialog(lab, invite, 'ACK', 1));
    expect(lab.takeSent()).toEqual(['INVITE', '491 INVITE', 'ACK']);
    lab.advance(1_000);
    lab.receive(inDialog(lab, invite, 'INVITE', 2, { body: 'theirs' }));
    lab.run((sip, now) => sip.acceptOffer(session, sdp('agreed'), now));
    lab.receive(inDialog(lab, invite, 'ACK', 2));
    lab.takeSent();
    lab.advance(3_000);
    const again = lab.request('INVITE');
    expect(textOf({ contentType: '', bytes: again.body })).toBe('ours');
    expect(header(again, 'cseq')).toBe('3 INVITE');
    lab.receive(answerTo(again, 200, { contact, body: 'agreed' }));
    expect(lab.last('session.reoffer_result')).toMatchObject({ ok: true });
  });

  it('[RFC5407-3.3.1] a re-INVITE that is due again while theirs waits for its answer goes after that', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('ours'), now));
    lab.receive(answerTo(lab.request('INVITE'), 491));
    lab.advance(2_000);
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'theirs' }));
    lab.advance(2_000);
    lab.takeSent();
    lab.run((sip, now) => sip.acceptOffer(session, sdp('agreed'), now));
    expect(lab.takeSent()).toEqual(['200 INVITE']);
    lab.receive(inDialog(lab, invite, 'ACK', 1));
    expect(lab.takeSent()).toEqual(['INVITE']);
  });

  it.each(['UPDATE', 'INVITE'] as const)(
    '[RFC5407-3.3.2] our UPDATE crosses their %s: 491 to both, and ours comes again as UPDATE',
    (theirs) => {
      const lab = new Lab();
      const { session, invite } = establishedCall(lab);
      lab.run((sip, now) => sip.reoffer(session, sdp('ours'), now, { update: true }));
      lab.receive(inDialog(lab, invite, theirs, 1, { body: 'theirs' }));
      lab.receive(answerTo(lab.request('UPDATE'), 491));
      expect(lab.takeSent()).toEqual(['UPDATE', `491 ${theirs}`]);
      lab.advance(2_099);
      expect(lab.takeSent().filter((each) => each === 'UPDATE')).toEqual([]);
      lab.advance(1_901);
      expect(lab.takeSent()).toContain('UPDATE');
    },
  );

  it('[RFC5407-3.3.2] our re-INVITE crosses their UPDATE: 491 to it, and one without an offer is answered', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('ours'), now));
    const reinvite = lab.request('INVITE');
    lab.receive(inDialog(lab, invite, 'UPDATE', 1, { body: 'theirs' }));
    lab.receive(inDialog(lab, invite, 'UPDATE', 2));
    expect(lab.takeSent()).toEqual(['INVITE', '491 UPDATE', '200 UPDATE']);
    lab.receive(answerTo(reinvite, 200, { contact, body: 'agreed' }));
    expect(lab.types()).toEqual(['session.accepted', 'session.reoffer_result']);
  });
});

/** A call from Alice to Bob that both have agreed on; whoever is asked for an offer takes it at once. */
function callInWorld(seed: number) {
  const world = createWorld({ seed });
  const { alice, bob, clock } = world;
  for (const party of [alice, bob]) {
    party.onEvent = (event) => {
      if (event.type === 'session.incoming') {
        clock.after(0, () => party.host.run((sip, now) => sip.accept(event.session, sdp('answer'), now)));
      } else if (event.type === 'session.reoffer') {
        const answer = sdp(`${textOf(event.offer)}, agreed`);
        clock.after(0, () => party.host.run((sip, now) => sip.acceptOffer(event.session, answer, now)));
      }
    };
  }
  const call = { to: bobUri, from: aliceUri, offer: sdp('offer') };
  const ours = alice.host.run((sip, now) => sip.invite(call, now));
  clock.advance(1_000);
  const theirs = last(bob, 'session.incoming').session;
  return { alice, bob, clock, ours, theirs, responses: responsesOn(world.network) };
}

/** All that are sent from now on: `491 INVITE`. */
function responsesOn(network: World['network']): string[] {
  const seen: string[] = [];
  network.onDatagram = ({ bytes }) => {
    const message = parseMessage(bytes);
    if (message.kind === 'response') seen.push(summary(message));
  };
  return seen;
}

function answers(party: Party): (string | undefined)[] {
  return all(party, 'session.reoffer_result').map(({ answer }) => textOf(answer));
}

type Act = (sip: SipEndpoint, call: SessionId, now: number) => void;
const hangUp: Act = (sip, call, now) => sip.end(call, now);
const offer: Act = (sip, call, now) => sip.reoffer(call, sdp('of Bob'), now);
const update: Act = (sip, call, now) => sip.reoffer(call, sdp('of Bob'), now, { update: true });
const refer: Act = (sip, call, now) => {
  sip.refer({ session: call, referTo: 'sip:carol@192.0.2.3' }, now);
};

describe.each(chosenSeeds([1, 2, 3, 4]))('two endpoints that act at the same moment, seed %i', (seed) => {
  it.each([
    ['3.3.1', 'a re-INVITE meets a re-INVITE', false, false],
    ['3.3.2', 'an UPDATE meets a re-INVITE', true, false],
    ['3.3.2', 'a re-INVITE meets an UPDATE', false, true],
    ['3.3.2', 'an UPDATE meets an UPDATE', true, true],
  ])('[RFC5407-%s] %s: both offers are agreed on in the end', (_section, _title, byAlice, byBob) => {
    const { alice, bob, clock, ours, theirs, responses } = callInWorld(seed);
    alice.host.run((sip, now) => sip.reoffer(ours, sdp('of Alice'), now, { update: byAlice }));
    bob.host.run((sip, now) => sip.reoffer(theirs, sdp('of Bob'), now, { update: byBob }));
    clock.advance(10_000);
    expect(responses.filter((each) => each.startsWith('491'))).toHaveLength(2);
    expect(answers(alice)).toEqual(['of Alice, agreed']);
    expect(answers(bob)).toEqual(['of Bob, agreed']);
    alice.host.run((sip, now) => sip.end(ours, now));
    clock.runToEnd(100_000);
    for (const party of [alice, bob]) expect(leftovers(party)).toEqual(nothingLeft);
  });

  it.each([
    ['3.2.1', 'BYE', '200 BYE', hangUp],
    ['3.2.2', 'a re-INVITE', '481 INVITE', offer],
    ['3.3.2', 'an UPDATE', '481 UPDATE', update],
    ['3.3.3', 'REFER', '481 REFER', refer],
  ])('[RFC5407-%s] BYE meets %s: the call ends once on both sides', (_section, _title, response, act) => {
    const { alice, bob, clock, ours, theirs, responses } = callInWorld(seed);
    alice.host.run((sip, now) => sip.end(ours, now));
    bob.host.run((sip, now) => act(sip, theirs, now));
    clock.runToEnd(200_000);
    expect(responses.toSorted()).toEqual(['200 BYE', response]);
    for (const party of [alice, bob]) {
      expect(all(party, 'session.ended')).toHaveLength(1);
      expect(leftovers(party)).toEqual(nothingLeft);
    }
  });

  it('[RFC5407-3.1.2] CANCEL meets the 2xx: both sides know that there is no call', () => {
    const { alice, bob, clock, network } = createWorld({ seed });
    const responses = responsesOn(network);
    const call = { to: bobUri, from: aliceUri, offer: sdp('offer') };
    const ours = alice.host.run((sip, now) => sip.invite(call, now));
    clock.advance(100);
    const theirs = last(bob, 'session.incoming').session;
    bob.host.run((sip, now) => sip.ring(theirs, now));
    clock.advance(100);
    bob.host.run((sip, now) => sip.accept(theirs, sdp('answer'), now));
    alice.host.run((sip, now) => sip.end(ours, now));
    clock.runToEnd(200_000);
    expect(responses).toEqual(expect.arrayContaining(['200 INVITE', '200 CANCEL', '200 BYE']));
    expect(responses).not.toContain('487 INVITE');
    expect(last(alice, 'session.ended').end).toEqual({ by: 'local' });
    expect(last(bob, 'session.ended').end).toEqual({ by: 'remote' });
    for (const party of [alice, bob]) expect(leftovers(party)).toEqual(nothingLeft);
  });
});
