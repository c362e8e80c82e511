import type {
  CallId,
  CallService,
  CallState,
  ClientId,
  CorrelationId,
  EndCause,
  LinkCall,
} from '@offhook/contract';
import {
  NO_ABILITIES,
  NO_CALLS,
  beginHandOver,
  callOfLeg,
  consults,
  devicesReported,
  endHandOver,
  expireHandOvers,
  forget,
  gate,
  legChanged,
  legEnded,
  legServices,
  mixes,
  viewOf,
  type Abilities,
  type Arrival,
  type Change,
  type DeviceConnection,
  type DevicePlace,
  type DeviceReport,
  type DeviceState,
  type HandOverTarget,
  type LegFact,
  type LegSituation,
  type NewIds,
  type UserCall,
  type UserCalls,
} from './index.ts';

// Ids have no form that a pure model would look at.
export const callId = (text: string): CallId => text as CallId;
export const clientId = (text: string): ClientId => text as ClientId;
const correlationId = (text: string): CorrelationId => text as CorrelationId;

export const BOB = { number: '+4930123401', name: 'Bob' };
export const CAROL = { number: '+4930123402', name: 'Carol' };
export const LAPTOP = clientId('laptop');
export const TABLET = clientId('tablet');

/** A platform with everything. */
export const EVERYTHING: Abilities = {
  transfer: true,
  completeTransfer: true,
  conference: 'platform',
  deflect: true,
  toVoicemail: true,
  park: true,
  callBack: true,
  pickUp: true,
  groupPickUp: true,
  desk: { place: true, answer: true, control: true, hangUp: true, pull: true, push: true },
  pushToAlternative: true,
};
export const NOTHING = NO_ABILITIES;

export const START = 1_000_000;

type LegState = Exclude<CallState, { name: 'ended' }>;

export const connected = (answeredAt = START + 1_000): LegState => ({
  name: 'connected',
  answeredAt,
  heldByRemote: false,
});
export const held = (answeredAt = START + 1_000): LegState => ({ name: 'held', answeredAt });

export interface LegOptions extends Partial<Omit<LegFact, 'callId' | 'services'>> {
  /** A change of the leg is under way. */
  readonly busy?: boolean;
}

export function leg(id: string, options: LegOptions = {}): LegFact {
  const { busy = false, ...given } = options;
  const fact = {
    callId: callId(id),
    correlationId: correlationId(`correlation of ${id}`),
    direction: 'incoming' as const,
    remote: BOB,
    startedAt: START,
    sipCallId: undefined,
    state: { name: 'ringing' } as const,
    owner: undefined,
    media: 'none' as const,
    muted: false,
    ...given,
  };
  return { ...fact, services: legServices(situationOf(fact, busy)) };
}

function situationOf(
  { state, direction, owner }: Pick<LegFact, 'state' | 'direction' | 'owner'>,
  busy: boolean,
): LegSituation {
  const ownerless = owner === undefined;
  switch (state.name) {
    case 'calling':
      return { phase: 'calling', ownerless };
    case 'ringing':
      if (direction === 'outgoing') return { phase: 'calling', ownerless };
      return { phase: ownerless ? 'ringing' : 'answering' };
    case 'connected':
    case 'held':
      return { phase: 'talking', held: state.name === 'held', busy, ownerless };
  }
}

export function connection(
  place: DevicePlace,
  platformCall: string,
  state: DeviceState,
  options: Partial<DeviceConnection> = {},
): DeviceConnection {
  return { place, platformCall, state, direction: 'incoming', remote: BOB, since: START, ...options };
}
export const desk = (
  platformCall: string,
  state: DeviceState,
  options: Partial<DeviceConnection> = {},
): DeviceConnection => connection('desk_phone', platformCall, state, options);
export const line = (
  platformCall: string,
  state: DeviceState,
  options: Partial<DeviceConnection> = {},
): DeviceConnection => connection('line', platformCall, state, options);

/** A user whose calls are told of one fact after another; time goes on by one second with each. */
export class User {
  state: UserCalls = NO_CALLS;
  changed: readonly CallId[] = [];
  now = START;
  /** Of a clock that only goes forward. */
  at = 0;
  readonly can: Abilities;
  #ids = 0;

  constructor(can: Abilities = EVERYTHING) {
    this.can = can;
  }

  readonly #newIds: NewIds = {
    callId: () => callId(`seen-${++this.#ids}`),
    correlationId: () => correlationId(`correlation ${this.#ids}`),
  };

  #take(change: (state: UserCalls, now: number) => Change): this {
    this.now += 1_000;
    this.at += 1_000;
    ({ state: this.state, changed: this.changed } = change(this.state, this.now));
    return this;
  }

  leg(id: string, options: LegOptions = {}): this {
    return this.#take((state, now) => legChanged(state, leg(id, options), now));
  }

  legEnds(id: string, cause: EndCause): this {
    return this.#take((state, now) => legEnded(state, callId(id), cause, now));
  }

  report(...connections: readonly DeviceConnection[]): this {
    return this.reportWith({ connections });
  }

  reportWith(report: DeviceReport): this {
    return this.#take((state, now) => devicesReported(state, report, this.#newIds, now));
  }

  /** The last is gone, and the platform says why. */
  gone(connections: readonly DeviceConnection[], gone: DeviceConnection, cause: EndCause): this {
    const { place, platformCall } = gone;
    return this.reportWith({ connections, gone: [{ place, platformCall, cause }] });
  }

  handOver(id: string, to: HandOverTarget, seconds = 6): this {
    return this.#take((state) => beginHandOver(state, callId(id), to, this.at + seconds * 1_000));
  }

  handOverFails(id: string): this {
    return this.#take((state, now) => endHandOver(state, callId(id), now));
  }

  timePasses(seconds: number): this {
    this.now += seconds * 1_000;
    this.at += seconds * 1_000;
    return this.#take((state, now) => expireHandOvers(state, this.at, now));
  }

  /** Somebody sets the time of day. */
  clockIsSet(seconds: number): this {
    this.now += seconds * 1_000;
    return this;
  }

  /** The end of the call was told. */
  forget(id: string): this {
    return this.#take((state) => ({ state: forget(state, callId(id)), changed: [] }));
  }

  consults(id: string, about: string): this {
    return this.#take((state) => consults(state, callId(id), callId(about)));
  }

  mixes(id: string, other: string): this {
    return this.#take((state) => mixes(state, callId(id), callId(other)));
  }

  callOf(arrival: Partial<Arrival>): CallId | undefined {
    const { direction, remote, sipCallId } = leg('asked', arrival);
    return callOfLeg(this.state, { direction, remote, sipCallId });
  }

  call(id: string): UserCall {
    const call = this.state.calls.get(callId(id));
    if (call === undefined) throw new Error(`There is no call ${id}.`);
    return call;
  }

  see(id: string): LinkCall {
    return viewOf(this.state, this.call(id), this.can);
  }

  /** The calls that are not over. */
  get going(): readonly string[] {
    return [...this.state.calls.values()].filter(({ end }) => end === undefined).map((call) => call.callId);
  }

  cause(id: string): EndCause | undefined {
    return this.call(id).end?.cause;
  }

  asks(client: ClientId, service: CallService, id: string, other?: string): string {
    const verdict = gate(this.state, this.can, {
      callId: callId(id),
      clientId: client,
      service,
      ...(other === undefined ? {} : { otherCallId: callId(other) }),
    });
    return verdict.ok ? 'yes' : verdict.code;
  }
}
