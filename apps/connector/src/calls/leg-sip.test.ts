import type { LegFact } from '@offhook/call-model';
import type { EndCause, LinkCall } from '@offhook/contract';
import {
  SipEndpoint,
  type Body,
  type EndpointEvent,
  type InviteParams,
  type SessionId,
  type SipEndpointApi,
} from '@offhook/sip';
import { perfectNetwork, SeededRandom, SimulatedNetwork, SipHost, VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { describe as describeVoice, describeAnswer, FakeEngine } from '../testing/fake-engine.ts';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { anna, times } from '../testing/scene.ts';
import { clockOn, pass } from '../testing/virtual-clock.ts';
import { LiveCall, type LiveCallOptions } from './live-call.ts';
import { placeCall } from './machine.ts';
import { assertedOf } from './party.ts';
import { judgeReferral } from './referral-policy.ts';
import { isSessionEvent } from './session-events.ts';

const US = { address: '192.0.2.2', port: 5060 };
const PBX = { address: '192.0.2.1', port: 5060 };
const sdp = (text: string): Body => ({
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(text),
});
const text = (body: Body | undefined): string => new TextDecoder().decode(body?.bytes);

const tagOf = (value: string | undefined): string => /tag=([^;]+)/u.exec(value ?? '')?.[1] ?? '';

/** As call control does, by way of the PBX. */
function invite(
  endpoint: SipEndpointApi,
  to: string,
  offer: Body,
  now: number,
  extra: Partial<InviteParams> = {},
) {
  const sipCallId = `${to}-${String(now)}`;
  const session = endpoint.invite(
    {
      to,
      from: 'sip:101@pbx.example',
      offer,
      target: { transport: 'udp', ...PBX },
      callId: sipCallId,
      ...extra,
    },
    now,
  );
  return { session, sipCallId };
}

/** Legs on a real endpoint, and a PBX on another: it answers every INVITE but those to numbers that begin with 4. */
class World {
  readonly clock = new VirtualClock();
  readonly #random = new SeededRandom(1);
  readonly #network: SimulatedNetwork;
  readonly ours: SipHost<SipEndpoint>;
  readonly pbx: SipHost<SipEndpoint>;
  readonly legs: LiveCall[] = [];
  readonly facts: LegFact[] = [];
  readonly over: (EndCause | undefined)[] = [];
  onIncoming: ((session: SessionId, callId: string) => void) | undefined;
  /** At the PBX. */
  readonly events: EndpointEvent[] = [];
  readonly #engine = new FakeEngine();
  /** From of the last request that came to us inside a session. */
  #from: string | undefined;

  constructor() {
    const { clock } = this;
    this.#network = new SimulatedNetwork({
      clock,
      random: this.#random.fork(),
      conditions: perfectNetwork,
    });
    this.ours = this.#host(US, (event) => {
      this.#onOurs(event);
    });
    this.pbx = this.#host(PBX, (event) => {
      this.events.push(event);
      this.#onPbx(event);
    });
  }

  #host(place: typeof US, onEvent: (event: EndpointEvent) => void): SipHost<SipEndpoint> {
    return new SipHost({
      network: this.#network,
      clock: this.clock,
      place,
      endpoint: new SipEndpoint({
        random: this.#random.fork().bytes,
        product: 'test',
        local: [{ transport: 'udp', ...place }],
      }),
      onEvent,
    });
  }

  async place(name: string): Promise<LiveCall> {
    const first = placeCall(
      {
        callId: id.call(name),
        userId: id.user('anna'),
        correlationId: id.correlation(name),
        direction: 'outgoing',
        remote: { number: name },
        startedAt: 0,
      },
      times,
      { requestId: 1, clientId: anna, legId: id.leg(`leg-${name}`), offer: 'browser offer' },
      { at: this.clock.now, instant: 0 },
    );
    const live = new LiveCall(first.call, this.#options(`sip:${name}@pbx.example`));
    this.legs.push(live);
    live.start(first.effects);
    await this.pass(200);
    return live;
  }

  #options(to: string): LiveCallOptions {
    return {
      sip: this.ours,
      engine: this.#engine,
      clock: clockOn(this.clock),
      log: quiet,
      ownUri: 'sip:101@pbx.example',
      invite: (endpoint, offer, now) => invite(endpoint, to, offer, now),
      referrals: {
        judge: (request) => judgeReferral(request, { hosts: ['pbx.example'], fromPbx: true }),
        invite: (endpoint, target, offer, now) =>
          invite(endpoint, target.uri, offer, now, target.replaces && { replaces: target.replaces }),
      },
      remoteOf: assertedOf,
      onSession: () => {},
      onReferral: () => {},
      onFact: (fact) => {
        this.facts.push(fact);
      },
      told: () => ({}) as LinkCall,
      onReattach: () => {},
      onOver: (cause) => {
        this.over.push(cause);
        return Promise.resolve();
      },
    };
  }

  #onOurs(event: EndpointEvent): void {
    if (event.type === 'referral.changed') {
      for (const live of this.legs) live.onReferral(event.referral, event.state);
    } else if (event.type === 'session.incoming') {
      this.onIncoming?.(event.session, event.info.callId);
      const owner = this.legs.find(({ session }) => session === event.replaces);
      owner?.adopt(
        { session: event.session, sipCallId: event.info.callId },
        event.offer === undefined ? undefined : text(event.offer),
        { number: '203' },
      );
    } else if (event.type === 'session.request') {
      this.#from = event.request.headers.find(({ name }) => name === 'from')?.value;
      this.legs.find(({ session }) => session === event.session)?.onRefer(event);
    } else if (isSessionEvent(event)) {
      for (const live of this.legs) live.onSip(event);
    }
  }

  #onPbx(event: EndpointEvent): void {
    if (event.type === 'session.incoming') {
      this.pbx.run((endpoint, now) => {
        if (event.request.uri.startsWith('sip:4')) endpoint.refuse(event.session, 486, now);
        else endpoint.accept(event.session, sdp(describeAnswer(41_000, text(event.offer))), now);
      });
    }
  }

  /** The PBX's session of the call to this number. */
  peerOf(number: string): SessionId {
    const event = this.events.find(
      (one) => one.type === 'session.incoming' && one.request.uri.startsWith(`sip:${number}@`),
    );
    if (event?.type !== 'session.incoming') throw new Error(`nobody has called ${number}`);
    return event.session;
  }

  endOf(session: SessionId): string | undefined {
    const event = this.events.find((one) => one.type === 'session.ended' && one.session === session);
    return event?.type === 'session.ended' ? event.end.by : undefined;
  }

  /** The PBX's tag in this session: it is in what it sends. */
  async localTagOf(session: SessionId): Promise<string> {
    this.pbx.run((endpoint, now) => {
      endpoint.requestInSession(session, { method: 'INFO' }, now);
    });
    await this.pass(50);
    return tagOf(this.#from);
  }

  pass(milliseconds: number): Promise<void> {
    return pass(this.clock, milliseconds);
  }

  leftovers(): number[] {
    const { sessions, referrals, referrers } = this.ours.endpoint.counts();
    return [sessions, referrals, referrers, this.#engine.counts().bridges];
  }
}

/** The handle of a leg that lives. */
function handleOf(live: LiveCall): NonNullable<LiveCall['handle']> {
  if (live.handle === undefined) throw new Error('the leg is over');
  return live.handle;
}

describe('a leg and its SIP sessions', () => {
  test('[RFC5589-6.1] hands the other side over: REFER, NOTIFY, and our BYE where none comes', async () => {
    const world = new World();
    const live = await world.place('200');
    const done = handleOf(live).refer({ to: 'sip:203@pbx.example' });
    await world.pass(50);
    const asked = world.events.find((event) => event.type === 'session.request');
    if (asked?.type !== 'session.request') throw new Error('no REFER has come');
    world.pbx.run((endpoint, now) => {
      const referrer = endpoint.acceptRefer(asked.requestId, now);
      if (referrer !== undefined) endpoint.report(referrer, 200, now);
    });
    await world.pass(50);
    await done;
    await world.pass(2_000);
    expect(world.over).toEqual(['transferred']);
    expect(world.endOf(world.peerOf('200'))).toBe('remote');
    // The referral itself stays for a while, for reports that are sent again.
    await world.pass(64_000);
    expect(world.leftovers()).toEqual([0, 0, 0, 0]);
  });

  test('[RFC5589-7] gives away the place of another leg; both end as transferred', async () => {
    const world = new World();
    const [first, second] = [await world.place('200'), await world.place('201')];
    const done = handleOf(first).refer({ replaces: handleOf(second) });
    await world.pass(50);
    const asked = world.events.find((event) => event.type === 'session.request');
    if (asked?.type !== 'session.request') throw new Error('no REFER has come');
    expect(asked.request.headers.find(({ name }) => name === 'refer-to')?.value).toMatch(/Replaces=/u);
    world.pbx.run((endpoint, now) => {
      // The other place is taken before anything is reported.
      endpoint.end(world.peerOf('201'), now);
      const referrer = endpoint.acceptRefer(asked.requestId, now);
      if (referrer !== undefined) endpoint.report(referrer, 200, now);
    });
    await world.pass(50);
    await done;
    world.pbx.run((endpoint, now) => {
      endpoint.end(world.peerOf('200'), now);
    });
    await world.pass(50);
    expect(world.over).toEqual(['transferred', 'transferred']);
  });

  test('a transfer that is refused leaves both legs as they were', async () => {
    const world = new World();
    const [first, second] = [await world.place('200'), await world.place('201')];
    const done = handleOf(first)
      .refer({ replaces: handleOf(second) })
      .catch((error: unknown) => error);
    await world.pass(50);
    const asked = world.events.find((event) => event.type === 'session.request');
    if (asked?.type !== 'session.request') throw new Error('no REFER has come');
    world.pbx.run((endpoint, now) => {
      endpoint.respond(asked.requestId, 603, now);
    });
    await world.pass(50);
    expect(await done).toMatchObject({
      code: 'transfer_failed',
      message: expect.stringContaining('603') as string,
    });
    expect(world.facts.at(-1)?.services.owner).toContain('hold');
    expect(world.over).toEqual([]);
  });

  test('[RFC3891-3] goes over to the session that replaces its own; the old one ends by itself', async () => {
    const world = new World();
    const live = await world.place('200');
    const old = live.sipCallId;
    const peer = world.peerOf('200');
    const dialog = world.events.find((event) => event.type === 'session.incoming');
    if (dialog?.type !== 'session.incoming') throw new Error('no call has come');
    const fromTag = tagOf(dialog.request.headers.find(({ name }) => name === 'from')?.value);
    const replaces = { callId: old ?? '', toTag: fromTag, fromTag: await world.localTagOf(peer) };
    const next = world.pbx.run((endpoint, now) =>
      endpoint.invite(
        {
          to: 'sip:line@192.0.2.2',
          from: 'sip:203@pbx.example',
          offer: sdp(describeVoice(42_000)),
          target: { transport: 'udp', ...US },
          replaces,
        },
        now,
      ),
    );
    await world.pass(100);
    expect(world.events.some((event) => event.type === 'session.accepted' && event.session === next)).toBe(
      true,
    );
    expect(world.endOf(peer)).toBe('remote');
    expect(live.call.phase.name).toBe('talking');
    expect(live.sipCallId).not.toBe(old);
    expect(world.facts.at(-1)).toMatchObject({ remote: { number: '203' }, sipCallId: live.sipCallId });
    world.pbx.run((endpoint, now) => {
      endpoint.end(next, now);
    });
    await world.pass(50);
    expect(world.over).toEqual(['completed']);
    expect(world.leftovers()).toEqual([0, 0, 0, 0]);
  });

  test('[RFC3515-2.4.4] follows a REFER: INVITE, reports, and the old session is left', async () => {
    const world = new World();
    const live = await world.place('200');
    world.pbx.run((endpoint, now) => {
      endpoint.refer({ session: world.peerOf('200'), referTo: 'sip:203@pbx.example' }, now);
    });
    await world.pass(200);
    const states = world.events.flatMap((event) => (event.type === 'referral.changed' ? [event.state] : []));
    expect(states.at(-1)).toMatchObject({ name: 'ended', outcome: { kind: 'reported', status: 200 } });
    expect(live.call.phase.name).toBe('talking');
    expect(world.facts.at(-1)?.remote).toEqual({ number: '203' });
    expect(world.endOf(world.peerOf('200'))).toBeUndefined();
    await world.pass(2_000);
    expect(world.endOf(world.peerOf('200'))).toBe('remote');
    expect(world.endOf(world.peerOf('203'))).toBeUndefined();
    live.feed({ kind: 'shutdown' });
    await world.pass(100);
    expect(world.leftovers()).toEqual([0, 0, 0, 0]);
  });

  test('[RFC3515-2.4.5] reports why the new call failed, and goes on in the old one', async () => {
    const world = new World();
    const live = await world.place('200');
    world.pbx.run((endpoint, now) => {
      endpoint.refer({ session: world.peerOf('200'), referTo: 'sip:404@pbx.example' }, now);
    });
    await world.pass(200);
    const states = world.events.flatMap((event) => (event.type === 'referral.changed' ? [event.state] : []));
    expect(states.at(-1)).toMatchObject({ name: 'ended', outcome: { kind: 'reported', status: 486 } });
    expect(live.call.phase.name).toBe('talking');
    expect(world.facts.at(-1)?.services.owner).toContain('hold');
  });

  test('refuses a REFER to somewhere else', async () => {
    const world = new World();
    await world.place('200');
    world.pbx.run((endpoint, now) => {
      endpoint.refer({ session: world.peerOf('200'), referTo: 'sip:203@elsewhere.example' }, now);
    });
    await world.pass(100);
    const states = world.events.flatMap((event) => (event.type === 'referral.changed' ? [event.state] : []));
    expect(states).toMatchObject([
      { name: 'ended', outcome: { kind: 'refused', response: { status: 403 } } },
    ]);
  });

  test('[RFC3325-9.1] learns from a re-INVITE of the PBX who is at the other side now', async () => {
    const world = new World();
    await world.place('200');
    world.pbx.run((endpoint, now) => {
      endpoint.reoffer(world.peerOf('200'), sdp(describeVoice(41_000)), now, {
        headers: [['P-Asserted-Identity', '"Carla" <sip:203@pbx.example>']],
      });
    });
    await world.pass(100);
    expect(world.facts.at(-1)?.remote).toEqual({ number: '203', name: 'Carla' });
  });

  test('that is over answers what comes for it all the same', async () => {
    const world = new World();
    const live = await world.place('200');
    const peer = world.peerOf('200');
    live.feed({ kind: 'shutdown' });
    const late = world.pbx.run((endpoint, now) =>
      endpoint.invite(
        {
          to: 'sip:line@192.0.2.2',
          from: 'sip:203@pbx.example',
          offer: sdp(describeVoice(42_000)),
          target: { transport: 'udp', ...US },
        },
        now,
      ),
    );
    world.onIncoming = (session, callId) => {
      live.adopt({ session, sipCallId: callId }, 'offer', { number: '203' });
    };
    await world.pass(100);
    const ended = world.events.find((event) => event.type === 'session.ended' && event.session === late);
    expect(ended).toMatchObject({ end: { by: 'refused', response: { status: 481 } } });
    expect(world.endOf(peer)).toBe('remote');
  });
});
