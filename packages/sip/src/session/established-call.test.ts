import { describe, expect, it } from 'vitest';
import { fromTag, header, toTag } from '../message/headers.ts';
import {
  answerTo,
  answeredCall,
  callPeer,
  establishedCall,
  inDialog,
  Lab,
  requestFromPeer,
} from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp, textOf } from '../simulation/world.test-support.ts';

describe('ending a call', () => {
  it('[RFC3261-15.1.1] BYE goes to the remote target with the next CSeq; its response ends the session', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.end(session, now));
    const bye = lab.request('BYE');
    expect(bye.uri).toBe('sip:bob@192.0.2.2:5060');
    expect(header(bye, 'cseq')).toBe('2 BYE');
    expect(lab.types()).not.toContain('session.ended');
    lab.receive(answerTo(bye, 200));
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 0, dialogs: 0 });
  });

  it('[RFC3261-15.1.1] a BYE without any response ends it all the same', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.end(session, now));
    lab.advance(32_000);
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3326] BYE from the other side is answered and its Reason passed on; crossing BYEs are both answered', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'BYE', 1, { headers: ['Reason: Q.850;cause=16'] }));
    expect(lab.takeSent()).toEqual(['200 BYE']);
    expect(lab.last('session.ended').end).toEqual({ by: 'remote', reason: 'Q.850;cause=16' });

    const other = new Lab();
    const crossing = establishedCall(other);
    other.run((sip, now) => sip.end(crossing.session, now));
    other.receive(inDialog(other, crossing.invite, 'BYE', 1));
    expect(other.takeSent()).toEqual(['BYE', '200 BYE']);
    expect(other.last('session.ended').end).toEqual({ by: 'local' });
    expect(other.types().filter((type) => type === 'session.ended')).toHaveLength(1);
  });

  it('[RFC3261-15.1.2] a request in a dialog that is over is answered 481', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'BYE', 1));
    lab.takeSent();
    lab.receive(inDialog(lab, invite, 'BYE', 2));
    lab.receive(inDialog(lab, invite, 'INFO', 3));
    expect(lab.takeSent()).toEqual(['481 BYE', '481 INFO']);
  });
});

describe('what no command can mean', () => {
  it('an offer is refused by a failure, and what has machines of its own goes by its own command', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'offer' }));
    for (const status of [100, 200, 700, 488.5, Number.NaN]) {
      expect(() => lab.run((sip, now) => sip.refuseOffer(session, status, now))).toThrow('no final failure');
    }
    lab.run((sip, now) => sip.refuseOffer(session, 488, now));
    expect(lab.takeSent()).toEqual(['488 INVITE']);
    for (const method of ['INVITE', 'ACK', 'CANCEL', 'BYE', 'PRACK', 'UPDATE']) {
      const addresses = { to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1' };
      expect(() => lab.run((sip, now) => sip.requestInSession(session, { method }, now))).toThrow(
        'of its own',
      );
      expect(() => lab.run((sip, now) => sip.request({ method, ...addresses }, now))).toThrow('of its own');
    }
    expect(lab.takeSent()).toEqual([]);
  });
});

