import { describe, expect, it } from 'vitest';
import type { SessionTimer } from '../endpoint/api.ts';
import { header, toTag } from '../message/headers.ts';
import { answerTo, inDialog, Lab, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp } from '../simulation/world.test-support.ts';

const contact = 'sip:bob@192.0.2.2:5060';
const reason = 'SIP;cause=408;text="Session expired"';

function invited(lab: Lab, sessionTimer?: SessionTimer) {
  const session = lab.run((sip, now) =>
    sip.invite(
      {
        to: 'sip:bob@192.0.2.2',
        from: 'sip:alice@192.0.2.1',
        offer: sdp('offer'),
        ...(sessionTimer !== undefined && { sessionTimer }),
      },
      now,
    ),
  );
  return { session, invite: lab.request('INVITE') };
}

/** Our call, answered with these headers. */
function answered(lab: Lab, headers: string[], sessionTimer?: SessionTimer) {
  const call = invited(lab, sessionTimer);
  lab.receive(answerTo(call.invite, 200, { tag: 'bob', contact, headers, body: 'answer' }));
  lab.takeSent();
  return call;
}

/** A call of the peer with these headers, answered and acknowledged. */
function called(lab: Lab, headers: string[], sessionTimer?: SessionTimer) {
  lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer', headers }));
  const { session } = lab.last('session.incoming');
  lab.run((sip, now) =>
    sip.accept(session, sdp('answer'), now, { ...(sessionTimer !== undefined && { sessionTimer }) }),
  );
  const ok = lab.response(200);
  const tag = toTag(ok) ?? '';
  lab.receive(requestFromPeer(lab, 'ACK', { toTag: tag }));
  lab.takeSent();
  return { session, ok, tag };
}

const results = (lab: Lab) => lab.types().filter((type) => type === 'session.reoffer_result');

