import { describe, expect, it } from 'vitest';
import { header, hasToken, toTag } from '../message/headers.ts';
import type { SipResponse } from '../message/types.ts';
import { answerTo, callPeer, inDialog, Lab, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp, textOf } from '../simulation/world.test-support.ts';

const contact = 'sip:bob@192.0.2.2:5060';
const supported = ['Supported: 100rel'];

/** The peer calls, with an offer unless it is told not to. */
function called(lab: Lab, options: Parameters<typeof requestFromPeer>[2] = {}) {
  lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer', headers: supported, ...options }));
  const { session } = lab.last('session.incoming');
  lab.takeSent();
  return session;
}

function prack(lab: Lab, response: SipResponse, cseq: number, more: { rack?: string; body?: string } = {}) {
  const rack = more.rack ?? `${header(response, 'rseq') ?? ''} 1 INVITE`;
  const toTagOf = toTag(response) ?? '';
  const body = more.body === undefined ? {} : { body: more.body };
  lab.receive(requestFromPeer(lab, 'PRACK', { toTag: toTagOf, cseq, headers: [`RAck: ${rack}`], ...body }));
}

describe('reliable provisional responses of ours', () => {
  it('[RFC3262-3] a description goes reliably to whoever can: again after T1, 2·T1, 4·T1, … until the PRACK', () => {
    const lab = new Lab();
    const session = called(lab);
    lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('early') }));
    const response = lab.response(183);
    expect(hasToken(response, 'require', '100rel')).toBe(true);
    const sequence = Number(header(response, 'rseq'));
    expect(sequence).toBeGreaterThan(0);
    expect(sequence).toBeLessThan(2 ** 31);
    lab.advance(8_000);
    expect(lab.takeTimes('183 INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500]);
    expect(lab.types()).not.toContain('session.early_confirmed');
    prack(lab, response, 2);
    expect(lab.last('session.early_confirmed').body).toBeUndefined();
    expect(lab.takeSent()).toEqual(['200 PRACK']);
    lab.advance(30_000);
    expect(lab.takeSent()).toEqual([]);
  });

  it('[RFC3262-3] without the extension, or a description, or where the application says so, they are as ever', () => {
    const plain = new Lab();
    const session = called(plain, { headers: [] });
    plain.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('early'), reliable: true }));
    expect(header(plain.response(183), 'rseq')).toBeUndefined();
    const ringing = new Lab();
    const second = called(ringing);
    ringing.run((sip, now) => sip.ring(second, now));
    ringing.run((sip, now) => sip.ring(second, now, { status: 183, body: sdp('early'), reliable: false }));
    expect(header(ringing.response(180), 'rseq')).toBeUndefined();
    expect(header(ringing.response(183), 'rseq')).toBeUndefined();
  });

  it('[RFC3262-3] where the caller demands it, each is reliable; the next waits for the PRACK of the one before', () => {
    const lab = new Lab();
    const session = called(lab, { headers: ['Require: 100rel'] });
    lab.run((sip, now) => sip.ring(session, now));
    lab.run((sip, now) => sip.ring(session, now, { status: 181 }));
    const first = lab.response(180);
    expect(lab.takeSent()).toEqual(['180 INVITE']);
    prack(lab, first, 2);
    const second = lab.response(181);
    expect(Number(header(second, 'rseq'))).toBe(Number(header(first, 'rseq')) + 1);
    expect(lab.takeSent()).toEqual(['200 PRACK', '181 INVITE']);
  });

  it('[RFC3262-3] a PRACK that names nothing that waits is answered 481', () => {
    const lab = new Lab();
    const session = called(lab);
    lab.run((sip, now) => sip.ring(session, now, { reliable: true }));
    const response = lab.response(180);
    const sequence = Number(header(response, 'rseq'));
    lab.takeSent();
    prack(lab, response, 2, { rack: `${sequence + 1} 1 INVITE` });
    prack(lab, response, 3, { rack: `${sequence} 2 INVITE` });
    prack(lab, response, 4, { rack: `${sequence} 1 OPTIONS` });
    prack(lab, response, 5, { rack: 'nonsense' });
    expect(lab.takeSent()).toEqual(['481 PRACK', '481 PRACK', '481 PRACK', '481 PRACK']);
    prack(lab, response, 6);
    prack(lab, response, 7);
    expect(lab.takeSent()).toEqual(['200 PRACK', '481 PRACK']);
  });

  it('[RFC3262-3] without a PRACK for 64·T1 the call is refused 504', () => {
    const lab = new Lab();
    const session = called(lab);
    lab.run((sip, now) => sip.ring(session, now, { reliable: true }));
    lab.advance(32_000);
    expect(lab.takeSent()).toContain('504 INVITE');
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'no_prack' });
    lab.receive(requestFromPeer(lab, 'ACK', {}));
    lab.advance(64_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3262-3] the 2xx waits while a description is unacknowledged, and carries none then', () => {
    const lab = new Lab();
    const session = called(lab);
    lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('answer') }));
    const response = lab.response(183);
    lab.takeSent();
    lab.run((sip, now) => sip.accept(session, sdp('another'), now));
    expect(lab.takeSent()).toEqual([]);
    prack(lab, response, 2);
    const ok = lab.response(200);
    expect(lab.takeSent()).toEqual(['200 PRACK', '200 INVITE']);
    expect(ok.body).toHaveLength(0);
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: toTag(ok) ?? '' }));
    expect(lab.types()).toContain('session.confirmed');
  });

  it('[RFC3262-3] the 2xx does not wait for one without a description; the PRACK that crosses it is answered', () => {
    const lab = new Lab();
    const session = called(lab);
    lab.run((sip, now) => sip.ring(session, now, { reliable: true }));
    const response = lab.response(180);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    const ok = lab.response(200);
    expect(new TextDecoder().decode(ok.body)).toBe('answer');
    prack(lab, response, 2);
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: toTag(ok) ?? '' }));
    lab.takeSent();
    lab.advance(40_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 1, transactions: 0 });
  });

  it('[RFC3262-5] after a delayed offer the PRACK brings the answer, and has to', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { headers: supported }));
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('our offer') }));
    const response = lab.response(183);
    lab.takeSent();
    prack(lab, response, 2);
    expect(lab.takeSent()).toEqual(['400 PRACK']);
    prack(lab, response, 3, { body: 'their answer' });
    expect(lab.takeSent()).toEqual(['200 PRACK']);
    expect(textOf(lab.last('session.early_confirmed').body)).toBe('their answer');
    lab.run((sip, now) => sip.accept(session, undefined, now));
    expect(lab.response(200).body).toHaveLength(0);
  });

  it('[RFC3262-5] a PRACK may bring a new offer; its 2xx carries our answer', () => {
    const lab = new Lab();
    const session = called(lab);
    lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('answer') }));
    const response = lab.response(183);
    lab.takeSent();
    prack(lab, response, 2, { body: 'second offer' });
    expect(lab.takeSent()).toEqual([]);
    expect(textOf(lab.last('session.reoffer').offer)).toBe('second offer');
    lab.run((sip, now) => sip.acceptOffer(session, sdp('second answer'), now));
    expect(new TextDecoder().decode(lab.response(200).body)).toBe('second answer');
    expect(lab.takeSent()).toEqual(['200 PRACK']);
  });

  it('[RFC3262-5] the new offer of a PRACK that crosses our 2xx is asked about as well', () => {
    const lab = new Lab();
    const session = called(lab);
    lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('answer') }));
    prack(lab, lab.response(183), 2);
    lab.run((sip, now) => sip.ring(session, now, { reliable: true }));
    const ringing = lab.response(180);
    lab.run((sip, now) => sip.accept(session, undefined, now));
    lab.takeSent();
    prack(lab, ringing, 3, { body: 'second offer' });
    expect(lab.takeSent()).toEqual([]);
    expect(textOf(lab.last('session.reoffer').offer)).toBe('second offer');
    lab.run((sip, now) => sip.acceptOffer(session, sdp('second answer'), now));
    expect(new TextDecoder().decode(lab.response(200).body)).toBe('second answer');
    expect(lab.takeSent()).toEqual(['200 PRACK']);
  });

  it('a caller that goes away while a response waits leaves nothing behind', () => {
    const lab = new Lab();
    const branch = lab.newBranch();
    lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer', headers: supported, branch }));
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.ring(session, now, { reliable: true }));
    lab.receive(requestFromPeer(lab, 'CANCEL', { branch }));
    lab.receive(requestFromPeer(lab, 'ACK', { branch, toTag: toTag(lab.response(487)) ?? '' }));
    lab.advance(64_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('an application cannot pile up responses', () => {
    const lab = new Lab();
    const session = called(lab);
    expect(() => {
      for (let index = 0; index < 100; index += 1) {
        lab.run((sip, now) => sip.ring(session, now, { status: 181, reliable: true }));
      }
    }).toThrow('too many provisional responses');
    // What was not taken is not described: the 2xx does it.
    expect(() => lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('early') }))).toThrow(
      'too many',
    );
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    expect(new TextDecoder().decode(lab.response(200).body)).toBe('answer');
  });
});