describe('our re-INVITE', () => {
  it('[RFC3261-14.1] is acknowledged, brings the answer and refreshes the target', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const reinvite = lab.request('INVITE');
    expect(header(reinvite, 'cseq')).toBe('2 INVITE');
    expect(header(reinvite, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    const moved = 'sip:bob@192.0.2.9:5070';
    const ok = answerTo(reinvite, 200, { contact: moved, body: 'held' });
    lab.receive(ok);
    expect(lab.request('ACK').uri).toBe(moved);
    expect(header(lab.request('ACK'), 'cseq')).toBe('2 ACK');
    const result = lab.last('session.reoffer_result');
    expect(result).toMatchObject({ ok: true, status: 200 });
    expect(textOf(result.answer)).toBe('held');
    lab.receive(ok);
    expect(lab.takeSent()).toEqual(['INVITE', 'ACK', 'ACK']);
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.request('BYE').uri).toBe(moved);
    expect(lab.sent.at(-1)?.target).toMatchObject({ address: '192.0.2.9', port: 5070 });
  });

  it('[RFC3262-4] does not offer reliable provisional responses, for nothing of it would acknowledge them', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const supported = header(lab.request('INVITE'), 'supported');
    expect(supported).not.toContain('100rel');
    expect(supported).toContain('timer');
  });

  it('[RFC3261-14.1] a refusal leaves the session and its target as they were', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('video'), now));
    lab.receive(answerTo(lab.request('INVITE'), 488, { contact: 'sip:elsewhere@192.0.2.9' }));
    expect(lab.last('session.reoffer_result')).toMatchObject({ ok: false, status: 488 });
    lab.run((sip, now) => sip.reoffer(session, sdp('again'), now));
    expect(lab.request('INVITE').uri).toBe('sip:bob@192.0.2.2:5060');
  });

  it('[RFC3261-14.1] 491 is tried again after 2.1–4 s by the owner of the Call-ID', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    lab.receive(answerTo(lab.request('INVITE'), 491));
    lab.takeSent();
    lab.advance(2_099);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(1_901);
    expect(lab.takeSent()).toContain('INVITE');
    expect(lab.types()).not.toContain('session.reoffer_result');
  });

  it('[RFC3261-14.1] 491 is tried again within 2 s by the other side', () => {
    const lab = new Lab();
    const { session } = answeredCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    lab.receive(answerTo(lab.request('INVITE'), 491));
    lab.takeSent();
    lab.advance(2_000);
    const again = lab.takeSent();
    expect(again[0]).toBe('INVITE');
  });

  it('491 for ever comes to an end', () => {
    const lab = new Lab();
    const { session } = answeredCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    for (let round = 0; round < 10; round += 1) {
      const invite = lab.sent.findLast(
        ({ message }) => message.kind === 'request' && message.method === 'INVITE',
      );
      if (invite?.message.kind === 'request') lab.receive(answerTo(invite.message, 491));
      lab.sent.length = 0;
      lab.advance(4_000);
    }
    expect(lab.last('session.reoffer_result')).toMatchObject({ ok: false, status: 491 });
  });

  it.each([
    [481, { by: 'remote', reason: 'SIP;cause=481;text="Call/Transaction Does Not Exist"' }, []],
    [408, { by: 'timeout', which: 'transaction' }, ['BYE']],
  ])('[RFC3261-12.2.1.2] %i ends the session', (status, end, then) => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    lab.receive(answerTo(lab.request('INVITE'), status));
    expect(lab.last('session.ended').end).toEqual(end);
    expect(lab.takeSent()).toEqual(['INVITE', 'ACK', ...then]);
  });

  it('a call waits with it until its own 2xx is acknowledged and the other side is answered', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer' }));
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    const tag = toTag(lab.response(200)) ?? '';
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    lab.run((sip, now) => sip.requestInSession(session, { method: 'INFO' }, now));
    expect(lab.takeSent()).toEqual(['200 INVITE']);
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: tag }));
    expect(lab.takeSent()).toEqual(['INFO', 'INVITE']);
  });

  it('one that is never answered is cancelled in the end', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const invite = lab.request('INVITE');
    lab.receive(answerTo(invite, 100));
    lab.advance(64_000);
    expect(lab.takeSent()).toContain('CANCEL');
    lab.receive(answerTo(invite, 487));
    expect(lab.last('session.reoffer_result')).toMatchObject({ ok: false, status: 487 });
  });

  it('a BYE ends it: a 2xx that still comes is acknowledged, and silence leaves nothing behind', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const reinvite = lab.request('INVITE');
    lab.receive(answerTo(reinvite, 100));
    lab.receive(inDialog(lab, invite, 'BYE', 1));
    lab.takeSent();
    lab.receive(answerTo(reinvite, 200, { contact: 'sip:bob@192.0.2.2:5060', body: 'held' }));
    expect(lab.takeSent()).toEqual(['ACK']);
    lab.advance(64_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);

    const silent = new Lab();
    const call = establishedCall(silent);
    silent.run((sip, now) => sip.reoffer(call.session, sdp('hold'), now));
    silent.receive(answerTo(silent.request('INVITE'), 100));
    silent.receive(inDialog(silent, call.invite, 'BYE', 1));
    silent.advance(64_000);
    expect(silent.endpoint.counts()).toMatchObject(nothingLeft);
  });
});

