import { describe, expect, it } from 'vitest';
import { sippAgainst } from './sipp-against.ts';
import { hasSipp, type Sipp } from './sipp.ts';
import {
  expectInRequest,
  inCalledDialog,
  inDialog,
  receive,
  receiveRequest,
  request,
  respond,
  scenarioOf,
  send,
  type Expected,
} from './sipp-words.ts';
import { Subject } from './subject.ts';

const header = (name: string, regexp: string): Expected => ({ where: { header: name }, regexp });
const SUMMARY = 'application/simple-message-summary';
const summary = (waiting: 'yes' | 'no') => `Messages-Waiting: ${waiting}\nVoice-Message: 2/8 (0/2)\n`;
const asSummary = (message: string) => message.replace('application/sdp', SUMMARY);
const subscribed = (expires: number) =>
  expectInRequest('SUBSCRIBE', [
    header('Event', '^ ?message-summary'),
    header('Expires', `^ ?${expires}$`),
    header('Accept', SUMMARY),
  ]);

/** A NOTIFY in the dialog that the subject's first SUBSCRIBE, kept as `invite`, has made. */
const notify = (cseq: number, state: string, waiting: 'yes' | 'no') => [
  send(
    asSummary(
      inCalledDialog('NOTIFY', {
        cseq,
        branch: `notify${cseq}`,
        headers: ['Event: message-summary', `Subscription-State: ${state}`],
        body: summary(waiting),
      }),
    ),
    { again: 500 },
  ),
  receive(200, 'NOTIFY'),
];
const first = receiveRequest('SUBSCRIBE', 'invite', { route: true });
const granted = (expires: number, to?: string) =>
  send(
    respond('200 OK', {
      headers: [`Expires: ${expires}`],
      ...(to === undefined ? { tag: false } : { to }),
    }),
  );

function subscribe(subject: Subject, sipp: Sipp) {
  return subject.sip.run((sip, now) =>
    sip.subscribe(
      {
        to: `sip:sipp@${sipp.place}`,
        from: `sip:subject@${subject.place()}`,
        event: 'message-summary',
        accept: [SUMMARY],
        expires: 600,
        contactUser: 'subject',
      },
      now,
    ),
  );
}

const textOf = (body: { readonly bytes: Uint8Array } | undefined) =>
  Buffer.from(body?.bytes ?? []).toString();

const unsolicited = (event: string) =>
  send(
    asSummary(
      request('NOTIFY', {
        cseq: 1,
        headers: [`Event: ${event}`, 'Subscription-State: active'],
        body: summary('yes'),
      }),
    ),
    { again: 500 },
  );

describe.skipIf(!hasSipp())(
  'NOTIFY without a subscription (skipped without SIPp)',
  { concurrent: true },
  () => {
    it('[RFC6665-4.1.3] is answered 481', async () => {
      await using subject = await Subject.open();
      await using sipp = await sippAgainst(subject, scenarioOf(unsolicited('message-summary'), receive(481)));
      await sipp.done;
      expect(subject.has('request')).toBe(false);
      subject.settle();
    });

    it('[RFC3842-3] of message-summary is taken where that was asked for, and no other', async () => {
      await using subject = await Subject.open({ unsolicited: ['message-summary'] });
      await using sipp = await sippAgainst(subject, scenarioOf(unsolicited('message-summary'), receive(200)));
      const { requestId, request: message } = await subject.next('request');
      expect(Buffer.from(message.body).toString()).toContain('Messages-Waiting: yes');
      subject.sip.run((sip, now) => sip.respond(requestId, 200, now));
      await sipp.done;
      await using other = await sippAgainst(subject, scenarioOf(unsolicited('dialog'), receive(481)));
      await other.done;
      expect(subject.has('request')).toBe(false);
      subject.settle();
    });
  },
);

const strange = (text: string) => text.replace('[$inviteFrom]', '<sip:subject@127.0.0.1>;tag=gone');