describe('session timers of our calls', () => {
  it('[RFC4028-7.1] are off unless they are asked for: no Session-Expires, and a dead peer is no news', () => {
    const lab = new Lab();
    const { invite } = answered(lab, []);
    expect(header(invite, 'session-expires')).toBeUndefined();
    lab.advance(24 * 3_600_000);
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 1, timers: 0 });
  });

  it('[RFC4028-7.2] are kept where the other side asks: a refresh at half the interval, by UPDATE where it may', () => {
    const lab = new Lab();
    answered(lab, ['Session-Expires: 1800;refresher=uac', 'Allow: INVITE, UPDATE', 'Require: timer']);
    lab.advance(899_999);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(1);
    const update = lab.request('UPDATE');
    expect(header(update, 'session-expires')).toBe('1800;refresher=uac');
    expect(update.body).toHaveLength(0);
    lab.receive(answerTo(update, 200, { contact, headers: ['Session-Expires: 1800;refresher=uac'] }));
    lab.takeSent();
    lab.advance(900_000);
    expect(lab.takeSent()[0]).toBe('UPDATE');
    expect(lab.types()).toEqual(['session.accepted']);
  });

  it('[RFC4028-7.4] are refreshed by a re-INVITE with the description of before where UPDATE is not taken', () => {
    const lab = new Lab();
    const { session } = answered(lab, ['Session-Expires: 600;refresher=uac', 'Allow: INVITE, BYE']);
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    expect(header(lab.request('INVITE'), 'session-expires')).toBe('600;refresher=uac');
    const granted = { contact, headers: ['Session-Expires: 600;refresher=uac'], body: 'answer' };
    lab.receive(answerTo(lab.request('INVITE'), 200, granted));
    lab.takeSent();
    lab.advance(300_000);
    const refresh = lab.request('INVITE');
    expect(new TextDecoder().decode(refresh.body)).toBe('hold');
    lab.receive(answerTo(refresh, 200, granted));
    expect(lab.types().filter((type) => type === 'session.reoffer_result')).toHaveLength(1);
  });

  it('[RFC4028-10] the next refresh counts from when the last one was sent, however long its 2xx was on the way', () => {
    const lab = new Lab();
    answered(lab, ['Session-Expires: 90;refresher=uac', 'Allow: UPDATE']);
    lab.advance(45_000);
    const update = lab.request('UPDATE');
    lab.advance(20_000);
    lab.receive(answerTo(update, 200, { headers: ['Session-Expires: 90;refresher=uac'] }));
    lab.takeSent();
    // The other side hangs up at 105 s: 90 s after it got the refresh, less a third.
    lab.advance(35_000);
    expect(lab.takeSent()).toContain('UPDATE');
  });

  it('[RFC4028-10] whoever does not refresh hangs up shortly before the end', () => {
    const lab = new Lab();
    answered(lab, ['Session-Expires: 600;refresher=uas']);
    lab.advance(567_999);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(1);
    const bye = lab.request('BYE');
    expect(header(bye, 'reason')).toBe(reason);
    lab.receive(answerTo(bye, 200));
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'session_expired' });
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC4028-10] a refresh of the other side starts the time anew', () => {
    const lab = new Lab();
    const { invite } = answered(lab, ['Session-Expires: 600;refresher=uas']);
    const headers = ['Session-Expires: 600;refresher=uac', 'Supported: timer'];
    for (let cseq = 1; cseq <= 3; cseq += 1) {
      lab.advance(500_000);
      lab.receive(inDialog(lab, invite, 'UPDATE', cseq, { headers }));
      expect(header(lab.response(200), 'session-expires')).toBe('600;refresher=uac');
      expect(header(lab.response(200), 'require')).toBe('timer');
      expect(lab.takeSent()).toEqual(['200 UPDATE']);
    }
    lab.advance(568_000);
    expect(lab.takeSent()[0]).toBe('BYE');
  });

  it('[RFC4028-10] a refresh that nobody answers ends the call, one that is refused is tried again until the end', () => {
    const lab = new Lab();
    answered(lab, ['Session-Expires: 600;refresher=uac', 'Allow: UPDATE']);
    lab.advance(300_000 + 32_000);
    expect(lab.last('session.ended').end).toEqual({ by: 'timeout', which: 'transaction' });
    const other = new Lab();
    answered(other, ['Session-Expires: 600;refresher=uac', 'Allow: UPDATE']);
    other.advance(300_000);
    other.receive(answerTo(other.request('UPDATE'), 500));
    other.takeSent();
    other.advance(150_000);
    expect(other.takeSent()[0]).toBe('UPDATE');
  });

  describe.each([
    ['UPDATE', 'Allow: UPDATE'],
    ['INVITE', 'Allow: INVITE'],
  ])('while a refresh is under way by %s, the application may offer', (method, allowed) => {
    const granted = 'Session-Expires: 600;refresher=uac';
    const ok = { contact, headers: [granted], body: 'answer' };

    function refreshing() {
      const lab = new Lab();
      const { session } = answered(lab, [granted, allowed]);
      lab.advance(300_000);
      const refresh = lab.request(method);
      lab.takeSent();
      return { lab, session, refresh };
    }

    it('[RFC4028-7.4] after its answer', () => {
      const { lab, session, refresh } = refreshing();
      lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
      expect(() => lab.run((sip, now) => sip.reoffer(session, sdp('more'), now))).toThrow('under way');
      expect(lab.takeSent()).toEqual([]);
      lab.receive(answerTo(refresh, 200, ok));
      expect(results(lab)).toEqual([]);
      const reinvite = lab.request('INVITE');
      expect(new TextDecoder().decode(reinvite.body)).toBe('hold');
      lab.receive(answerTo(reinvite, 200, ok));
      expect(results(lab)).toHaveLength(1);
    });

    it('[RFC4028-7.4] instead of it after glare', () => {
      const { lab, session, refresh } = refreshing();
      lab.receive(answerTo(refresh, 491));
      lab.takeSent();
      lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
      expect(lab.takeSent()).toEqual([]);
      lab.advance(4_000);
      expect(new TextDecoder().decode(lab.request('INVITE').body)).toBe('hold');
      expect(() => lab.run((sip, now) => sip.reoffer(session, sdp('more'), now))).toThrow('under way');
    });

    it('[RFC4028-7.4] and nothing of it comes when the call ends', () => {
      const { lab, session } = refreshing();
      lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
      lab.advance(32_000);
      lab.run((sip, now) => sip.end(session, now));
      lab.advance(100_000);
      expect(results(lab)).toEqual([]);
      expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
    });
  });

  it('[RFC4028-7.4] go by re-INVITE after a 405 to UPDATE', () => {
    const lab = new Lab();
    answered(lab, ['Session-Expires: 600;refresher=uac', 'Allow: UPDATE']);
    lab.advance(300_000);
    lab.receive(answerTo(lab.request('UPDATE'), 405, { headers: ['Allow: INVITE, ACK, BYE'] }));
    lab.takeSent();
    lab.advance(150_000);
    expect(lab.takeSent()[0]).toBe('INVITE');
  });

  it('[RFC4028-7.2] that we ask for we keep alone where the other side knows nothing of them', () => {
    const lab = new Lab();
    const { invite } = answered(lab, [], { expires: 200, refresher: 'remote' });
    expect(header(invite, 'session-expires')).toBe('200;refresher=uas');
    lab.advance(100_000);
    expect(lab.takeSent()[0]).toBe('INVITE');
    const least = new Lab();
    expect(header(invited(least, { expires: 10 }).invite, 'session-expires')).toBe('90');
  });

  it('[RFC4028-7.3] 422 is followed with the longer interval, twice at most', () => {
    const lab = new Lab();
    const { invite } = invited(lab, { expires: 120 });
    lab.receive(answerTo(invite, 422, { tag: 'x', headers: ['Min-SE: 300'] }));
    const second = lab.request('INVITE');
    expect(header(second, 'session-expires')).toBe('300');
    expect(header(second, 'min-se')).toBe('300');
    expect(header(second, 'cseq')).toBe('2 INVITE');
    expect(header(second, 'call-id')).toBe(header(invite, 'call-id'));
    lab.receive(answerTo(second, 422, { tag: 'x', headers: ['Min-SE: 400'] }));
    lab.receive(answerTo(lab.request('INVITE'), 422, { tag: 'x', headers: ['Min-SE: 500'] }));
    expect(lab.last('session.ended').end).toMatchObject({ by: 'refused', response: { status: 422 } });
    const stubborn = new Lab();
    const call = invited(stubborn, { expires: 120 });
    stubborn.receive(answerTo(call.invite, 422, { tag: 'x' }));
    expect(stubborn.last('session.ended').end).toMatchObject({ by: 'refused' });
  });

  it('[RFC4028-7.4] refreshes repeat the longest Min-SE that was heard, of a 422 or of their requests', () => {
    const lab = new Lab();
    const { invite } = invited(lab, { expires: 120 });
    lab.receive(answerTo(invite, 422, { tag: 'x', headers: ['Min-SE: 300'] }));
    const headers = ['Session-Expires: 300;refresher=uac', 'Allow: UPDATE'];
    lab.receive(answerTo(lab.request('INVITE'), 200, { tag: 'bob', contact, headers, body: 'answer' }));
    lab.advance(150_000);
    expect(header(lab.request('UPDATE'), 'min-se')).toBe('300');
    const theirs = new Lab();
    called(theirs, [
      'Session-Expires: 600;refresher=uas',
      'Min-SE: 500',
      'Supported: timer',
      'Allow: UPDATE',
    ]);
    theirs.advance(300_000);
    expect(header(theirs.request('UPDATE'), 'session-expires')).toBe('600;refresher=uac');
    expect(header(theirs.request('UPDATE'), 'min-se')).toBe('500');
  });

  it('[RFC4028-7.3] 422 to a refresh is followed as well', () => {
    const lab = new Lab();
    answered(lab, ['Session-Expires: 600;refresher=uac', 'Allow: UPDATE']);
    lab.advance(300_000);
    lab.receive(answerTo(lab.request('UPDATE'), 422, { headers: ['Min-SE: 900'] }));
    expect(header(lab.request('UPDATE'), 'session-expires')).toBe('900;refresher=uac');
  });
});