const reliably = (rseq: number) => ['Require: 100rel', `RSeq: ${rseq}`];

describe('reliable provisional responses of the other side', () => {
  it('[RFC3262-4] each is acknowledged once, in order; a repetition and what comes out of turn are passed over', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    expect(hasToken(invite, 'supported', '100rel')).toBe(true);
    const first = answerTo(invite, 180, { tag: 'bob', contact, headers: reliably(7) });
    lab.receive(first);
    expect(header(lab.request('PRACK'), 'rack')).toBe('7 1 INVITE');
    expect(header(lab.request('PRACK'), 'cseq')).toBe('2 PRACK');
    expect(lab.request('PRACK').uri).toBe(contact);
    lab.receive(answerTo(lab.request('PRACK'), 200));
    lab.receive(first);
    lab.receive(answerTo(invite, 181, { tag: 'bob', contact, headers: reliably(9) }));
    expect(lab.takeSent()).toEqual(['INVITE', 'PRACK']);
    lab.receive(answerTo(invite, 181, { tag: 'bob', contact, headers: reliably(8) }));
    expect(header(lab.request('PRACK'), 'rack')).toBe('8 1 INVITE');
    expect(lab.types()).toEqual(['session.progress', 'session.progress']);
  });

  it('[RFC3262-4] each fork counts for itself and gets its own PRACK', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'one', contact, headers: reliably(1) }));
    lab.receive(answerTo(invite, 180, { tag: 'two', contact, headers: reliably(500) }));
    const pracks = lab.sent.flatMap(({ message }) =>
      message.kind === 'request' && message.method === 'PRACK' ? [message] : [],
    );
    expect(pracks.map((each) => [toTag(each), header(each, 'rack'), header(each, 'cseq')])).toEqual([
      ['one', '1 1 INVITE', '2 PRACK'],
      ['two', '500 1 INVITE', '2 PRACK'],
    ]);
  });

  it('[RFC3262-4] a fork that does not answer its PRACKs gets a few only, and may go on when it does', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    const ringing = (sequence: number) => {
      lab.receive(answerTo(invite, 180, { tag: 'bob', contact, headers: reliably(sequence) }));
    };
    for (let sequence = 1; sequence <= 20; sequence += 1) ringing(sequence);
    expect(header(lab.request('PRACK'), 'rack')).toBe('8 1 INVITE');
    expect(lab.takeSent().filter((each) => each === 'PRACK')).toHaveLength(8);
    // What comes after the ninth is out of order.
    expect(lab.endpoint.counts().limits.pracks).toBe(1);
    ringing(9);
    lab.advance(32_000);
    lab.takeSent();
    ringing(9);
    expect(header(lab.request('PRACK'), 'rack')).toBe('9 1 INVITE');
  });

  it('[RFC3262-5] a description in one is the answer: a 2xx says nothing new, and forks have their own', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 183, { tag: 'bob', contact, headers: reliably(1), body: 'early' }));
    expect(lab.last('session.progress')).toMatchObject({ reliable: true, needsAnswer: false });
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact, body: 'ignored' }));
    expect(textOf(lab.last('session.accepted').body)).toBe('early');
    const other = new Lab();
    const call = callPeer(other);
    other.receive(answerTo(call.invite, 183, { tag: 'one', contact, headers: reliably(1), body: 'one' }));
    other.receive(answerTo(call.invite, 200, { tag: 'two', contact, body: 'two' }));
    expect(textOf(other.last('session.accepted').body)).toBe('two');
  });

  it('[RFC3262-5] after a delayed offer the PRACK carries our answer', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab, { offer: 'none' });
    const offer = answerTo(invite, 183, { tag: 'bob', contact, headers: reliably(3), body: 'their offer' });
    lab.receive(offer);
    expect(lab.last('session.progress')).toMatchObject({ reliable: true, needsAnswer: true });
    expect(lab.takeSent()).toEqual(['INVITE']);
    lab.run((sip, now) => sip.acknowledge(session, sdp('our answer'), now));
    const prackSent = lab.request('PRACK');
    expect(new TextDecoder().decode(prackSent.body)).toBe('our answer');
    lab.receive(answerTo(prackSent, 200));
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact }));
    expect(lab.last('session.accepted')).toMatchObject({ needsAnswer: false });
    expect(textOf(lab.last('session.accepted').body)).toBe('their offer');
    expect(lab.request('ACK').body).toHaveLength(0);
  });

  it('[RFC3262-5] a 2xx that overtakes our PRACK with the answer is acknowledged; the answer still goes by PRACK', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab, { offer: 'none' });
    lab.receive(answerTo(invite, 183, { tag: 'bob', contact, headers: reliably(3), body: 'their offer' }));
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact }));
    expect(lab.request('ACK').body).toHaveLength(0);
    lab.run((sip, now) => sip.acknowledge(session, sdp('our answer'), now));
    expect(new TextDecoder().decode(lab.request('PRACK').body)).toBe('our answer');
  });

  it('[RFC3262-4] `required` demands the extension, `off` does not offer it', () => {
    const lab = new Lab();
    const base = { to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1', offer: sdp('offer') };
    lab.run((sip, now) => sip.invite({ ...base, reliableProvisionals: 'required' }, now));
    expect(hasToken(lab.request('INVITE'), 'require', '100rel')).toBe(true);
    lab.run((sip, now) => sip.invite({ ...base, reliableProvisionals: 'off' }, now));
    expect(hasToken(lab.request('INVITE'), 'supported', '100rel')).toBe(false);
    expect(hasToken(lab.request('INVITE'), 'supported', 'timer')).toBe(true);
  });

  it('one without an RSeq, or with one that cannot be read, is as any other', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact, headers: ['Require: 100rel'] }));
    lab.receive(answerTo(invite, 183, { tag: 'bob', contact, headers: ['Require: 100rel', 'RSeq: 0'] }));
    expect(lab.takeSent()).toEqual(['INVITE']);
    expect(lab.types()).toEqual(['session.progress', 'session.progress']);
  });
});