describe.skipIf(!hasSipp())('subscribes to SIPp (skipped without SIPp)', { concurrent: true }, () => {
  it('[RFC6665-4.1] is told of changes, and goes', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      first,
      granted(600, 'invite'),
      ...notify(11, 'active;expires=600', 'no'),
      ...notify(12, 'active;expires=590', 'yes'),
      subscribed(0),
      granted(0),
      ...notify(13, 'terminated;reason=timeout', 'yes'),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const subscription = subscribe(subject, sipp);
    expect(textOf((await subject.next('subscription.notified')).body)).toContain('Waiting: no');
    expect(textOf((await subject.next('subscription.notified')).body)).toContain('Waiting: yes');
    subject.sip.run((sip, now) => sip.unsubscribe(subscription, now));
    await subject.subscription('ended');
    await sipp.done;
    subject.settle();
  });

  it('[RFC6665-4.1.2] NOTIFY comes before the 200', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      first,
      ...notify(11, 'active;expires=600', 'yes'),
      granted(600, 'invite'),
      subscribed(0),
      granted(0),
      ...notify(12, 'terminated;reason=timeout', 'yes'),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const subscription = subscribe(subject, sipp);
    await subject.next('subscription.notified');
    await subject.heard('SIP/2.0 200', 1);
    await subject.subscription('active');
    subject.sip.run((sip, now) => sip.unsubscribe(subscription, now));
    await subject.subscription('ended');
    await sipp.done;
    expect(subject.settle()).toMatchObject({ stray: 0 });
  });

  it('[RFC6665-4.1.2.1] refused with 489: it says so and comes again later', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(first, send(respond('489 Bad Event')));
    await using sipp = await sippAgainst(subject, scenario);
    const subscription = subscribe(subject, sipp);
    const { why, retryAt } = await subject.subscription('failed');
    expect(why).toMatchObject({ kind: 'response', response: { status: 489 } });
    expect(retryAt - performance.now()).toBeGreaterThan(20_000);
    subject.sip.run((sip, now) => sip.unsubscribe(subscription, now));
    await subject.subscription('ended');
    await sipp.done;
    subject.settle();
  });

  it('[RFC6665-4.1.2.1] 423: it asks for as long as SIPp wants', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      subscribed(600),
      send(respond('423 Interval Too Brief', { headers: ['Min-Expires: 3600'] })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const subscription = subscribe(subject, sipp);
    // It asks with another Call-ID, which SIPp takes for another call and does not answer.
    const [, second] = await subject.said('SUBSCRIBE', 2);
    expect(second).toMatch(/^Expires: 3600/mu);
    await sipp.done;
    subject.sip.run((sip, now) => sip.unsubscribe(subscription, now));
    subject.settle();
  });

  it('[RFC6665-4.4.1] a NOTIFY of another dialog is answered 481', async () => {
    await using subject = await Subject.open();
    const [other = '', ...rest] = notify(11, 'active;expires=600', 'yes');
    const scenario = scenarioOf(
      first,
      granted(600, 'invite'),
      strange(other),
      receive(481, 'NOTIFY'),
      ...notify(12, 'terminated;reason=rejected', 'yes'),
    );
    expect(rest).toHaveLength(1);
    await using sipp = await sippAgainst(subject, scenario);
    subscribe(subject, sipp);
    expect((await subject.subscription('ended')).why).toMatchObject({ kind: 'terminated' });
    await sipp.done;
    subject.settle();
  });
});

const asks = (expires: number) => ['Event: message-summary', `Expires: ${expires}`, `Accept: ${SUMMARY}`];

const told = (state: string) => [
  expectInRequest('NOTIFY', [
    header('Event', '^ ?message-summary'),
    header('Subscription-State', `^ ?${state}`),
  ]),
  send(respond('200 OK', { tag: false })),
];

describe.skipIf(!hasSipp())('SIPp subscribes (skipped without SIPp)', { concurrent: true }, () => {
  it('[RFC6665-4.2] is told of changes, and goes', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('SUBSCRIBE', { cseq: 1, headers: asks(600) }), { again: 500 }),
      receive(200, 'SUBSCRIBE', { route: true }),
      ...told('active'),
      ...told('active'),
      send(inDialog('SUBSCRIBE', { cseq: 2, branch: 'bye', headers: asks(0) }), { again: 500 }),
      receive(200, 'SUBSCRIBE'),
      ...told('terminated'),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { requestId } = await subject.next('request');
    const notifier = subject.sip.run((sip, now) => sip.acceptSubscription(requestId, now));
    const tell = (waiting: 'yes' | 'no') =>
      subject.sip.run((sip, now) =>
        sip.notify(notifier, { contentType: SUMMARY, bytes: Buffer.from(summary(waiting)) }, now),
      );
    await subject.next('notifier.wanted');
    tell('no');
    await subject.heard('SIP/2.0 200', 1);
    tell('yes');
    await subject.next('notifier.ended');
    await sipp.done;
    expect(subject.settle()).toMatchObject({ stray: 0 });
  });

  it('[RFC6665-4.2.1.1] asks for too short a time: 423 with Min-Expires', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('SUBSCRIBE', { cseq: 1, headers: asks(10) }), { again: 500 }),
      receive(423),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { requestId } = await subject.next('request');
    subject.sip.run((sip, now) => sip.acceptSubscription(requestId, now));
    await subject.next('notifier.ended');
    expect(subject.messages('out', 'SIP/2.0 423')[0]).toMatch(/^Min-Expires: 60/mu);
    await sipp.done;
    subject.settle();
  });

  it('[RFC6665-4.2.2] answers a NOTIFY 481: the subscription is over', async () => {
    await using subject = await Subject.open();
    const scenario = scenarioOf(
      send(request('SUBSCRIBE', { cseq: 1, headers: asks(600) }), { again: 500 }),
      receive(200, 'SUBSCRIBE', { route: true }),
      receiveRequest('NOTIFY'),
      send(respond('481 Subscription Does Not Exist', { tag: false })),
    );
    await using sipp = await sippAgainst(subject, scenario);
    const { requestId } = await subject.next('request');
    const notifier = subject.sip.run((sip, now) => sip.acceptSubscription(requestId, now));
    await subject.next('notifier.wanted');
    subject.sip.run((sip, now) => sip.notify(notifier, undefined, now));
    await subject.next('notifier.ended');
    await sipp.done;
    expect(subject.settle()).toMatchObject({ notifiers: 0 });
  });
});
