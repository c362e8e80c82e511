import { describe, expect, it } from 'vitest';
import type { SubscribeParams, SubscriptionState } from '../endpoint/subscription-api.ts';
import { header, headerValues, toTag } from '../message/headers.ts';
import { answerTo, Lab, peerFlow, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft, textOf } from '../simulation/world.test-support.ts';
import { notifyOf } from './peer.test-support.ts';

const params: SubscribeParams = {
  to: 'sip:bob@192.0.2.2',
  from: 'sip:alice@192.0.2.1',
  event: 'message-summary',
  accept: ['application/simple-message-summary'],
  expires: 3_600,
  contactUser: 'alice',
};

function start(lab: Lab, over: Partial<SubscribeParams> = {}) {
  const id = lab.run((sip, now) => sip.subscribe({ ...params, ...over }, now));
  return { id, subscribe: lab.request('SUBSCRIBE') };
}

const accepted = (lab: Lab, expires = 3_600, tag = 'bob') =>
  answerTo(lab.request('SUBSCRIBE'), 200, {
    tag,
    contact: 'sip:bob@192.0.2.2:5060',
    headers: [`Expires: ${expires}`],
  });

/** A subscription that is active; what was sent so far is forgotten. */
function active(lab: Lab, over: Partial<SubscribeParams> = {}, expires = 3_600) {
  const { id, subscribe } = start(lab, over);
  lab.receive(accepted(lab, expires));
  lab.receive(notifyOf(lab, subscribe, 1, `active;expires=${expires}`));
  lab.takeSent();
  return { id, subscribe };
}

const states = (lab: Lab): SubscriptionState[] =>
  lab.events.flatMap((event) => (event.type === 'subscription.changed' ? [event.state] : []));
const names = (lab: Lab): string[] => states(lab).map(({ name }) => name);

function failed(lab: Lab): Extract<SubscriptionState, { name: 'failed' }> {
  const state = states(lab).at(-1);
  if (state?.name !== 'failed') throw new Error(`the state is ${state?.name}`);
  return state;
}

/** Lets time pass until the endpoint refreshes; milliseconds. */
function untilRefresh(lab: Lab, most: number): number {
  const start = lab.now;
  lab.takeSent();
  while (lab.sent.length === 0 && lab.now - start < most) lab.advance(100);
  expect(lab.sent).toHaveLength(1);
  return lab.now - start;
}

/** Ends the subscription, whatever its state, and lets all timers run out. */
function expectNothingLeft(lab: Lab): void {
  lab.advance(200_000);
  expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
}

