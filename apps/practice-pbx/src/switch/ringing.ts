import type { Body, DiversionReason, Millis } from '@offhook/sip';
import { personOf } from '../config/directory.ts';
import type { ExtensionConfig } from '../config/exchange.ts';
import type { Person } from '../person.ts';
import { deviceId } from './api.ts';
import type { Cause, DeviceId, ForwardingTarget } from './api.ts';
import type { Board } from './board.ts';
import type { Attempt, Call, Connection, Endpoint, Purpose } from './call.ts';
import { causeOf, forwardingCause } from './causes.ts';
import { betterFailure, isFinalForAll, statusForCaller } from './failure.ts';
import type { FeatureState } from './features.ts';
import type { Leg } from './leg.ts';
import { NO_PREFERENCE } from './leg.ts';
import type { Onward, Place } from './model.ts';
import { ANSWERED_ELSEWHERE } from './model.ts';

/** Redirections of one call; more are a circle that the visits do not show. */
const MOST_DIVERSIONS = 8;

export interface RingingHost {
  /** Goes on with a number that a call is sent to. */
  readonly route: (attempt: Attempt, number: string) => void;
  readonly toVoicemail: (attempt: Attempt, box: string) => void;
  /** A device that was rung so that it can call has answered. */
  readonly prompted: (connection: Connection, number: string, cause: Cause) => void;
}

/**
 * Calling somebody for a call: everything rings at once, the first answer wins, failures are weighed, and what is not answered is
 * forwarded or told to who waits.
 *
 * ```
 *   begin ─► ring ─ first 2xx ───────────────────────► answered
 *              └─ all refused · ring time ─ forward ─► route anew
 *                                         └──────────► failed
 * ```
 */
export class Ringing {
  readonly #board: Board;
  readonly #host: RingingHost;

  constructor(board: Board, host: RingingHost) {
    this.#board = board;
    this.#host = host;
  }

  begin(
    call: Call,
    waiting: Connection | undefined,
    purpose: Purpose,
    parts: {
      readonly number: string;
      readonly autoAnswer?: boolean;
      readonly cause?: Cause;
      readonly onBehalfOf?: DeviceId;
    },
  ): Attempt {
    const attempt: Attempt = {
      call,
      waiting,
      purpose,
      onBehalfOf: parts.onBehalfOf,
      targets: new Set(),
      visited: new Set(),
      diverted: [],
      ringingAt: undefined,
      number: parts.number,
      until: undefined,
      alternative: undefined,
      failure: 480,
      autoAnswer: parts.autoAnswer ?? false,
      cause: parts.cause ?? 'newCall',
    };
    call.attempts.add(attempt);
    return attempt;
  }

  deadline(): Millis | undefined {
    let first: Millis | undefined;
    for (const { until, alternative } of this.#attempts()) {
      for (const at of [until, alternative?.at]) {
        if (at !== undefined && (first === undefined || at < first)) first = at;
      }
    }
    return first;
  }

  tick(now: Millis): void {
    for (const attempt of this.#attempts()) {
      const { alternative, until } = attempt;
      if (alternative !== undefined && alternative.at <= now) this.#ringAlternative(attempt);
      if (until !== undefined && until <= now && attempt.call.attempts.has(attempt))
        this.#unanswered(attempt);
    }
  }

  // ── where it rings ──

