import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { counted, hasSipp } from './sipp.ts';
import {
  audio,
  beHungUp,
  hangUp,
  inDialog,
  pause,
  receive,
  receiveRequest,
  request,
  respond,
  scenarioOf,
  send,
  times,
} from './sipp-words.ts';
import { fastTimers, Subject } from './subject.ts';

const optional = { optional: true };
const invite = send(request('INVITE', { cseq: 1, body: audio() }), { again: 500 });
/** CANCEL and the ACK of a refusal are of the INVITE's branch. */
const cancel = (branch = 'INVITE') =>
  send(
    request('CANCEL', {
      cseq: 1,
      branch,
      contact: false,
      headers: ['Reason: SIP;cause=200;text="Answered elsewhere"'],
    }),
  );
const ackOfRefusal = send(
  request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false }),
);

describe.skipIf(!hasSipp())('cancelled by SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it.each(['udp', 'tcp'] as const)(
    '[RFC3261-9.2] CANCEL over %s while it rings: 200 to it and 487 to the INVITE',
    async (transport) => {
      await using subject = await Subject.open();
      const scenario = scenarioOf(
        invite,
        receive(100, undefined, optional),
        receive(180),
        cancel(),
        receive(200, 'CANCEL'),
        receive(487, 'INVITE'),
        ackOfRefusal,
      );
      await using sipp = await sippAgainst(subject, scenario, { transport });
      const { call } = await subject.incoming();
      call.ring();
      expect(await call.ended()).toEqual({
        by: 'remote',
        reason: 'SIP;cause=200;text="Answered elsewhere"',
      });
      await sipp.done;
      subject.settle();
    },
  );

  it('[RFC3261-9.2] CANCEL crosses the 200: it is answered 200 and stops nothing', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      cancel(),
      receive(200, 'CANCEL'),
      send(inDialog('ACK', { cseq: 1, branch: 'ack' })),
      ...hangUp(2),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.answerNext();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-9.2] CANCEL that belongs to no INVITE is answered 481, and the call goes on', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      receive(180),
      cancel('another'),
      receive(481, 'CANCEL'),
      receive(200, 'INVITE', { route: true }),
      send(inDialog('ACK', { cseq: 1, branch: 'ack' })),
      ...hangUp(2),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call, invitation } = await subject.incoming();
    call.ring();
    await subject.heard('CANCEL', 1);
    await call.answer(invitation);
    await call.confirmed();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-9.2] CANCEL is sent again: it is answered 200 again', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      receive(180),
      cancel(),
      receive(200, 'CANCEL'),
      receive(487, 'INVITE'),
      cancel(),
      receive(487, 'INVITE', optional),
      receive(200, 'CANCEL'),
      ackOfRefusal,
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const { call } = await subject.incoming();
    call.ring();
    expect(await call.ended()).toMatchObject({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });
});

describe.skipIf(!hasSipp())('cancels its call to SIPp (skipped without SIPp)', { concurrent: true }, () => {
  const called = receiveRequest('INVITE', 'invite', { route: true });
  const ring = send(respond('180 Ringing', { to: 'invite' }));

  it.each(['udp', 'tcp'] as const)('[RFC3261-9.1] CANCEL over %s while it rings', async (transport) => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ring,
      receiveRequest('CANCEL'),
      send(respond('200 OK')),
      send(respond('487 Request Terminated', { to: 'invite' }), { again: 500 }),
      receiveRequest('ACK'),
    );
    await using sipp = await sippAgainst(subject, scenario, { transport });
    const call = await subject.call(`sip:sipp@${sipp.place};transport=${transport}`);
    await call.next('session.progress');
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-9.1] CANCEL waits until there is a provisional response', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(
      // A CANCEL here would not be expected.
      ...times(3, called),
      send(respond('100 Trying', { to: 'invite', tag: false })),
      receiveRequest('CANCEL'),
      send(respond('200 OK')),
      send(respond('487 Request Terminated', { to: 'invite' }), { again: 500 }),
      receiveRequest('ACK'),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await subject.said('INVITE', 1);
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-9.1] CANCEL crosses the 200: it is acknowledged and ended with BYE', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ring,
      receiveRequest('CANCEL', 'cancel'),
      send(respond('200 OK', { to: 'invite', body: audio() }), { again: 500 }),
      receiveRequest('ACK'),
      send(respond('200 OK', { to: 'cancel' })),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.next('session.progress');
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    expect(call.has('session.accepted')).toBe(false);
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-9.1] CANCEL is not heard: it is sent again, and after 64·T1 the call is over', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(called, ring, receiveRequest('CANCEL'), pause(2_700));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.next('session.progress');
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    expect(counted(await sipp.done, 'CANCEL_Retrans')).toBeGreaterThanOrEqual(5);
    subject.settle();
  });

  it('[RFC3261-13.2.2.4] late 2xx: a second phone picks up after the first, and is hung up', async () => {
    await using subject = await Subject.open();
    const other = '[pid]other[call_number]';
    const scenario = scenarioOf(
      called,
      ring,
      send(respond('180 Ringing', { to: 'invite', tag: other })),
      send(respond('200 OK', { to: 'invite', body: audio() })),
      receiveRequest('ACK'),
      pause(200),
      send(respond('200 OK', { to: 'invite', tag: other, body: audio() })),
      receiveRequest('ACK'),
      // The second call's; the first stands.
      ...beHungUp,
      pause(100),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.accepted();
    await subject.heard('SIP/2.0 200', 3);
    const [bye = ''] = subject.messages('out', 'BYE');
    expect(/^To: .*$/mu.exec(bye)?.[0]).toMatch(/other/u);
    expect(subject.counts()).toMatchObject({ sessions: 1, dialogs: 1 });
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-9.1] late 2xx: a phone picks up after the CANCEL was answered, and is hung up', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ring,
      receiveRequest('CANCEL'),
      send(respond('200 OK')),
      pause(300),
      send(respond('200 OK', { to: 'invite', body: audio() }), { again: 500 }),
      receiveRequest('ACK'),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    await call.next('session.progress');
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC6026-7.2] 2xx of a fork after the refusal of all: nobody waits for it', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      called,
      ring,
      send(respond('486 Busy Here', { to: 'invite' })),
      receiveRequest('ACK'),
      send(respond('200 OK', { to: 'invite', tag: 'late', body: audio() })),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.call(`sip:sipp@${sipp.place}`);
    expect(await call.ended()).toMatchObject({ by: 'refused', response: { status: 486 } });
    await subject.heard('SIP/2.0 200', 1);
    await sipp.done;
    subject.settle();
  });
});
