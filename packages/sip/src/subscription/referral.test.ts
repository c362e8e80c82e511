import { describe, expect, it } from 'vitest';
import type { ReferParams, ReferralState } from '../endpoint/subscription-api.ts';
import { parseReferTo } from '../headers/refer.ts';
import { header, toTag } from '../message/headers.ts';
import {
  answerTo,
  callPeer,
  establishedCall,
  inDialog,
  Lab,
  requestFromPeer,
} from '../simulation/lab.test-support.ts';
import { nothingLeft, sdp } from '../simulation/world.test-support.ts';
import { notifyOf } from './peer.test-support.ts';

const frag = (line: string) => ({ body: `${line}\r\n` });
const trying = frag('SIP/2.0 100 Trying');
const ringing = frag('SIP/2.0 180 Ringing');
const ok = frag('SIP/2.0 200 OK');

function refer(lab: Lab, params: ReferParams) {
  const id = lab.run((sip, now) => sip.refer(params, now));
  return { id, request: lab.request('REFER') };
}

/** A call of ours and a REFER in it. */
function transfer(lab: Lab, params: Omit<ReferParams, 'session'> = { referTo: 'sip:carol@192.0.2.3' }) {
  const { session, invite } = establishedCall(lab);
  return { session, invite, ...refer(lab, { session, ...params }) };
}

/** A REFER outside calls. */
const outside: ReferParams = {
  to: 'sip:bob@192.0.2.2',
  from: 'sip:alice@192.0.2.1',
  referTo: 'sip:carol@192.0.2.3',
  contactUser: 'alice',
};

const states = (lab: Lab): ReferralState[] =>
  lab.events.flatMap((event) => (event.type === 'referral.changed' ? [event.state] : []));
const usageError = (code: string) => expect.objectContaining({ code });

