import { describe, expect, it } from 'vitest';
import type { NotifierId } from '../endpoint/subscription-api.ts';
import { header, headerValues } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import { answerTo, Lab, requestFromPeer } from '../simulation/lab.test-support.ts';
import { nothingLeft } from '../simulation/world.test-support.ts';

const asText = (text: string) => ({ contentType: 'text/plain', bytes: new TextEncoder().encode(text) });

function subscribe(lab: Lab, options: Parameters<typeof requestFromPeer>[2] = {}, expires = 600): void {
  const headers = ['Event: dialog;id=3', `Expires: ${expires}`, ...(options?.headers ?? [])];
  lab.receive(requestFromPeer(lab, 'SUBSCRIBE', { ...options, headers }));
}

function accept(lab: Lab, options: Parameters<Lab['endpoint']['acceptSubscription']>[2] = {}) {
  const { requestId } = lab.last('request');
  return lab.run((sip, now) => sip.acceptSubscription(requestId, now, options));
}

const ourTag = (lab: Lab): string => /tag=(\w+)/.exec(header(lab.response(200), 'to') ?? '')?.[1] ?? '';

/** A subscription of the peer; what was sent so far is forgotten. */
function accepted(lab: Lab, expires = 600): { id: NotifierId; toTag: string } {
  subscribe(lab, {}, expires);
  const id = accept(lab);
  const toTag = ourTag(lab);
  lab.takeSent();
  return { id, toTag };
}

const notify = (lab: Lab, id: NotifierId, text: string): void =>
  lab.run((sip, now) => sip.notify(id, asText(text), now));
const text = (request: SipRequest): string => new TextDecoder().decode(request.body);
const state = (request: SipRequest): string | undefined => header(request, 'subscription-state');

