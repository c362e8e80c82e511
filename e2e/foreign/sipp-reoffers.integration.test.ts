import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { hasSipp } from './sipp.ts';
import {
  audio,
  beHungUp,
  callAndBeAnswered,
  expectInRequest,
  hangUp,
  inDialog,
  receive,
  receiveRequest,
  respond,
  scenarioOf,
  send,
  times,
} from './sipp-words.ts';
import { fastTimers, Subject } from './subject.ts';

const optional = { optional: true };
const reinvite = (cseq: number, direction = 'sendrecv') =>
  inDialog('INVITE', { cseq, branch: `offer${cseq}`, body: audio(direction, cseq) });
/** Of a 2xx: a transaction of its own. */
const ack = (cseq: number) => send(inDialog('ACK', { cseq, branch: `ack${cseq}` }));
/** Of a refusal: part of the refused transaction. */
const ackOfRefusal = (cseq: number) =>
  send(inDialog('ACK', { cseq, branch: `offer${cseq}`, contact: false }));

/** SIPp offers something new and is answered 200. */
const reoffer = (cseq: number, direction: string) => [
  send(reinvite(cseq, direction), { again: 500 }),
  receive(100, undefined, optional),
  receive(200, 'INVITE', { route: true }),
  ack(cseq),
];

const accepted = (direction: string) => [
  receiveRequest('INVITE'),
  send(respond('200 OK', { tag: false, body: audio(direction, 2) }), { again: 500 }),
  receiveRequest('ACK'),
];
const refused = (status: `${number} ${string}`) => [
  receiveRequest('INVITE'),
  send(respond(status, { tag: false }), { again: 500 }),
  receiveRequest('ACK'),
];

describe.skipIf(!hasSipp())('new offers with SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it('[RFC3264-8.4] is put on hold and retrieved by SIPp', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      ...reoffer(2, 'sendonly'),
      ...reoffer(3, 'inactive'),
      ...reoffer(4, 'sendrecv'),
      ...hangUp(5),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    const offered = [await call.agree(), await call.agree(), await call.agree()];
    expect(offered).toEqual(['sendonly', 'inactive', 'sendrecv']);
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC3264-8.4] holds and retrieves SIPp', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      ...accepted('recvonly'),
      ...accepted('sendrecv'),
      ...hangUp(5),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    expect([await call.hold(), await call.retrieve()]).toEqual(['recvonly', 'sendrecv']);
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-14.2] a re-INVITE without an offer is answered with ours', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      send(inDialog('INVITE', { cseq: 2, branch: 'offer2' }), { again: 500 }),
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      send(inDialog('ACK', { cseq: 2, branch: 'ack2', body: audio('sendonly', 2) })),
      ...hangUp(3),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    await call.agree();
    const { body } = await call.next('session.confirmed');
    expect(Buffer.from(body?.bytes ?? []).toString()).toContain('a=sendonly');
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-14.1] glare: both get 491, wait and try again', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      receiveRequest('INVITE', 'theirs'),
      send(reinvite(2)),
      receive(491, 'INVITE'),
      ackOfRefusal(2),
      send(respond('491 Request Pending', { to: 'theirs', tag: false }), { again: 500 }),
      receiveRequest('ACK'),
      // Who was called comes again within 2 s.
      ...accepted('recvonly'),
      ...reoffer(3, 'sendrecv'),
      ...hangUp(4),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    expect(await call.hold()).toBe('recvonly');
    expect(await call.agree()).toBe('sendrecv');
    await call.ended();
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-14.2] a second re-INVITE before the first is answered: 500 with Retry-After', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      send(reinvite(2, 'sendonly')),
      receive(100),
      send(reinvite(3, 'inactive')),
      receive(500, 'INVITE'),
      ackOfRefusal(3),
      receive(200, 'INVITE', { route: true }),
      ack(2),
      ...hangUp(4),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    await subject.heard('ACK', 2);
    expect(await call.agree()).toBe('sendonly');
    expect(subject.messages('out', 'SIP/2.0 500')[0]).toMatch(/^Retry-After: \d+/mu);
    await call.ended();
    await sipp.done;
    expect(call.has('session.reoffer')).toBe(false);
    subject.settle();
  });

  it('[RFC3261-12.2.2] a request in the dialog with an old CSeq is refused with 500', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      ...reoffer(7, 'sendonly'),
      send(reinvite(3, 'inactive')),
      receive(500, 'INVITE'),
      ackOfRefusal(3),
      ...hangUp(8),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    expect(await call.agree()).toBe('sendonly');
    await call.ended();
    await sipp.done;
    expect(call.has('session.reoffer')).toBe(false);
    subject.settle();
  });

  it('[RFC3261-14.2] the ACK of a re-INVITE is lost: its 200 is sent again', async () => {
    await using subject = await Subject.open({ timers: fastTimers });
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      send(reinvite(2, 'sendonly')),
      receive(100, undefined, optional),
      ...times(4, receive(200, 'INVITE', { route: true })),
      ack(2),
      ...hangUp(3),
    );
    await using sipp = await sippAgainst(subject, scenario, { scripted: true });
    const call = await subject.answerNext();
    await call.agree();
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-14.1] its offer is refused with 488: the call stands as it stood', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      ...refused('488 Not Acceptable Here'),
      ...accepted('sendrecv'),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    call.offer('sendonly');
    expect(await call.next('session.reoffer_result')).toMatchObject({ ok: false, status: 488 });
    expect(await call.retrieve()).toBe('sendrecv');
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC5057-5.1] its offer is answered 481: the call is over', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(...callAndBeAnswered, ...refused('481 Call/Transaction Does Not Exist'));
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    call.offer('sendonly');
    expect(await call.ended()).toMatchObject({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-15.1.2] BYE comes while its offer is open: the call is over', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      receiveRequest('INVITE', 'theirs'),
      ...hangUp(2),
      send(respond('487 Request Terminated', { to: 'theirs', tag: false }), { again: 500 }),
      receiveRequest('ACK'),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    call.offer('sendonly');
    expect(await call.ended()).toEqual({ by: 'remote' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-15.1.2] it hangs up while an offer of SIPp is open: 487 to that', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      send(reinvite(2, 'sendonly')),
      receive(100, undefined, optional),
      receive(487, 'INVITE'),
      ackOfRefusal(2),
      ...beHungUp,
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    await call.next('session.reoffer');
    call.hangUp();
    expect(await call.ended()).toEqual({ by: 'local' });
    await sipp.done;
    subject.settle();
  });

  it('[RFC3261-12.2] a re-INVITE moves the target: what follows goes to the new one', async () => {
    await using subject = await Subject.open();
    const moved = send(
      reinvite(2).replace(
        /^Contact: .*$/mu,
        'Contact: <sip:moved@[local_ip]:[local_port];transport=[transport]>',
      ),
      { again: 500 },
    );
    const scenario = scenarioOf(
      ...callAndBeAnswered,
      moved,
      receive(100, undefined, optional),
      receive(200, 'INVITE', { route: true }),
      ack(2),
      expectInRequest('BYE', [{ where: 'msg', regexp: '^BYE sip:moved@' }]),
      send(respond('200 OK', { tag: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const call = await subject.answerNext();
    await call.agree();
    await subject.heard('ACK', 2);
    call.hangUp();
    await call.ended();
    await sipp.done;
    subject.settle();
  });
});
