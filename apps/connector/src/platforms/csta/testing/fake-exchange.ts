import type {
  CallId,
  ConnectionId,
  CstaErrorCode,
  CstaEvent,
  CstaRequest,
  CstaResponse,
  DeviceIdStyle,
  LocalConnectionState,
  MessageNamed,
  MonitorCrossRefId,
  Party,
  ServicesPermitted,
} from '@offhook/csta';
import {
  formatDeviceId,
  parseDeviceId,
  readSiemensData,
  siemensData,
  toCallId,
  toDeviceId,
  toMonitorCrossRefId,
} from '@offhook/csta';

type Part = Exclude<LocalConnectionState, 'null'>;

export interface FakeCall {
  id: CallId;
  calling: string;
  called: string;
  redirecting: string | undefined;
  readonly parts: Map<string, Part>;
}

export type FakeAnswer = CstaResponse | { readonly error: CstaErrorCode } | 'nothing';

export interface FakeOptions {
  readonly style: DeviceIdStyle;
  /** Numbers that ring together, by the one that is dialled. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Outside numbers, park slots and the like, which cannot be monitored. */
  readonly others: readonly string[];
  readonly order: 'answer_first' | 'events_first';
  /** What it says that connections permit; `undefined`: it does not say. */
  readonly permits: ServicesPermitted | undefined;
}

/** What is told of what: to be delivered by whoever has made the exchange, in whichever order. */
export interface Told {
  readonly device: string;
  readonly event: CstaEvent;
}

const ALL_SERVICES: ServicesPermitted = {
  callControl: ['clearConnection', 'holdCall', 'retrieveCall', 'consultationCall', 'singleStepTransfer'],
  callAssociated: ['generateDigits'],
};

const done = (name: CstaResponse['name']): CstaResponse => ({ name }) as CstaResponse;
type Handlers = { readonly [N in CstaRequest['name']]?: (request: MessageNamed<N>) => FakeAnswer };

function answerBy(handlers: Handlers, request: CstaRequest): FakeAnswer | undefined {
  // The table has each handler under the name of its request.
  const handler = handlers[request.name] as ((request: CstaRequest) => FakeAnswer) | undefined;
  return handler?.(request);
}

const error = (code: CstaErrorCode): FakeAnswer => ({ error: code });
const UNKNOWN = error('operation.invalidConnectionIdentifier');

/**
 * A telephone exchange of a few hundred lines for tests: calls, connections, forwarding, and a CSTA server's answers and events.
 * It has nothing in common with the practice PBX, so that an error of one is no error of both.
 */
export class FakeExchange {
  readonly calls = new Map<CallId, FakeCall>();
  readonly monitors = new Map<MonitorCrossRefId, string>();
  readonly asked: CstaRequest[] = [];
  /** The next request of this name is answered so. */
  readonly faults = new Map<CstaRequest['name'], FakeAnswer>();
  readonly forwarding = new Map<string, string>();
  readonly disturb = new Set<string>();
  readonly notReady = new Set<string>();
  readonly statics = new Map<string, string>();
  readonly waiting = new Set<string>();
  capabilities: readonly string[] | undefined;
  readonly #options: FakeOptions;
  readonly #tell: (told: Told) => void;
  #ids = 0;