describe('a REFER of ours in a call', () => {
  it('[RFC5589-6] an unattended transfer: accepted, trying, ringing, answered', () => {
    const lab = new Lab();
    const { request, id } = transfer(lab, {
      referTo: 'sip:carol@192.0.2.3',
      referredBy: '"Alice" <sip:alice@192.0.2.1>',
      headers: [['X-Own', '1']],
    });
    expect(request.uri).toBe('sip:bob@192.0.2.2:5060');
    expect(toTag(request)).toBe('bob');
    expect(header(request, 'refer-to')).toBe('<sip:carol@192.0.2.3>');
    expect(header(request, 'referred-by')).toBe('"Alice" <sip:alice@192.0.2.1>');
    expect(header(request, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    expect(header(request, 'refer-sub')).toBeUndefined();
    expect(header(request, 'x-own')).toBe('1');
    lab.receive(answerTo(request, 202));
    lab.receive(notifyOf(lab, request, 1, 'active;expires=60', trying));
    lab.receive(notifyOf(lab, request, 2, 'active;expires=60', ringing));
    lab.receive(notifyOf(lab, request, 3, 'terminated;reason=noresource', ok));
    expect(lab.takeSent()).toEqual(['REFER', '200 NOTIFY', '200 NOTIFY', '200 NOTIFY']);
    expect(states(lab)).toEqual([
      { name: 'accepted', reports: true },
      { name: 'progress', status: 100, reason: 'Trying' },
      { name: 'progress', status: 180, reason: 'Ringing' },
      { name: 'ended', outcome: { kind: 'reported', status: 200, reason: 'OK' } },
    ]);
    expect(lab.last('referral.changed').referral).toBe(id);
    expect(lab.endpoint.counts()).toMatchObject({ referrals: 0, sessions: 1, dialogs: 1 });
  });

  it('[RFC5589-7] an attended transfer: Refer-To names the other call as its far end knows it', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    const other = callPeer(lab);
    lab.receive(
      answerTo(other.invite, 200, { tag: 'carol', contact: 'sip:carol@192.0.2.3:5062;x=1', body: 'a' }),
    );
    const { request } = refer(lab, { session, replaces: other.session });
    const ourTag = /tag=(\w+)/.exec(header(other.invite, 'from') ?? '')?.[1];
    expect(parseReferTo(request)).toEqual({
      uri: 'sip:carol@192.0.2.3:5062;x=1',
      method: 'INVITE',
      replaces: {
        callId: header(other.invite, 'call-id'),
        toTag: 'carol',
        fromTag: ourTag,
        earlyOnly: false,
      },
      headers: [],
    });
    expect(header(request, 'refer-to')).toContain('?Replaces=');
    // Or under its public name.
    const named = refer(lab, { session, replaces: other.session, referTo: 'sip:carol@pbx.example' });
    expect(parseReferTo(named.request)).toMatchObject({
      uri: 'sip:carol@pbx.example',
      replaces: { toTag: 'carol' },
    });
  });

  it('[RFC3261-15] of a callee waits for the ACK, for without it the caller may not know the dialog', () => {
    const lab = new Lab();
    const answered = () => {
      lab.receive(requestFromPeer(lab, 'INVITE', { callId: `call-${lab.newBranch()}`, body: 'offer' }));
      const { session, info } = lab.last('session.incoming');
      lab.run((sip, now) => sip.accept(session, sdp('answer'), now));
      const toTagOf = toTag(lab.response(200)) ?? '';
      lab.run((sip, now) => sip.refer({ session, referTo: 'sip:carol@192.0.2.3' }, now));
      return { callId: info.callId, toTag: toTagOf };
    };
    const first = answered();
    expect(lab.summaries()).not.toContain('REFER');
    lab.receive(requestFromPeer(lab, 'ACK', first));
    expect(lab.summaries()).toContain('REFER');
    lab.takeSent();
    const second = answered();
    lab.receive(requestFromPeer(lab, 'BYE', { ...second, cseq: 2 }));
    expect(lab.takeSent()).not.toContain('REFER');
    expect(states(lab)).toEqual([{ name: 'ended', outcome: expect.objectContaining({ kind: 'transport' }) }]);
    expect(lab.endpoint.counts().referrals).toBe(1);
  });

  it('[RFC3515-2.4.4] a NOTIFY may be faster than the 202, and even be the last', () => {
    const lab = new Lab();
    const { request } = transfer(lab);
    lab.receive(notifyOf(lab, request, 1, 'active', trying));
    expect(states(lab).map(({ name }) => name)).toEqual(['accepted', 'progress']);
    lab.receive(notifyOf(lab, request, 2, 'terminated;reason=noresource', ok));
    lab.receive(answerTo(request, 202));
    expect(states(lab).map(({ name }) => name)).toEqual(['accepted', 'progress', 'ended']);
    expect(lab.takeSent()).toEqual(['REFER', '200 NOTIFY', '200 NOTIFY']);
  });

  it('[RFC3515-2.4.6] several in a dialog are told apart by the CSeq number as id', () => {
    const lab = new Lab();
    const { session, request: first } = transfer(lab);
    lab.receive(answerTo(first, 202));
    const { request: second, id } = refer(lab, { session, referTo: 'sip:dave@192.0.2.4' });
    lab.receive(answerTo(second, 202));
    const sequence = (header(second, 'cseq') ?? '').split(' ')[0] ?? '';
    lab.receive(notifyOf(lab, second, 1, 'active', { ...ringing, event: `refer;id=${sequence}` }));
    expect(lab.last('referral.changed').referral).toBe(id);
    lab.receive(notifyOf(lab, first, 2, 'terminated;reason=noresource', { ...ok, event: 'refer' }));
    expect(lab.last('referral.changed').referral).not.toBe(id);
    lab.receive(notifyOf(lab, first, 3, 'active', { ...ok, event: 'refer;id=77' }));
    expect(lab.takeSent().at(-1)).toBe('481 NOTIFY');
    // More lenient: one without an id means the oldest that lives.
    lab.receive(notifyOf(lab, second, 4, 'terminated;reason=noresource', { ...ok, event: 'refer' }));
    expect(lab.last('referral.changed')).toMatchObject({ referral: id, state: { name: 'ended' } });
  });

  it('[RFC6665-4.5.2] the reports go on after the BYE of the call; then the dialog is gone', () => {
    const lab = new Lab();
    const { invite, request } = transfer(lab);
    lab.receive(answerTo(request, 202));
    lab.receive(inDialog(lab, invite, 'BYE', 1));
    expect(lab.types()).toContain('session.ended');
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 0, dialogs: 1, referrals: 1 });
    lab.receive(notifyOf(lab, request, 2, 'active', ringing));
    lab.receive(inDialog(lab, invite, 'INFO', 3));
    lab.receive(notifyOf(lab, request, 4, 'terminated;reason=noresource', ok));
    expect(lab.takeSent()).toEqual(['REFER', '200 BYE', '200 NOTIFY', '481 INFO', '200 NOTIFY']);
    expect(lab.endpoint.counts()).toMatchObject({ dialogs: 0, referrals: 0 });
    lab.receive(notifyOf(lab, request, 5, 'active', ringing));
    expect(lab.takeSent()).toEqual(['481 NOTIFY']);
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it.each([
    ['terminated without a status', 'terminated;reason=timeout', undefined],
    ['terminated with a provisional one', 'terminated;reason=noresource', ringing.body],
    ['terminated with a fragment that cannot be read', 'terminated', 'hello'],
  ])('[RFC3515-2.4.5] reports may stop: %s', (_how, state, body) => {
    const lab = new Lab();
    const { request } = transfer(lab);
    lab.receive(answerTo(request, 202));
    lab.receive(notifyOf(lab, request, 1, state, body === undefined ? {} : { body }));
    expect(states(lab).at(-1)).toEqual({ name: 'ended', outcome: { kind: 'unreported' } });
    expect(lab.endpoint.counts().referrals).toBe(0);
  });

  it('a final status in a NOTIFY that is still active is the outcome; the next one is answered, too', () => {
    const lab = new Lab();
    const { request } = transfer(lab);
    lab.receive(answerTo(request, 202));
    lab.receive(notifyOf(lab, request, 1, 'active', frag('SIP/2.0 486 Busy Here')));
    const outcome = { kind: 'reported', status: 486, reason: 'Busy Here' };
    expect(states(lab).at(-1)).toEqual({ name: 'ended', outcome });
    lab.receive(notifyOf(lab, request, 2, 'terminated;reason=noresource', ok));
    expect(lab.takeSent()).toEqual(['REFER', '200 NOTIFY', '200 NOTIFY']);
    expect(states(lab).filter(({ name }) => name === 'ended')).toHaveLength(1);
    expect(lab.endpoint.counts().referrals).toBe(0);
  });

  it.each([
    [undefined, 180_000],
    ['active;expires=20', 20_000],
    ['active;expires=4294967295', 3_600_000],
  ])('[RFC3515-2.4.4] its time is over: after %s, %i ms and 64·T1', (state, lifetime) => {
    const lab = new Lab();
    const { request } = transfer(lab);
    lab.receive(answerTo(request, 202));
    if (state !== undefined) lab.receive(notifyOf(lab, request, 1, state, trying));
    lab.advance(lifetime + 31_999);
    expect(states(lab).at(-1)?.name).not.toBe('ended');
    lab.advance(1);
    expect(states(lab).at(-1)).toEqual({ name: 'ended', outcome: { kind: 'unreported' } });
  });

  it('[RFC3515-2.4.2] a refusal, or silence, is the outcome', () => {
    const lab = new Lab();
    const { session, request } = transfer(lab);
    lab.receive(answerTo(request, 603));
    expect(states(lab).at(-1)).toMatchObject({
      name: 'ended',
      outcome: { kind: 'refused', response: { status: 603 } },
    });
    refer(lab, { session, referTo: 'sip:dave@192.0.2.4' });
    lab.advance(32_000);
    expect(states(lab).at(-1)).toEqual({ name: 'ended', outcome: { kind: 'timeout' } });
    expect(lab.endpoint.counts()).toMatchObject({ referrals: 0, sessions: 1 });
  });

  it('[RFC4488-4] nobody needs to report: said so, agreed to, or reported all the same', () => {
    const lab = new Lab();
    const { session, request } = transfer(lab, { referTo: 'sip:carol@192.0.2.3', report: false });
    expect(header(request, 'refer-sub')).toBe('false');
    expect(header(request, 'supported')).toBe('norefersub');
    lab.receive(answerTo(request, 200, { headers: ['Refer-Sub: false'] }));
    expect(states(lab)).toEqual([{ name: 'accepted', reports: false }]);
    expect(lab.endpoint.counts().referrals).toBe(0);
    lab.receive(notifyOf(lab, request, 1, 'active', ringing));
    expect(lab.takeSent().at(-1)).toBe('481 NOTIFY');
    const second = refer(lab, { session, referTo: 'sip:carol@192.0.2.3', report: false });
    lab.receive(answerTo(second.request, 202));
    expect(states(lab).at(-1)).toEqual({ name: 'accepted', reports: true });
  });

  it('[RFC3261-22] a challenge is answered with the credentials of the call; both CSeq numbers are ours', () => {
    const lab = new Lab();
    const credentials = { username: 'alice', password: 'secret' };
    const session = lab.run((sip, now) =>
      sip.invite({ to: 'sip:bob@192.0.2.2', from: 'sip:alice@192.0.2.1', credentials }, now),
    );
    const invite = lab.request('INVITE');
    lab.receive(answerTo(invite, 200, { tag: 'bob', contact: 'sip:bob@192.0.2.2:5060', body: 'offer' }));
    lab.run((sip, now) =>
      sip.acknowledge(session, { contentType: 'application/sdp', bytes: new Uint8Array(1) }, now),
    );
    refer(lab, { session, referTo: 'sip:carol@192.0.2.3' });
    const challenge = ['Proxy-Authenticate: Digest realm="pbx", nonce="n1", qop="auth", algorithm=MD5'];
    lab.receive(answerTo(lab.request('REFER'), 407, { headers: challenge }));
    const request = lab.request('REFER');
    expect(header(request, 'proxy-authorization')).toContain('username="alice"');
    lab.receive(answerTo(request, 202));
    lab.receive(notifyOf(lab, request, 1, 'active', { ...ringing, event: 'refer;id=3' }));
    expect(states(lab).at(-1)).toMatchObject({ name: 'progress', status: 180 });
  });

  it('what cannot be referred to is a usage error, and nothing is sent', () => {
    const lab = new Lab();
    const { session } = establishedCall(lab);
    const { session: unanswered } = callPeer(lab);
    lab.takeSent();
    const attempt = (params: ReferParams) => () => lab.run((sip, now) => sip.refer(params, now));
    expect(attempt({ session })).toThrow(usageError('bad_argument'));
    expect(attempt({ session, referTo: 'carol' })).toThrow(usageError('bad_argument'));
    expect(attempt({ session, referTo: 'sip:c@d\r\nX: 1' })).toThrow(usageError('bad_argument'));
    expect(attempt({ session, referTo: 'sip:c@d', referredBy: 'me' })).toThrow(usageError('bad_argument'));
    expect(attempt({ session, replaces: unanswered })).toThrow(usageError('wrong_state'));
    expect(attempt({ session: unanswered, referTo: 'sip:c@d' })).toThrow(usageError('wrong_state'));
    expect(attempt({ referTo: 'sip:c@d' })).toThrow(usageError('bad_argument'));
    const nobody = 99 as typeof session;
    expect(attempt({ session: nobody, referTo: 'sip:c@d' })).toThrow(usageError('no_such_session'));
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts().referrals).toBe(0);
  });
});

