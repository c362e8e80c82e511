import { chosenSeeds, roughNetwork, SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import type { EndpointEvent, SessionId } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type {
  NotifierId,
  ReferralId,
  ReferralState,
  ReferrerId,
  SubscriptionId,
  SubscriptionState,
} from '../endpoint/subscription-api.ts';
import { parseReferTo } from '../headers/refer.ts';
import { parseSipUri } from '../message/uri.ts';
import type { Party, World } from './world.test-support.ts';
import { aliceUri, bobUri, createWorld, leftovers, nothingLeft, sdp, textOf } from './world.test-support.ts';

const resources = 60;
const calls = 120;
const changesUntil = 400_000;
/** Whatever was lost by then has been mended by a refresh. */
const quietUntil = 900_000;

/** A command that a race may have made pointless. */
function tolerant(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof SipUsageError)) throw error;
  }
}

/** Bob's side of the subscriptions: the state of some resources, told to whoever has subscribed. */
class Resources {
  readonly states = new Map<string, number>();
  ended = 0;
  readonly #party: Party;
  readonly #random: SeededRandom;
  readonly #world: World;
  readonly #watched = new Map<NotifierId, string>();

  constructor(world: World, party: Party, random: SeededRandom) {
    this.#world = world;
    this.#party = party;
    this.#random = random;
  }

  hears(event: EndpointEvent): void {
    if (event.type === 'request' && event.request.method === 'SUBSCRIBE') {
      const resource = parseSipUri(event.request.uri)?.user ?? '';
      const { requestId } = event;
      const random = this.#random;
      const dice = random.integer(0, 9);
      this.#world.clock.after(random.integer(0, 300), () =>
        this.#party.host.run((sip, now) => {
          if (dice === 0) sip.respond(requestId, 500, now);
          else {
            const expires = random.integer(60, 240);
            const id = sip.acceptSubscription(requestId, now, { expires, pending: dice === 1 });
            this.#watched.set(id, resource);
            if (dice === 1) this.#world.clock.after(3_000, () => this.#tell(id));
          }
        }),
      );
    } else if (event.type === 'notifier.wanted') this.#tell(event.notifier);
    else if (event.type === 'notifier.ended') {
      this.ended += 1;
      this.#watched.delete(event.notifier);
    }
  }

  change(resource: string): void {
    this.states.set(resource, (this.states.get(resource) ?? 0) + 1);
    for (const [id, watched] of this.#watched) if (watched === resource) this.#tell(id);
  }

  /** The notifier ends some of them, so that the subscriber has to come again. */
  endSome(): void {
    for (const id of this.#watched.keys()) {
      if (!this.#random.chance(0.1)) continue;
      const reason = this.#random.pick(['deactivated', 'probation', 'timeout']);
      tolerant(() => this.#party.host.run((sip, now) => sip.endSubscription(id, now, { reason })));
    }
  }

  #tell(id: NotifierId): void {
    const resource = this.#watched.get(id);
    if (resource === undefined) return;
    const body = sdp(`${resource}=${this.states.get(resource) ?? 0}`);
    tolerant(() => this.#party.host.run((sip, now) => sip.notify(id, body, now)));
  }
}

/** Alice's side: what she was told last. */
class Watcher {
  readonly ids = new Map<SubscriptionId, string>();
  readonly told = new Map<string, string>();
  readonly states = new Map<SubscriptionId, SubscriptionState>();

  hears(event: EndpointEvent): void {
    if (event.type === 'subscription.changed') {
      const before = this.states.get(event.subscription);
      if (before?.name === 'ended') throw new Error('a subscription that had ended has changed');
      this.states.set(event.subscription, event.state);
    } else if (event.type === 'subscription.notified' && event.body !== undefined) {
      this.told.set(this.ids.get(event.subscription) ?? '', textOf(event.body) ?? '');
    }
  }
}

/** Calls in which both sides refer each other, report, and hang up at any time. */
class Referrals {
  readonly outcomes = new Map<string, ReferralState[]>();
  readonly reported = new Map<string, number>();
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #ids = new Map<Party, Map<ReferralId, string>>();
  #count = 0;

  constructor(world: World, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
    for (const party of [world.alice, world.bob]) this.#ids.set(party, new Map());
  }

  hears(party: Party, event: EndpointEvent): void {
    const random = this.#random;
    const run = party.host.run.bind(party.host);
    if (event.type === 'session.incoming') run((sip, now) => sip.accept(event.session, sdp('a'), now));
    else if (event.type === 'session.accepted' || event.type === 'session.confirmed') {
      const { session } = event;
      for (let refers = random.integer(0, 2); refers > 0; refers -= 1) {
        this.#later(random.integer(0, 3_000), () => this.#refer(party, session));
      }
      this.#later(random.integer(500, 8_000), () => run((sip, now) => sip.end(session, now)));
    } else if (
      (event.type === 'session.request' || event.type === 'request') &&
      event.request.method === 'REFER'
    ) {
      const key = parseSipUri(parseReferTo(event.request)?.uri ?? '')?.user ?? '';
      const { requestId } = event;
      this.#later(random.integer(0, 200), () => {
        if (random.chance(0.1)) run((sip, now) => sip.respond(requestId, 603, now));
        else {
          const referrer = run((sip, now) => sip.acceptRefer(requestId, now));
          if (referrer !== undefined) this.#report(party, key, referrer);
        }
      });
    } else if (event.type === 'referral.changed') {
      const key = this.#ids.get(party)?.get(event.referral) ?? '';
      this.outcomes.get(key)?.push(event.state);
    }
  }

  referOutside(party: Party, to: string, from: string): void {
    this.#start(party, (referTo, report) =>
      party.host.run((sip, now) => sip.refer({ to, from, referTo, report }, now)),
    );
  }

  #refer(party: Party, session: SessionId): void {
    this.#start(party, (referTo, report) =>
      party.host.run((sip, now) => sip.refer({ session, referTo, report }, now)),
    );
  }

  #start(party: Party, refer: (referTo: string, report: boolean) => ReferralId): void {
    const key = `x${++this.#count}`;
    this.outcomes.set(key, []);
    try {
      const id = refer(`sip:${key}@192.0.2.3`, this.#random.chance(0.8));
      this.#ids.get(party)?.set(id, key);
    } catch (error) {
      this.outcomes.delete(key);
      if (!(error instanceof SipUsageError)) throw error;
    }
  }

  #report(party: Party, key: string, referrer: ReferrerId): void {
    const status = this.#random.pick([200, 404, 486, 603]);
    this.reported.set(key, status);
    const say = (delay: number, what: number): void =>
      this.#later(delay, () => party.host.run((sip, now) => sip.report(referrer, what, now)));
    say(this.#random.integer(0, 2_000), 180);
    // Some are never finished: their time runs out.
    if (this.#random.chance(0.95)) say(this.#random.integer(2_000, 20_000), status);
  }

  #later(delay: number, act: () => void): void {
    this.#world.clock.after(delay, () => tolerant(act));
  }
}

