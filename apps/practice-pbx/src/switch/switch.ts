import type { Millis } from '@offhook/sip';
import { deviceId } from './api.ts';
import type {
  CallId,
  CallSnapshot,
  Cause,
  DeviceId,
  DeviceSnapshot,
  FeatureSnapshot,
  SwitchCommand,
  SwitchOutcome,
} from './api.ts';
import { Board } from './board.ts';
import type { BoardOptions } from './board.ts';
import { CallBacks } from './call-backs.ts';
import type { Attempt, Call, Connection } from './call.ts';
import { Commands } from './commands.ts';
import { FeatureCodes } from './feature-codes.ts';
import { Joining } from './joining.ts';
import type { LegId, SwitchEffect, SwitchInput } from './model.ts';
import { EMERGENCY_NUMBERS } from './numbering.ts';
import { Parking } from './parking.ts';
import { PickUp } from './pick-up.ts';
import { Ringing } from './ringing.ts';
import { Router } from './routing.ts';
import { connectionSnapshot, snapshotOf } from './snapshots.ts';

type Incoming = Extract<SwitchInput, { kind: 'incoming' }>;

/**
 * The switching core. Pure: inputs, commands and time in, effects out. Whoever drives it drains `takeEffects()` after each
 * `handle` and `execute`, and gives `tick` at `deadline()`.
 *
 * The states of a connection are those of ECMA-269 (see `api.ts`), the offers of each leg are {@link Leg}'s, who rings is
 * {@link Ringing}'s and where a number leads {@link Router}'s.
 */
export class Switch {
  readonly #board: Board;
  readonly #ringing: Ringing;
  readonly #parking: Parking;
  readonly #joining: Joining;
  readonly #router: Router;
  readonly #callBacks: CallBacks;
  readonly #commands: Commands;
  /** Callers whose port is being opened. */
  readonly #opening = new Map<LegId, Incoming>();
  readonly #inService = new Set<DeviceId>();