describe('a subscription of somebody else', () => {
  it('[RFC6665-4.2.1] is accepted with its time and a Contact, and the state is asked for at once', () => {
    const lab = new Lab();
    subscribe(lab, { headers: ['Record-Route: <sip:192.0.2.9;lr>'] }, 10_000);
    const id = accept(lab, { expires: 1_800, contactUser: 'bell' });
    const response = lab.response(200);
    expect(header(response, 'expires')).toBe('1800');
    expect(header(response, 'contact')).toBe('<sip:bell@192.0.2.1:5060>');
    expect(headerValues(response, 'record-route')).toEqual(['<sip:192.0.2.9;lr>']);
    expect(lab.last('notifier.wanted').notifier).toBe(id);
    lab.advance(1_000);
    notify(lab, id, 'one');
    const sent = lab.request('NOTIFY');
    expect(sent.uri).toBe('sip:bob@192.0.2.2:5060');
    expect(headerValues(sent, 'route')).toEqual(['<sip:192.0.2.9;lr>']);
    expect(header(sent, 'event')).toBe('dialog;id=3');
    expect(state(sent)).toBe('active;expires=1799');
    expect(header(sent, 'contact')).toBe('<sip:bell@192.0.2.1:5060>');
    expect(header(sent, 'to')).toBe('"Bob" <sip:bob@192.0.2.2>;tag=peer');
    expect(header(sent, 'content-type')).toBe('text/plain');
    expect(text(sent)).toBe('one');
  });

  it('[RFC6665-4.2.2] one NOTIFY at a time: the newest state waits, those between are left out', () => {
    const lab = new Lab();
    const { id } = accepted(lab);
    for (const word of ['one', 'two', 'three']) notify(lab, id, word);
    expect(lab.sent).toHaveLength(1);
    const first = lab.request('NOTIFY');
    lab.receive(answerTo(first, 200));
    expect(lab.sent).toHaveLength(2);
    expect(text(lab.request('NOTIFY'))).toBe('three');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    expect(lab.sent).toHaveLength(2);
  });

  it('[RFC6665-4.2.2] a pending one is told so, until the first state makes it active', () => {
    const lab = new Lab();
    subscribe(lab);
    const id = accept(lab, { pending: true });
    expect(state(lab.request('NOTIFY'))).toBe('pending;expires=600');
    expect(lab.request('NOTIFY').body).toHaveLength(0);
    expect(lab.types()).not.toContain('notifier.wanted');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    notify(lab, id, 'yes');
    expect(state(lab.request('NOTIFY'))).toBe('active;expires=600');
  });

  it('[RFC6665-4.2.1] a refresh is answered with a new time, moves the target and asks for the state', () => {
    const lab = new Lab();
    const { id, toTag } = accepted(lab);
    notify(lab, id, 'one');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    lab.advance(500_000);
    lab.events.length = 0;
    const moved = requestFromPeer(lab, 'SUBSCRIBE', {
      toTag,
      cseq: 2,
      headers: ['Event: dialog;id=3', 'Expires: 900'],
    }).replace('Contact: <sip:bob@192.0.2.2:5060>', 'Contact: <sip:bob@192.0.2.77:5070>');
    lab.receive(moved);
    expect(header(lab.response(200), 'expires')).toBe('900');
    expect(header(lab.response(200), 'contact')).toBe('<sip:alice@192.0.2.1:5060>');
    expect(lab.types()).toEqual(['notifier.wanted']);
    notify(lab, id, 'two');
    expect(lab.request('NOTIFY').uri).toBe('sip:bob@192.0.2.77:5070');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    lab.advance(899_000);
    expect(lab.types()).toEqual(['notifier.wanted']);
    lab.advance(1_000);
    expect(state(lab.request('NOTIFY'))).toBe('terminated;reason=timeout');
  });

  it.each(['its time is over', 'Expires 0'])('[RFC6665-4.2.2] ends with a last NOTIFY: %s', (how) => {
    const lab = new Lab();
    const { id, toTag } = accepted(lab);
    notify(lab, id, 'one');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    if (how === 'Expires 0') subscribe(lab, { toTag, cseq: 2 }, 0);
    else lab.advance(600_000);
    expect(state(lab.request('NOTIFY'))).toBe('terminated;reason=timeout');
    expect(lab.types()).not.toContain('notifier.ended');
    // It is no subscription any more.
    subscribe(lab, { toTag, cseq: 3 });
    expect(lab.takeSent().at(-1)).toBe('481 SUBSCRIBE');
    lab.advance(500);
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    expect(lab.last('notifier.ended').notifier).toBe(id);
    expect(() => notify(lab, id, 'late')).toThrow(expect.objectContaining({ code: 'no_such_subscription' }));
    lab.advance(40_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC6665-4.2.1] the answer to unsubscribing says that no time is left', () => {
    const lab = new Lab();
    const { toTag } = accepted(lab);
    subscribe(lab, { toTag, cseq: 2 }, 0);
    expect(header(lab.response(200), 'expires')).toBe('0');
  });

  it('[RFC6665-4.2.2] the application ends it with a reason, after the NOTIFY that is under way', () => {
    const lab = new Lab();
    const { id } = accepted(lab);
    notify(lab, id, 'one');
    notify(lab, id, 'two');
    lab.run((sip, now) => {
      const body = asText('last');
      sip.endSubscription(id, now, { reason: 'probation', retryAfter: 30, body });
    });
    expect(() => notify(lab, id, 'x')).toThrow(expect.objectContaining({ code: 'wrong_state' }));
    lab.receive(answerTo(lab.request('NOTIFY'), 500));
    expect(lab.takeSent()).toEqual(['NOTIFY', 'NOTIFY']);
    lab.advance(500);
    expect(state(lab.request('NOTIFY'))).toBe('terminated;reason=probation;retry-after=30');
    expect(text(lab.request('NOTIFY'))).toBe('last');
    // Whatever is said to the last one.
    lab.receive(answerTo(lab.request('NOTIFY'), 500));
    expect(lab.types().at(-1)).toBe('notifier.ended');
    expect(lab.endpoint.counts()).toMatchObject({ notifiers: 0, dialogs: 0 });
  });

  it.each([{ reason: 'a b' }, { retryAfter: -1 }, { retryAfter: 0.5 }])(
    'a reason that is no token, or no number of seconds, is a usage error: %o',
    (options) => {
      const lab = new Lab();
      const { id } = accepted(lab);
      const attempt = () => lab.run((sip, now) => sip.endSubscription(id, now, options));
      expect(attempt).toThrow(expect.objectContaining({ code: 'bad_argument' }));
    },
  );

  it.each([404, 408, 480, 481, 489, 604])('[RFC6665-4.2.2] %i to a NOTIFY ends it', (status) => {
    const lab = new Lab();
    const { id } = accepted(lab);
    notify(lab, id, 'one');
    notify(lab, id, 'two');
    lab.receive(answerTo(lab.request('NOTIFY'), status));
    expect(lab.takeSent()).toEqual(['NOTIFY']);
    expect(lab.last('notifier.ended').notifier).toBe(id);
    expect(lab.endpoint.counts()).toMatchObject({ notifiers: 0, dialogs: 0 });
    lab.advance(32_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC6665-4.2.2] silence to a NOTIFY ends it', () => {
    const lab = new Lab();
    const { id } = accepted(lab);
    notify(lab, id, 'one');
    lab.advance(32_000);
    expect(lab.last('notifier.ended').notifier).toBe(id);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('another failure is tried again with the newest state, and three in a row end it', () => {
    const lab = new Lab();
    const { id } = accepted(lab);
    notify(lab, id, 'one');
    lab.receive(answerTo(lab.request('NOTIFY'), 503, { headers: ['Retry-After: 20'] }));
    lab.takeSent();
    lab.advance(10_000);
    notify(lab, id, 'two');
    expect(lab.takeSent()).toEqual([]);
    lab.advance(10_000);
    expect(text(lab.request('NOTIFY'))).toBe('two');
    for (let failures = 0; failures < 2; failures += 1) {
      lab.receive(answerTo(lab.request('NOTIFY'), 500));
      lab.advance(8_000);
    }
    expect(lab.types().at(-1)).toBe('notifier.ended');
  });

  it('a Retry-After of years is not believed', () => {
    const lab = new Lab();
    const { id } = accepted(lab, 3_600);
    notify(lab, id, 'one');
    lab.receive(answerTo(lab.request('NOTIFY'), 503, { headers: ['Retry-After: 4294967295'] }));
    lab.takeSent();
    lab.advance(60_000);
    expect(lab.takeSent()).toEqual(['NOTIFY']);
  });

  it('a newer state than the one that has failed stands, and the end waits for nothing', () => {
    const lab = new Lab();
    const { id } = accepted(lab);
    notify(lab, id, 'one');
    notify(lab, id, 'two');
    lab.receive(answerTo(lab.request('NOTIFY'), 503));
    lab.advance(4_000);
    expect(text(lab.request('NOTIFY'))).toBe('two');
    lab.receive(answerTo(lab.request('NOTIFY'), 503));
    lab.takeSent();
    lab.run((sip, now) => sip.endSubscription(id, now));
    expect(state(lab.request('NOTIFY'))).toBe('terminated');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    lab.advance(40_000);
    expect(lab.takeSent()).toEqual(['NOTIFY']);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC6665-4.4.3] Expires 0 from the start only fetches the state', () => {
    const lab = new Lab();
    const { id } = accepted(lab, 0);
    notify(lab, id, 'all');
    expect(state(lab.request('NOTIFY'))).toBe('terminated;reason=timeout');
    expect(text(lab.request('NOTIFY'))).toBe('all');
    lab.receive(answerTo(lab.request('NOTIFY'), 200));
    expect(lab.last('notifier.ended').notifier).toBe(id);
  });

  it('a fetch whose state nobody gives ends by itself', () => {
    const lab = new Lab();
    accepted(lab, 0);
    lab.advance(32_000);
    expect(state(lab.request('NOTIFY'))).toBe('terminated;reason=timeout');
    lab.advance(32_000);
    expect(lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3261-22] a NOTIFY that is challenged is answered with the credentials of our contact', () => {
    const lab = new Lab();
    lab.run((sip, now) =>
      sip.register(
        {
          registrar: 'sip:192.0.2.2',
          aor: 'sip:alice@192.0.2.2',
          contactUser: 'alice',
          expires: 600,
          credentials: { username: 'alice', password: 'secret' },
        },
        now,
      ),
    );
    const { id } = accepted(lab);
    notify(lab, id, 'one');
    const challenge = ['Proxy-Authenticate: Digest realm="pbx", nonce="n1", qop="auth", algorithm=MD5'];
    lab.receive(answerTo(lab.request('NOTIFY'), 407, { headers: challenge }));
    expect(header(lab.request('NOTIFY'), 'proxy-authorization')).toContain('username="alice"');
  });
});

describe('a SUBSCRIBE that is not accepted', () => {
  it('[RFC6665-4.2.1.1] for too short a time is answered 423, at the start and at a refresh', () => {
    const lab = new Lab();
    subscribe(lab, {}, 30);
    const id = accept(lab);
    expect(header(lab.response(423), 'min-expires')).toBe('60');
    expect(lab.last('notifier.ended').notifier).toBe(id);
    subscribe(lab, { callId: 'second' }, 30);
    accept(lab, { leastExpires: 20 });
    subscribe(lab, { callId: 'second', cseq: 2, toTag: ourTag(lab) }, 10);
    expect(header(lab.response(423), 'min-expires')).toBe('20');
    expect(lab.endpoint.counts().notifiers).toBe(1);
  });

  it('[RFC6665-8.3.2] without a readable Event is answered 489', () => {
    const lab = new Lab();
    lab.receive(requestFromPeer(lab, 'SUBSCRIBE'));
    const id = accept(lab);
    expect(lab.takeSent()).toEqual(['489 SUBSCRIBE']);
    expect(lab.last('notifier.ended').notifier).toBe(id);
  });

  it('that is over already ends at once; one that is none, or never was, is a usage error', () => {
    const lab = new Lab();
    subscribe(lab);
    lab.advance(32_000);
    const id = accept(lab);
    expect(lab.last('notifier.ended').notifier).toBe(id);
    lab.receive(requestFromPeer(lab, 'MESSAGE'));
    expect(() => accept(lab)).toThrow(expect.objectContaining({ code: 'wrong_state' }));
    const { requestId } = lab.last('request');
    lab.run((sip, now) => sip.respond(requestId, 200, now));
    const never = () =>
      lab.run((sip, now) => sip.acceptSubscription((requestId + 1) as typeof requestId, now));
    expect(never).toThrow(expect.objectContaining({ code: 'no_such_request' }));
    expect(lab.takeSent()).toEqual(['200 MESSAGE']);
  });

  it('beyond the limit is answered 503 with Retry-After and counted', () => {
    const limits = { notifiers: 2 };
    const lab = new Lab({ limits });
    for (const callId of ['a', 'b', 'c']) subscribe(lab, { callId });
    const requests = lab.events.flatMap((event) => (event.type === 'request' ? [event.requestId] : []));
    const [first, second, third] = requests;
    const acceptOne = (requestId: (typeof requests)[number] | undefined) =>
      lab.run((sip, now) => requestId !== undefined && sip.acceptSubscription(requestId, now));
    acceptOne(first);
    acceptOne(second);
    expect(() => acceptOne(third)).toThrow(expect.objectContaining({ code: 'limit' }));
    lab.run(() => undefined);
    expect(header(lab.response(503), 'retry-after')).toBe('5');
    subscribe(lab, { callId: 'd' });
    lab.receive(requestFromPeer(lab, 'REFER', { callId: 'e', headers: ['Refer-To: <sip:carol@192.0.2.3>'] }));
    expect(lab.takeSent().slice(-2)).toEqual(['503 SUBSCRIBE', '503 REFER']);
    expect(lab.types().filter((type) => type === 'request')).toHaveLength(3);
    expect(lab.endpoint.counts()).toMatchObject({ notifiers: 2, limits: { notifiers: 3 } });
  });

  it('[RFC6665-4.5.2] in the dialog of another subscription it means that one or nobody', () => {
    const lab = new Lab();
    const { toTag } = accepted(lab);
    lab.receive(
      requestFromPeer(lab, 'SUBSCRIBE', { toTag, cseq: 2, headers: ['Event: dialog;id=4', 'Expires: 600'] }),
    );
    expect(lab.takeSent()).toEqual(['481 SUBSCRIBE']);
  });
});