  /** All devices of an extension, by what is set for it. */
  ringExtension(attempt: Attempt, extension: ExtensionConfig): void {
    const board = this.#board;
    const state = board.features.of(extension);
    if (attempt.visited.has(extension.number)) {
      this.fail(attempt, attempt.failure, 'destNotObtainable');
      return;
    }
    attempt.visited.add(extension.number);
    const isOwn = this.#callerOf(attempt)?.extension === extension;
    if (!isOwn && this.#sentElsewhere(attempt, state)) return;
    attempt.ringingAt = extension.number;
    const { noAnswer } = state.forwarding;
    const seconds = noAnswer.active && !isOwn ? noAnswer.ringSeconds : extension.ringSeconds;
    attempt.until = board.now + seconds * 1000;
    const devices = board.devicesOf(extension).filter((device, at) => {
      if (state.notReady.has(device)) return false;
      return state.routing === 'all' || (state.routing === 'deskOnly' && at === 0);
    });
    if (!isOwn && state.alternative !== undefined && state.routing !== 'deskOnly') {
      const delay = state.routing === 'alternativeOnly' ? 0 : state.alternativeDelay * 1000;
      attempt.alternative = { at: board.now + delay, number: state.alternative };
    }
    this.ringDevices(attempt, devices);
  }

  /** What is set sends the call on, or refuses it, before anything rings. */
  #sentElsewhere(attempt: Attempt, state: FeatureState): boolean {
    const { extension, forwarding } = state;
    if (forwarding.immediate.active && forwarding.immediate.target !== undefined) {
      this.#forward(attempt, extension, forwarding.immediate.target, 'unconditional', 'callForwardImmediate');
      return true;
    }
    if (state.doNotDisturb) {
      this.fail(attempt, 486, 'doNotDisturb');
      return true;
    }
    if (!this.#board.isBusy(extension, attempt.call)) return false;
    const target = this.#busyTarget(state);
    if (target !== undefined) {
      this.#forward(attempt, extension, target, 'user-busy', 'callForwardBusy');
      return true;
    }
    if (state.busyBehaviour === 'secondCall') return false;
    this.fail(attempt, 486, 'busy');
    return true;
  }

  #busyTarget({ forwarding, busyBehaviour, alternative }: FeatureState): ForwardingTarget | undefined {
    if (forwarding.busy.active && forwarding.busy.target !== undefined) return forwarding.busy.target;
    if (busyBehaviour === 'voicemail') return { kind: 'voicemail' };
    if (busyBehaviour !== 'alternative' || alternative === undefined) return undefined;
    return { kind: 'number', number: alternative };
  }

  /** These lines at once, wherever they are registered. */
  ringDevices(attempt: Attempt, devices: readonly DeviceId[]): void {
    const board = this.#board;
    const all = devices.flatMap((device) => board.places(device).map((place) => ({ device, place })));
    const passed = all.length === 0 ? undefined : attempt.call.passOn?.(all.length);
    if (passed?.kind === 'refuse') {
      this.fail(attempt, passed.status, 'destNotObtainable');
      return;
    }
    // Somebody who calls the own number means the other devices of it.
    const branches = all.filter(({ device, place }) => !this.#isCaller(attempt, device, place));
    if (branches.length === 0) {
      this.#exhausted(attempt);
      return;
    }
    const connections = new Map<DeviceId, Connection>();
    for (const [branch, { device, place }] of branches.entries()) {
      const connection = connections.get(device) ?? this.#target(attempt, device);
      connections.set(device, connection);
      this.#invite(attempt, connection, place, branch, passed?.onward);
    }
  }

  #isCaller({ call, waiting }: Attempt, device: DeviceId, place: Place): boolean {
    return waiting?.device === device && waiting.leg?.isWaiting === true && isSource(place, call);
  }