  constructor(options: BoardOptions) {
    const board = new Board(options);
    this.#board = board;
    const route = (attempt: Attempt, number: string | undefined): void => this.#router.route(attempt, number);
    this.#ringing = new Ringing(board, {
      route,
      toVoicemail: (attempt, box) => this.#router.toVoicemail(attempt, box),
      prompted: (connection, number, cause) => this.#dial(connection, number, cause),
    });
    this.#joining = new Joining(board, this.#ringing);
    this.#parking = new Parking({
      board,
      ringing: this.#ringing,
      joining: this.#joining,
      route,
      confirm: (attempt, name) => this.#router.confirm(attempt, name),
    });
    const pickUp = new PickUp(board, this.#ringing, this.#joining);
    this.#callBacks = new CallBacks(board, (device, to) =>
      this.#commands.ring(device, to, false, 'callBack'),
    );
    this.#router = new Router({
      board,
      ringing: this.#ringing,
      parking: this.#parking,
      pickUp,
      joining: this.#joining,
      featureCodes: new FeatureCodes(board, this.#callBacks),
    });
    this.#commands = new Commands({
      board,
      ringing: this.#ringing,
      parking: this.#parking,
      joining: this.#joining,
      pickUp,
      callBacks: this.#callBacks,
      route,
      leave: (connection) => this.#leave(connection, undefined),
    });
  }

  /** A new number for a session that came from outside. */
  newLegId(): LegId {
    return this.#board.newLegId();
  }

  get counts(): { readonly calls: number; readonly total: number; readonly legs: number } {
    const { calls, total, legCount } = this.#board;
    return { calls: calls.size, total, legs: legCount };
  }

  deadline(): Millis | undefined {
    const [ringing, parking] = [this.#ringing.deadline(), this.#parking.deadline()];
    if (ringing === undefined || parking === undefined) return ringing ?? parking;
    return Math.min(ringing, parking);
  }

  takeEffects(): readonly SwitchEffect[] {
    return this.#board.takeEffects();
  }

  execute(command: SwitchCommand, now: Millis): SwitchOutcome {
    this.#board.now = now;
    const outcome = this.#commands.execute(command);
    this.#callBacks.check();
    return outcome;
  }

  handle(input: SwitchInput, now: Millis): void {
    this.#board.now = now;
    this.#take(input);
    this.#callBacks.check();
  }

  #take(input: SwitchInput): void {
    switch (input.kind) {
      case 'incoming':
        this.#incoming(input);
        break;
      case 'tick':
        this.#ringing.tick(this.#board.now);
        this.#parking.tick(this.#board.now);
        break;
      case 'clear':
        this.#clear();
        break;
      case 'registrations':
        this.#lookForDevices();
        break;
      case 'opened':
      case 'progress':
      case 'accepted':
      case 'failed':
      case 'ended':
      case 'confirmed':
      case 'offered':
      case 'offer_result':
      case 'refer':
      case 'played':
      case 'digits':
      case 'silent':
      case 'probed':
        this.#ofLeg(input);
        break;
      default:
        input satisfies never;
    }
  }

  #ofLeg(input: Exclude<SwitchInput, { kind: 'incoming' | 'tick' | 'clear' | 'registrations' }>): void {
    const found = this.#board.find(input.leg);
    if (found === undefined) {
      if (input.kind === 'refer') this.#board.push({ kind: 'refuse_refer', refer: input.refer, status: 481 });
      return;
    }
    const { leg, connection } = found;
    switch (input.kind) {
      case 'opened':
        if (!leg.opened(input.voice)) this.#noPort(input.leg);
        else if (leg.isWaiting) this.#answerable(connection, input.leg);
        break;
      case 'progress':
        leg.obeys ||= input.obeys;
        if (input.status > 100 && connection.ringing.has(leg)) this.#ringing.progress(connection);
        break;
      case 'accepted':
        leg.obeys ||= input.obeys;
        if (connection.ringing.has(leg)) this.#ringing.accepted(connection, leg, input.body);
        else leg.end(undefined);
        break;
      case 'failed':
        this.#failed(found, input.status, input.redirect);
        break;
      case 'ended':
        if (connection.ringing.has(leg)) this.#failed(found, 480, undefined);
        else {
          leg.gone();
          if (connection.leg === leg) this.#leave(connection, input.reason);
        }
        break;
      case 'confirmed':
        if (leg.confirmed(input.body)) this.#board.settle(connection.call);
        else this.#leave(connection, undefined);
        break;
      case 'offered':
        leg.offered(input.offer);
        this.#board.settle(connection.call);
        break;
      case 'offer_result':
        leg.offerResult(input.ok, input.answer);
        this.#board.settle(connection.call);
        break;
      case 'refer':
        this.#joining.refer(connection, input.refer, input.to, input.replaces, (attempt, number) =>
          this.#router.route(attempt, number),
        );
        break;
      case 'played':
        this.#leave(connection, undefined);
        break;
      case 'digits': {
        const { device, call } = connection;
        this.#board.tell({ kind: 'digits', connection: { call: call.id, device }, digits: input.digits });
        break;
      }
      case 'silent':
        leg.probe();
        break;
      case 'probed':
        if (!input.alive) this.#leave(connection, undefined);
        break;
      default:
        input satisfies never;
    }
  }

  #incoming(input: Incoming): void {
    const board = this.#board;
    const device = board.device(input.from);
    const isFull = board.calls.size >= board.options.maxCalls && !EMERGENCY_NUMBERS.has(input.dialled ?? '');
    if (device === undefined || isFull) {
      this.#refuse(input.leg, device === undefined ? 403 : 503);
      return;
    }
    const { passOn, source } = input;
    const call = board.newCall({
      calling: input.from,
      called: deviceId(input.dialled ?? ''),
      passOn,
      source,
    });
    const connection = board.connect(call, input.from, { person: device.person, cause: 'newCall' });
    const leg = board.receive(connection, input.leg, input.offer);
    if ('status' in leg) {
      board.calls.delete(call.id);
      this.#refuse(input.leg, leg.status);
      return;
    }
    leg.obeys = input.obeys;
    this.#opening.set(input.leg, input);
    board.change(connection, 'initiated', 'serviceInitiated', 'newCall');
  }

  #refuse(leg: LegId, status: number): void {
    this.#board.push({ kind: 'refuse', leg, status });
    this.#board.push({ kind: 'close', leg });
  }

  #noPort(id: LegId): void {
    const found = this.#board.find(id);
    if (found === undefined) return;
    const { leg, connection } = found;
    this.#opening.delete(id);
    if (connection.ringing.has(leg)) this.#failed(found, 503, undefined);
    else {
      leg.refuse(503);
      this.#leave(connection, undefined);
    }
  }

  /** The caller has a port: now the call goes its way. */
  #answerable(connection: Connection, id: LegId): void {
    const input = this.#opening.get(id);
    this.#opening.delete(id);
    if (input === undefined) return;
    const { leg } = connection;
    if (input.replaces === undefined || leg === undefined) {
      this.#dial(connection, input.dialled, 'newCall');
      return;
    }
    const status = this.#joining.replace(connection, leg, input.replaces);
    if (status === undefined) return;
    leg.refuse(status);
    this.#leave(connection, undefined);
  }

  #dial(connection: Connection, dialled: string | undefined, cause: Cause): void {
    const board = this.#board;
    const { call } = connection;
    board.change(connection, 'connected', 'originated', cause);
    const attempt = this.#ringing.begin(call, connection, { kind: 'call' }, { number: dialled ?? '', cause });
    this.#router.route(attempt, dialled);
  }

  #failed(
    { leg, connection }: NonNullable<ReturnType<Board['find']>>,
    status: number,
    redirect: string | undefined,
  ): void {
    if (connection.ringing.has(leg)) this.#ringing.failed(connection, leg, status, redirect);
    else {
      leg.gone();
      if (connection.leg === leg) this.#leave(connection, undefined);
    }
  }

  /** A device is out of its call; what rang for it stops. */
  #leave(connection: Connection, reason: string | undefined): void {
    const { call } = connection;
    const waited = [...call.attempts].filter(({ waiting }) => waiting === connection);
    for (const attempt of waited) this.#ringing.cancel(attempt, reason);
    this.#board.drop(connection, waited.length > 0 ? 'callCancelled' : 'normalClearing', reason);
    this.#board.settle(call);
  }

  #clear(): void {
    for (const call of this.#board.calls.values()) {
      for (const attempt of call.attempts) this.#ringing.cancel(attempt, undefined);
      for (const connection of call.connections) {
        connection.leg?.refuse(503);
        this.#board.drop(connection, 'normalClearing');
      }
      this.#board.calls.delete(call.id);
    }
  }

  #lookForDevices(): void {
    for (const { id } of this.#board.directory.devices) {
      const isThere = this.#board.places(id).length > 0;
      if (isThere === this.#inService.has(id)) continue;
      if (isThere) this.#inService.add(id);
      else this.#inService.delete(id);
      this.#board.tell({ kind: 'service', device: id, inService: isThere });
    }
  }

  // ── questions ──

  calls(): readonly CallSnapshot[] {
    return [...this.#board.calls.values()].map(snapshotOf);
  }

  call(id: CallId): CallSnapshot | undefined {
    const call = this.#board.calls.get(id);
    return call && snapshotOf(call);
  }

  devices(): readonly DeviceSnapshot[] {
    const { directory } = this.#board;
    const services = directory.services.map(({ number }) => deviceId(number));
    return [...directory.devices.map(({ id }) => id), ...services].flatMap((id) => this.device(id) ?? []);
  }

  device(id: DeviceId): DeviceSnapshot | undefined {
    const board = this.#board;
    const found = board.device(id);
    const service = board.directory.service(id);
    const connections = board
      .connectionsOf(id)
      .filter(({ state }) => state !== 'null')
      .map(connectionSnapshot);
    if (found === undefined) {
      if (service === undefined) return undefined;
      const party = { number: service.number, ...(service.name !== undefined && { name: service.name }) };
      return { id, kind: 'service', party, extension: undefined, inService: true, connections };
    }
    const { kind, person, extension } = found;
    return {
      id,
      kind,
      party: person,
      extension: extension && deviceId(extension.number),
      inService: board.places(id).length > 0,
      connections,
    };
  }

  features(device: DeviceId): FeatureSnapshot | undefined {
    const state = this.#board.features.find(device);
    return state && this.#board.features.snapshot(state);
  }

  callBacks(): CallBacks['list'] {
    return this.#callBacks.list;
  }

  /** The calls as they are inside, for who tells of their dialogs. */
  get inside(): Iterable<Call> {
    return this.#board.calls.values();
  }
}
