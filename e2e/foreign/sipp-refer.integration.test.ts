import { describe, expect, it } from 'vitest';
import { parseReferTo, type ReferralState } from '@offhook/sip';
import { sippAgainst } from './sipp-against.ts';
import { hasSipp } from './sipp.ts';
import {
  audio,
  awaitSignal,
  beCalledAndAnswer,
  beHungUp,
  callAndBeAnswered,
  type Expected,
  expectInRequest,
  expectInResponse,
  hangUp,
  hangUpAsCalled,
  inCalledDialog,
  inDialog,
  ownTag,
  pause,
  receive,
  receiveRequest,
  request,
  respond,
  scenarioOf,
  send,
} from './sipp-words.ts';
import type { SubjectCall } from './subject/call.ts';
import { Subject } from './subject.ts';

const ok = send(respond('200 OK', { tag: false }));
const header = (name: string, regexp: string): Expected => ({ where: { header: name }, regexp });

/** A report of what became of a REFER, and our 200. */
const reported = (state: string, status: number) => [
  expectInRequest('NOTIFY', [
    header('Event', '^ ?refer'),
    header('Subscription-State', `^ ?${state}`),
    header('Content-Type', '^ ?message/sipfrag'),
    { where: 'msg', regexp: `SIP/2.0 ${status} ` },
  ]),
  ok,
];

/** A report from SIPp, in a dialog that `build` knows. */
const report = (
  build: typeof inDialog,
  cseq: number,
  {
    state,
    line,
    event = 'refer',
  }: { readonly state: string; readonly line: string; readonly event?: string },
) => [
  send(
    build('NOTIFY', {
      cseq,
      branch: `notify${cseq}`,
      headers: [`Event: ${event}`, `Subscription-State: ${state}`],
      body: `${line}\n`,
    }).replace('application/sdp', 'message/sipfrag;version=2.0'),
    { again: 500 },
  ),
  receive(200, 'NOTIFY'),
];
const ringing = { state: 'active;expires=60', line: 'SIP/2.0 180 Ringing' };
const answered = { state: 'terminated;reason=noresource', line: 'SIP/2.0 200 OK' };
const busy = { state: 'terminated;reason=noresource', line: 'SIP/2.0 486 Busy Here' };

const outcome = (state: ReferralState) => (state.name === 'ended' ? state.outcome : state);

describe.skipIf(!hasSipp())('REFER of SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it('[RFC3515-2.4] outside dialogs: accepted, reported and over', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('REFER', { cseq: 1, headers: ['Refer-To: <sip:203@192.0.2.1>'] }), { again: 500 }),
      receive(202),
      ...reported('(active|pending)', 100),
      ...reported('(active|pending)', 180),
      ...reported('terminated', 200),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { requestId, request: refer } = await subject.next('request');
    expect(refer.method).toBe('REFER');
    const referrer = subject.acceptRefer(requestId);
    await subject.heard('SIP/2.0 200', 1);
    subject.report(referrer, 180);
    await subject.heard('SIP/2.0 200', 2);
    subject.report(referrer, 200);
    await sipp.done;
    subject.settle();
  });

  it('[RFC3515-2.4.2] outside dialogs: declined by the application', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('REFER', { cseq: 1, headers: ['Refer-To: <sip:203@192.0.2.1>'] }), { again: 500 }),
      receive(603),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { requestId } = await subject.next('request');
    subject.sip.run((sip, now) => sip.respond(requestId, 603, now));
    await sipp.done;
    expect(subject.messages('out', 'NOTIFY')).toEqual([]);
    subject.settle();
  });

  it.each([
    { what: 'without a Refer-To', headers: [] },
    { what: 'with two', headers: ['Refer-To: <sip:203@192.0.2.1>, <sip:204@192.0.2.1>'] },
  ])(
    '[RFC3515-2.4.2] $what: whom to call cannot be read, which the application answers 400',
    async ({ headers }) => {
      await using subject = await Subject.open();
      const scenario = scenarioOf(send(request('REFER', { cseq: 1, headers }), { again: 500 }), receive(400));
      await using sipp = await sippAgainst(subject, scenario);
      const { requestId, request: refer } = await subject.next('request');
      expect(parseReferTo(refer)).toBeUndefined();
      subject.sip.run((sip, now) => sip.respond(requestId, 400, now));
      await sipp.done;
      subject.settle();
    },
  );

  it('[RFC4488-4] in a call, without reports: 200, and nothing more', async () => {
    await using subject = await Subject.open();
    const headers = ['Refer-To: <sip:203@192.0.2.1>', 'Refer-Sub: false', 'Supported: norefersub'];
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      send(inDialog('REFER', { cseq: 2, headers }), { again: 500 }),
      expectInResponse(200, [header('Refer-Sub', '^ ?false')]),
      pause(200),
      ...hangUp(3),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    const { requestId } = await call.next('session.request');
    expect(subject.acceptRefer(requestId)).toBeUndefined();
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC5589-6] in a call: reported in its dialog, also after the BYE', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      send(inDialog('REFER', { cseq: 2, headers: ['Refer-To: <sip:203@192.0.2.1>'] }), { again: 500 }),
      receive(202),
      ...reported('(active|pending)', 100),
      ...hangUp(3),
      ...reported('terminated', 200),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    const { requestId } = await call.next('session.request');
    const referrer = subject.acceptRefer(requestId);
    expect(await call.ended()).toEqual({ by: 'remote' });
    subject.report(referrer, 200);
    await sipp.done;
    subject.settle();
  });
});