/** Alice has called, and offer and answer are exchanged reliably. */
function early(lab: Lab) {
  const call = callPeer(lab);
  const headers = [...reliably(1), 'Allow: INVITE, UPDATE'];
  lab.receive(answerTo(call.invite, 183, { tag: 'bob', contact, headers, body: 'early' }));
  lab.receive(answerTo(lab.request('PRACK'), 200));
  lab.takeSent();
  return call;
}

describe('offers before the answer', () => {
  it('[RFC3311-5.1] go by UPDATE; the answer is told, and what is agreed lasts into the call', () => {
    const lab = new Lab();
    const { session, invite } = early(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const update = lab.request('UPDATE');
    expect(header(update, 'cseq')).toBe('3 UPDATE');
    expect(header(update, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    lab.receive(answerTo(update, 200, { contact, body: 'held' }));
    expect(lab.last('session.reoffer_result')).toMatchObject({ ok: true, status: 200 });
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact }));
    expect(lab.last('session.accepted').needsAnswer).toBe(false);
  });

  it('[RFC3311-5.1] wait for the answer to the PRACK, which they could overtake', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    const headers = [...reliably(1), 'Allow: INVITE, UPDATE'];
    lab.receive(answerTo(invite, 183, { tag: 'bob', contact, headers, body: 'early' }));
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    expect(lab.takeSent()).toEqual(['INVITE', 'PRACK']);
  });

  it('[RFC3262-4] a PRACK that was refused for its CSeq goes again when its response comes again', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab, { offer: 'none' });
    const ringing = answerTo(invite, 183, { tag: 'bob', contact, headers: reliably(1), body: 'their offer' });
    lab.receive(ringing);
    lab.run((sip, now) => sip.acknowledge(session, sdp('our answer'), now));
    const first = lab.request('PRACK');
    lab.receive(ringing);
    lab.receive(answerTo(first, 500));
    expect(lab.takeSent()).toEqual(['INVITE', 'PRACK']);
    lab.receive(ringing);
    const second = lab.request('PRACK');
    expect([header(first, 'cseq'), header(second, 'cseq')]).toEqual(['2 PRACK', '3 PRACK']);
    expect(header(second, 'rack')).toBe(header(first, 'rack'));
    expect(new TextDecoder().decode(second.body)).toBe('our answer');
    lab.receive(answerTo(second, 200));
    lab.receive(ringing);
    expect(lab.takeSent()).toEqual(['PRACK']);
  });

  it('[RFC3311-5.1] cannot go before the first exchange is done', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    const act = () => lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    expect(act).toThrow('before the answer');
    lab.receive(answerTo(invite, 183, { tag: 'bob', contact, body: 'unreliable' }));
    expect(act).toThrow('before the answer');
  });

  it('[RFC3311-5.2] of the other side are asked about; before the first exchange is done they are refused 491', () => {
    const lab = new Lab();
    const { session, invite } = early(lab);
    lab.receive(inDialog(lab, invite, 'UPDATE', 1, { body: 'their offer' }));
    expect(textOf(lab.last('session.reoffer').offer)).toBe('their offer');
    lab.run((sip, now) => sip.acceptOffer(session, sdp('our answer'), now));
    expect(new TextDecoder().decode(lab.response(200).body)).toBe('our answer');
    const other = new Lab();
    const call = callPeer(other);
    other.receive(answerTo(call.invite, 180, { tag: 'bob', contact }));
    other.receive(inDialog(other, call.invite, 'UPDATE', 1, { body: 'their offer' }));
    expect(other.takeSent()).toContain('491 UPDATE');
  });

  it('[RFC3311-5.2] what they have said last is what the answered call begins with, not their first answer', () => {
    const theirs = new Lab();
    const first = early(theirs);
    theirs.receive(inDialog(theirs, first.invite, 'UPDATE', 1, { body: 'their offer' }));
    theirs.run((sip, now) => sip.acceptOffer(first.session, sdp('our answer'), now));
    theirs.receive(answerTo(first.invite, 200, { tag: 'bob', contact }));
    expect(textOf(theirs.last('session.accepted').body)).toBe('their offer');
    const ours = new Lab();
    const second = early(ours);
    ours.run((sip, now) => sip.reoffer(second.session, sdp('hold'), now));
    ours.receive(answerTo(ours.request('UPDATE'), 200, { contact, body: 'held' }));
    ours.receive(answerTo(second.invite, 200, { tag: 'bob', contact }));
    expect(textOf(ours.last('session.accepted').body)).toBe('held');
    const refused = new Lab();
    const third = early(refused);
    refused.receive(inDialog(refused, third.invite, 'UPDATE', 1, { body: 'their offer' }));
    refused.run((sip, now) => sip.refuseOffer(third.session, 488, now));
    refused.receive(answerTo(third.invite, 200, { tag: 'bob', contact }));
    expect(textOf(refused.last('session.accepted').body)).toBe('early');
  });

  it('[RFC3311-5.2] of a caller reach us the same way, and ours the caller', () => {
    const lab = new Lab();
    const session = called(lab, { headers: [...supported, 'Allow: UPDATE'] });
    lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('answer') }));
    const response = lab.response(183);
    expect(() => lab.run((sip, now) => sip.reoffer(session, sdp('more'), now))).toThrow('before the answer');
    prack(lab, response, 2);
    lab.run((sip, now) => sip.reoffer(session, sdp('more'), now));
    const update = lab.request('UPDATE');
    const tag = toTag(response) ?? '';
    lab.receive(requestFromPeer(lab, 'UPDATE', { toTag: tag, cseq: 3, body: 'crossing' }));
    expect(lab.takeSent()).toContain('491 UPDATE');
    lab.receive(answerTo(update, 200, { body: 'fine' }));
    expect(lab.last('session.reoffer_result').ok).toBe(true);
    lab.receive(requestFromPeer(lab, 'UPDATE', { toTag: tag, cseq: 4, body: 'again' }));
    lab.run((sip, now) => sip.refuseOffer(session, 488, now));
    expect(lab.takeSent()).toEqual(['488 UPDATE']);
  });

  it('[RFC3311-5.1] 491 is tried again, a refusal is told and changes nothing', () => {
    const lab = new Lab();
    const { session } = early(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    lab.receive(answerTo(lab.request('UPDATE'), 491));
    lab.takeSent();
    lab.advance(4_000);
    expect(lab.takeSent()[0]).toBe('UPDATE');
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.types()).not.toContain('session.reoffer_result');
  });
});
