import type { CstaRequest, MessageNamed } from '@offhook/csta';
import { readSiemensData, type ServicesPermitted } from '@offhook/csta';
import type { VirtualClock } from '@offhook/testkit';
import {
  FakeExchange,
  numberOf,
  type FakeAnswer,
  type FakeCall,
  type FakeOptions,
  type Told,
} from '../../platforms/csta/testing/fake-exchange.ts';

export type { FakeCall } from '../../platforms/csta/testing/fake-exchange.ts';

/** One of the office's people, as the exchange has them. */
export interface Extension {
  readonly name: string;
  /** The number that people call: the desk phone. */
  readonly main: string;
  /** The connector's line. */
  readonly line: string;
  readonly mobile: string;
}

export const MAILBOX = '500';
export const SLOT = '*71';
/** Nobody has them; whoever has it talks. */
export const UNKNOWN = '7404';
export const BUSY = '7486';

/** Milliseconds for which something rings before the exchange gives up. */
const RINGS = 45_000;
const MOST_FORWARDS = 3;

const EVERYTHING: ServicesPermitted = {
  callControl: [
    'alternateCall',
    'answerCall',
    'clearConnection',
    'conferenceCall',
    'consultationCall',
    'deflectCall',
    'holdCall',
    'parkCall',
    'reconnectCall',
    'retrieveCall',
    'singleStepTransfer',
    'transferCall',
  ],
  callAssociated: ['generateDigits'],
};

const WRONG_STATE: FakeAnswer = { error: 'stateIncompatibility.invalidConnectionState' };
const NO_SUCH_NUMBER: FakeAnswer = { error: 'operation.invalidCalledDeviceID' };
const NO_SUCH_CALL: FakeAnswer = { error: 'operation.invalidConnectionIdentifier' };

type Checks = {
  readonly [N in CstaRequest['name']]?: (request: MessageNamed<N>) => FakeAnswer | undefined;
};

/** What of the exchange's calls is seen at the lines; the SIP side does it. */
export interface LineSide {
  /** The call at `from` goes to this line when it has answered. */
  bring(call: FakeCall, from: string, line: string): void;
  /** Two calls are one now. */
  joined(old: readonly FakeCall[], merged: FakeCall): void;
  /** Something has changed: look at all lines when everything of this moment is done. */
  changed(): void;
}

/**
 * The fake exchange of the CSTA adapters, grown up to a switch for the simulation of features: extensions with do-not-disturb and
 * forwarding, ringing that ends, numbers that cannot be reached, transfers that are refused. What happens at the connector's lines
 * is the SIP side's (`trunk.test-support.ts`).
 */
export class Switch extends FakeExchange {
  readonly extensions: readonly Extension[];
  /** Who of our people was in a call with whom: `anna 7001`. */
  readonly answered = new Set<string>();
  /** Why the last party of a call was sent away. */
  readonly causes = new WeakMap<FakeCall, string>();
  /** Whose devices are in a call, or were and it is at another place of theirs. */
  readonly owners = new WeakMap<FakeCall, Set<string>>();
  /** Devices that have talked in it. */
  readonly talked = new WeakMap<FakeCall, Set<string>>();
  readonly parkedBy = new WeakMap<FakeCall, string>();
  /** When it began to ring somewhere, last. */
  readonly rangAt = new WeakMap<FakeCall, number>();
  lines: LineSide | undefined;
  /** Somebody who is called so may answer by themselves. */
  onRinging: ((call: FakeCall, devices: readonly string[]) => void) | undefined;
  readonly #clock: VirtualClock;

  constructor(
    clock: VirtualClock,
    extensions: readonly Extension[],
    options: Partial<FakeOptions>,
    tell: (told: Told) => void,
  ) {
    const groups = Object.fromEntries(
      extensions.flatMap(({ main, line }) => [
        [main, [main, line]],
        [line, [line]],
      ]),
    );
    super({ permits: EVERYTHING, ...options, groups }, tell);
    this.#clock = clock;
    this.extensions = extensions;
  }

  extensionOf(device: string): Extension | undefined {
    return this.extensions.find(
      ({ main, line, mobile }) => device === main || device === line || device === mobile,
    );
  }

  isLine(device: string): boolean {
    return this.extensions.some(({ line }) => line === device);
  }

  isAlive(call: FakeCall): boolean {
    return this.calls.get(call.id) === call;
  }

  callsAt(device: string): FakeCall[] {
    return [...this.calls.values()].filter(({ parts }) => parts.has(device));
  }

