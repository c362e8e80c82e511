import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { counted, hasSipp } from './sipp.ts';
import {
  audio,
  beHungUp,
  expectInRequest,
  expectInResponse,
  hangUp,
  hangUpAsCalled,
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
const called = receiveRequest('INVITE', 'invite', { route: true });
const accept = (tag?: string) =>
  send(respond('200 OK', { to: 'invite', body: audio(), ...(tag !== undefined && { tag }) }));
const reliable = (rseq: number, options: { tag?: string; body?: string } = {}) =>
  send(
    respond('183 Session Progress', {
      to: 'invite',
      headers: ['Require: 100rel', `RSeq: ${rseq}`],
      ...options,
    }),
  );
const prackFor = (rseq: number) =>
  expectInRequest('PRACK', [{ where: { header: 'RAck' }, regexp: `^ ?${rseq} 1 INVITE` }]);
const answerPrack = send(respond('200 OK', { tag: false }));

describe.skipIf(!hasSipp())(
  'reliable provisional responses of SIPp (skipped without SIPp)',
  { concurrent: true },
  () => {
    it('[RFC3262-4] each fork has its own count, and its own PRACK', async () => {
      await using subject = await Subject.open();
      const [one, two] = ['one[pid]', 'two[pid]'];
      const scenario = scenarioOf(
        called,
        reliable(7, { tag: one }),
        prackFor(7),
        answerPrack,
        reliable(40, { tag: two }),
        prackFor(40),
        answerPrack,
        reliable(8, { tag: one }),
        prackFor(8),
        answerPrack,
        reliable(41, { tag: two }),
        prackFor(41),
        answerPrack,
        accept(two),
        receiveRequest('ACK'),
        ...beHungUp,
      );
      await using sipp = await sippAgainst(subject, scenario);
      const call = await subject.call(`sip:sipp@${sipp.place}`);
      await call.accepted();
      const tags = subject.messages('out', 'PRACK').map((text) => /^To: .*tag=(one|two)/mu.exec(text)?.[1]);
      expect(tags).toEqual(['one', 'two', 'one', 'two']);
      call.hangUp();
      await call.ended();
      await sipp.done;
      subject.settle();
    });

    it('[RFC3262-4] what comes out of turn is not acknowledged', async () => {
      await using subject = await Subject.open();
      const scenario = scenarioOf(
        called,
        reliable(7),
        prackFor(7),
        answerPrack,
        reliable(9),
        // A PRACK here would not be expected, and fail.
        pause(200),
        reliable(8),
        prackFor(8),
        answerPrack,
        accept(),
        receiveRequest('ACK'),
        ...beHungUp,
      );
      await using sipp = await sippAgainst(subject, scenario);
      const call = await subject.call(`sip:sipp@${sipp.place}`);
      await call.accepted();
      call.hangUp();
      expect(await call.ended()).toEqual({ by: 'local' });
      await sipp.done;
      subject.settle();
    });

    it('[RFC3262-4] a PRACK gets no answer: it comes again', async () => {
      await using subject = await Subject.open({ timers: fastTimers });
      const scenario = scenarioOf(
        called,
        reliable(7),
        ...times(4, prackFor(7)),
        answerPrack,
        accept(),
        receiveRequest('ACK'),
        ...beHungUp,
      );
      await using sipp = await sippAgainst(subject, scenario, { scripted: true });
      const call = await subject.call(`sip:sipp@${sipp.place}`);
      await call.accepted();
      call.hangUp();
      expect(await call.ended()).toEqual({ by: 'local' });
      await sipp.done;
      subject.settle();
    });

    it('[RFC3262-5] calls without an offer: the PRACK brings the answer', async () => {
      await using subject = await Subject.open();
      const scenario = scenarioOf(
        called,
        reliable(7, { body: audio() }),
        expectInRequest('PRACK', [{ where: 'msg', regexp: 'm=audio' }]),
        answerPrack,
        send(respond('200 OK', { to: 'invite' })),
        receiveRequest('ACK'),
        ...hangUpAsCalled(7),
      );
      await using sipp = await sippAgainst(subject, scenario);
      const call = await subject.call(`sip:sipp@${sipp.place}`, { delayedOffer: true });
      expect(await call.next('session.progress')).toMatchObject({ reliable: true, needsAnswer: true });
      call.acknowledge();
      expect((await call.next('session.accepted')).needsAnswer).toBe(false);
      await call.ended();
      await sipp.done;
      subject.settle();
    });
  },
);

const invite = (extension: 'Require: 100rel' | 'Supported: 100rel') =>
  send(request('INVITE', { cseq: 1, body: audio(), headers: [extension] }), { again: 500 });

const prack = (cseq: number, rack: string) =>
  send(inDialog('PRACK', { cseq, branch: `prack${cseq}`, headers: [`RAck: ${rack}`] }), { again: 500 });

/** Keeps what the PRACK has to say. */
const receiveReliable = (status: number) =>
  expectInResponse(status, [{ where: { header: 'RSeq' }, regexp: '[0-9]+' }], { route: true });

describe.skipIf(!hasSipp())(
  'reliable provisional responses to SIPp (skipped without SIPp)',
  { concurrent: true },
  () => {
    it('[RFC3262-3] demanded by SIPp, 180 is reliable; the 200 comes when the PRACK has come', async () => {
      await using subject = await Subject.open();
      const scenario = scenarioOf(
        invite('Require: 100rel'),
        receive(100, undefined, optional),
        receiveReliable(180),
        prack(2, '[$expected0] 1 INVITE'),
        // To the PRACK and to the INVITE, in whatever order.
        receive(200, undefined, { route: true }),
        receive(200, undefined, { route: true }),
        send(inDialog('ACK', { cseq: 1, branch: 'ack' })),
        ...hangUp(3),
      );
      await using sipp = await sippAgainst(subject, scenario);
      const { call, invitation } = await subject.incoming();
      call.ring();
      await call.answer(invitation);
      await call.confirmed();
      expect(await call.ended()).toEqual({ by: 'remote' });
      await sipp.done;
      subject.settle();
    });

    it('[RFC3262-3] a PRACK for another response is answered 481', async () => {
      await using subject = await Subject.open();
      const scenario = scenarioOf(
        invite('Require: 100rel'),
        receive(100, undefined, optional),
        receiveReliable(180),
        prack(2, '4711 1 INVITE'),
        receive(481, 'PRACK'),
        prack(3, '[$expected0] 1 INVITE'),
        receive(200, 'PRACK'),
        receive(486, 'INVITE'),
        send(request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false })),
      );
      await using sipp = await sippAgainst(subject, scenario);
      const { call } = await subject.incoming();
      call.ring();
      await subject.heard('PRACK', 2);
      call.refuse(486);
      expect(await call.ended()).toEqual({ by: 'local' });
      await sipp.done;
      subject.settle();
    });

    it('[RFC3262-3] every PRACK is lost: the 180 is sent again, and after 64·T1 the call is refused', async () => {
      await using subject = await Subject.open({ timers: fastTimers });
      const scenario = scenarioOf(
        invite('Require: 100rel'),
        receive(100, undefined, optional),
        receive(180, undefined, { route: true }),
        receive(504, 'INVITE'),
        send(request('ACK', { cseq: 1, branch: 'INVITE', toTag: '[peer_tag_param]', contact: false })),
      );
      await using sipp = await sippAgainst(subject, scenario);
      const { call } = await subject.incoming();
      call.ring();
      expect(await call.ended()).toEqual({ by: 'timeout', which: 'no_prack' });
      expect(counted(await sipp.done, '180_Retrans')).toBeGreaterThanOrEqual(3);
      subject.settle();
    });
  },
);