  constructor(options: Partial<FakeOptions>, tell: (told: Told) => void) {
    this.#options = {
      style: 'bare',
      groups: {},
      others: [],
      order: 'answer_first',
      permits: ALL_SERVICES,
      ...options,
    };
    this.#tell = tell;
  }

  get order(): FakeOptions['order'] {
    return this.#options.order;
  }

  device(number: string): ReturnType<typeof toDeviceId> {
    return formatDeviceId({ number, noa: 'nk' }, this.#options.style);
  }

  get #permits(): { readonly servicesPermitted?: ServicesPermitted } {
    const { permits } = this.#options;
    return permits === undefined ? {} : { servicesPermitted: permits };
  }

  #party(number: string | undefined): Party {
    return number === undefined ? { kind: 'notRequired' } : { kind: 'device', id: this.device(number) };
  }

  connection(call: FakeCall, number: string): ConnectionId {
    return { callID: call.id, deviceID: this.device(number) };
  }

  only(): FakeCall {
    const [call] = this.calls.values();
    if (call === undefined) throw new Error('there is no call');
    return call;
  }

  // ── what happens to calls ──

  dial(from: string, to: string): FakeCall {
    this.#ids += 1;
    const id = toCallId(this.#ids.toString(16).padStart(32, '0'));
    const call = { id, calling: from, called: to, redirecting: undefined, parts: new Map() };
    this.calls.set(id, call);
    this.set(call, from, 'initiated', 'ServiceInitiatedEvent', 'newCall');
    this.set(call, from, 'connected', 'OriginatedEvent', 'newCall');
    return call;
  }

  ring(call: FakeCall, number: string, cause = 'newCall'): void {
    for (const one of this.#options.groups[number] ?? [number]) {
      this.set(call, one, 'alerting', 'DeliveredEvent', cause);
    }
  }

  call(from: string, to: string): FakeCall {
    const call = this.dial(from, to);
    this.ring(call, to);
    return call;
  }

  answer(call: FakeCall, number: string): void {
    this.set(call, number, 'connected', 'EstablishedEvent', 'normal');
    for (const [other, state] of call.parts) {
      if (state === 'alerting') this.set(call, other, 'null', 'ConnectionClearedEvent', 'answeredElsewhere');
    }
  }

  hold(call: FakeCall, number: string): void {
    this.set(call, number, 'hold', 'HeldEvent', 'normal');
  }

  retrieve(call: FakeCall, number: string): void {
    this.set(call, number, 'connected', 'RetrievedEvent', 'normal');
  }

  clear(call: FakeCall, number: string, cause = 'normalClearing'): void {
    this.set(call, number, 'null', 'ConnectionClearedEvent', cause);
    const talking = [...call.parts.values()].filter((state) => state === 'connected' || state === 'hold');
    if (call.parts.size >= 2 && talking.length >= 1) return;
    for (const other of call.parts.keys()) this.set(call, other, 'null', 'ConnectionClearedEvent', cause);
    this.calls.delete(call.id);
  }

  fail(call: FakeCall, number: string, cause: string): void {
    this.set(call, number, 'fail', 'FailedEvent', cause);
  }

  divert(call: FakeCall, from: string, to: string, cause = 'redirected'): void {
    call.redirecting = from;
    for (const [other, state] of call.parts) {
      if (state !== 'alerting' && !(state === 'queued')) continue;
      call.parts.delete(other);
      this.#told(call, other, 'DivertedEvent', cause, to);
    }
    this.ring(call, to, cause);
  }

  /** `device` leaves the call and `to` comes in; with `answers` it is connected. */
  move(call: FakeCall, device: string, to: string, answers: boolean, cause = 'singleStepTransfer'): void {
    const state: Part = answers ? 'connected' : 'alerting';
    call.parts.delete(device);
    for (const one of answers ? [to] : (this.#options.groups[to] ?? [to])) call.parts.set(one, state);
    this.#merged('TransferredEvent', call, call.id, undefined, device, to, cause);
    for (const [one, now] of call.parts) {
      if (one !== device && now === state && one !== call.calling) {
        this.#told(call, one, answers ? 'EstablishedEvent' : 'DeliveredEvent', cause);
      }
    }
  }

  join(held: FakeCall, active: FakeCall, actor: string, stays: boolean): FakeCall {
    this.#ids += 1;
    const id = toCallId(this.#ids.toString(16).padStart(32, '0'));
    const merged: FakeCall = { ...held, id, parts: new Map([...held.parts, ...active.parts]) };
    const target = [...active.parts.keys()].find((one) => one !== actor) ?? actor;
    // Who has put the call on hold at the other side still has, whatever the actor joins (ECMA-269: their connections keep their states).
    if (stays) merged.parts.set(actor, 'connected');
    else merged.parts.delete(actor);
    this.calls.delete(held.id);
    this.calls.delete(active.id);
    this.calls.set(id, merged);
    const name = stays ? 'ConferencedEvent' : 'TransferredEvent';
    this.#merged(name, merged, held.id, active.id, actor, target, stays ? 'conference' : 'transfer');
    return merged;
  }

  park(call: FakeCall, number: string, slot: string): void {
    call.parts.delete(number);
    call.parts.set(slot, 'queued');
    call.redirecting = number;
    this.#told(call, number, 'DivertedEvent', 'park', slot);
  }

  set(
    call: FakeCall,
    number: string,
    state: LocalConnectionState,
    event: CstaEvent['name'],
    cause: string,
  ): void {
    if (state === 'null') call.parts.delete(number);
    else call.parts.set(number, state);
    this.#told(call, number, event, cause);
  }

  /** To the device itself and to all that are in the call. */
  #told(call: FakeCall, subject: string, name: CstaEvent['name'], cause: string, to?: string): void {
    for (const [crossRef, device] of this.monitors) {
      if (device !== subject && !call.parts.has(device)) continue;
      const local = call.parts.get(device) ?? 'null';
      const connection = this.connection(call, subject);
      const event = {
        name,
        monitorCrossRefID: crossRef,
        ...connectionOf(name, connection, this.#party(subject)),
        ...(to === undefined ? {} : { newDestination: this.#party(to) }),
        callingDevice: this.#party(call.calling),
        calledDevice: this.#party(call.called),
        lastRedirectionDevice: this.#party(call.redirecting),
        localConnectionInfo: local,
        cause,
        ...this.#permits,
      } as CstaEvent;
      this.#tell({ device, event });
    }
  }

  #merged(
    name: 'TransferredEvent' | 'ConferencedEvent',
    call: FakeCall,
    primary: CallId,
    secondary: CallId | undefined,
    actor: string,
    target: string,
    cause: string,
  ): void {
    const list = [...call.parts].map(([number, state]) => ({
      newConnection: this.connection(call, number),
      endpoint: { deviceID: this.device(number) },
      resultingConnectionInfo: state,
    }));
    for (const [crossRef, device] of this.monitors) {
      if (device !== actor && !call.parts.has(device)) continue;
      const common = {
        monitorCrossRefID: crossRef,
        primaryOldCall: { callID: primary, deviceID: this.device(actor) },
        ...(secondary === undefined
          ? {}
          : { secondaryOldCall: { callID: secondary, deviceID: this.device(actor) } }),
        localConnectionInfo: call.parts.get(device) ?? 'null',
        cause,
      } as const;
      this.#tell({
        device,
        event:
          name === 'TransferredEvent'
            ? {
                name,
                ...common,
                transferringDevice: this.#party(actor),
                transferredToDevice: this.#party(target),
                transferredConnections: list,
              }
            : {
                name,
                ...common,
                conferencingDevice: this.#party(actor),
                addedParty: this.#party(target),
                conferenceConnections: list,
              },
      });
    }
  }

  // ── the CSTA server ──

  handle(request: CstaRequest): FakeAnswer {
    this.asked.push(request);
    const fault = this.faults.get(request.name);
    if (fault !== undefined) {
      this.faults.delete(request.name);
      return fault;
    }
    return (
      answerBy(this.#system, request) ??
      answerBy(this.#features, request) ??
      answerBy(this.#control, request) ??
      error('operation.serviceNotSupported')
    );
  }

  readonly #system: Handlers = {
    GetSwitchingFunctionCapabilities: () =>
      this.capabilities === undefined
        ? error('operation.serviceNotSupported')
        : { name: 'GetSwitchingFunctionCapabilitiesResponse', callControlServList: this.capabilities },
    MonitorStart: ({ monitorObject }) => this.#startMonitor(monitorObject.deviceObject ?? ''),
    MonitorStop: ({ monitorCrossRefID }) => {
      this.monitors.delete(monitorCrossRefID);
      return done('MonitorStopResponse');
    },
    SnapshotDevice: ({ snapshotObject }) => this.snapshotDevice(numberOf(snapshotObject)),
    SnapshotCall: ({ snapshotObject }) => this.snapshotCall(snapshotObject.callID),
  };

  #startMonitor(id: string): FakeAnswer {
    const device = numberOf(id);
    const known = new Set(Object.values(this.#options.groups).flat());
    if (!known.has(device)) return error('operation.invalidDeviceID');
    this.#ids += 1;
    const monitorCrossRefID = toMonitorCrossRefId(`m${this.#ids}`);
    this.monitors.set(monitorCrossRefID, device);
    return { name: 'MonitorStartResponse', monitorCrossRefID };
  }

  snapshotDevice(device: string): CstaResponse {
    const calls = [...this.calls.values()].filter(({ parts }) => parts.has(device));
    return {
      name: 'SnapshotDeviceResponse',
      snapshotData: calls.map((call) => ({
        connectionIdentifier: this.connection(call, device),
        localCallState: { compoundCallState: [call.parts.get(device) ?? 'null'] },
        ...this.#permits,
      })),
    };
  }

  snapshotCall(id: CallId): FakeAnswer {
    const call = this.calls.get(id);
    if (call === undefined) return error('operation.invalidCallID');
    return {
      name: 'SnapshotCallResponse',
      callingDevice: this.#party(call.calling),
      calledDevice: this.#party(call.called),
      snapshotData: [...call.parts].map(([number, state]) => ({
        deviceOnCall: this.#party(number),
        callIdentifier: this.connection(call, number),
        localConnectionInfo: state,
      })),
    };
  }

  readonly #features: Handlers = {
    SetForwarding: (request) => {
      const device = numberOf(request.device);
      const { staticOndDN } = readSiemensData(request.privateData);
      if (staticOndDN !== undefined) {
        if (request.activateForward) this.statics.set(device, staticOndDN);
        else this.statics.delete(device);
      } else {
        const key = `${device} ${request.forwardingType ?? 'forwardImmediate'}`;
        if (request.activateForward) this.forwarding.set(key, request.forwardDN ?? '');
        else this.forwarding.delete(key);
      }
      return done('SetForwardingResponse');
    },
    GetForwarding: (request) => {
      const device = numberOf(request.device);
      const target = this.statics.get(device);
      const privateData = target === undefined ? undefined : siemensData({ staticOndDN: toDeviceId(target) });
      return {
        name: 'GetForwardingResponse',
        forwardingList: (['forwardImmediate', 'forwardBusy', 'forwardNoAns'] as const).map((type) => {
          const to = this.forwarding.get(`${device} ${type}`);
          return {
            forwardingType: type,
            forwardStatus: to !== undefined,
            ...(to === undefined ? {} : { forwardDN: toDeviceId(to) }),
          };
        }),
        ...(privateData === undefined ? {} : { privateData }),
      };
    },
    SetDoNotDisturb: (request) => {
      if (request.doNotDisturbOn) this.disturb.add(numberOf(request.device));
      else this.disturb.delete(numberOf(request.device));
      return done('SetDoNotDisturbResponse');
    },
    GetDoNotDisturb: (request) => {
      return {
        name: 'GetDoNotDisturbResponse',
        doNotDisturbOn: this.disturb.has(numberOf(request.device)),
      };
    },
    GetMessageWaitingIndicator: (request) => {
      return {
        name: 'GetMessageWaitingIndicatorResponse',
        messageWaitingOn: this.waiting.has(numberOf(request.device)),
      };
    },
    SetAgentState: (request) => {
      if (request.requestedAgentState === 'notReady') this.notReady.add(numberOf(request.device));
      else this.notReady.delete(numberOf(request.device));
      return done('SetAgentStateResponse');
    },
    GetAgentState: (request) => {
      const agentState = this.notReady.has(numberOf(request.device)) ? 'agentNotReady' : 'agentReady';
      return { name: 'GetAgentStateResponse', agentStateList: [{ agentInfo: [{ agentState }] }] };
    },
  };

  readonly #control: Handlers = {
    MakeCall: (request) => {
      const from = numberOf(request.callingDevice);
      const call = this.call(from, numberOf(request.calledDirectoryNumber));
      return { name: 'MakeCallResponse', callingDevice: this.connection(call, from) };
    },
    ConsultationCall: (request) => {
      const call = this.#find(request.existingCall);
      if (call === undefined) return UNKNOWN;
      const from = deviceOf(request.existingCall);
      this.hold(call, from);
      const second = this.call(from, numberOf(request.consultedDevice));
      return { name: 'ConsultationCallResponse', initiatedCall: this.connection(second, from) };
    },
    AnswerCall: (request) => {
      return this.#on(request.callToBeAnswered, 'AnswerCallResponse', (call, one) => this.answer(call, one));
    },
    ClearConnection: (request) => {
      return this.#on(request.connectionToBeCleared, 'ClearConnectionResponse', (call, one) =>
        this.clear(call, one),
      );
    },
    HoldCall: (request) => {
      return this.#on(request.callToBeHeld, 'HoldCallResponse', (call, one) => this.hold(call, one));
    },
    RetrieveCall: (request) => {
      return this.#on(request.callToBeRetrieved, 'RetrieveCallResponse', (call, one) =>
        this.retrieve(call, one),
      );
    },
    GenerateDigits: (request) => {
      return this.#on(request.connectionToSendDigits, 'GenerateDigitsResponse', () => {});
    },
    AlternateCall: (request) => {
      const held = this.#find(request.heldCall);
      const active = this.#find(request.activeCall);
      if (held === undefined || active === undefined) return UNKNOWN;
      this.#pair(request.name, held, active, deviceOf(request.heldCall));
      return done(`${request.name}Response`);
    },
    ReconnectCall: (request) => {
      const held = this.#find(request.heldCall);
      const active = this.#find(request.activeCall);
      if (held === undefined || active === undefined) return UNKNOWN;
      this.#pair(request.name, held, active, deviceOf(request.heldCall));
      return done(`${request.name}Response`);
    },
    TransferCall: (request) => {
      const held = this.#find(request.heldCall);
      const active = this.#find(request.activeCall);
      if (held === undefined || active === undefined) return UNKNOWN;
      this.#pair(request.name, held, active, deviceOf(request.heldCall));
      return done(`${request.name}Response`);
    },
    ConferenceCall: (request) => {
      const held = this.#find(request.heldCall);
      const active = this.#find(request.activeCall);
      if (held === undefined || active === undefined) return UNKNOWN;
      this.#pair(request.name, held, active, deviceOf(request.heldCall));
      return done(`${request.name}Response`);
    },
    SingleStepTransferCall: (request) => {
      return this.#on(request.activeCall, 'SingleStepTransferCallResponse', (call, one) => {
        const { targetDevice, autoAnswer = false } = readSiemensData(request.privateData);
        this.move(call, one, targetDevice ?? numberOf(request.transferredTo), autoAnswer);
      });
    },
    DeflectCall: (request) => {
      return this.#on(request.callToBeDiverted, 'DeflectCallResponse', (call, one) => {
        const { targetDevice } = readSiemensData(request.privateData);
        this.divert(call, one, targetDevice ?? numberOf(request.newDestination));
      });
    },
    DirectedPickupCall: (request) => {
      return this.#on(request.callToBePickedUp, 'DirectedPickupCallResponse', (call, one) =>
        this.divert(call, one, numberOf(request.requestingDevice), 'callPickup'),
      );
    },
    GroupPickupCall: () => done('GroupPickupCallResponse'),
    ParkCall: (request) => {
      const call = this.#find(request.parking);
      if (call === undefined) return UNKNOWN;
      this.park(call, deviceOf(request.parking), '*71');
      return { name: 'ParkCallResponse', parkedTo: this.connection(call, '*71') };
    },
    CallBackNonCallRelated: () => done('CallBackNonCallRelatedResponse'),
  };

  #find({ callID }: ConnectionId): FakeCall | undefined {
    return this.calls.get(callID);
  }

  #pair(
    name: 'AlternateCall' | 'ReconnectCall' | 'TransferCall' | 'ConferenceCall',
    held: FakeCall,
    active: FakeCall,
    actor: string,
  ): void {
    switch (name) {
      case 'AlternateCall':
        this.hold(active, actor);
        this.retrieve(held, actor);
        return;
      case 'ReconnectCall':
        this.clear(active, actor);
        this.retrieve(held, actor);
        return;
      case 'TransferCall':
      case 'ConferenceCall':
        this.join(held, active, actor, name === 'ConferenceCall');
    }
  }

  #on(
    connection: ConnectionId,
    response: CstaResponse['name'],
    act: (call: FakeCall, device: string) => void,
  ): FakeAnswer {
    const call = this.calls.get(connection.callID);
    const device = numberOf(connection.deviceID ?? '');
    if (call === undefined || !call.parts.has(device)) {
      return error('operation.invalidConnectionIdentifier');
    }
    act(call, device);
    return done(response);
  }
}