  /** A number that somebody has, and that can be called from here. */
  exists(number: string): boolean {
    return (
      this.extensions.some(({ main, mobile }) => number === main || number === mobile) ||
      number === MAILBOX ||
      number === BUSY ||
      /^7[0-3]\d{2,}$/u.test(number)
    );
  }

  /** Whether this number can come into a call: it is not in it already. */
  mayJoin(call: FakeCall, number: string): boolean {
    if (!this.exists(number)) return false;
    const group = this.extensions.find(({ main }) => main === number);
    const devices = group === undefined ? [number] : [group.main, group.line, group.mobile];
    return devices.every((device) => !call.parts.has(device));
  }

  // ── what happens to calls ──

  override ring(call: FakeCall, number: string, cause = 'newCall', forwards = 0): void {
    const extension = this.extensions.find(({ main }) => main === number);
    const onward = this.forwarding.get(`${number} forwardImmediate`);
    if (extension !== undefined && this.disturb.has(number)) this.fails(call, 'busy');
    else if (onward !== undefined && forwards < MOST_FORWARDS && this.mayJoin(call, onward)) {
      call.redirecting = number;
      this.ring(call, onward, 'callForwardImmediate', forwards + 1);
    } else if (number === BUSY) this.fails(call, 'busy');
    else if (number === MAILBOX) this.set(call, MAILBOX, 'connected', 'EstablishedEvent', cause);
    else if (!this.exists(number) && !this.isLine(number)) this.fails(call, 'invalidNumber');
    else this.#alert(call, number, cause);
  }

  #alert(call: FakeCall, number: string, cause: string): void {
    const extension = this.extensions.find(({ main }) => main === number);
    const devices = extension === undefined ? [number] : [extension.main, extension.line];
    const isWithThem = extension !== undefined && this.isIn(call, extension);
    const free = isWithThem ? [] : devices.filter((device) => !call.parts.has(device));
    if (free.length === 0) {
      this.fails(call, 'busy');
      return;
    }
    for (const device of free) this.set(call, device, 'alerting', 'DeliveredEvent', cause);
    this.rangAt.set(call, this.#clock.now);
    this.#limitRinging(call, free);
    this.onRinging?.(call, free);
  }

