import type { Body, Millis } from '@offhook/sip';
import type { Directory, DirectoryDevice } from '../config/directory.ts';
import type { ExtensionConfig } from '../config/exchange.ts';
import type { Person } from '../person.ts';
import { deviceId } from './api.ts';
import type {
  CallId,
  CallSnapshot,
  Cause,
  ConnectionEventName,
  ConnectionState,
  DeviceId,
  SwitchEvent,
} from './api.ts';
import { isConference, isParty, isTakenUp } from './call.ts';
import type { Call, Connection, Endpoint } from './call.ts';
import type { DialPlan } from './dial-plan.ts';
import { Features } from './features.ts';
import { heardBy, holds, isHeldUp } from './hearing.ts';
import { Leg } from './leg.ts';
import type { Invitation } from './leg.ts';
import type { LegId, Place, SwitchEffect } from './model.ts';
import { outsideNumber } from './numbering.ts';
import { snapshotOf } from './snapshots.ts';

export interface BoardOptions extends DialPlan {
  readonly placesOf: (device: DeviceId, now: Millis) => readonly Place[];
  /** 32 hexadecimal digits, new each time. */
  readonly newCallId: () => CallId;
  /** Digits of a conference room that nobody guesses. */
  readonly newRoom: () => string;
  readonly maxCalls: number;
  readonly parkMs: Millis;
  readonly hasVoicemail: boolean;
}

/**
 * The calls of the switch and what every feature does with them: makes connections, changes their states with an event each, clears
 * them, and says who hears what. Holds no rule of a feature.
 */
export class Board {
  readonly options: BoardOptions;
  readonly features: Features;
  readonly calls = new Map<CallId, Call>();
  readonly #legs = new Map<LegId, { readonly leg: Leg; readonly connection: Connection }>();
  #effects: SwitchEffect[] = [];
  #lastLeg = 0;
  #total = 0;
  now: Millis = 0;

  constructor(options: BoardOptions) {
    this.options = options;
    this.features = new Features(
      options.directory,
      (event) => this.tell(event),
      (number) => outsideNumber(number, options.countryCode),
    );
  }

  get directory(): Directory {
    return this.options.directory;
  }

  /** Calls so far. */
  get total(): number {
    return this.#total;
  }

  readonly push = (effect: SwitchEffect): void => {
    // Whatever still comes from it means nothing.
    if (effect.kind === 'close') this.#legs.delete(effect.leg);
    this.#effects.push(effect);
  };

  tell(event: SwitchEvent): void {
    this.push({ kind: 'event', event });
  }

  takeEffects(): readonly SwitchEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  // ── calls ──

  newCall(parts: Pick<Call, 'calling' | 'called'> & Partial<Pick<Call, 'passOn' | 'source'>>): Call {
    const call: Call = {
      id: this.options.newCallId(),
      connections: new Set(),
      attempts: new Set(),
      calling: parts.calling,
      called: parts.called,
      lastRedirection: undefined,
      startedAt: this.now,
      passOn: parts.passOn,
      source: parts.source,
      parked: undefined,
    };
    this.calls.set(call.id, call);
    this.#total += 1;
    return call;
  }

  snapshot(call: Call): CallSnapshot {
    return snapshotOf(call);
  }

  /** Takes a connection over into another call. */
  move(connection: Connection, to: Call): void {
    connection.call.connections.delete(connection);
    to.connections.add(connection);
    connection.call = to;
  }

  /** Comes into being without an event: the first change of its state tells of it. */
  connect(
    call: Call,
    device: DeviceId,
    parts: { readonly person: Person; readonly cause: Cause; readonly endpoint?: Endpoint },
  ): Connection {
    const connection: Connection = {
      device,
      person: parts.person,
      call,
      state: 'null',
      since: this.now,
      leg: undefined,
      ringing: new Set(),
      endpoint: parts.endpoint,
      heldHere: false,
      cause: parts.cause,
    };
    call.connections.add(connection);
    return connection;
  }

  change(
    connection: Connection,
    state: ConnectionState,
    name: ConnectionEventName,
    cause: Cause,
    divertedTo?: DeviceId,
  ): void {
    const before = connection.state;
    connection.state = state;
    connection.since = this.now;
    const { call, device } = connection;
    this.tell({
      kind: 'connection',
      name,
      connection: { call: call.id, device },
      before,
      after: state,
      cause,
      call: snapshotOf(call),
      ...(divertedTo !== undefined && { divertedTo }),
    });
  }

  /** Takes a connection out of its call and ends its legs; the call goes on or ends by {@link settle}. */
  drop(
    connection: Connection,
    cause: Cause,
    reason?: string,
    name: ConnectionEventName = 'connectionCleared',
  ): void {
    const { call } = connection;
    if (!call.connections.delete(connection)) return;
    connection.leg?.end(reason);
    for (const leg of connection.ringing) leg.end(reason);
    connection.ringing.clear();
    this.change(connection, 'null', name, cause);
  }