describe('a REFER of ours outside calls', () => {
  it('[RFC3515-2.4.1] makes a dialog by its 2xx, for as long as there are reports', () => {
    const lab = new Lab();
    const { request } = refer(lab, outside);
    expect(header(request, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    lab.receive(answerTo(request, 202, { tag: 'bob', contact: 'sip:bob@192.0.2.2:5060' }));
    lab.receive(notifyOf(lab, request, 1, 'active', trying));
    expect(lab.endpoint.counts()).toMatchObject({ dialogs: 1, referrals: 1 });
    lab.receive(notifyOf(lab, request, 2, 'terminated;reason=noresource', ok));
    expect(states(lab).at(-1)).toMatchObject({ outcome: { kind: 'reported', status: 200 } });
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC6665-4.4.1] makes a dialog by a NOTIFY that is faster; another fork is answered 481', () => {
    const lab = new Lab();
    const { request } = refer(lab, outside);
    lab.receive(notifyOf(lab, request, 1, 'active', trying));
    lab.receive(notifyOf(lab, request, 1, 'active', { ...trying, tag: 'other' }));
    lab.receive(answerTo(request, 202, { tag: 'bob', contact: 'sip:bob@192.0.2.2:5060' }));
    expect(lab.takeSent()).toEqual(['REFER', '200 NOTIFY', '481 NOTIFY']);
    expect(lab.endpoint.counts().dialogs).toBe(1);
    lab.receive(notifyOf(lab, request, 2, 'terminated', ok));
    expect(states(lab).map(({ name }) => name)).toEqual(['accepted', 'progress', 'ended']);
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3515-2.4.4] once a NOTIFY has come, a challenge is not followed', () => {
    const lab = new Lab();
    const { request } = refer(lab, { ...outside, credentials: { username: 'alice', password: 'secret' } });
    lab.receive(notifyOf(lab, request, 1, 'active', trying));
    const challenge = ['WWW-Authenticate: Digest realm="pbx", nonce="n1", qop="auth", algorithm=MD5'];
    lab.receive(answerTo(request, 401, { tag: 'other', headers: challenge }));
    expect(lab.takeSent()).toEqual(['REFER', '200 NOTIFY']);
    expect(states(lab).map(({ name }) => name)).toEqual(['accepted', 'progress']);
  });

  it('[RFC3515-2.4.6] a target that was silent may have taken it: the ids of all attempts are ours', () => {
    const lab = new Lab();
    const target = { transport: 'udp', port: 5060 } as const;
    lab.names.set('pbx.example', [
      { ...target, address: '192.0.2.2' },
      { ...target, address: '192.0.2.3' },
    ]);
    refer(lab, { ...outside, to: 'sip:bob@pbx.example' });
    lab.advance(4_000);
    const request = lab.request('REFER');
    expect(header(request, 'cseq')).toBe('2 REFER');
    lab.receive(notifyOf(lab, request, 1, 'active', { ...trying, event: 'refer;id=1' }));
    expect(states(lab).map(({ name }) => name)).toEqual(['accepted', 'progress']);
  });

  it('[RFC3515-2.4.7] is over at once with a NOTIFY that says so before the 202, or with a refusal', () => {
    const lab = new Lab();
    const { request } = refer(lab, outside);
    lab.receive(notifyOf(lab, request, 1, 'terminated;reason=noresource', ok));
    expect(states(lab).at(-1)).toMatchObject({ outcome: { kind: 'reported', status: 200 } });
    expect(lab.endpoint.counts()).toMatchObject({ dialogs: 0, referrals: 0 });
    const again = refer(lab, outside);
    lab.receive(answerTo(again.request, 403, { tag: 'x' }));
    expect(states(lab).at(-1)).toMatchObject({ outcome: { kind: 'refused', response: { status: 403 } } });
    lab.receive(notifyOf(lab, again.request, 1, 'active', trying));
    expect(lab.takeSent().at(-1)).toBe('481 NOTIFY');
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });
});