describe('our UPDATE', () => {
  it('[RFC3311-5.1] brings the answer, refreshes the target and needs no ACK', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now, { update: true }));
    const update = lab.request('UPDATE');
    expect(header(update, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    lab.receive(answerTo(update, 200, { contact: 'sip:bob@192.0.2.9:5070', body: 'held' }));
    expect(textOf(lab.last('session.reoffer_result').answer)).toBe('held');
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.request('BYE').uri).toBe('sip:bob@192.0.2.9:5070');
    expect(lab.takeSent()).toEqual(['UPDATE', 'BYE']);
  });

  it.each([405, 501])(
    '[RFC3311-5.1] %i: the other side does not know it, and gets a re-INVITE instead',
    (status) => {
      const lab = new Lab();
      const { session } = establishedCall(lab);
      lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now, { update: true }));
      lab.receive(answerTo(lab.request('UPDATE'), status));
      expect(new TextDecoder().decode(lab.request('INVITE').body)).toBe('hold');
      expect(lab.types()).not.toContain('session.reoffer_result');
    },
  );

  it('[RFC3311-5.2] meets an offer of the other side with 491, and their UPDATE the same way', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('ours'), now, { update: true }));
    lab.receive(inDialog(lab, invite, 'UPDATE', 1, { body: 'theirs' }));
    lab.receive(inDialog(lab, invite, 'INVITE', 2, { body: 'theirs' }));
    expect(lab.takeSent()).toEqual(['UPDATE', '491 UPDATE', '491 INVITE']);
  });
});