  #limitRinging(call: FakeCall, devices: readonly string[]): void {
    this.#clock.after(RINGS, () => {
      for (const device of devices) {
        if (!this.isAlive(call) || call.parts.get(device) !== 'alerting') continue;
        this.causes.set(call, 'noAnswer');
        this.clear(call, device, 'callNotAnswered');
      }
    });
  }

  isIn({ parts }: FakeCall, { main, line, mobile }: Extension): boolean {
    return parts.has(main) || parts.has(line) || parts.has(mobile);
  }

  /** Keeps the books on who has to do with which call. */
  reckon(): void {
    for (const call of this.calls.values()) {
      const owners = this.owners.get(call) ?? new Set();
      const talked = this.talked.get(call) ?? new Set();
      const talking = [...call.parts].filter(([, state]) => state === 'connected' || state === 'hold');
      if (talking.length > 1) for (const [device] of talking) talked.add(device);
      for (const extension of this.extensions) {
        const { name, main, line, mobile } = extension;
        if (call.parts.has(main) || call.parts.has(line)) owners.add(name);
        else if (
          !call.parts.has(mobile) &&
          !call.parts.has(MAILBOX) &&
          !(call.parts.has(SLOT) && this.parkedBy.get(call) === name)
        ) {
          owners.delete(name);
        }
      }
      this.owners.set(call, owners);
      this.talked.set(call, talked);
    }
  }

  #changed(): void {
    this.reckon();
    this.lines?.changed();
  }

  /** Whom it was to reach cannot be reached: whoever is left is sent away. */
  fails(call: FakeCall, cause: string): void {
    const others = [...call.parts.values()].filter((state) => state !== 'fail');
    if (others.length > 1) return;
    this.causes.set(call, cause);
    for (const device of call.parts.keys()) this.set(call, device, 'null', 'ConnectionClearedEvent', cause);
    this.calls.delete(call.id);
    this.#changed();
  }

  override set(...args: Parameters<FakeExchange['set']>): void {
    const [call, number, state, event] = args;
    if (event === 'EstablishedEvent' && state === 'connected') this.#noteAnswer(call, number);
    super.set(...args);
    this.#changed();
  }

  #noteAnswer(call: FakeCall, device: string): void {
    const who = this.extensionOf(device);
    if (who !== undefined && device !== who.mobile) this.answered.add(`${who.name} ${call.calling}`);
    const caller = this.extensionOf(call.calling);
    if (caller !== undefined) this.answered.add(`${caller.name} ${device}`);
  }

  override move(...args: Parameters<FakeExchange['move']>): void {
    const [call, , to, answers] = args;
    super.move(...args);
    if (!answers) {
      this.rangAt.set(call, this.#clock.now);
      const extension = this.extensions.find(({ main }) => main === to);
      this.#limitRinging(call, extension === undefined ? [to] : [extension.main, extension.line]);
    }
    if (call.parts.size === 1) this.fails(call, 'normalClearing');
    this.#changed();
  }

  override join(...args: Parameters<FakeExchange['join']>): FakeCall {
    const [held, active] = args;
    const merged = super.join(...args);
    for (const book of [this.owners, this.talked]) {
      book.set(merged, new Set([...(book.get(held) ?? []), ...(book.get(active) ?? [])]));
    }
    const parker = this.parkedBy.get(held) ?? this.parkedBy.get(active);
    if (parker !== undefined) this.parkedBy.set(merged, parker);
    const alerting = [...merged.parts].filter(([, state]) => state === 'alerting').map(([device]) => device);
    if (alerting.length > 0) this.#limitRinging(merged, alerting);
    this.lines?.joined([held, active], merged);
    this.#changed();
    return merged;
  }

  override park(...args: Parameters<FakeExchange['park']>): void {
    const [call, number] = args;
    const by = this.extensionOf(number)?.name;
    if (by !== undefined) this.parkedBy.set(call, by);
    super.park(...args);
    this.#changed();
  }

  override divert(...args: Parameters<FakeExchange['divert']>): void {
    super.divert(...args);
    this.#changed();
  }

  override clear(call: FakeCall, number: string, cause = 'normalClearing'): void {
    if (!this.isAlive(call) || !call.parts.has(number)) return;
    super.clear(call, number, cause);
    this.#changed();
  }

  /** Rings somewhere else than at these devices, and can be picked up. */
  ringingElsewhere(devices: readonly string[]): FakeCall | undefined {
    return [...this.calls.values()].find(
      ({ parts }) =>
        devices.every((device) => !parts.has(device)) &&
        [...parts].some(
          ([device, state]) => state === 'alerting' && this.extensionOf(device)?.main === device,
        ),
    );
  }

  /** It is brought to this line, which has called for it or will be called. */
  takeRinging(call: FakeCall): void {
    for (const [device, state] of call.parts) {
      if (state === 'alerting' || state === 'queued') {
        this.set(call, device, 'null', 'ConnectionClearedEvent', 'callPickup');
      }
    }
  }

  // ── the CSTA server ──

  override handle(request: CstaRequest): FakeAnswer {
    this.asked.length = 0;
    const refused = this.#refusal(request);
    if (refused !== undefined) return refused;
    if (request.name === 'SingleStepTransferCall') {
      const target = readSiemensData(request.privateData).targetDevice;
      const call = this.calls.get(request.activeCall.callID);
      if (target !== undefined && call !== undefined && this.isLine(target)) {
        this.lines?.bring(call, numberOf(request.activeCall.deviceID ?? ''), target);
        return { name: 'SingleStepTransferCallResponse' };
      }
    }
    if (request.name === 'GroupPickupCall') return this.#groupPickup(numberOf(request.newDestination ?? ''));
    return super.handle(request);
  }

  #groupPickup(line: string): FakeAnswer {
    const own = this.extensionOf(line);
    const call = own === undefined ? undefined : this.ringingElsewhere([own.main, own.line, own.mobile]);
    const [ringing] = [...(call?.parts ?? [])].find(([, state]) => state === 'alerting') ?? [];
    if (call === undefined || ringing === undefined) return WRONG_STATE;
    this.divert(call, ringing, line, 'callPickup');
    return { name: 'GroupPickupCallResponse' };
  }

  /** What a switch refuses: services in the wrong state, numbers that nobody has. */
  #refusal(request: CstaRequest): FakeAnswer | undefined {
    // The table has each check under the name of its request.
    const check = this.#checks[request.name] as
      | ((request: CstaRequest) => FakeAnswer | undefined)
      | undefined;
    return check?.(request);
  }

  readonly #checks: Checks = {
    AnswerCall: (request) => this.#unless(request.callToBeAnswered, 'alerting'),
    HoldCall: (request) =>
      this.#unless(request.callToBeHeld, 'connected') ?? this.#unanswered(request.callToBeHeld),
    RetrieveCall: (request) => this.#unless(request.callToBeRetrieved, 'hold'),
    ConsultationCall: (request) =>
      this.#unless(request.existingCall, 'connected', 'hold') ??
      this.#unanswered(request.existingCall) ??
      (this.exists(numberOf(request.consultedDevice)) ? undefined : NO_SUCH_NUMBER),
    ParkCall: (request) =>
      this.#unless(request.parking, 'connected', 'hold') ?? this.#unanswered(request.parking),
    MakeCall: (request) =>
      this.exists(numberOf(request.calledDirectoryNumber)) ? undefined : NO_SUCH_NUMBER,
    SingleStepTransferCall: (request) => {
      const { targetDevice } = readSiemensData(request.privateData);
      return (
        this.#unless(request.activeCall, 'connected', 'hold') ??
        this.#unanswered(request.activeCall) ??
        this.#unreachable(request.activeCall.callID, targetDevice, numberOf(request.transferredTo))
      );
    },
    DeflectCall: (request) => {
      const { targetDevice } = readSiemensData(request.privateData);
      return (
        this.#unless(request.callToBeDiverted, 'alerting', 'queued') ??
        this.#unreachable(request.callToBeDiverted.callID, targetDevice, numberOf(request.newDestination))
      );
    },
    DirectedPickupCall: (request) => {
      const call = this.calls.get(request.callToBePickedUp.callID);
      const taker = this.extensionOf(numberOf(request.requestingDevice));
      if (call === undefined || taker === undefined) return NO_SUCH_CALL;
      const isIn = [taker.main, taker.line].some((device) => {
        const state = call.parts.get(device);
        return state !== undefined && state !== 'alerting';
      });
      return isIn ? WRONG_STATE : this.#unless(request.callToBePickedUp, 'alerting');
    },
    TransferCall: (request) => this.#pairRefused(request.heldCall, request.activeCall),
    ConferenceCall: (request) => this.#pairRefused(request.heldCall, request.activeCall),
    AlternateCall: (request) => this.#pairRefused(request.heldCall, request.activeCall),
    ReconnectCall: (request) => this.#pairRefused(request.heldCall, request.activeCall),
  };

  #unless(
    { callID, deviceID }: { callID: FakeCall['id']; deviceID?: string | undefined },
    ...states: readonly string[]
  ): FakeAnswer | undefined {
    const state = this.calls.get(callID)?.parts.get(numberOf(deviceID ?? ''));
    if (state === undefined) return NO_SUCH_CALL;
    return states.includes(state) ? undefined : WRONG_STATE;
  }

  #unanswered({ callID, deviceID }: { callID: FakeCall['id']; deviceID?: string | undefined }) {
    const own = numberOf(deviceID ?? '');
    const others = [...(this.calls.get(callID)?.parts ?? [])].filter(([device]) => device !== own);
    const talks = others.some(([, state]) => state === 'connected' || state === 'hold');
    return talks ? undefined : WRONG_STATE;
  }

  #unreachable(id: FakeCall['id'], target: string | undefined, number: string): FakeAnswer | undefined {
    const call = this.calls.get(id);
    if (call === undefined) return NO_SUCH_CALL;
    if (target !== undefined) {
      const state = call.parts.get(target);
      return state === undefined || state === 'alerting' ? undefined : WRONG_STATE;
    }
    return this.mayJoin(call, number) ? undefined : NO_SUCH_NUMBER;
  }

  #pairRefused(
    heldCall: { callID: FakeCall['id']; deviceID?: string | undefined },
    activeCall: { callID: FakeCall['id']; deviceID?: string | undefined },
  ): FakeAnswer | undefined {
    const held = this.calls.get(heldCall.callID);
    const active = this.calls.get(activeCall.callID);
    if (held === undefined || active === undefined || held === active) return NO_SUCH_CALL;
    const actor = numberOf(heldCall.deviceID ?? '');
    const shared = [...held.parts.keys()].some((device) => device !== actor && active.parts.has(device));
    if (shared) return WRONG_STATE;
    return this.#unless(heldCall, 'connected', 'hold') ?? this.#unless(activeCall, 'connected', 'hold');
  }

  /** Everything is forgotten; settings are kept on disk. */
  restart(): void {
    this.calls.clear();
    this.monitors.clear();
    this.#changed();
  }
}
