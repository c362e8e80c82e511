import { parseReferTo } from '@offhook/sip';
import type { EndpointEvent, SessionId } from '@offhook/sip';
import { afterEach, describe, expect, it } from 'vitest';
import type { NodeEndpoint } from './api.ts';
import { openNodeEndpoint } from './open.ts';

type OfType<T extends EndpointEvent['type']> = Extract<EndpointEvent, { type: T }>;

interface Party {
  readonly sip: NodeEndpoint;
  readonly uri: string;
  /** The next event of a type, whether it came already or comes later. */
  next<T extends EndpointEvent['type']>(type: T): Promise<OfType<T>>;
}

const open: NodeEndpoint[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()));
});

async function openParty(transport: 'udp' | 'tcp', unsolicited: readonly string[] = []): Promise<Party> {
  const events: EndpointEvent[] = [];
  let wake: (() => void) | undefined;
  const sip = await openNodeEndpoint({
    product: 'Test',
    listen: [{ transport, address: '127.0.0.1', port: 0 }],
    unsolicited,
    onEvent: (event) => {
      events.push(event);
      wake?.();
    },
  });
  open.push(sip);
  return {
    sip,
    uri: `sip:party@127.0.0.1:${sip.bound[0]?.port ?? 0}${transport === 'tcp' ? ';transport=tcp' : ''}`,
    next: async <T extends EndpointEvent['type']>(type: T) => {
      for (;;) {
        const at = events.findIndex((event) => event.type === type);
        if (at >= 0) return events.splice(at, 1)[0] as OfType<T>;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

const body = (text: string) => ({ contentType: 'application/sdp', bytes: Buffer.from(text) });

/** A call between two that is answered and acknowledged. */
async function call(from: Party, to: Party): Promise<{ ours: SessionId; theirs: SessionId }> {
  const ours = from.sip.run((sip, now) =>
    sip.invite({ to: to.uri, from: from.uri, offer: body('offer') }, now),
  );
  const { session: theirs } = await to.next('session.incoming');
  to.sip.run((sip, now) => sip.accept(theirs, body('answer'), now));
  await from.next('session.accepted');
  await to.next('session.confirmed');
  return { ours, theirs };
}

describe.each(['udp', 'tcp'] as const)('subscriptions over %s', (transport) => {
  it('[RFC6665-4.1] a state is subscribed to, told, and unsubscribed', async () => {
    const [alice, bob] = await Promise.all([openParty(transport), openParty(transport)]);
    const id = alice.sip.run((sip, now) =>
      sip.subscribe(
        { to: bob.uri, from: alice.uri, event: 'dialog', accept: ['text/plain'], expires: 600 },
        now,
      ),
    );
    const { requestId, flow } = await bob.next('request');
    expect(flow.transport).toBe(transport);
    const notifier = bob.sip.run((sip, now) => sip.acceptSubscription(requestId, now));
    await bob.next('notifier.wanted');
    bob.sip.run((sip, now) => sip.notify(notifier, body('busy'), now));
    const { body: told } = await alice.next('subscription.notified');
    expect(Buffer.from(told?.bytes ?? []).toString()).toBe('busy');
    alice.sip.run((sip, now) => sip.unsubscribe(id, now));
    await bob.next('notifier.ended');
    for (const { sip } of [alice, bob]) {
      expect(sip.counts()).toMatchObject({
        subscriptions: 0,
        notifiers: 0,
        dialogs: 0,
        malformed: 0,
        stray: 0,
      });
    }
  });

  it('[RFC5589-7] an attended transfer: the other side takes our place in the other call', async () => {
    const parties = [openParty(transport), openParty(transport), openParty(transport)] as const;
    const [alice, bob, carol] = await Promise.all(parties);
    const first = await call(alice, bob);
    const second = await call(alice, carol);
    alice.sip.run((sip, now) =>
      sip.refer({ session: first.ours, replaces: second.ours, referredBy: alice.uri }, now),
    );
    const { requestId, request } = await bob.next('session.request');
    const asked = parseReferTo(request);
    const referrer = bob.sip.run((sip, now) => sip.acceptRefer(requestId, now));
    bob.sip.run((sip, now) => {
      const { uri = '', replaces } = asked ?? {};
      const offer = body('offer');
      return sip.invite({ to: uri, from: bob.uri, offer, ...(replaces && { replaces }) }, now);
    });
    const incoming = await carol.next('session.incoming');
    expect(incoming.replaces).toBe(second.theirs);
    carol.sip.run((sip, now) => sip.accept(incoming.session, body('answer'), now));
    await bob.next('session.accepted');
    bob.sip.run((sip, now) => referrer !== undefined && sip.report(referrer, 200, now));
    for (;;) {
      const { state } = await alice.next('referral.changed');
      if (state.name !== 'ended') continue;
      expect(state.outcome).toMatchObject({ kind: 'reported', status: 200 });
      break;
    }
    expect((await alice.next('session.ended')).session).toBe(second.ours);
    expect((await carol.next('session.ended')).end).toMatchObject({ by: 'replaced' });
    expect(alice.sip.counts()).toMatchObject({ sessions: 1, referrals: 0 });
    alice.sip.run((sip, now) => sip.end(first.ours, now));
    expect((await bob.next('session.ended')).session).toBe(first.theirs);
    expect(bob.sip.counts()).toMatchObject({ sessions: 1, referrers: 0, dialogs: 1 });
  });

  it('[RFC6665-4.1.3] NOTIFY without a subscription comes only for packages that are named', async () => {
    const alice = await openParty(transport, ['message-summary']);
    const bob = await openParty(transport);
    const send = (event: string): void => {
      const headers = [
        ['Event', event],
        ['Subscription-State', 'active'],
      ] as const;
      bob.sip.run((sip, now) =>
        sip.request({ method: 'NOTIFY', to: alice.uri, from: bob.uri, headers }, now),
      );
    };
    send('presence');
    expect((await bob.next('response')).result).toMatchObject({ response: { status: 481 } });
    send('message-summary');
    const { requestId } = await alice.next('request');
    alice.sip.run((sip, now) => sip.respond(requestId, 200, now));
    expect((await bob.next('response')).result).toMatchObject({ response: { status: 200 } });
  });
});
