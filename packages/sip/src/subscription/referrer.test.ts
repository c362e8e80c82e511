import { describe, expect, it } from 'vitest';
import type { ReferrerId } from '../endpoint/subscription-api.ts';
import { header, toTag } from '../message/headers.ts';
import { answeredCall, answerTo, Lab, peerFlow, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft } from '../simulation/world.test-support.ts';

const referTo = 'Refer-To: <sip:carol@192.0.2.3>';

function accept(lab: Lab): ReferrerId | undefined {
  const { requestId } = lab.last(lab.types().findLast((type) => type.endsWith('request')) as 'request');
  return lab.run((sip, now) => sip.acceptRefer(requestId, now));
}

/** The peer asks us, in a call that it has made, to call somebody else. */
function referred(lab: Lab, headers: string[] = [referTo]) {
  const { session, toTag: tag } = answeredCall(lab);
  lab.receive(requestFromPeer(lab, 'REFER', { toTag: tag, cseq: 2, headers }));
  expect(lab.last('session.request').session).toBe(session);
  const referrer = accept(lab);
  return { session, toTag: tag, referrer };
}

const report = (lab: Lab, referrer: ReferrerId | undefined, status: number, reason?: string): void =>
  lab.run((sip, now) => sip.report(referrer ?? (0 as ReferrerId), status, now, reason));

/** What our newest NOTIFY says; the peer answers it. */
function takeReport(lab: Lab, status = 200): string[] {
  const notify = lab.request('NOTIFY');
  lab.takeSent();
  lab.receive(answerTo(notify, status));
  const said = new TextDecoder().decode(notify.body).trim();
  return [said, header(notify, 'subscription-state') ?? '', header(notify, 'event') ?? ''];
}