  /** Ends a call that has nobody left to talk to, and brings everybody's hearing and display up to date. */
  settle(call: Call): void {
    if (!this.calls.has(call.id)) return;
    if (this.#isOver(call)) {
      for (const attempt of call.attempts)
        for (const target of attempt.targets) this.drop(target, 'callCancelled');
      call.attempts.clear();
      for (const connection of call.connections) this.drop(connection, 'normalClearing');
      this.calls.delete(call.id);
      return;
    }
    for (const connection of call.connections) this.#watchHold(connection);
    for (const connection of call.connections) {
      connection.leg?.hear(heardBy(connection));
      this.#showPeer(connection);
      connection.leg?.holdUp(isHeldUp(connection));
    }
  }

  #isOver(call: Call): boolean {
    const withLegs = [...call.connections].filter(
      ({ leg, ringing, endpoint }) => endpoint === undefined && (leg !== undefined || ringing.size > 0),
    );
    if (withLegs.length === 0 && call.attempts.size === 0) return true;
    if (call.attempts.size > 0 || withLegs.length > 1) return false;
    const endpoints = [...call.connections].filter(({ endpoint }) => endpoint !== undefined);
    // One alone stays where it waits for something: in a room, in a slot, with a service, or before it is routed.
    return endpoints.length === 0 && withLegs.every(({ state }) => isParty({ state }));
  }

  /** Hold and retrieve by the device itself show only in what it describes. */
  #watchHold(connection: Connection): void {
    if (connection.endpoint !== undefined) return;
    const isHeld = holds(connection);
    if (connection.state === 'connected' && isHeld) this.change(connection, 'held', 'held', 'normal');
    else if (connection.state === 'held' && !isHeld) {
      this.change(connection, 'connected', 'retrieved', 'normal');
    }
  }

  #showPeer(connection: Connection): void {
    const { leg } = connection;
    if (leg?.isAnswered !== true) return;
    const peer = this.peerOf(connection);
    if (peer !== undefined) leg.show(peer);
  }

  /** Who is at the other side of a connection, as its display shows it. */
  peerOf(connection: Connection): Person | undefined {
    const { call } = connection;
    const others = [...call.connections].filter((other) => other !== connection && isParty(other));
    const room = others.find(({ endpoint }) => endpoint?.kind === 'room');
    if (room !== undefined) return room.person;
    if (isConference(call)) return { number: this.options.codes.conference, name: 'Conference' };
    const [other] = others;
    if (others.length === 1 && other !== undefined) return other.person;
    return undefined;
  }

  // ── legs ──

  newLegId(): LegId {
    this.#lastLeg += 1;
    return this.#lastLeg as LegId;
  }

  /** An INVITE to one place of a connection that alerts. */
  call(connection: Connection, invitation: Invitation): Leg {
    const leg = Leg.calling(this.newLegId(), invitation, this.push);
    connection.ringing.add(leg);
    this.#legs.set(leg.id, { leg, connection });
    return leg;
  }

  /** The leg of an INVITE that came; a status where its offer cannot be taken. */
  receive(connection: Connection, id: LegId, offer: Body | undefined): Leg | { readonly status: number } {
    const leg = Leg.incoming(id, offer, this.push);
    if ('status' in leg) return leg;
    connection.leg = leg;
    this.#legs.set(id, { leg, connection });
    return leg;
  }

  /** Takes a leg over into another connection, e.g. for a pick-up. */
  assign(leg: Leg, connection: Connection): void {
    connection.leg = leg;
    this.#legs.set(leg.id, { leg, connection });
  }

  find(id: LegId): { readonly leg: Leg; readonly connection: Connection } | undefined {
    return this.#legs.get(id);
  }

  /** Legs that have not ended: for tests that nothing is left over. */
  get legCount(): number {
    return this.#legs.size;
  }

  // ── devices ──

  device(number: string): DirectoryDevice | undefined {
    return this.directory.device(number);
  }

  places(device: DeviceId): readonly Place[] {
    return this.options.placesOf(device, this.now);
  }

  connectionsOf(device: DeviceId): readonly Connection[] {
    return [...this.calls.values()].flatMap(({ connections }) =>
      [...connections].filter((connection) => connection.device === device),
    );
  }

  /** The main number and the line of an extension. */
  devicesOf(extension: ExtensionConfig): readonly DeviceId[] {
    const { number, line } = extension;
    return line === undefined ? [deviceId(number)] : [deviceId(number), deviceId(line.number)];
  }

  /** Another call than `except` has one of the extension's devices. */
  isBusy(extension: ExtensionConfig, except: Call): boolean {
    return this.devicesOf(extension)
      .flatMap((device) => this.connectionsOf(device))
      .some((connection) => connection.call !== except && isTakenUp(connection));
  }
}