  #target(attempt: Attempt, device: DeviceId): Connection {
    const person = this.#board.device(device)?.person ?? { number: device };
    const connection = this.#board.connect(attempt.call, device, { person, cause: attempt.cause });
    attempt.targets.add(connection);
    return connection;
  }

  #invite(
    attempt: Attempt,
    connection: Connection,
    place: Place,
    branch: number,
    onward: Onward | undefined,
  ): void {
    const { waiting, diverted, autoAnswer } = attempt;
    const from = waiting?.person ?? this.#dialledFor(attempt);
    this.#board.call(connection, {
      place,
      from,
      wanted: waiting?.leg?.speaks,
      onward,
      branch,
      diverted,
      autoAnswer,
    });
  }

  /** What a phone shows that is rung so that it can call. */
  #dialledFor({ purpose, number }: Attempt): Person {
    const dialled = purpose.kind === 'prompt' ? purpose.dials : number;
    return this.#board.device(dialled)?.person ?? { number: dialled };
  }

  /** The number outside joins those that ring, or rings alone. */
  #ringAlternative(attempt: Attempt): void {
    const { alternative, ringingAt } = attempt;
    attempt.alternative = undefined;
    if (alternative === undefined) return;
    const extension = this.#board.directory.extension(ringingAt ?? '');
    if (extension !== undefined) this.#note(attempt, extension, 'no-answer');
    const device = this.#board.device(alternative.number);
    if (device === undefined) {
      if (attempt.targets.size === 0) this.#exhausted(attempt);
    } else this.ringDevices(attempt, [device.id]);
  }

  /** Something inside the PBX answers at once. */
  answerHere(attempt: Attempt, person: Person, endpoint: Endpoint, device = deviceId(person.number)): void {
    const board = this.#board;
    const connection = board.connect(attempt.call, device, { person, cause: attempt.cause, endpoint });
    attempt.targets.add(connection);
    board.change(connection, 'alerting', 'delivered', attempt.cause);
    board.change(
      connection,
      endpoint.kind === 'slot' ? 'queued' : 'connected',
      endpoint.kind === 'slot' ? 'queued' : 'established',
      attempt.cause,
    );
    this.answered(attempt, connection);
  }

  /** A number that rings and that nobody answers. */
  ringNobody(attempt: Attempt, person: Person, ringTime: Millis): void {
    const connection = this.#target(attempt, deviceId(person.number));
    connection.person = person;
    attempt.until = this.#board.now + ringTime;
    this.#alert(attempt, connection);
  }

  // ── what comes of it ──

  progress(connection: Connection): void {
    const attempt = this.attemptOf(connection);
    if (attempt !== undefined) this.#alert(attempt, connection);
  }

  #alert(attempt: Attempt, connection: Connection): void {
    if (connection.state === 'null') {
      const isPrompt = attempt.purpose.kind === 'prompt';
      if (isPrompt) this.#board.change(connection, 'initiated', 'serviceInitiated', attempt.cause);
      else this.#board.change(connection, 'alerting', 'delivered', attempt.cause);
      if (attempt.purpose.kind === 'transfer') this.#report(attempt, 180);
    }
    attempt.waiting?.leg?.ring(connection.person);
    this.#board.settle(attempt.call);
  }

  accepted(connection: Connection, leg: Leg, body: Body | undefined): void {
    const attempt = this.attemptOf(connection);
    if (attempt === undefined) {
      leg.end(undefined);
      return;
    }
    if (!leg.accepted(body)) {
      this.failed(connection, leg, 488, undefined);
      return;
    }
    connection.ringing.delete(leg);
    for (const other of connection.ringing) other.end(ANSWERED_ELSEWHERE);
    connection.ringing.clear();
    connection.leg = leg;
    if (attempt.purpose.kind !== 'prompt') {
      this.#board.change(connection, 'connected', 'established', attempt.cause);
    } else if (connection.state === 'null') {
      this.#board.change(connection, 'initiated', 'serviceInitiated', attempt.cause);
    }
    this.answered(attempt, connection);
  }

  /** A target has answered: all others stop ringing. */
  answered(attempt: Attempt, target: Connection): void {
    const board = this.#board;
    const { call, waiting, purpose } = attempt;
    call.attempts.delete(attempt);
    for (const other of attempt.targets) {
      if (other !== target) board.drop(other, 'answeredElsewhere', ANSWERED_ELSEWHERE);
    }
    const focus = target.endpoint?.kind === 'room' ? target.person.number : undefined;
    waiting?.leg?.accept(target.person, target.leg?.preference ?? NO_PREFERENCE, focus);
    switch (purpose.kind) {
      case 'call':
        break;
      case 'transfer':
        this.#report(attempt, 200, target.endpoint?.kind === 'slot' ? target.person.name : undefined);
        board.drop(purpose.by, 'singleStepTransfer');
        board.tell({
          kind: 'transferred',
          primaryOld: call.id,
          secondaryOld: undefined,
          transferring: purpose.by.device,
          transferredTo: target.device,
          cause: 'singleStepTransfer',
          call: board.snapshot(call),
        });
        break;
      case 'add':
        board.tell({
          kind: 'conferenced',
          primaryOld: call.id,
          secondaryOld: undefined,
          conferencing: purpose.by.device,
          added: target.device,
          cause: 'singleStepConference',
          call: board.snapshot(call),
        });
        break;
      case 'prompt':
        this.#host.prompted(target, purpose.dials, purpose.cause);
        return;
      default:
        purpose satisfies never;
    }
    board.settle(call);
  }

  /** One leg of a target has come to nothing. */
  failed(connection: Connection, leg: Leg, status: number, redirect: string | undefined): void {
    const attempt = this.attemptOf(connection);
    leg.gone();
    if (!connection.ringing.delete(leg) || attempt === undefined) return;
    if (redirect !== undefined && attempt.diverted.length < MOST_DIVERSIONS) {
      this.deflect(attempt, connection, redirect);
      return;
    }
    attempt.failure = betterFailure(statusForCaller(status), attempt.failure);
    if (isFinalForAll(status)) {
      this.fail(attempt, attempt.failure, causeOf(status));
      return;
    }
    if (connection.ringing.size > 0) return;
    attempt.targets.delete(connection);
    this.#board.change(connection, 'failed', 'failed', causeOf(status));
    this.#board.drop(connection, causeOf(status));
    if (attempt.targets.size === 0) this.#exhausted(attempt);
  }

  /** A device, or somebody for it, sends the call on before it is answered. */
  deflect(attempt: Attempt, connection: Connection, to: string): void {
    const extension = this.#board.device(connection.device)?.extension;
    const from = connection.person;
    this.#stopTargets(attempt, 'redirected', deviceId(to));
    attempt.diverted = [{ from, reason: 'deflection' }, ...attempt.diverted];
    attempt.call.lastRedirection = extension === undefined ? connection.device : deviceId(extension.number);
    attempt.number = to;
    this.#host.route(attempt, to);
  }

  /** Nothing rings any more. */
  #exhausted(attempt: Attempt): void {
    if (attempt.alternative !== undefined && attempt.failure !== 486) {
      this.#ringAlternative(attempt);
      return;
    }
    const isBusy = attempt.failure === 486;
    if (!this.#forwardsBy(attempt, isBusy ? 'busy' : 'noAnswer', isBusy ? 'user-busy' : 'unavailable')) {
      this.fail(attempt, attempt.failure, causeOf(attempt.failure));
    }
  }

  #unanswered(attempt: Attempt): void {
    attempt.until = undefined;
    if (!this.#forwardsBy(attempt, 'noAnswer', 'no-answer')) this.fail(attempt, 480, 'noAnswer');
  }

  #forwardsBy(attempt: Attempt, type: 'busy' | 'noAnswer', reason: DiversionReason): boolean {
    const state = this.#board.features.find(attempt.ringingAt ?? '');
    const forwarding = state?.forwarding[type];
    const isOwn = this.#callerOf(attempt)?.extension === state?.extension;
    if (state === undefined || isOwn || forwarding?.active !== true || forwarding.target === undefined)
      return false;
    this.#forward(attempt, state.extension, forwarding.target, reason, forwardingCause(type));
    return true;
  }

  #forward(
    attempt: Attempt,
    extension: ExtensionConfig,
    target: ForwardingTarget,
    reason: DiversionReason,
    cause: Cause,
  ): void {
    if (attempt.diverted.length >= MOST_DIVERSIONS) {
      this.fail(attempt, 480, 'destNotObtainable');
      return;
    }
    const number = target.kind === 'number' ? target.number : this.#board.options.codes.voicemail;
    if (attempt.targets.size === 0) this.#target(attempt, deviceId(extension.number));
    this.#stopTargets(attempt, cause, deviceId(number));
    this.#note(attempt, extension, reason);
    attempt.number = number;
    attempt.failure = 480;
    if (target.kind === 'voicemail') this.#host.toVoicemail(attempt, extension.number);
    else this.#host.route(attempt, number);
  }

  #note(attempt: Attempt, extension: ExtensionConfig, reason: DiversionReason): void {
    attempt.diverted = [{ from: personOf(extension), reason }, ...attempt.diverted];
    attempt.call.lastRedirection = deviceId(extension.number);
  }

  #stopTargets(attempt: Attempt, cause: Cause, to: DeviceId): void {
    for (const target of attempt.targets) {
      target.leg?.end(undefined);
      for (const leg of target.ringing) leg.end(undefined);
      target.ringing.clear();
      attempt.call.connections.delete(target);
      this.#board.change(target, 'null', 'diverted', cause, to);
    }
    attempt.targets.clear();
    attempt.until = undefined;
    attempt.alternative = undefined;
    attempt.ringingAt = undefined;
  }

  /** Nobody answers: who waits is told, and whatever was before goes on. */
  fail(attempt: Attempt, status: number, cause: Cause): void {
    const board = this.#board;
    const { call, waiting, purpose } = attempt;
    if (!call.attempts.delete(attempt)) return;
    if (attempt.targets.size === 0 && purpose.kind !== 'prompt')
      this.#target(attempt, deviceId(attempt.number));
    for (const target of attempt.targets) {
      board.change(target, 'failed', 'failed', cause);
      board.drop(target, cause);
    }
    attempt.targets.clear();
    switch (purpose.kind) {
      case 'call':
        waiting?.leg?.refuse(status);
        if (waiting !== undefined) board.drop(waiting, cause);
        break;
      case 'transfer':
        this.#report(attempt, status);
        // Who has asked for it may have gone; then there is nobody to go back to.
        if (!call.connections.has(purpose.by) && waiting !== undefined) board.drop(waiting, cause);
        break;
      case 'add':
      case 'prompt':
        break;
      default:
        purpose satisfies never;
    }
    board.settle(call);
  }

  /** Who waits, or who is to be called, has gone. */
  cancel(attempt: Attempt, reason: string | undefined): void {
    if (!attempt.call.attempts.delete(attempt)) return;
    for (const target of attempt.targets) this.#board.drop(target, 'callCancelled', reason);
    attempt.targets.clear();
    if (attempt.purpose.kind === 'transfer') this.#report(attempt, 487);
  }

  /** The attempt that a connection is a target of. */
  attemptOf(connection: Connection): Attempt | undefined {
    for (const attempt of connection.call.attempts) if (attempt.targets.has(connection)) return attempt;
    return undefined;
  }

  #report({ purpose }: Attempt, status: number, text?: string): void {
    if (purpose.kind !== 'transfer' || purpose.refer === undefined) return;
    const { refer } = purpose;
    this.#board.push({ kind: 'report', refer, status, ...(text !== undefined && { text }) });
  }

  #callerOf({ waiting, purpose }: Attempt): { readonly extension: ExtensionConfig | undefined } | undefined {
    const asks = purpose.kind === 'transfer' || purpose.kind === 'add' ? purpose.by : waiting;
    const device = asks?.device;
    return device === undefined ? undefined : this.#board.device(device);
  }

  *#attempts(): Iterable<Attempt> {
    for (const { attempts } of this.#board.calls.values()) yield* attempts;
  }
}

function isSource(place: Place, call: Call): boolean {
  const { source } = call;
  if (source === undefined) return false;
  const { transport, address, port } = place.target;
  return transport === source.transport && address === source.address && port === source.port;
}