describe('a REFER of somebody else', () => {
  it('[RFC3515-2.4.4] in a call: 202, trying at once, and the reports up to the final status', () => {
    const lab = new Lab();
    const { referrer } = referred(lab);
    expect(header(lab.response(202), 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    expect(lab.sent.map(({ message }) => message.kind)).toEqual(['response', 'request']);
    expect(header(lab.request('NOTIFY'), 'content-type')).toBe('message/sipfrag;version=2.0');
    expect(takeReport(lab)).toEqual(['SIP/2.0 100 Trying', 'active;expires=180', 'refer;id=2']);
    lab.advance(2_000);
    report(lab, referrer, 180);
    expect(takeReport(lab)).toEqual(['SIP/2.0 180 Ringing', 'active;expires=178', 'refer;id=2']);
    report(lab, referrer, 486, 'Besetzt');
    expect(takeReport(lab)).toEqual(['SIP/2.0 486 Besetzt', 'terminated;reason=noresource', 'refer;id=2']);
    expect(lab.endpoint.counts()).toMatchObject({ referrers: 0, sessions: 1, dialogs: 1 });
    // The application cannot know when the other side has lost interest.
    report(lab, referrer, 200);
    expect(lab.takeSent()).toEqual([]);
  });

  it('the final status waits for the NOTIFY that is under way', () => {
    const lab = new Lab();
    const { referrer } = referred(lab);
    report(lab, referrer, 180);
    report(lab, referrer, 200);
    report(lab, referrer, 180);
    expect(takeReport(lab)[0]).toBe('SIP/2.0 100 Trying');
    expect(takeReport(lab)[0]).toBe('SIP/2.0 200 OK');
    expect(lab.takeSent()).toEqual([]);
    expect(lab.endpoint.counts().referrers).toBe(0);
  });

  it('[RFC3515-2.4.6] those in a dialog have an id, because an earlier one may be on its way', () => {
    const lab = new Lab();
    const { toTag: tag } = answeredCall(lab);
    for (const cseq of [3, 4]) {
      lab.receive(requestFromPeer(lab, 'REFER', { toTag: tag, cseq, headers: [referTo] }));
      accept(lab);
      expect(takeReport(lab)[2]).toBe(`refer;id=${cseq}`);
    }
    expect(lab.endpoint.counts().referrers).toBe(2);
  });

  it('[RFC6665-4.5.2] the reports go on after the BYE of the call, over its dialog', () => {
    const lab = new Lab();
    const { toTag: tag, referrer } = referred(lab);
    takeReport(lab);
    lab.receive(requestFromPeer(lab, 'BYE', { toTag: tag, cseq: 3 }));
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 0, dialogs: 1, referrers: 1 });
    report(lab, referrer, 200);
    expect(header(lab.request('NOTIFY'), 'to')).toContain('tag=peer');
    expect(takeReport(lab)[1]).toBe('terminated;reason=noresource');
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3515-2.4.1] outside calls: the 202 makes a dialog', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'REFER', { headers: [referTo] }));
    const referrer = accept(lab);
    expect(toTag(lab.response(202))).toBe(/tag=(\w+)/.exec(header(lab.request('NOTIFY'), 'from') ?? '')?.[1]);
    expect(lab.endpoint.counts()).toMatchObject({ dialogs: 1, referrers: 1 });
    expect(takeReport(lab)[2]).toBe('refer');
    report(lab, referrer, 200);
    takeReport(lab);
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it.each([
    ['Refer-Sub: false', 'Supported: norefersub'],
    ['Refer-Sub: FALSE;x=1', 'Require: norefersub'],
  ])('[RFC4488-4] nobody is to be told: %s, %s', (...headers) => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'REFER', { headers: [referTo, ...headers] }));
    expect(accept(lab)).toBeUndefined();
    expect(header(lab.response(200), 'refer-sub')).toBe('false');
    expect(lab.takeSent()).toEqual(['200 REFER']);
    expect(lab.endpoint.counts()).toMatchObject({ dialogs: 0, referrers: 0 });
  });

  it('[RFC4488-4] its option tag is offered', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'OPTIONS'));
    expect(header(lab.response(200), 'supported')).toContain('norefersub');
  });

  it('[RFC3515-2.4.4] the implicit subscription is over after 180 s, unless it is refreshed', () => {
    const lab = new Lab();
    const { toTag: tag } = referred(lab);
    takeReport(lab);
    lab.advance(170_000);
    const refresh = { toTag: tag, cseq: 3, headers: ['Event: refer;id=2', 'Expires: 100'] };
    lab.receive(requestFromPeer(lab, 'SUBSCRIBE', refresh));
    expect(header(lab.response(200), 'expires')).toBe('100');
    expect(takeReport(lab)).toEqual(['SIP/2.0 100 Trying', 'active;expires=100', 'refer;id=2']);
    lab.advance(99_000);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(1_000);
    expect(takeReport(lab)).toEqual(['', 'terminated;reason=timeout', 'refer;id=2']);
    expect(lab.endpoint.counts().referrers).toBe(0);
  });

  it('[RFC3515-2.4.4] the other side unsubscribes, or answers 481', () => {
    const unsubscribed = new Lab();
    const one = referred(unsubscribed);
    takeReport(unsubscribed);
    const leave = { toTag: one.toTag, cseq: 3, headers: ['Event: refer', 'Expires: 0'] };
    unsubscribed.receive(requestFromPeer(unsubscribed, 'SUBSCRIBE', leave));
    expect(takeReport(unsubscribed)[1]).toBe('terminated;reason=timeout');
    expect(unsubscribed.endpoint.counts().referrers).toBe(0);

    const gone = new Lab();
    referred(gone);
    takeReport(gone, 481);
    expect(gone.endpoint.counts().referrers).toBe(0);
  });

  it('the reports go over the stream that the REFER has come by', () => {
    const lab = new Lab();
    const { toTag: tag } = answeredCall(lab);
    const flow = { ...peerFlow, transport: 'tcp', connectionId: 'c1' } as const;
    const text = requestFromPeer(lab, 'REFER', {
      toTag: tag,
      cseq: 2,
      headers: [referTo, 'Content-Length: 0'],
      via: `Via: SIP/2.0/TCP 192.0.2.2:5060;branch=${lab.newBranch()}`,
    });
    lab.receive(text, flow);
    accept(lab);
    expect(lab.sent.map(({ target }) => target.connectionId)).toEqual(['c1', 'c1']);
  });

  it('REFERs of one call are bounded, answered 503 and counted', () => {
    const lab = new Lab();
    const { toTag: tag } = answeredCall(lab);
    const offer = (cseq: number): void =>
      lab.receive(requestFromPeer(lab, 'REFER', { toTag: tag, cseq, headers: [referTo] }));
    for (let cseq = 2; cseq < 17; cseq += 1) {
      offer(cseq);
      accept(lab);
    }
    offer(17);
    offer(18);
    const [last, late] = lab.events
      .flatMap((event) => (event.type === 'session.request' ? [event.requestId] : []))
      .slice(-2);
    const acceptOne = (requestId: typeof last) =>
      lab.run((sip, now) => requestId !== undefined && sip.acceptRefer(requestId, now));
    acceptOne(last);
    expect(() => acceptOne(late)).toThrow(expect.objectContaining({ code: 'limit' }));
    lab.takeSent();
    offer(19);
    expect(header(lab.response(503), 'retry-after')).toBe('5');
    expect(lab.endpoint.counts()).toMatchObject({ referrers: 16, limits: { notifiers: 2 } });
    // Who wants no reports needs no room.
    const silent = { toTag: tag, cseq: 20, headers: [referTo, 'Refer-Sub: false'] };
    lab.receive(requestFromPeer(lab, 'REFER', silent));
    expect(accept(lab)).toBeUndefined();
    expect(lab.takeSent().at(-1)).toBe('200 REFER');
  });

  it('an acceptance that comes too late does nothing; a status that is none is a usage error', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'REFER', { headers: [referTo] }));
    lab.advance(32_000);
    expect(accept(lab)).toBeUndefined();
    expect(lab.takeSent()).toEqual([]);
    const { referrer } = referred(lab);
    expect(() => report(lab, referrer, 700)).toThrow(expect.objectContaining({ code: 'bad_argument' }));
    expect(() => report(lab, 99 as ReferrerId, 200)).toThrow(
      expect.objectContaining({ code: 'no_such_subscription' }),
    );
  });
});