function simulate(seed: number) {
  const world = createWorld({ seed, conditions: roughNetwork });
  const random = new SeededRandom(seed);
  const { clock, alice, bob } = world;
  const watched = new Resources(world, bob, random);
  const watcher = new Watcher();
  const referrals = new Referrals(world, random);
  alice.onEvent = (event) => {
    watcher.hears(event);
    referrals.hears(alice, event);
  };
  bob.onEvent = (event) => {
    watched.hears(event);
    referrals.hears(bob, event);
  };
  const start = clock.now;
  for (let index = 0; index < resources; index += 1) {
    const resource = `r${index}`;
    clock.at(start + random.integer(0, 60_000), () => {
      const id = alice.host.run((sip, now) =>
        sip.subscribe(
          {
            to: `sip:${resource}@192.0.2.2`,
            from: aliceUri,
            event: 'dialog',
            accept: ['text/x'],
            expires: 300,
          },
          now,
        ),
      );
      watcher.ids.set(id, resource);
    });
    for (let changes = random.integer(1, 40); changes > 0; changes -= 1) {
      clock.at(start + random.integer(0, changesUntil), () => watched.change(resource));
    }
  }
  for (let at = 50_000; at < changesUntil; at += 50_000) clock.at(start + at, () => watched.endSome());
  for (let index = 0; index < calls; index += 1) {
    clock.at(start + random.integer(0, changesUntil), () => {
      alice.host.run((sip, now) => sip.invite({ to: bobUri, from: aliceUri, offer: sdp('o') }, now));
    });
    clock.at(start + random.integer(0, changesUntil), () => referrals.referOutside(bob, aliceUri, bobUri));
  }
  clock.advance(quietUntil);
  const told = new Map(watcher.told);
  for (const id of watcher.ids.keys()) alice.host.run((sip, now) => sip.unsubscribe(id, now));
  clock.runToEnd(1_000_000);
  return { world, watched, watcher, referrals, told };
}

const isReported = (state: ReferralState | undefined): boolean =>
  state?.name === 'ended' && state.outcome.kind === 'reported';

/** What is wrong with how a REFER went; `undefined` when all is well. */
function fault(states: readonly ReferralState[], reported: number | undefined): string | undefined {
  const names = states.map(({ name }) => name);
  const last = states.at(-1);
  const isOver = last?.name === 'ended' || (last?.name === 'accepted' && !last.reports);
  if (!isOver) return `it has not ended: ${names.join(' ')}`;
  if (names.filter((name) => name === 'ended').length > 1) return 'it has ended twice';
  if (names.filter((name) => name === 'accepted').length > 1) return 'it was accepted twice';
  if (last.name !== 'ended') return undefined;
  const { outcome } = last;
  if (outcome.kind === 'reported' && outcome.status !== reported)
    return `${outcome.status} was reported for ${reported}: ${names.join(' ')}`;
  return outcome.kind === 'transport' ? outcome.text : undefined;
}

describe.each(chosenSeeds([1, 2, 3, 4, 5, 6]))(
  'subscriptions, REFERs and calls at 5 % loss, duplication and reordering, seed %i',
  (seed) => {
    it('[RFC6665-4.2.2] [RFC3515-2.4.4] the newest state arrives, every REFER ends once, nothing is left over', () => {
      const { world, watched, watcher, referrals, told } = simulate(seed);
      const stale = [...watcher.ids.values()].flatMap((resource) => {
        const expected = `${resource}=${watched.states.get(resource)}`;
        return told.get(resource) === expected ? [] : [`${told.get(resource)} for ${expected}`];
      });
      expect(stale).toEqual([]);
      const bad = [...referrals.outcomes].flatMap(([key, states]) => {
        const wrong = fault(states, referrals.reported.get(key));
        return wrong === undefined ? [] : [`${key}: ${wrong}`];
      });
      expect(bad).toEqual([]);
      const ends = [...referrals.outcomes.values()].map((states) => states.at(-1));
      expect(ends.filter(isReported).length).toBeGreaterThan(calls / 2);
      expect(watched.ended).toBeGreaterThan(resources);
      expect(world.network.counts.lost).toBeGreaterThan(100);
      expect([...watcher.states.values()].map(({ name }) => name)).toEqual(
        Array.from({ length: resources }, () => 'ended'),
      );
      expect(leftovers(world.alice)).toEqual(nothingLeft);
      expect(leftovers(world.bob)).toEqual(nothingLeft);
    });
  },
);