const deviceOf = ({ deviceID }: ConnectionId): string => numberOf(deviceID ?? '');

/** As the fake knows it: it writes a plus before every number where OpenScape 4000 does. */
export function numberOf(id: string): string {
  const { number } = parseDeviceId(id);
  return number.length < 7 ? number.replace(/^\+/, '') : number;
}

/** What an event calls its connection and the device of it. */
const FIELDS: Partial<Record<CstaEvent['name'], readonly [string, string | undefined]>> = {
  ServiceInitiatedEvent: ['initiatedConnection', 'initiatingDevice'],
  OriginatedEvent: ['originatedConnection', undefined],
  DeliveredEvent: ['connection', 'alertingDevice'],
  EstablishedEvent: ['establishedConnection', 'answeringDevice'],
  HeldEvent: ['heldConnection', 'holdingDevice'],
  RetrievedEvent: ['retrievedConnection', 'retrievingDevice'],
  ConnectionClearedEvent: ['droppedConnection', 'releasingDevice'],
  FailedEvent: ['failedConnection', 'failingDevice'],
  DivertedEvent: ['connection', 'divertingDevice'],
};

function connectionOf(name: CstaEvent['name'], connection: ConnectionId, party: Party): object {
  const [field = 'connection', device] = FIELDS[name] ?? [];
  return { [field]: connection, ...(device === undefined ? {} : { [device]: party }) };
}