describe('a re-INVITE or UPDATE from the other side', () => {
  it('[RFC3325-5] shows the application its request, and ours carries what the application adds', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.receive(
      inDialog(lab, invite, 'INVITE', 1, { body: 'o', headers: ['P-Asserted-Identity: <sip:carol@x>'] }),
    );
    expect(header(lab.last('session.reoffer').request, 'p-asserted-identity')).toBe('<sip:carol@x>');
    lab.run((sip, now) => sip.acceptOffer(session, sdp('a'), now));
    lab.receive(inDialog(lab, invite, 'ACK', 1));
    const headers = [['P-Asserted-Identity', '<sip:dora@x>']] as const;
    lab.run((sip, now) => sip.reoffer(session, sdp('ours'), now, { headers }));
    expect(header(lab.request('INVITE'), 'p-asserted-identity')).toBe('<sip:dora@x>');
  });

  it('[RFC3891-3] names its dialog once it is answered, and not before', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    expect(lab.endpoint.dialogOf(session)).toBeUndefined();
    lab.receive(answerTo(invite, 200, { tag: 'bob', body: 'answer' }));
    expect(lab.endpoint.dialogOf(session)).toEqual({
      callId: header(invite, 'call-id'),
      localTag: fromTag(invite),
      remoteTag: 'bob',
    });
  });

  it('[RFC3261-12.2.1] a request goes into the early dialog of a call that rings, and into none before', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    const talk = { method: 'NOTIFY', headers: [['Event', 'talk']] as const };
    expect(() => lab.run((sip, now) => sip.requestInSession(session, talk, now))).toThrow(/not answered/);
    lab.receive(answerTo(invite, 180, { tag: 'bob' }));
    lab.run((sip, now) => sip.requestInSession(session, talk, now));
    expect(toTag(lab.request('NOTIFY'))).toBe('bob');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    expect(lab.last('response').result).toMatchObject({ kind: 'response', response: { status: 200 } });
  });

  it('[RFC3261-14.2] is offered to the application and its 2xx sent until the ACK', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'hold' }));
    expect(textOf(lab.last('session.reoffer').offer)).toBe('hold');
    lab.run((sip, now) => sip.acceptOffer(session, sdp('held'), now));
    expect(header(lab.response(200), 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    lab.advance(1_000);
    expect(lab.takeSent()).toEqual(['200 INVITE', '200 INVITE']);
    lab.receive(inDialog(lab, invite, 'ACK', 1));
    lab.advance(10_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.types()).not.toContain('session.confirmed');
  });

  it('[RFC3261-14.2] without an offer it gets ours, and the ACK brings the answer', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INVITE', 1));
    expect(lab.last('session.reoffer').offer).toBeUndefined();
    lab.run((sip, now) => sip.acceptOffer(session, sdp('our offer'), now));
    // Our offer is unanswered: another meets it with 491 (RFC 6337 section 4.3).
    lab.receive(inDialog(lab, invite, 'UPDATE', 2, { body: 'offer' }));
    expect(lab.takeSent()).toEqual(['200 INVITE', '491 UPDATE']);
    lab.receive(inDialog(lab, invite, 'ACK', 1, { body: 'their answer' }));
    expect(textOf(lab.last('session.confirmed').body)).toBe('their answer');
  });

  it('[RFC3261-14.2] 491 while ours is outstanding, 500 with Retry-After while theirs is', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.run((sip, now) => sip.reoffer(session, sdp('ours'), now));
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'theirs' }));
    lab.receive(inDialog(lab, invite, 'UPDATE', 2, { body: 'theirs' }));
    expect(lab.takeSent()).toEqual(['INVITE', '491 INVITE', '491 UPDATE']);

    const other = new Lab();
    const call = establishedCall(other);
    other.receive(inDialog(other, call.invite, 'INVITE', 1, { body: 'one' }));
    other.receive(inDialog(other, call.invite, 'INVITE', 2, { body: 'two' }));
    expect(Number(header(other.response(500), 'retry-after'))).toBeLessThanOrEqual(10);
    other.receive(inDialog(other, call.invite, 'UPDATE', 3, { body: 'three' }));
    expect(other.takeSent()).toEqual(['500 INVITE', '500 UPDATE']);
  });

  it('a refusal leaves the session as it was, and the next offer is heard', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'video' }));
    lab.run((sip, now) => sip.refuseOffer(session, 488, now));
    lab.receive(inDialog(lab, invite, 'UPDATE', 2, { body: 'hold' }));
    lab.run((sip, now) => sip.acceptOffer(session, sdp('held'), now));
    expect(textOf({ contentType: '', bytes: lab.response(200).body })).toBe('held');
    expect(lab.takeSent()).toEqual(['488 INVITE', '200 UPDATE']);
  });

  it('[RFC3311-5.2] UPDATE without an offer refreshes the target and is answered at once', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    const moved = inDialog(lab, invite, 'UPDATE', 1).replace(
      'Contact: <sip:bob@192.0.2.2:5060>',
      'Contact: <sip:bob@192.0.2.7:5062>',
    );
    lab.receive(moved);
    expect(lab.takeSent()).toEqual(['200 UPDATE']);
    expect(lab.types()).not.toContain('session.reoffer');
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.request('BYE').uri).toBe('sip:bob@192.0.2.7:5062');
  });

  it('[RFC3261-15.1.2] one that waits when the BYE comes is answered 487', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'hold' }));
    lab.receive(inDialog(lab, invite, 'BYE', 2));
    expect(lab.takeSent()).toEqual(['200 BYE', '487 INVITE']);
  });

  it('[RFC3261-8.2.3] a body that is no session description is answered 415', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    const text = inDialog(lab, invite, 'INVITE', 1, { body: 'x' });
    lab.receive(text.replace('application/sdp', 'text/plain'));
    expect(header(lab.response(415), 'accept')).toBe('application/sdp');
  });

  it('an application that never answers an offer is answered for after 64·T1', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INVITE', 1, { body: 'hold' }));
    lab.advance(32_000);
    expect(lab.takeSent()).toContain('500 INVITE');
  });
});

