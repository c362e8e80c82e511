import { describe, expect, it } from 'vitest';
import { header, headerFields } from '../message/headers.ts';
import type { SipMessage } from '../message/types.ts';
import {
  answerTo,
  callPeer,
  here,
  inDialog,
  Lab,
  peerFlow,
  summary,
  there,
} from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp, textOf } from '../simulation/world.test-support.ts';

const contact = 'sip:bob@192.0.2.2:5060';
const over = (connectionId: string) => ({ ...peerFlow, transport: 'ws', connectionId }) as const;

describe('an INVITE of ours', () => {
  it('[RFC3261-8.1.1] has what every request needs, Contact, Allow and Supported', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    expect(invite.uri).toBe('sip:bob@192.0.2.2');
    expect(header(invite, 'max-forwards')).toBe('70');
    expect(header(invite, 'via')).toMatch(/^SIP\/2\.0\/UDP 192\.0\.2\.1:5060;branch=z9hG4bK\w{24};rport$/);
    expect(header(invite, 'from')).toMatch(/^<sip:alice@192\.0\.2\.1>;tag=\w{16}$/);
    expect(header(invite, 'to')).toBe('<sip:bob@192.0.2.2>');
    expect(header(invite, 'cseq')).toBe('1 INVITE');
    expect(header(invite, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    expect(header(invite, 'allow')).toContain('BYE');
    expect(header(invite, 'user-agent')).toBe('Lab');
  });

  it('[RFC3261-13.2.2.4] is acknowledged once for each 2xx that comes, with the CSeq number of the INVITE', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    const ok = answerTo(invite, 200, { tag: 'bob', contact, body: 'answer' });
    lab.receive(ok);
    const ack = lab.request('ACK');
    expect(ack.uri).toBe(contact);
    expect(header(ack, 'cseq')).toBe('1 ACK');
    expect(header(ack, 'to')).toBe('<sip:bob@192.0.2.2>;tag=bob');
    expect(header(ack, 'via')).not.toBe(header(invite, 'via'));
    lab.receive(ok);
    lab.receive(ok);
    expect(lab.takeSent()).toEqual(['INVITE', 'ACK', 'ACK', 'ACK']);
    expect(lab.types()).toEqual(['session.accepted']);
  });

  it('[RFC3261-13.2.2.4] the ACK goes over the connection that the 2xx has come by, also when it comes again', () => {
    const local = [{ transport: 'ws', ...here }] as const;
    const lab = new Lab({ local });
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }), over('broke while it rang'));
    const ok = answerTo(invite, 200, { tag: 'bob', contact, body: 'answer' });
    for (const connection of ['second', 'third']) {
      lab.receive(ok, over(connection));
      expect(summary(lab.sent.at(-1)?.message as SipMessage)).toBe('ACK');
      expect(lab.sent.at(-1)?.target.connectionId).toBe(connection);
    }
  });

  it('[RFC3261-13.2.2.4] while the way of the ACK is looked up, 2xx that come again do not ask again', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    const ok = answerTo(invite, 200, { tag: 'bob', contact: 'sip:bob@slow.example', body: 'answer' });
    for (let index = 0; index < 100; index += 1) lab.receive(ok);
    // Timer M of the INVITE, and one look-up.
    expect(lab.endpoint.counts().timers).toBe(2);
    lab.advance(15_000);
    lab.names.set('slow.example', [{ transport: 'udp', ...there }]);
    lab.receive(ok);
    expect(lab.takeSent()).toEqual(['INVITE', 'ACK']);
  });

  it('[RFC3261-13.2.2.4] a second phone that picks up is acknowledged and hung up; the first stays', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'one', contact }));
    lab.receive(answerTo(invite, 180, { tag: 'two', contact }));
    expect(lab.endpoint.counts().dialogs).toBe(2);
    lab.receive(answerTo(invite, 200, { tag: 'one', contact, body: 'answer' }));
    lab.takeSent();
    lab.receive(answerTo(invite, 200, { tag: 'two', contact, body: 'answer' }));
    expect(header(lab.request('ACK'), 'to')).toContain('tag=two');
    expect(header(lab.request('BYE'), 'to')).toContain('tag=two');
    expect(lab.takeSent()).toEqual(['ACK', 'BYE']);
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 1, dialogs: 1 });
    expect(lab.types()).toEqual(['session.progress', 'session.progress', 'session.accepted']);
    expect(lab.last('session.accepted').session).toBe(session);
  });

  it('[RFC3261-12.2.1.1] the BYE to a second phone counts on from the PRACK to it', () => {
    for (const isCancelled of [false, true]) {
      const lab = new Lab();
      const { session, invite } = callPeer(lab);
      for (const tag of ['one', 'two']) {
        lab.receive(answerTo(invite, 180, { tag, contact, headers: ['Require: 100rel', 'RSeq: 1'] }));
        expect(header(lab.request('PRACK'), 'cseq')).toBe('2 PRACK');
      }
      if (isCancelled) lab.run((sip, now) => sip.end(session, now));
      lab.receive(answerTo(invite, 200, { tag: 'one', contact, body: 'answer' }));
      lab.receive(answerTo(invite, 200, { tag: 'two', contact, body: 'answer' }));
      expect(header(lab.request('BYE'), 'to')).toContain('tag=two');
      expect(header(lab.request('BYE'), 'cseq')).toBe('3 BYE');
    }
  });

  it('a phone that has hung up is not answered, though its 2xx was slower than its BYE', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    for (const tag of ['bob', 'other']) lab.receive(answerTo(invite, 180, { tag, contact }));
    lab.receive(inDialog(lab, invite, 'BYE', 1));
    lab.takeSent();
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact, body: 'answer' }));
    expect(lab.takeSent()).toEqual(['ACK', 'BYE']);
    lab.receive(answerTo(invite, 200, { tag: 'other', contact, body: 'answer' }));
    expect(lab.last('session.accepted').response.headers).toContainEqual({
      name: 'to',
      value: '<sip:bob@192.0.2.2>;tag=other',
    });
  });

  it('phones that pick up as well are bounded: nobody makes us send BYEs wherever he likes without end', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    const elsewhere = 'sip:victim@192.0.2.77';
    for (let index = 0; index < 100; index += 1) {
      lab.receive(answerTo(invite, 200, { tag: `t${index}`, contact: elsewhere, body: 'answer' }));
    }
    expect(lab.takeSent().filter((each) => each === 'ACK' || each === 'BYE')).toHaveLength(16 + 15);
    expect(lab.endpoint.counts().limits.forks).toBe(84);
  });

  it('early dialogs are bounded: further forks are passed over', () => {
    const lab = new Lab({ limits: { forksPerInvite: 2 } });
    const { invite } = callPeer(lab);
    for (const tag of ['a', 'b', 'c']) lab.receive(answerTo(invite, 180, { tag, contact }));
    expect(lab.endpoint.counts().dialogs).toBe(2);
    expect(lab.types()).toEqual(['session.progress', 'session.progress']);
  });

  it('[RFC3261-13.2.1] after a delayed offer the ACK waits for our answer', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab, { offer: 'none' });
    expect(invite.body).toHaveLength(0);
    const ok = answerTo(invite, 200, { tag: 'bob', contact, body: 'their offer' });
    lab.receive(ok);
    lab.receive(ok);
    const accepted = lab.last('session.accepted');
    expect(accepted.needsAnswer).toBe(true);
    expect(textOf(accepted.body)).toBe('their offer');
    expect(lab.takeSent()).toEqual(['INVITE']);
    lab.run((sip, now) => sip.acknowledge(session, sdp('our answer'), now));
    expect(new TextDecoder().decode(lab.request('ACK').body)).toBe('our answer');
    lab.receive(ok);
    expect(lab.takeSent()).toEqual(['ACK', 'ACK']);
  });

  it('[RFC3261-13.2.2.3] a failure ends the session with the response; the transaction sends the ACK', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 486, { tag: 'bob' }));
    const ack = lab.request('ACK');
    expect(header(ack, 'via')).toBe(header(invite, 'via'));
    expect(ack.uri).toBe(invite.uri);
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 486 } });
    lab.advance(32_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-9.1] a peer that says nothing after a provisional response does not keep the call for ever', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    lab.advance(600_000);
    expect(lab.takeSent()).toContain('CANCEL');
    lab.advance(40_000);
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'no_answer' });
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-17.1.1.2] silence ends it after 64·T1', () => {
    const lab = new Lab();
    callPeer(lab);
    lab.advance(31_999);
    expect(lab.types()).toEqual([]);
    lab.advance(1);
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'transaction' });
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('a Request-URI that leads nowhere ends it with the transport, after `invite` has returned', () => {
    const lab = new Lab();
    const session = lab.run((sip, now) =>
      sip.invite({ to: 'tel:+49301234', from: 'sip:alice@192.0.2.1' }, now),
    );
    expect(lab.types()).toEqual([]);
    lab.advance(0);
    expect(lab.last('session.ended')).toMatchObject({ session, end: { by: 'transport' } });
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });
});