const referral = async (subject: Subject): Promise<ReferralState> =>
  (await subject.next('referral.changed')).state;

describe.skipIf(!hasSipp())('REFER to SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it.each([
    { what: 'answered', last: answered, status: 200 },
    { what: 'busy', last: busy, status: 486 },
  ])('[RFC5589-6] blind transfer, $what: reports in the call, then BYE', async ({ last, status }) => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...beCalledAndAnswer,
      expectInRequest('REFER', [header('Refer-To', 'sip:203@192.0.2.1'), header('Referred-By', 'sip:me@')]),
      send(respond('202 Accepted', { tag: false })),
      ...report(inCalledDialog, 11, ringing),
      ...report(inCalledDialog, 12, last),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    subject.refer({ session: call.session, referTo: 'sip:203@192.0.2.1', referredBy: '<sip:me@192.0.2.1>' });
    expect(await referral(subject)).toEqual({ name: 'accepted', reports: true });
    expect(await referral(subject)).toMatchObject({ name: 'progress', status: 180 });
    expect(outcome(await referral(subject))).toMatchObject({ kind: 'reported', status });
    call.hangUp();
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC3515-2.4.2] a transfer that is refused leaves the call as it is', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...beCalledAndAnswer,
      receiveRequest('REFER'),
      send(respond('603 Decline', { tag: false })),
      ...hangUpAsCalled(7),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    subject.refer({ session: call.session, referTo: 'sip:203@192.0.2.1' });
    expect(outcome(await referral(subject))).toMatchObject({ kind: 'refused', response: { status: 603 } });
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3515-2.4] outside dialogs: SIPp accepts and reports', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      expectInRequest('REFER', [header('Refer-To', 'sip:203@192.0.2.1')], { as: 'invite', route: true }),
      send(respond('202 Accepted', { to: 'invite' })),
      ...report(inCalledDialog, 11, ringing),
      ...report(inCalledDialog, 12, answered),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const place = `sip:sipp@${sipp.place}`;
    subject.refer({ to: place, from: `sip:subject@${subject.place()}`, referTo: 'sip:203@192.0.2.1' });
    expect(await referral(subject)).toEqual({ name: 'accepted', reports: true });
    expect(await referral(subject)).toMatchObject({ name: 'progress', status: 180 });
    expect(outcome(await referral(subject))).toMatchObject({ kind: 'reported', status: 200 });
    await sipp.done;
    subject.settle();
  });

  it('[RFC5589-7] attended transfer: Refer-To names the other call', async () => {
    await using subject = await Subject.open();
    await using target = await sippAgainst(
      subject,
      scenarioOf(...beCalledAndAnswer, ...awaitSignal, ...hangUpAsCalled(7)),
    );
    const consultation = await subject.call(`sip:sipp@${target.place}`);
    await consultation.accepted();
    const [invite = ''] = subject.messages('out', 'INVITE');
    const [callId] = /^Call-ID: (\S+)/mu.exec(invite)?.slice(1) ?? [];
    const scenario = scenarioOf(
      ...beCalledAndAnswer,
      expectInRequest('REFER', [
        header('Refer-To', `sip:sipp@${target.place}[^>]*[?]Replaces=${callId}[^>]*to-tag`),
      ]),
      send(respond('202 Accepted', { tag: false })),
      ...report(inCalledDialog, 11, answered),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    subject.refer({ session: call.session, replaces: consultation.session });
    expect(await referral(subject)).toEqual({ name: 'accepted', reports: true });
    expect(outcome(await referral(subject))).toMatchObject({ kind: 'reported', status: 200 });
    call.hangUp();
    await call.ended();
    consultation.signal();
    expect(await consultation.ended()).toEqual({ by: 'remote' });
    await Promise.all([sipp.done, target.done]);
    subject.settle();
  });
});