describe('session timers of calls to us', () => {
  it('[RFC4028-9] begin with the 2xx: an UPDATE before it is answered without, and so is ours sent', () => {
    const lab = new Lab();
    const supported = ['Supported: 100rel, timer', 'Allow: UPDATE'];
    lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer', headers: supported }));
    const { session } = lab.last('session.incoming');
    lab.run((sip, now) => sip.ring(session, now, { status: 183, body: sdp('answer') }));
    const early = lab.response(183);
    const tag = toTag(early) ?? '';
    const acknowledging = [`RAck: ${header(early, 'rseq') ?? ''} 1 INVITE`];
    lab.receive(requestFromPeer(lab, 'PRACK', { toTag: tag, cseq: 2, headers: acknowledging }));
    const asking = ['Session-Expires: 90;refresher=uas', 'Supported: timer'];
    lab.receive(requestFromPeer(lab, 'UPDATE', { toTag: tag, cseq: 3, headers: asking }));
    expect(header(lab.response(200), 'session-expires')).toBeUndefined();
    lab.takeSent();
    lab.advance(59_000);
    expect(lab.takeSent()).toEqual([]);
  });

  it('[RFC4028-7.2] an UPDATE from before the 2xx that is answered after it stops no timer', () => {
    const lab = new Lab();
    const { session, invite } = invited(lab);
    const early = ['Require: 100rel', 'RSeq: 1', 'Allow: UPDATE'];
    lab.receive(answerTo(invite, 183, { tag: 'bob', contact, headers: early, body: 'answer' }));
    lab.receive(answerTo(lab.request('PRACK'), 200));
    lab.run((sip, now) => sip.reoffer(session, sdp('hold'), now));
    const update = lab.request('UPDATE');
    const granted = ['Session-Expires: 600;refresher=uac', 'Allow: UPDATE'];
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact, headers: granted }));
    lab.receive(answerTo(update, 200, { contact, body: 'held' }));
    lab.takeSent();
    lab.advance(300_000);
    expect(lab.takeSent()).toEqual(['UPDATE']);
  });

  it('whoever asks for an interval that is none is told', () => {
    for (const expires of [Number.NaN, 90.5, Infinity, 2 ** 32]) {
      const lab = new Lab();
      expect(() => invited(lab, { expires })).toThrow('is no number of seconds');
      expect(() => called(lab, [], { expires })).toThrow('is no number of seconds');
    }
  });

  it('[RFC4028-9] less than 90 s is refused 422 with Min-SE, in the INVITE and later', () => {
    const lab = new Lab();
    const short = ['Session-Expires: 60', 'Supported: timer'];
    lab.receive(requestFromPeer(lab, 'INVITE', { body: 'offer', headers: short }));
    expect(header(lab.response(422), 'min-se')).toBe('90');
    expect(lab.types()).toEqual([]);
    const other = new Lab();
    const { tag } = called(other, []);
    other.receive(requestFromPeer(other, 'UPDATE', { toTag: tag, cseq: 2, headers: short }));
    other.receive(requestFromPeer(other, 'INVITE', { toTag: tag, cseq: 3, headers: short, body: 'more' }));
    expect(other.takeSent()).toEqual(['422 UPDATE', '422 INVITE']);
  });

  it.each([
    [
      'the caller refreshes where nobody says otherwise',
      ['Session-Expires: 600', 'Supported: timer'],
      'uac',
      'timer',
    ],
    ['as the caller says', ['Session-Expires: 600;refresher=uas', 'Supported: timer'], 'uas', undefined],
    ['we do where the caller cannot', ['Session-Expires: 600'], 'uas', undefined],
  ])('[RFC4028-9] who refreshes: %s', (_, headers, refresher, required) => {
    const lab = new Lab();
    const { ok } = called(lab, headers);
    expect(header(ok, 'session-expires')).toBe(`600;refresher=${refresher}`);
    expect(header(ok, 'require')).toBe(required);
    lab.advance(300_000);
    // Without an Allow that names UPDATE the refresh is a re-INVITE.
    expect(lab.takeSent()).toEqual(refresher === 'uas' ? ['INVITE'] : []);
  });

  it('[RFC4028-9] the application may ask for them where the caller does not', () => {
    const lab = new Lab();
    const { ok } = called(lab, ['Supported: timer', 'Allow: UPDATE'], { expires: 300, refresher: 'local' });
    expect(header(ok, 'session-expires')).toBe('300;refresher=uas');
    lab.advance(150_000);
    expect(header(lab.request('UPDATE'), 'session-expires')).toBe('300;refresher=uac');
  });

  it('[RFC4028-9] the interval never grows beyond what was asked for, whatever Min-SE says', () => {
    const lab = new Lab();
    const { ok } = called(lab, ['Session-Expires: 100', 'Min-SE: 4294967295', 'Supported: timer']);
    expect(header(ok, 'session-expires')).toBe('100;refresher=uac');
  });

  it('[RFC4028-9] Session-Expires that cannot be read is passed over', () => {
    const lab = new Lab();
    const { ok } = called(lab, ['Session-Expires: soon', 'Supported: timer']);
    expect(header(ok, 'session-expires')).toBeUndefined();
  });
});
