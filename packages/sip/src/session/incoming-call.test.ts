import { describe, expect, it } from 'vitest';
import { SipUsageError } from '../endpoint/errors.ts';
import { header, headerValues, toTag } from '../message/headers.ts';
import { Lab, peerFlow, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp, textOf } from '../simulation/world.test-support.ts';

function ringing(lab: Lab, options: Parameters<typeof requestFromPeer>[2] = {}) {
  const branch = lab.newBranch();
  lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer', branch, ...options }));
  return { branch, session: lab.last('session.incoming').session };
}

function codeOf(act: () => void): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof SipUsageError ? error.code : 'another error';
  }
}

describe('an INVITE from the other side', () => {
  it('[RFC3261-17.2.1] is answered 100 after 200 ms, without a To tag, where nothing else is said', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    expect(textOf(lab.last('session.incoming').offer)).toBe('offer');
    lab.advance(199);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(1);
    expect(toTag(lab.response(100))).toBeUndefined();
    expect(header(lab.response(100), 'server')).toBeDefined();
    lab.run((sip, now) => sip.ring(session, now));
    expect(lab.takeSent()).toEqual(['100 INVITE', '180 INVITE']);
  });

  it.each([
    ['udp', undefined],
    ['tcp', 'c1'],
  ] as const)('[RFC3261-17.2.1] answered at once over %s it costs no 100', (transport, connectionId) => {
    const lab = new Lab();
    const flow = { ...peerFlow, transport, ...(connectionId && { connectionId }) };
    const via = `Via: SIP/2.0/${transport.toUpperCase()} 192.0.2.2:5060;branch=z9hG4bKx;rport`;
    lab.receive(requestFromPeer(lab, 'INVITE', { via, headers: ['Content-Length: 0'] }), flow);
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.ring(session, now));
    lab.advance(1_000);
    expect(lab.takeSent()).toEqual(['180 INVITE']);
  });

  it('[RFC3261-17.2.1] that comes again before any response is answered 100 at once', () => {
    const lab = new Lab();
    const text = requestFromPeer(lab, 'INVITE', { body: 'offer' });
    lab.receive(text);
    lab.receive(text);
    expect(lab.takeSent()).toEqual(['100 INVITE']);
    lab.receive(text);
    expect(lab.takeSent()).toEqual(['100 INVITE']);
    expect(lab.endpoint.counts().retransmitted).toBe(1);
    expect(lab.types()).toEqual(['session.incoming']);
  });

  it('[RFC3261-9.2] is cancelled before any response of ours: the To tag is the one of the 487', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE', { branch: 'z9hG4bKc', body: 'offer' }));
    lab.receive(requestFromPeer(lab, 'CANCEL', { branch: 'z9hG4bKc' }));
    expect(toTag(lab.response(200))).toBe(toTag(lab.response(487)));
    expect(lab.takeSent()).toEqual(['200 CANCEL', '487 INVITE']);
  });

  it('[RFC3261-9.2] a CANCEL that crosses the refusal has its To tag and changes nothing', () => {
    const lab = new Lab();
    const { branch, session } = ringing(lab);
    lab.run((sip, now) => sip.refuse(session, 486, now));
    lab.receive(requestFromPeer(lab, 'CANCEL', { branch }));
    expect(toTag(lab.response(200))).toBe(toTag(lab.response(486)));
    expect(lab.takeSent()).toEqual(['486 INVITE', '200 CANCEL']);
    expect(lab.last('session.ended').end).toEqual({ by: 'local' });
  });

  it('[RFC3261-12.1.1] 180 makes an early dialog: To tag, Contact, the Record-Route of the request', () => {
    const lab = new Lab();
    const route = '<sip:proxy.example;lr>';
    const { session } = ringing(lab, { headers: [`Record-Route: ${route}`] });
    lab.run((sip, now) => sip.ring(session, now));
    const response = lab.response(180);
    expect(toTag(response)).toMatch(/^\w{16}$/);
    expect(header(response, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    expect(headerValues(response, 'record-route')).toEqual([route]);
    expect(lab.endpoint.counts().dialogs).toBe(1);
  });

  it('[RFC3261-13.3.1.1] a provisional response is repeated every minute', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    lab.run((sip, now) => sip.ring(session, now));
    lab.advance(150_000);
    expect(lab.takeTimes('180 INVITE')).toEqual([0, 60_000, 120_000]);
  });

  it('[RFC3261-13.3.1.4] 2xx is sent again after T1, 2·T1, … up to T2 until the ACK comes', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    const tag = toTag(lab.response(200)) ?? '';
    lab.advance(12_000);
    expect(lab.takeTimes('200 INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500]);
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: tag }));
    lab.advance(60_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.types().slice(1)).toEqual(['session.confirmed']);
  });

  it('[RFC4579-5.1] the 2xx of a conference has its address in Contact, with isfocus', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now, { focus: '7001' }));
    expect(header(lab.response(200), 'contact')).toBe('<sip:7001@192.0.2.1:5060>;isfocus');
  });

  it('[RFC3261-13.3.1.4] a 2xx that nobody acknowledges for 64·T1 ends with BYE', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    lab.takeSent();
    lab.advance(32_000);
    expect(lab.takeSent().at(-1)).toBe('BYE');
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'no_ack' });
    lab.advance(32_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-15] BYE waits for the ACK', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    const tag = toTag(lab.response(200)) ?? '';
    lab.takeSent();
    lab.run((sip, now) => sip.end(session, now));
    expect(lab.takeSent()).toEqual([]);
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: tag }));
    expect(lab.takeSent()).toEqual(['BYE']);
    expect(lab.types()).not.toContain('session.confirmed');
  });

  it('[RFC3261-13.2.1] after a delayed offer the ACK brings the answer', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'INVITE'));
    const incoming = lab.last('session.incoming');
    expect(incoming.offer).toBeUndefined();
    lab.run((sip, now) => sip.accept(incoming.session, sdp('our offer'), now));
    const tag = toTag(lab.response(200)) ?? '';
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: tag, body: 'their answer' }));
    expect(textOf(lab.last('session.confirmed').body)).toBe('their answer');
  });

  it('[RFC6026-7.1] an ACK with the branch of the INVITE reaches the call as well', () => {
    const lab = new Lab();
    const { session, branch } = ringing(lab);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    const tag = toTag(lab.response(200)) ?? '';
    lab.receive(requestFromPeer(lab, 'ACK', { toTag: tag, branch }));
    expect(lab.types()).toContain('session.confirmed');
  });

  it('[RFC3261-9.2] CANCEL is answered 200, the INVITE 487, both with one To tag; Reason is passed on', () => {
    const lab = new Lab();
    const { branch, session } = ringing(lab);
    lab.run((sip, now) => sip.ring(session, now));
    const tag = toTag(lab.response(180));
    lab.takeSent();
    const reason = 'SIP;cause=200;text="Call completed elsewhere"';
    lab.receive(requestFromPeer(lab, 'CANCEL', { branch, headers: [`Reason: ${reason}`] }));
    expect(toTag(lab.response(200))).toBe(tag);
    expect(toTag(lab.response(487))).toBe(tag);
    expect(lab.takeSent()).toEqual(['200 CANCEL', '487 INVITE']);
    expect(lab.last('session.ended').end).toEqual({ by: 'remote', reason });
    lab.receive(requestFromPeer(lab, 'ACK', { branch, toTag: tag ?? '' }));
    lab.advance(32_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-9.2] CANCEL after the 2xx is answered and changes nothing; CANCEL of nothing is answered 481', () => {
    const lab = new Lab();
    const { branch, session } = ringing(lab);
    lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
    lab.takeSent();
    lab.receive(requestFromPeer(lab, 'CANCEL', { branch }));
    lab.receive(requestFromPeer(lab, 'CANCEL', { branch: 'z9hG4bKother' }));
    expect(lab.takeSent()).toEqual(['200 CANCEL', '481 CANCEL']);
    expect(lab.types()).toEqual(['session.incoming']);
  });

  it('[RFC3261-13.3.1] is answered 487 when its Expires has passed', () => {
    const lab = new Lab();
    ringing(lab, { headers: ['Expires: 20'] });
    lab.advance(19_999);
    expect(lab.types()).toEqual(['session.incoming']);
    lab.takeSent();
    lab.advance(1);
    expect(lab.takeSent()).toEqual(['487 INVITE']);
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'no_answer' });
  });

  it('is answered 480 after ten minutes without a word from the application', () => {
    const lab = new Lab();
    ringing(lab);
    lab.takeSent();
    lab.advance(600_000);
    expect(lab.takeSent().slice(0, 2)).toEqual(['100 INVITE', '480 INVITE']);
    lab.advance(60_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-15.1.2] BYE in the early dialog is answered, and the INVITE with 487', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    lab.run((sip, now) => sip.ring(session, now));
    const tag = toTag(lab.response(180)) ?? '';
    lab.takeSent();
    lab.receive(requestFromPeer(lab, 'BYE', { toTag: tag, cseq: 2 }));
    expect(lab.takeSent()).toEqual(['200 BYE', '487 INVITE']);
    expect(lab.last('session.ended').end).toEqual({ by: 'remote' });
  });

  it('[RFC3261-14.2] another INVITE in the early dialog is answered 500 with Retry-After', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    lab.run((sip, now) => sip.ring(session, now));
    const tag = toTag(lab.response(180)) ?? '';
    lab.receive(requestFromPeer(lab, 'INVITE', { toTag: tag, cseq: 2 }));
    expect(Number(header(lab.response(500), 'retry-after'))).toBeLessThanOrEqual(10);
  });

  it('`end` declines it with 603, `refuse` with what is asked for', () => {
    const lab = new Lab();
    const first = ringing(lab, { callId: 'one' });
    const second = ringing(lab, { callId: 'two' });
    lab.takeSent();
    lab.run((sip, now) => sip.end(first.session, now));
    lab.run((sip, now) =>
      sip.refuse(second.session, 302, now, { headers: [['Contact', '<sip:carla@192.0.2.3>']] }),
    );
    expect(header(lab.response(302), 'contact')).toBe('<sip:carla@192.0.2.3>');
    expect(lab.takeSent()).toEqual(['603 INVITE', '302 INVITE']);
  });

  it('commands that do not fit throw SipUsageError, `end` never does', () => {
    const lab = new Lab();
    const { session } = ringing(lab);
    expect(codeOf(() => lab.run((sip, now) => sip.reoffer(session, sdp('x'), now)))).toBe('wrong_state');
    expect(codeOf(() => lab.run((sip, now) => sip.refuse(session, 200, now)))).toBe('bad_argument');
    expect(codeOf(() => lab.run((sip, now) => sip.ring(session, now, { status: 100 })))).toBe('bad_argument');
    lab.run((sip, now) => sip.end(session, now));
    lab.run((sip, now) => sip.end(session, now));
    expect(codeOf(() => lab.run((sip, now) => sip.ring(session, now)))).toBe('no_such_session');
  });
});

describe('what an INVITE may carry', () => {
  it('[RFC5621-3] the description is found in a multipart body', () => {
    const lab = new Lab();
    const body = ['--b', 'Content-Type: application/sdp', '', 'offer', '--b--'].join('\n');
    const text = requestFromPeer(lab, 'INVITE', { body });
    lab.receive(text.replace('application/sdp', 'multipart/mixed;boundary=b'));
    expect(lab.last('session.incoming').offer?.contentType).toBe('application/sdp');
    expect(textOf(lab.last('session.incoming').offer)).toBe('offer');
  });
});
