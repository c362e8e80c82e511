import type { Datagram, Place } from '@offhook/testkit';
import { perfectNetwork, SeededRandom, SimulatedNetwork, SipHost, VirtualClock } from '@offhook/testkit';
import type { EndpointEvent, EndReason, SipEndpointApi } from '../../endpoint/api.ts';
import { SipEndpoint } from '../../endpoint/endpoint.ts';
import { parseMessage } from '../../message/parse.ts';
import type { SipMessage } from '../../message/types.ts';
import type { Registrar } from '../../registrar/registrar.ts';
import { aorOfUser, realm, RegistrarDesk } from './desk.test-support.ts';
import { invariants, partners } from './invariants.test-support.ts';
import type { HostView } from './judge.test-support.ts';
import { Judge } from './judge.test-support.ts';
import type { Feature, Profile } from './profile.test-support.ts';
import type { HostName, Life } from './life.test-support.ts';
import type { CallRecord, Leg, Way } from './record.test-support.ts';
import { isLive, isOver } from './record.test-support.ts';
import type { Scenario, Side } from './scenario.test-support.ts';
import { drawScenario, userNames } from './scenario.test-support.ts';
import { User } from './user.test-support.ts';
import { callOf, noteHeard, noteSent, wireOf } from './wire.test-support.ts';

const hostNames: readonly HostName[] = ['pbx', ...userNames];
const places: Readonly<Record<HostName, Place>> = {
  pbx: { address: '192.0.2.9', port: 5060 },
  alice: { address: '192.0.2.1', port: 5060 },
  bob: { address: '192.0.2.2', port: 5060 },
  carol: { address: '192.0.2.3', port: 5060 },
};
const hostAt = (place: Place): HostName | undefined =>
  hostNames.find((name) => places[name].address === place.address);

export interface TownOptions {
  readonly seed: number;
  readonly profile: Profile;
  readonly calls: number;
  readonly features: ReadonlySet<Feature>;
  /** A defect put into a host on purpose, to show that an invariant sees it. */
  readonly wrap?: (endpoint: SipEndpoint, host: HostName, clock: VirtualClock) => SipEndpointApi;
  /** Sees every datagram of a call. */
  readonly onTrace?: (line: Trace) => void;
}

export type Trace = { readonly at: number; readonly callId: string | undefined } & (
  | {
      readonly kind: 'message';
      readonly from: HostName;
      readonly to: HostName;
      readonly message: SipMessage;
      readonly fate: 'sent' | 'lost' | 'cut' | 'duplicated' | 'delivered';
    }
  | { readonly kind: 'event'; readonly host: HostName; readonly event: EndpointEvent }
  | { readonly kind: 'note'; readonly text: string }
);

/** One run of a host: its endpoint, and the application on it. */
interface Running {
  readonly life: Life;
  readonly host: SipHost<SipEndpointApi>;
  readonly view: HostView;
  readonly user: User | undefined;
  readonly desk: RegistrarDesk | undefined;
}

/** Calls begin in this time, after everybody had time to register. */
const beginning = 5_000;
const rate = 600;
/** Virtual time in which all calls of a world must be over: a forgotten phone rings for ten minutes. */
const longestWorld = 2_000_000;
/** Virtual time in which nothing may be left of it afterwards. */
const longestSettling = 400_000;

/** Three users and a registrar on a network, with the calls of one seed. */
export class Town {
  readonly clock = new VirtualClock(1_000_000);
  readonly judge: Judge;
  readonly network: SimulatedNetwork;
  readonly calls = new Map<string, CallRecord>();
  /** Restarts and cuts that there were. */
  readonly disturbances = { restarts: 0, cuts: 0 };
  /** How often each method, status and end of a session occurred in calls: what was really tried. */
  readonly seen = new Map<string, number>();
  readonly #options: TownOptions;
  readonly #random: SeededRandom;
  readonly #start = this.clock.now;
  readonly #running = new Map<HostName, Running>();
  readonly #messages = new WeakMap<Datagram, SipMessage>();
  readonly #scenarios: readonly Scenario[];
  readonly #within: number;
  /** When an endpoint last had something to do. */
  #lastInput = 0;

