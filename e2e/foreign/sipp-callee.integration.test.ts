import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { counted, hasSipp } from './sipp.ts';
import {
  audio,
  beHungUp,
  callAndBeAnswered,
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

/** An INVITE of SIPp's, the same each time that it is sent. */
const invite = send(request('INVITE', { cseq: 1, body: audio() }));
const ack = send(inDialog('ACK', { cseq: 1, branch: 'ack' }));
/** The ACK of a refusal belongs to the INVITE's transaction. */
const ackOfRefusal = send(
  request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false }),
);
const optional = { optional: true };

describe.skipIf(!hasSipp())('called by SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it.each(['udp', 'tcp'] as const)(
    '[RFC3665-3.1] is called over %s, talks and is hung up',
    async (transport) => {
      await using subject = await Subject.open();
      const scenario = scenarioOf(...callAndBeAnswered, ...hangUp(2));
      await using sipp = await sippAgainst(subject, scenario, { transport });
      const { call, invitation } = await subject.incoming();
      expect(invitation.flow.transport).toBe(transport);
      call.ring();
      await call.answer(invitation);
      await call.confirmed();
      expect(await call.ended()).toEqual({ by: 'remote' });
      await sipp.done;
      expect(subject.settle()).toMatchObject({ malformed: 0, stray: 0 });
    },
  );

  it('[RFC3261-17.2.1] an INVITE that is sent again is one call, and is answered with the last response', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      invite,
      invite,
      receive(100, undefined, optional),
      receive(180),
      invite,
      receive(180),
      receive(486),
      invite,
      receive(486),
      ackOfRefusal,
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const { call } = await subject.incoming();
    await subject.heard('INVITE', 2);
    call.ring();
    await subject.heard('INVITE', 3);
    call.refuse(486);
    await sipp.done;
    expect(await call.ended()).toEqual({ by: 'local' });
    expect(subject.has('session.incoming')).toBe(false);
    subject.settle();
  });

  it('[RFC6026-7.1] an INVITE that is sent again after the ACK makes no second call', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      ack,
      invite,
      invite,
      ...hangUp(2),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call, invitation } = await subject.incoming();
    await call.answer(invitation);
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    expect(subject.messages('in', 'INVITE')).toHaveLength(3);
    expect(subject.has('session.incoming')).toBe(false);
    subject.settle();
  });

  it('[RFC3261-13.3.1.4] the ACK is lost: the 200 is sent again until one comes', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      ...times(4, receive(200, 'INVITE', { route: true })),
      ack,
      ...hangUp(2),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.answerNext();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-13.3.1.4] every ACK is lost: after 64·T1 it says BYE', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call, invitation } = await subject.incoming();
    await call.answer(invitation);
    expect(await call.ended()).toEqual({ by: 'timeout', which: 'no_ack' });
    expect(counted(await sipp.done, '200_Retrans')).toBeGreaterThanOrEqual(5);
    subject.settle();
  });

  it('[RFC3261-15] the ACK is lost and a BYE comes: the call is over', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      ...hangUp(2),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call, invitation } = await subject.incoming();
    await call.answer(invitation);
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-15] hung up before the ACK has come, it says BYE after it', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      pause(200),
      ack,
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call, invitation } = await subject.incoming();
    await call.answer(invitation);
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-17.2.1] the ACK of a refusal is lost: it is sent again until one comes', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(
      invite,
      receive(100, undefined, optional),
      ...times(4, receive(486)),
      ackOfRefusal,
      // Once acknowledged, it is quiet.
      pause(400),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const { call } = await subject.incoming();
    call.refuse(486);
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    const refusals = subject.messages('out', 'SIP/2.0 486').length;
    expect(subject.settle()).toMatchObject({ stray: 0 });
    expect(subject.messages('out', 'SIP/2.0 486')).toHaveLength(refusals);
  });

  it('[RFC3261-17.2.2] a BYE that is sent again is answered 200 again', async () => {
    await using subject = await Subject.open();
    const bye = send(inDialog('BYE', { cseq: 2 }));
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      bye,
      receive(200, 'BYE'),
      bye,
      receive(200, 'BYE'),
      bye,
      receive(200, 'BYE'),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.answerNext();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    expect(subject.settle()).toMatchObject({ stray: 0 });
  });

  it('[RFC3261-17.1.2] its BYE gets no answer: it is sent again, and after 64·T1 the call is over all the same', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(...callAndBeAnswered, receiveRequest('BYE'), pause(2_700));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    expect(counted(await sipp.done, 'BYE_Retrans')).toBeGreaterThanOrEqual(5);
    subject.settle();
  });

  it('[RFC3261-15] BYE crosses BYE: both are answered 200', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      receiveRequest('BYE', 'bye'),
      send(inDialog('BYE', { cseq: 2 })),
      receive(200, 'BYE'),
      send(respond('200 OK', { to: 'bye', tag: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-13.2.1] a call without an offer: the 200 brings ours, the ACK the answer', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('INVITE', { cseq: 1 }), { again: 500 }),
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      send(inDialog('ACK', { cseq: 1, branch: 'ack', body: audio('recvonly') })),
      ...hangUp(2),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { call, invitation } = await subject.incoming();
    expect(invitation.offer).toBeUndefined();
    await call.answer(invitation);
    const { body } = await call.next('session.confirmed');
    expect(Buffer.from(body?.bytes ?? []).toString()).toContain('a=recvonly');
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-17] forty calls get through where SIPp loses a fifth of its INVITEs and BYEs', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const loss = { again: 50, lost: 20 };
    const scenario = scenarioOf(
      send(request('INVITE', { cseq: 1, body: audio() }), loss),
      receive(100, undefined, optional),
      receive(180, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      // Not lost: the 200 that comes again then would cross the BYE, and SIPp takes it for an answer to that.
      send(inDialog('ACK', { cseq: 1, branch: 'ack' })),
      pause(50),
      send(inDialog('BYE', { cseq: 2 }), loss),
      receive(200, 'BYE'),
    );
    const run = { calls: 40, rate: 40, patience: 8 };
    await using sipp = await sippAgainst(subject, scenario, run);
    const answer = async () => {
      const { call, invitation } = await subject.incoming();
      call.ring();
      await call.answer(invitation);
      return await call.ended();
    };
    const ends = await Promise.all(Array.from({ length: 40 }, answer));
    expect(ends).toEqual(Array.from({ length: 40 }, () => ({ by: 'remote' })));
    expect(counted(await sipp.done, '200_Recv')).toBe(80);
    subject.settle();
  });
});