const replacesOf = (callId: string, toTag: string, fromTag: string) =>
  `Replaces: ${callId};to-tag=${toTag};from-tag=${fromTag}`;

/** The call that SIPp has made, as its own 200 names it. */
const namesOf = (subject: Subject): [string, string, string] => {
  const [success = ''] = subject.messages('out', 'SIP/2.0 200');
  const read = (pattern: RegExp) => pattern.exec(success)?.[1] ?? '';
  return [read(/^Call-ID: (\S+)/mu), read(/^To: .*tag=(\S+)/mu), read(/^From: .*tag=(\S+)/mu)];
};

const taking = (replaces: string, status: number) => [
  send(request('INVITE', { cseq: 1, body: audio(), headers: ['Require: replaces', replaces] }), {
    again: 500,
  }),
  receive(100, undefined, { optional: true }),
  receive(status, 'INVITE', { route: true }),
];

describe.skipIf(!hasSipp())('Replaces from SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it('[RFC3891-3] a call takes the place of another, which is ended', async () => {
    await using subject = await Subject.open();
    await using replaced = await sippAgainst(subject, scenarioOf(...callAndBeAnswered, ...beHungUp));
    const old = await subject.answerNext();
    const scenario = scenarioOf(
      ...taking(replacesOf(...namesOf(subject)), 200),
      send(inDialog('ACK', { cseq: 1, branch: 'ack' })),
      ...hangUp(2),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call, invitation } = await subject.incoming();
    expect(invitation.replaces).toBe(old.session);
    await call.answer(invitation);
    expect(await old.ended()).toEqual({ by: 'replaced', session: call.session });
    expect(await call.ended()).toEqual({ by: 'remote' });
    await Promise.all([sipp.done, replaced.done]);
    subject.settle();
  });

  it('[RFC3891-3] a call that wants to take the place of none is refused with 481', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...taking(replacesOf('nothing', 'at', 'all'), 481),
      send(request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    await sipp.done;
    expect(subject.has('session.incoming')).toBe(false);
    subject.settle();
  });

  it('[RFC3891-3] a tag that is wrong opens no other call: 481, and the call goes on', async () => {
    await using subject = await Subject.open();
    const calling = scenarioOf(...callAndBeAnswered, ...awaitSignal, ...hangUp(2));
    await using talking = await sippAgainst(subject, calling);
    const old: SubjectCall = await subject.answerNext();
    const [callId, toTag] = namesOf(subject);
    const scenario = scenarioOf(
      ...taking(replacesOf(callId, toTag, ownTag), 481),
      send(request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    await sipp.done;
    old.signal();
    expect(await old.ended()).toEqual({ by: 'remote' });
    await talking.done;
    subject.settle();
  });
});