  constructor(options: TownOptions) {
    this.#options = options;
    const { clock } = this;
    const { profile, seed, features } = options;
    this.judge = new Judge(invariants, () => clock.now);
    clock.onStep = () => this.judge.step();
    this.#random = new SeededRandom(seed);
    this.network = new SimulatedNetwork({ clock, random: this.#random.fork() });
    const weather = this.#random.fork();
    for (const from of hostNames) {
      for (const to of hostNames) {
        const { address } = places[to];
        this.network.setLink(places[from].address, address, profile.conditions(weather));
      }
    }
    this.#watch();
    const draw = this.#random.fork();
    this.#within = Math.max(2_000, options.calls * rate);
    this.#scenarios = Array.from({ length: options.calls }, (_, index) =>
      drawScenario(`call-${seed}-${index}`, draw, { profile, features, within: this.#within }),
    );
    for (const name of hostNames) this.#startHost(name, 1);
  }

  /** Runs all calls to their end, and asks the judge. */
  run(): void {
    try {
      this.#plan();
      this.#runCalls();
      const settledIn = this.#settle();
      this.#finish(settledIn);
    } catch (error) {
      this.judge.step();
      // Where it happened is in the stack; the world cannot go on.
      this.judge.fault(
        'never_throws',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    }
  }

  #plan(): void {
    const { clock } = this;
    for (const scenario of this.#scenarios) {
      clock.at(this.#start + beginning + scenario.startsAt, () => void this.#call(scenario));
    }
    const { profile } = this.#options;
    const random = this.#random.fork();
    const minutes = this.#within / 60_000;
    for (let index = 0; index < Math.round(profile.restartsPerMinute * minutes); index += 1) {
      const name = random.pick(hostNames);
      clock.at(this.#start + beginning + random.integer(0, this.#within), () => this.#restart(name));
    }
    for (let index = 0; index < Math.round(profile.cutsPerMinute * minutes); index += 1) {
      const from = random.pick(hostNames);
      const to = random.pick(hostNames.filter((name) => name !== from));
      const isBothWays = random.chance(0.25);
      const lasting = random.pick([random.integer(1_000, 10_000), random.integer(10_000, 60_000)]);
      clock.at(this.#start + beginning + random.integer(0, this.#within), () => {
        this.#cut(from, to, lasting);
        if (isBothWays) this.#cut(to, from, lasting);
      });
    }
  }

  #runCalls(): void {
    const { clock } = this;
    clock.advance(beginning + this.#within + 1_000);
    const isBusy = (): boolean =>
      [...this.calls.values()].some((record) => !isOver(record)) ||
      [...this.#running.values()].some(isReferring);
    while (isBusy()) {
      if (clock.now - this.#start > longestWorld) {
        this.judge.fault('nobody_waits_for_ever', 'there are calls that never end');
        return;
      }
      clock.advance(1_000);
    }
  }

  /** With a network that works: everybody leaves, and what is left runs out. */
  #settle(): number {
    for (const from of hostNames) {
      for (const to of hostNames) {
        this.network.setLink(places[from].address, places[to].address, perfectNetwork);
      }
    }
    // Cuts and delayed messages of before are over by then.
    this.clock.advance(65_000);
    const began = this.clock.now;
    for (const name of userNames) this.#running.get(name)?.user?.unregister();
    const until = began + longestSettling;
    while (this.clock.pending > 0 && this.clock.now < until) this.clock.advance(1_000);
    return this.#lastInput - began;
  }

  #finish(settledIn: number): void {
    const now = this.clock.now;
    const registrar = this.#running.get('pbx')?.desk?.registrar;
    const { profile } = this.#options;
    this.judge.end({
      hosts: [...this.#running.values()].map(({ view }) => view),
      calls: [...this.calls.values()],
      bindings: userNames.flatMap((name) => registrar?.lookup(aorOfUser(name), now) ?? []).length,
      settledIn,
      isFriendly: profile.cutsPerMinute + profile.restartsPerMinute === 0 && !profile.callersGiveUp,
    });
  }

  #call(scenario: Scenario, way?: Way): CallRecord | undefined {
    const replaces = this.#legOf(way?.replaces);
    const record: CallRecord = { ...newRecord(scenario), ...(replaces !== undefined && { replaces }) };
    if (replaces !== undefined) replaces.record.replacedBy = record;
    this.calls.set(scenario.callId, record);
    const target = this.#running.get('pbx')?.desk?.find(aorOfUser(scenario.callee), this.clock.now);
    const user = this.#running.get(scenario.caller)?.user;
    if (way !== undefined || scenario.route === 'redirect') user?.call(record, way ?? {});
    else if (target === undefined) record.isUnreachable = true;
    else user?.call(record, { target });
    this.judge.touched(record);
    return record.isUnreachable ? undefined : record;
  }

  /** Whose dialog it is that an INVITE names in Replaces: of the side that will get it. */
  #legOf(replaces: Way['replaces']): Leg | undefined {
    const replaced = replaces === undefined ? undefined : this.calls.get(replaces.callId);
    return replaced === undefined
      ? undefined
      : partners(replaced).find((leg) => leg?.remoteTag === replaces?.fromTag);
  }

  /** Somebody calls one side of an answered call, to take the place of the other. */
  #replace(replaced: CallRecord, at: Side, scenario: Scenario): void {
    const [caller, callee] = partners(replaced);
    const [leg, partner] = at === 'caller' ? [caller, callee] : [callee, caller];
    const target = this.#running.get('pbx')?.desk?.find(aorOfUser(scenario.callee), this.clock.now);
    const [local, remote] = [partner?.remoteTag, leg?.remoteTag];
    if (leg === undefined || target === undefined || local === undefined || remote === undefined) return;
    const record: CallRecord = { ...newRecord(scenario), replaces: leg };
    replaced.replacedBy = record;
    this.calls.set(scenario.callId, record);
    const replaces = { callId: replaced.scenario.callId, toTag: local, fromTag: remote };
    this.#running.get(scenario.caller)?.user?.call(record, { target, replaces });
    this.judge.touched(record);
  }

  /** Whoever talks to somebody who is gone learns of it by the session timer, where there is one. */
  #onLegOver(over: Leg): void {
    for (const leg of partners(over.record)) {
      if (leg === undefined || leg === over || !isLive(leg)) continue;
      this.#running.get(leg.life.host)?.user?.otherSideIsGone(leg);
    }
  }