describe('giving up an INVITE', () => {
  it('[RFC3261-9.1] CANCEL waits for a provisional response, and has the branch and CSeq number of the INVITE', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    lab.run((sip, now) => sip.end(session, now, { headers: [['Reason', 'SIP;cause=200']] }));
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.takeSent()).toEqual(['INVITE']);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    const cancel = lab.request('CANCEL');
    expect(headerFields(cancel, 'via')).toEqual(headerFields(invite, 'via'));
    expect(header(cancel, 'cseq')).toBe('1 CANCEL');
    expect(header(cancel, 'to')).toBe(header(invite, 'to'));
    expect(header(cancel, 'reason')).toBe('SIP;cause=200');
    lab.receive(answerTo(cancel, 200, { tag: 'bob' }));
    expect(lab.types()).toEqual([]);
    lab.receive(answerTo(invite, 487, { tag: 'bob' }));
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    expect(lab.takeSent()).toEqual(['CANCEL', 'ACK']);
    lab.advance(32_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-9.1] a 2xx that crosses the CANCEL is acknowledged and ended with BYE', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    lab.run((sip, now) => sip.end(session, now));
    lab.takeSent();
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact, body: 'answer' }));
    expect(lab.takeSent()).toEqual(['ACK', 'BYE']);
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    expect(lab.types()).not.toContain('session.accepted');
  });

  it('[RFC3261-9.1] without any final response it is over 64·T1 after the CANCEL', () => {
    const lab = new Lab();
    const { session, invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    lab.run((sip, now) => sip.end(session, now));
    lab.advance(31_999);
    expect(lab.types()).not.toContain('session.ended');
    lab.advance(1);
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('`answerTimeout` cancels and says that nobody answered', () => {
    const lab = new Lab();
    lab.run((sip, now) =>
      sip.invite({ to: 'sip:bob@192.0.2.2', from: 'sip:a@b.example', answerTimeout: 30_000 }, now),
    );
    const invite = lab.request('INVITE');
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    lab.takeSent();
    lab.advance(30_000);
    expect(lab.takeSent()).toEqual(['CANCEL']);
    lab.receive(answerTo(invite, 487, { tag: 'bob' }));
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'no_answer' });
  });

  it('nothing is sent for a call that is ended while its name is looked up', () => {
    const lab = new Lab();
    const session = lab.run((sip, now) => sip.invite({ to: 'sip:bob@pbx.example', from: 'sip:a@b' }, now));
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
    const targets = [{ transport: 'udp', address: '192.0.2.2', port: 5060 }] as const;
    lab.run((sip, now) => sip.handle({ kind: 'resolved', resolveId: 1, targets }, now));
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });
});

describe('an early dialog of ours', () => {
  it('[RFC3261-15] a BYE in the only one is answered and ends the call, though the 2xx never came', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    lab.takeSent();
    lab.receive(inDialog(lab, invite, 'BYE', 1));
    expect(lab.takeSent()).toEqual(['200 BYE', 'CANCEL']);
    lab.advance(32_000);
    expect(lab.last('session.ended').end).toEqual({ by: 'remote' });
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3311-5.2] UPDATE with an offer meets our own with 491; without one it is answered', () => {
    const lab = new Lab();
    const { invite } = callPeer(lab);
    lab.receive(answerTo(invite, 180, { tag: 'bob', contact }));
    lab.takeSent();
    lab.receive(inDialog(lab, invite, 'UPDATE', 1, { body: 'offer' }));
    lab.receive(inDialog(lab, invite, 'UPDATE', 2));
    expect(lab.takeSent()).toEqual(['491 UPDATE', '200 UPDATE']);
  });
});