describe('other requests inside a call', () => {
  it('INFO goes to the application, whose answer goes back', () => {
    const lab = new Lab();
    const { session, invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INFO', 1));
    const event = lab.last('session.request');
    expect(event).toMatchObject({ session, request: { method: 'INFO' } });
    lab.run((sip, now) => sip.respond(event.requestId, 200, now));
    lab.run((sip, now) => sip.respond(event.requestId, 500, now));
    expect(lab.takeSent()).toEqual(['200 INFO']);
  });

  it('what the application has not answered when the call ends is answered 487', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INFO', 1));
    lab.receive(inDialog(lab, invite, 'BYE', 2));
    expect(lab.takeSent()).toEqual(['200 BYE', '487 INFO']);
  });

  it('[RFC3261-12.2.2] a CSeq that is not higher is answered 500', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'OPTIONS', 5));
    lab.receive(inDialog(lab, invite, 'OPTIONS', 5));
    lab.receive(inDialog(lab, invite, 'OPTIONS', 4));
    lab.receive(inDialog(lab, invite, 'OPTIONS', 6));
    expect(lab.takeSent()).toEqual(['200 OPTIONS', '500 OPTIONS', '500 OPTIONS', '200 OPTIONS']);
  });

  it('[RFC3261-12.2.2] a BYE that a later request has overtaken ends the call all the same', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'INFO', 6));
    lab.receive(inDialog(lab, invite, 'BYE', 5));
    expect(lab.takeSent()).toContain('200 BYE');
    expect(lab.last('session.ended').end).toEqual({ by: 'remote' });
  });

  it('[RFC3261-12.2.2] a BYE of ours that was refused as overtaken goes again, three times at most', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    lab.run((sip, now) => sip.end(session, now));
    for (const number of [2, 3, 4]) {
      expect(lab.types()).not.toContain('session.ended');
      expect(header(lab.request('BYE'), 'cseq')).toBe(`${number} BYE`);
      lab.receive(answerTo(lab.request('BYE'), 500));
    }
    expect(lab.takeSent()).toEqual(['BYE', 'BYE', 'BYE']);
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
  });

  it('[RFC3262-3] PRACK finds nothing to acknowledge; an unknown method is answered 501', () => {
    const lab = new Lab();
    const { invite } = establishedCall(lab);
    lab.receive(inDialog(lab, invite, 'PRACK', 1));
    lab.receive(inDialog(lab, invite, 'DANCE', 2));
    expect(lab.takeSent()).toEqual(['481 PRACK', '501 DANCE']);
  });

  it('ours are told their responses; 481 or silence ends the session', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    const outgoing = lab.run((sip, now) =>
      sip.requestInSession(session, { method: 'INFO', body: sdp('x') }, now),
    );
    lab.receive(answerTo(lab.request('INFO'), 415));
    expect(lab.last('response')).toMatchObject({ outgoing, result: { kind: 'response' } });
    expect(lab.types()).not.toContain('session.ended');
    lab.run((sip, now) => sip.requestInSession(session, { method: 'INFO' }, now));
    lab.takeSent();
    lab.advance(32_000);
    expect(lab.last('response').result).toEqual({ kind: 'timeout' });
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'transaction' });
    expect(lab.takeSent().at(-1)).toBe('BYE');
  });
});