  #onBothAnswered(record: CallRecord): void {
    const { together, hangUp, replacement } = record.scenario;
    if (replacement !== undefined) {
      const { after, at, call } = replacement;
      this.clock.after(after, () => this.#replace(record, at, call));
    }
    const both = (after: number, act: 'reoffer' | 'update' | 'hang_up'): void => {
      this.clock.after(after, () => {
        for (const leg of record.legs) {
          if (leg.life.endedAt !== undefined) continue;
          this.#running.get(leg.life.host)?.user?.together(leg, act);
        }
      });
    };
    for (const { after, kind } of together) both(after, kind);
    if (hangUp.by === 'both') both(hangUp.after, 'hang_up');
  }

  #startHost(name: HostName, number: number, kept?: Registrar): void {
    const { clock, network, judge, calls } = this;
    const { wrap } = this.#options;
    const place = places[name];
    const random = this.#random.fork();
    const endpoint = new SipEndpoint({
      random: random.bytes,
      product: 'Simulation',
      local: [{ transport: 'udp', ...place }],
    });
    const sip: SipEndpointApi = wrap?.(endpoint, name, clock) ?? endpoint;
    const life: Life = { host: name, number, startedAt: clock.now };
    const host: SipHost<SipEndpointApi> = new SipHost({
      network,
      clock,
      place,
      endpoint: sip,
      names: { [realm]: [{ transport: 'udp', ...places.pbx }] },
      onEvent: (event) => {
        this.#traceEvent(name, event);
        if (event.type === 'session.ended') this.#countEnd(event.end);
        if (desk !== undefined) desk.onEvent(event, sip, clock.now);
        user?.onEvent(event);
        if (event.type === 'registration.changed') this.#checkBinding(name, event);
      },
      onSettled: () => {
        this.#lastInput = clock.now;
        judge.settled(view);
      },
    });
    const machine = { life, sip, run: host.run.bind(host) };
    const isPbx = name === 'pbx';
    const desk = isPbx ? new RegistrarDesk(random.fork(), kept) : undefined;
    const onBothAnswered = (record: CallRecord): void => this.#onBothAnswered(record);
    const onLegOver = (leg: Leg): void => this.#onLegOver(leg);
    const start = (scenario: Scenario, way?: Way): CallRecord | undefined => this.#call(scenario, way);
    const user = isPbx
      ? undefined
      : new User({ life, clock, judge, calls, machine, onBothAnswered, onLegOver, start });
    const view: HostView = user ?? {
      life,
      sip,
      get openSessions() {
        return desk?.openSessions ?? 0;
      },
      boundAs: undefined,
    };
    this.#running.set(name, { life, host, view, user, desk });
    user?.register();
  }

  /** The endpoint is thrown away without a word; what it knew is gone. */
  #restart(name: HostName): void {
    const running = this.#running.get(name);
    if (running === undefined) return;
    this.disturbances.restarts += 1;
    this.#note(`${name} is restarted`);
    running.life.endedAt = this.clock.now;
    running.user?.lose();
    running.host[Symbol.dispose]();
    // Some registrars have a database.
    const kept = this.#random.chance(0.7) ? running.desk?.registrar : undefined;
    this.#startHost(name, running.life.number + 1, kept);
  }

  #cut(from: HostName, to: HostName, lasting: number): void {
    this.disturbances.cuts += 1;
    this.#note(`${from} → ${to} is cut for ${lasting} ms`);
    const cut = this.network.cut(places[from].address, places[to].address);
    this.clock.after(lasting, () => cut[Symbol.dispose]());
  }

  /** Unless the registrar was restarted while its answer was on the way. */
  #checkBinding(name: HostName, { state }: Extract<EndpointEvent, { type: 'registration.changed' }>): void {
    const pbx = this.#running.get('pbx');
    if (state.name !== 'registered' || pbx?.desk === undefined) return;
    const { now } = this.clock;
    const isYoung = pbx.life.number > 1 && now - pbx.life.startedAt < 5_000;
    const found = pbx.desk.find(aorOfUser(name), now);
    if (isYoung || found?.address === places[name].address) return;
    this.judge.fault('registered_means_bound', `${name} is registered, and found at ${found?.address}`);
  }

  #watch(): void {
    const { network } = this;
    network.onDatagram = (datagram, fate) => {
      this.#trace(datagram, fate);
      const message = this.#messageOf(datagram);
      this.#count(message.kind === 'request' ? message.method : String(message.status));
      this.#onWire(message, hostAt(datagram.from), noteSent);
    };
    network.onDelivery = (datagram) => {
      this.#trace(datagram, 'delivered');
      this.#onWire(this.#messageOf(datagram), hostAt(datagram.to), noteHeard);
    };
  }

  #onWire(message: SipMessage, name: HostName | undefined, note: typeof noteSent): void {
    const record = this.calls.get(callOf(message) ?? '');
    const running = name === undefined ? undefined : this.#running.get(name);
    if (record === undefined || running === undefined) return;
    const { life } = running;
    const event = note(wireOf(record.wires, life), message, this.clock.now);
    const leg = record.legs.findLast((each) => each.life === life);
    this.judge.onWire({ life, record, leg, event });
  }

  #messageOf(datagram: Datagram): SipMessage {
    const known = this.#messages.get(datagram);
    if (known !== undefined) return known;
    const message = parseMessage(datagram.bytes);
    if (message.kind === 'fault') throw new Error(`what is sent cannot be read: ${message.text}`);
    this.#messages.set(datagram, message);
    return message;
  }

  #trace(datagram: Datagram, fate: Extract<Trace, { kind: 'message' }>['fate']): void {
    const [from, to] = [hostAt(datagram.from), hostAt(datagram.to)];
    if (this.#options.onTrace === undefined || from === undefined || to === undefined) return;
    const message = this.#messageOf(datagram);
    const at = this.clock.now - this.#start;
    this.#options.onTrace({ kind: 'message', at, callId: callOf(message), from, to, message, fate });
  }

  #countEnd(end: EndReason): void {
    this.#count(end.by === 'timeout' ? end.which : end.by);
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  #traceEvent(host: HostName, event: EndpointEvent): void {
    if (this.#options.onTrace === undefined) return;
    const session = 'session' in event ? event.session : undefined;
    const known = [...this.calls.values()].find((record) =>
      record.legs.some(
        (leg) => leg.life.host === host && leg.session === session && leg.life.endedAt === undefined,
      ),
    );
    const callId = event.type === 'session.incoming' ? event.info.callId : known?.scenario.callId;
    this.#options.onTrace({ kind: 'event', at: this.clock.now - this.#start, callId, host, event });
  }

  #note(text: string): void {
    const at = this.clock.now - this.#start;
    this.#options.onTrace?.({ kind: 'note', at, callId: undefined, text });
  }
}

/** A transfer is still reported about. */
function isReferring({ host }: Running): boolean {
  const { referrals, referrers } = host.endpoint.counts();
  return referrals + referrers > 0;
}

const newRecord = (scenario: Scenario): CallRecord => ({
  scenario,
  legs: [],
  wires: new Map(),
  isUnreachable: false,
  isForked: false,
});