describe('a subscription of ours', () => {
  it('[RFC6665-4.1.2.1] SUBSCRIBE tells package, types, time and Contact; the NOTIFY makes it active', () => {
    const lab = new Lab();
    const { id, subscribe } = start(lab, { event: 'dialog;id=7', headers: [['X-Own', '1']] });
    expect(subscribe.uri).toBe('sip:bob@192.0.2.2');
    expect(header(subscribe, 'event')).toBe('dialog;id=7');
    expect(header(subscribe, 'accept')).toBe('application/simple-message-summary');
    expect(header(subscribe, 'expires')).toBe('3600');
    expect(header(subscribe, 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    expect(header(subscribe, 'x-own')).toBe('1');
    lab.receive(accepted(lab));
    expect(names(lab)).toEqual(['subscribing']);
    lab.receive(notifyOf(lab, subscribe, 1, 'active;expires=600', { body: 'x', contentType: 'text/x' }));
    expect(states(lab).at(-1)).toEqual({ name: 'active', expiresAt: lab.now + 600_000 });
    expect(header(lab.response(200), 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    const { body, subscription } = lab.last('subscription.notified');
    expect(subscription).toBe(id);
    expect(body?.contentType).toBe('text/x');
    expect(textOf(body)).toBe('x');
  });

  it('[RFC6665-4.1.2.4] the NOTIFY may be faster than the 2xx, which then only shortens the time', () => {
    const lab = new Lab();
    const { subscribe } = start(lab);
    lab.receive(notifyOf(lab, subscribe, 1, 'pending', { headers: ['Record-Route: <sip:192.0.2.9;lr>'] }));
    expect(lab.takeSent()).toEqual(['SUBSCRIBE', '200 NOTIFY']);
    expect(states(lab).at(-1)).toEqual({ name: 'pending', expiresAt: lab.now + 3_600_000 });
    expect(lab.endpoint.counts().dialogs).toBe(1);
    lab.receive(answerTo(subscribe, 200, { tag: 'bob', headers: ['Expires: 100'] }));
    expect(states(lab).at(-1)).toEqual({ name: 'pending', expiresAt: lab.now + 100_000 });
    expect(lab.endpoint.counts().dialogs).toBe(1);
    lab.receive(notifyOf(lab, subscribe, 2, 'active'));
    expect(states(lab).at(-1)?.name).toBe('active');
    lab.takeSent();
    lab.advance(95_000);
    const refresh = lab.request('SUBSCRIBE');
    expect(header(refresh, 'cseq')).toBe('2 SUBSCRIBE');
    expect(headerValues(refresh, 'route')).toEqual(['<sip:192.0.2.9;lr>']);
    expect(header(refresh, 'to')).toBe('<sip:bob@192.0.2.2>;tag=bob');
    expect(header(refresh, 'from')).toBe(header(subscribe, 'from'));
  });

  it('[RFC6665-4.1.2.4] of a forked SUBSCRIBE one dialog is enough: the NOTIFY of another is answered 481', () => {
    const lab = new Lab();
    const { subscribe } = start(lab);
    lab.receive(notifyOf(lab, subscribe, 1, 'active', { tag: 'first' }));
    lab.receive(notifyOf(lab, subscribe, 1, 'active', { tag: 'second' }));
    lab.receive(accepted(lab, 3_600, 'second'));
    expect(lab.takeSent()).toEqual(['SUBSCRIBE', '200 NOTIFY', '481 NOTIFY']);
    expect(lab.endpoint.counts().dialogs).toBe(1);
    lab.receive(notifyOf(lab, subscribe, 2, 'active', { tag: 'first' }));
    expect(lab.takeSent()).toEqual(['200 NOTIFY']);
  });

  it('[RFC6665-4.1.2.4] timer N: a 2xx without a NOTIFY within 64·T1 is a failure, and is tried again', () => {
    const lab = new Lab();
    const { id } = start(lab);
    lab.receive(accepted(lab));
    lab.advance(31_999);
    expect(names(lab)).toEqual(['subscribing']);
    lab.advance(1);
    expect(failed(lab).why).toEqual({ kind: 'timeout' });
    expect(lab.endpoint.counts().dialogs).toBe(0);
    lab.takeSent();
    lab.advance(2_000);
    expect(lab.takeSent()).toEqual(['SUBSCRIBE']);
    lab.run((sip, now) => sip.unsubscribe(id, now));
    expectNothingLeft(lab);
    expect(names(lab).at(-1)).toBe('ended');
  });

  it('[RFC6665-4.1.2.2] is refreshed before its time is over, and stands on', () => {
    const lab = new Lab();
    active(lab, {}, 600);
    for (let round = 0; round < 20; round += 1) {
      expect(untilRefresh(lab, 541_000)).toBeGreaterThanOrEqual(300_000);
      expect(header(lab.request('SUBSCRIBE'), 'expires')).toBe('3600');
      lab.receive(answerTo(lab.request('SUBSCRIBE'), 200, { headers: ['Expires: 600'] }));
      lab.takeSent();
    }
    expect(names(lab)).not.toContain('failed');
  });

  it('[RFC6665-4.1.2.2] a refresh that fails for the moment leaves it standing until its time is over', () => {
    const lab = new Lab();
    active(lab, {}, 600);
    const end = lab.now + 600_000;
    untilRefresh(lab, 541_000);
    lab.receive(answerTo(lab.request('SUBSCRIBE'), 500));
    expect(names(lab)).toEqual(['subscribing', 'active']);
    untilRefresh(lab, 600_000);
    lab.advance(32_000);
    expect(names(lab)).toEqual(
      lab.now < end ? ['subscribing', 'active'] : ['subscribing', 'active', 'failed'],
    );
    lab.advance(100_000);
    expect(lab.now).toBeGreaterThan(end);
    expect(names(lab)).toContain('failed');
  });

  it.each([404, 480, 481, 489, 501, 401, 407])(
    '[RFC6665-4.1.2.2] %i to a refresh ends it, and a new one is made soon',
    (status) => {
      const lab = new Lab();
      const { subscribe } = active(lab, {}, 600);
      untilRefresh(lab, 541_000);
      lab.receive(answerTo(lab.request('SUBSCRIBE'), status));
      expect(failed(lab).why).toMatchObject({ kind: 'response' });
      expect(lab.endpoint.counts().dialogs).toBe(0);
      lab.takeSent();
      lab.advance(1_000);
      const again = lab.request('SUBSCRIBE');
      expect(toTag(again)).toBeUndefined();
      expect(header(again, 'call-id')).not.toBe(header(subscribe, 'call-id'));
    },
  );

  it('[RFC6665-4.1.2.1] 423 is followed with Min-Expires, at the start and at a refresh, but not for ever', () => {
    const lab = new Lab();
    const { id } = start(lab, { expires: 60 });
    lab.receive(answerTo(lab.request('SUBSCRIBE'), 423, { tag: 'bob', headers: ['Min-Expires: 600'] }));
    expect(header(lab.request('SUBSCRIBE'), 'expires')).toBe('600');
    lab.receive(accepted(lab, 600));
    lab.receive(notifyOf(lab, lab.request('SUBSCRIBE'), 1, 'active'));
    untilRefresh(lab, 541_000);
    lab.receive(answerTo(lab.request('SUBSCRIBE'), 423, { headers: ['Min-Expires: 900'] }));
    expect(header(lab.request('SUBSCRIBE'), 'expires')).toBe('900');
    lab.receive(answerTo(lab.request('SUBSCRIBE'), 200, { headers: ['Expires: 900'] }));
    expect(states(lab).at(-1)).toEqual({ name: 'active', expiresAt: lab.now + 900_000 });
    lab.run((sip, now) => sip.unsubscribe(id, now));
    start(lab, { expires: 60 });
    for (const least of [100, 200, 300]) {
      lab.receive(
        answerTo(lab.request('SUBSCRIBE'), 423, { tag: 'bob', headers: [`Min-Expires: ${least}`] }),
      );
    }
    expect(failed(lab).why).toMatchObject({ kind: 'response', response: { status: 423 } });
  });

  it('[RFC3261-22] a challenge is answered, in the dialog as well', () => {
    const lab = new Lab();
    start(lab, { credentials: { username: 'alice', password: 'secret' } });
    const challenge = ['WWW-Authenticate: Digest realm="pbx", nonce="n1", qop="auth", algorithm=MD5'];
    lab.receive(answerTo(lab.request('SUBSCRIBE'), 401, { tag: 'c', headers: challenge }));
    expect(header(lab.request('SUBSCRIBE'), 'authorization')).toContain('username="alice"');
    expect(header(lab.request('SUBSCRIBE'), 'cseq')).toBe('2 SUBSCRIBE');
    lab.receive(accepted(lab, 600));
    lab.receive(notifyOf(lab, lab.request('SUBSCRIBE'), 1, 'active'));
    untilRefresh(lab, 541_000);
    expect(header(lab.request('SUBSCRIBE'), 'authorization')).toContain('nc=00000002');
  });

  it('[RFC6665-4.1.2.4] once a NOTIFY has said yes, a challenge of another fork is not followed', () => {
    const lab = new Lab();
    const { subscribe } = start(lab, { credentials: { username: 'alice', password: 'secret' } });
    lab.receive(notifyOf(lab, subscribe, 1, 'active'));
    const challenge = ['WWW-Authenticate: Digest realm="pbx", nonce="n1", qop="auth", algorithm=MD5'];
    lab.receive(answerTo(subscribe, 401, { tag: 'other', headers: challenge }));
    expect(lab.takeSent()).toEqual(['SUBSCRIBE', '200 NOTIFY']);
    expect(names(lab)).toEqual(['subscribing', 'active']);
  });

  it('a refusal is told and tried again after minutes, silence after seconds; Retry-After is kept', () => {
    const refused = new Lab();
    start(refused);
    refused.receive(answerTo(refused.request('SUBSCRIBE'), 403, { tag: 'x' }));
    expect(failed(refused).why).toMatchObject({ kind: 'response', response: { status: 403 } });
    expect(failed(refused).retryAt - refused.now).toBeGreaterThanOrEqual(30_000);

    const silent = new Lab();
    start(silent);
    silent.advance(32_000);
    expect(failed(silent).why).toEqual({ kind: 'timeout' });
    expect(failed(silent).retryAt - silent.now).toBeLessThanOrEqual(2_000);

    const busy = new Lab();
    start(busy);
    busy.receive(answerTo(busy.request('SUBSCRIBE'), 500, { tag: 'x', headers: ['Retry-After: 700'] }));
    expect(failed(busy).retryAt - busy.now).toBeGreaterThanOrEqual(700_000);
  });

  it('[RFC5626-4.5] over a stream: refreshed soon after its connection was closed, and after no other one', () => {
    const lab = new Lab();
    const flow = { ...peerFlow, transport: 'tcp', connectionId: 'c1' } as const;
    start(lab, { target: { transport: 'tcp', address: '192.0.2.2', port: 5060 } });
    const overStream = (text: string) => lab.receive(`${text.trimEnd()}\nContent-Length: 0\n\n`, flow);
    overStream(accepted(lab));
    overStream(notifyOf(lab, lab.request('SUBSCRIBE'), 1, 'active'));
    lab.takeSent();
    const close = (connectionId: string) =>
      lab.run((sip, now) => sip.handle({ kind: 'closed', flow: { ...flow, connectionId } }, now));
    close('c2');
    lab.advance(10_000);
    expect(lab.takeSent()).toEqual([]);
    close('c1');
    lab.advance(1_000);
    expect(lab.takeSent()).toEqual(['SUBSCRIBE']);
    expect(names(lab)).toEqual(['subscribing', 'active']);
  });

  it('[RFC6665-4.1.2.2] the 2xx to a refresh moves the target; each refresh may be corrected by a 423', () => {
    const lab = new Lab();
    active(lab, { expires: 600 }, 600);
    for (const least of [700, 800, 900]) {
      untilRefresh(lab, 900_000);
      lab.receive(answerTo(lab.request('SUBSCRIBE'), 423, { headers: [`Min-Expires: ${least}`] }));
      const contact = `sip:moved@192.0.2.2:${least}`;
      lab.receive(answerTo(lab.request('SUBSCRIBE'), 200, { contact, headers: [`Expires: ${least}`] }));
    }
    untilRefresh(lab, 900_000);
    expect(lab.request('SUBSCRIBE').uri).toBe('sip:moved@192.0.2.2:900');
    expect(names(lab)).not.toContain('failed');
  });

  it('nobody makes us refresh more often than once a second', () => {
    const lab = new Lab();
    const { subscribe } = active(lab);
    lab.receive(notifyOf(lab, subscribe, 2, 'active;expires=1'));
    lab.takeSent();
    lab.advance(999);
    expect(lab.takeSent()).toEqual([]);
    lab.advance(1);
    expect(lab.takeSent()).toEqual(['SUBSCRIBE']);
  });

  it('the 2xx of an attempt that has ended does not touch the next one', () => {
    const lab = new Lab();
    const { subscribe } = start(lab);
    lab.receive(notifyOf(lab, subscribe, 1, 'active'));
    lab.receive(notifyOf(lab, subscribe, 2, 'terminated;reason=deactivated'));
    lab.advance(1_000);
    const again = lab.request('SUBSCRIBE');
    expect(header(again, 'call-id')).not.toBe(header(subscribe, 'call-id'));
    lab.receive(notifyOf(lab, again, 1, 'active'));
    const before = states(lab);
    lab.receive(answerTo(subscribe, 200, { tag: 'bob', headers: ['Expires: 1'] }));
    expect(states(lab)).toEqual(before);
  });

  it('an event that is no package is a usage error', () => {
    const lab = new Lab();
    const attempt = () => lab.run((sip, now) => sip.subscribe({ ...params, event: 'a b' }, now));
    expect(attempt).toThrow(expect.objectContaining({ code: 'bad_argument' }));
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });
});

describe('the end of a subscription of ours', () => {
  it.each([
    ['deactivated', 0, 1_000],
    ['timeout', 0, 1_000],
    ['probation;retry-after=100', 100_000, 110_000],
    ['giveup;retry-after=100', 100_000, 110_000],
    ['giveup', 1_000, 2_000],
    ['something-new', 1_000, 2_000],
  ])('[RFC6665-4.1.3] %s: subscribed again after %i to %i ms', (reason, least, most) => {
    const lab = new Lab();
    const { subscribe } = active(lab);
    lab.receive(notifyOf(lab, subscribe, 2, `terminated;reason=${reason}`));
    expect(lab.takeSent()).toEqual(['200 NOTIFY']);
    expect(failed(lab).why.kind).toBe('terminated');
    const delay = failed(lab).retryAt - lab.now;
    expect(delay).toBeGreaterThanOrEqual(least);
    expect(delay).toBeLessThanOrEqual(most);
    lab.advance(delay);
    expect(lab.takeSent()).toEqual(['SUBSCRIBE']);
    expect(names(lab).at(-1)).toBe('subscribing');
  });

  it.each(['rejected', 'noresource;retry-after=5', 'invariant'])(
    '[RFC6665-4.1.3] %s: never again',
    (reason) => {
      const lab = new Lab();
      const { id, subscribe } = active(lab);
      lab.receive(notifyOf(lab, subscribe, 2, `terminated;reason=${reason}`, { body: 'last' }));
      expect(names(lab).at(-1)).toBe('ended');
      expect(textOf(lab.last('subscription.notified').body)).toBe('last');
      expect(lab.types().at(-1)).toBe('subscription.changed');
      expectNothingLeft(lab);
      const late = () => lab.run((sip, now) => sip.unsubscribe(id, now));
      expect(late).toThrow(expect.objectContaining({ code: 'no_such_subscription' }));
    },
  );

  it('a notifier that ends it again and again at once is asked less and less often', () => {
    const lab = new Lab();
    start(lab);
    const delays: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      lab.receive(accepted(lab));
      lab.receive(notifyOf(lab, lab.request('SUBSCRIBE'), 1, 'terminated;reason=deactivated'));
      delays.push(failed(lab).retryAt - lab.now);
      lab.advance(failed(lab).retryAt - lab.now);
    }
    expect(delays[0]).toBeLessThanOrEqual(1_000);
    expect(delays[5]).toBeGreaterThanOrEqual(16_000);
    // What has stood for a minute is no failure any more.
    lab.receive(accepted(lab));
    lab.receive(notifyOf(lab, lab.request('SUBSCRIBE'), 1, 'active'));
    lab.advance(60_000);
    lab.receive(notifyOf(lab, lab.request('SUBSCRIBE'), 2, 'terminated;reason=deactivated'));
    expect(failed(lab).retryAt - lab.now).toBeLessThanOrEqual(1_000);
  });

  it('[RFC6665-4.1.2.3] unsubscribing is Expires 0, and ends with the last NOTIFY', () => {
    const lab = new Lab();
    const { id, subscribe } = active(lab);
    lab.run((sip, now) => sip.unsubscribe(id, now));
    lab.run((sip, now) => sip.unsubscribe(id, now));
    expect(lab.sent).toHaveLength(1);
    expect(header(lab.request('SUBSCRIBE'), 'expires')).toBe('0');
    lab.receive(answerTo(lab.request('SUBSCRIBE'), 200, { headers: ['Expires: 0'] }));
    expect(names(lab).at(-1)).toBe('active');
    lab.receive(notifyOf(lab, subscribe, 2, 'terminated;reason=timeout'));
    expect(states(lab).at(-1)).toEqual({ name: 'ended' });
    expect(lab.takeSent()).toEqual(['SUBSCRIBE', '200 NOTIFY']);
    expectNothingLeft(lab);
  });

  it.each(['no NOTIFY follows', 'it is refused', 'nobody answers'])(
    '[RFC6665-4.1.2.3] unsubscribing ends, though %s',
    (how) => {
      const lab = new Lab();
      const { id } = active(lab);
      lab.run((sip, now) => sip.unsubscribe(id, now));
      if (how === 'no NOTIFY follows') lab.receive(answerTo(lab.request('SUBSCRIBE'), 200));
      if (how === 'it is refused') lab.receive(answerTo(lab.request('SUBSCRIBE'), 481));
      lab.advance(32_000);
      expect(states(lab).at(-1)).toEqual({ name: 'ended' });
      expectNothingLeft(lab);
    },
  );

  it('unsubscribing while SUBSCRIBE is out waits for its outcome, and for a refresh, too', () => {
    const early = new Lab();
    const { id } = start(early);
    early.run((sip, now) => sip.unsubscribe(id, now));
    expect(early.takeSent()).toEqual(['SUBSCRIBE']);
    early.advance(500);
    early.receive(accepted(early));
    expect(header(early.request('SUBSCRIBE'), 'expires')).toBe('0');
    expectNothingLeft(early);

    const refreshing = new Lab();
    const other = active(refreshing, {}, 600);
    untilRefresh(refreshing, 541_000);
    refreshing.run((sip, now) => sip.unsubscribe(other.id, now));
    expect(refreshing.sent).toHaveLength(1);
    refreshing.receive(answerTo(refreshing.request('SUBSCRIBE'), 200, { headers: ['Expires: 600'] }));
    expect(header(refreshing.request('SUBSCRIBE'), 'expires')).toBe('0');
    expectNothingLeft(refreshing);
  });

  it.each(['the refresh is answered 481', 'a NOTIFY ends it'])(
    'unsubscribing during a refresh needs no SUBSCRIBE where %s',
    (how) => {
      const lab = new Lab();
      const { id, subscribe } = active(lab, {}, 600);
      untilRefresh(lab, 541_000);
      lab.run((sip, now) => sip.unsubscribe(id, now));
      if (how === 'a NOTIFY ends it') lab.receive(notifyOf(lab, subscribe, 2, 'terminated;reason=timeout'));
      else lab.receive(answerTo(lab.request('SUBSCRIBE'), 481));
      expect(states(lab).at(-1)).toEqual({ name: 'ended' });
      expect(lab.takeSent()).not.toContain('481 NOTIFY');
      lab.advance(1_000);
      expect(lab.endpoint.counts()).toMatchObject({ subscriptions: 0, dialogs: 0 });
      expectNothingLeft(lab);
    },
  );

  it('unsubscribing ends at once while the name is looked up, and with the NOTIFY that is faster than the 2xx', () => {
    const waiting = new Lab();
    const id = waiting.run((sip, now) => sip.subscribe({ ...params, to: 'sip:bob@pbx.example' }, now));
    waiting.run((sip, now) => sip.unsubscribe(id, now));
    expect(names(waiting)).toEqual(['subscribing', 'ended']);
    expect(waiting.takeSent()).toEqual([]);

    const lab = new Lab();
    const early = start(lab);
    lab.run((sip, now) => sip.unsubscribe(early.id, now));
    lab.receive(notifyOf(lab, early.subscribe, 1, 'active'));
    expect(lab.takeSent()).toEqual(['SUBSCRIBE', '200 NOTIFY', 'SUBSCRIBE']);
    expectNothingLeft(lab);
    expect(names(lab)).toEqual(['subscribing', 'ended']);
  });

  it.each(['terminated;reason=timeout', 'active;expires=0'])(
    '[RFC6665-4.4.3] a subscription of 0 seconds fetches the state and ends: %s',
    (said) => {
      const lab = new Lab();
      const { subscribe } = start(lab, { expires: 0 });
      lab.receive(accepted(lab, 0));
      lab.receive(notifyOf(lab, subscribe, 1, said, { body: 'state' }));
      expect(textOf(lab.last('subscription.notified').body)).toBe('state');
      expect(names(lab)).toEqual(['subscribing', 'ended']);
      expect(lab.types().at(-1)).toBe('subscription.changed');
      expectNothingLeft(lab);
    },
  );
});

describe('NOTIFY', () => {
  it('[RFC6665-4.1.3] of another package or id, or of nobody, is answered 481', () => {
    const lab = new Lab();
    const { subscribe } = active(lab, { event: 'dialog;id=1' });
    lab.receive(notifyOf(lab, subscribe, 2, 'active', { event: 'dialog;id=2' }));
    lab.receive(notifyOf(lab, subscribe, 3, 'active', { event: 'dialog' }));
    lab.receive(notifyOf(lab, subscribe, 4, 'active', { event: 'presence;id=1' }));
    lab.receive(notifyOf(lab, subscribe, 5, 'active', { event: 'dialog;id=1', tag: 'stranger' }));
    lab.receive(requestFromPeer(lab, 'NOTIFY', { headers: ['Event: dialog', 'Subscription-State: active'] }));
    expect(lab.takeSent()).toEqual(Array.from({ length: 5 }, () => '481 NOTIFY'));
    expect(lab.types()).not.toContain('request');
  });

  it('[RFC6665-4.1.3] without a subscription comes to the application only where the package is listed', () => {
    const lab = new Lab({ unsolicited: ['message-summary'] });
    lab.receive(requestFromPeer(lab, 'NOTIFY', { headers: ['Event: message-summary'] }));
    const { requestId } = lab.last('request');
    lab.run((sip, now) => sip.respond(requestId, 200, now));
    expect(lab.takeSent()).toEqual(['200 NOTIFY']);
  });

  it('[RFC6665-8.2.3] without a readable Subscription-State is answered 400 and changes nothing', () => {
    const lab = new Lab();
    const { subscribe } = active(lab);
    lab.receive(notifyOf(lab, subscribe, 2, undefined));
    lab.receive(notifyOf(lab, subscribe, 3, 'active;expires=x;expires=y'));
    expect(lab.takeSent()).toEqual(['400 NOTIFY', '400 NOTIFY']);
    expect(names(lab)).toEqual(['subscribing', 'active']);
  });

  it('[RFC3261-12.2.2] out of order is answered 500', () => {
    const lab = new Lab();
    const { subscribe } = active(lab);
    lab.receive(notifyOf(lab, subscribe, 5, 'active'));
    lab.receive(notifyOf(lab, subscribe, 4, 'active'));
    expect(lab.takeSent()).toEqual(['200 NOTIFY', '500 NOTIFY']);
  });

  it('[RFC6665-4.1.3] its word on the time counts, but for no longer than was asked; it moves the target', () => {
    const lab = new Lab();
    const { subscribe } = active(lab);
    lab.receive(notifyOf(lab, subscribe, 2, 'active;expires=4294967295'));
    expect(names(lab)).toEqual(['subscribing', 'active']);
    lab.receive(notifyOf(lab, subscribe, 3, 'active;expires=10', { contact: 'sip:moved@192.0.2.7:5070' }));
    expect(states(lab).at(-1)).toEqual({ name: 'active', expiresAt: lab.now + 10_000 });
    lab.advance(9_000);
    expect(lab.request('SUBSCRIBE').uri).toBe('sip:moved@192.0.2.7:5070');
    lab.receive(notifyOf(lab, subscribe, 4, 'active;expires=0'));
    expect(failed(lab).why).toEqual({ kind: 'terminated', reason: undefined });
  });
});
