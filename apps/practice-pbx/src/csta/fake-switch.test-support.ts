import { callId, deviceId } from '../switch/api.ts';
import type {
  CallId,
  CallSnapshot,
  Cause,
  ConnectionEventName,
  ConnectionService,
  ConnectionState,
  DeviceId,
  DeviceSnapshot,
  FeatureSnapshot,
  Party,
  SwitchApi,
  SwitchCommand,
  SwitchEvent,
  SwitchOutcome,
} from '../switch/api.ts';

export const CALL = callId('c0ffee00000000000000000000000001');
export const OTHER_CALL = callId('c0ffee00000000000000000000000002');
export const ANNA = deviceId('101');
export const ANNA_LINE = deviceId('5101');
export const CARLA = deviceId('201');
export const MOBILE = deviceId('+4915550101');
export const SLOT = deviceId('*71');

const PEOPLE: Readonly<Record<string, Party>> = {
  [ANNA]: { number: '101', name: 'Anna Berger' },
  [ANNA_LINE]: { number: '101', name: 'Anna Berger' },
  [CARLA]: { number: '201', name: 'Carla Duval' },
  [MOBILE]: { number: '+4915550101', name: 'Anna’s mobile' },
};

const SERVICES: Partial<Record<ConnectionState, readonly ConnectionService[]>> = {
  alerting: ['answerCall', 'clearConnection', 'deflectCall', 'directedPickupCall'],
  connected: [
    'clearConnection',
    'holdCall',
    'singleStepTransferCall',
    'singleStepConference',
    'generateDigits',
  ],
  held: ['clearConnection', 'retrieveCall', 'transferCall'],
  queued: ['deflectCall'],
};

/** A call as a snapshot shows it: who is in it, and how. */
export function call(
  states: Readonly<Record<string, ConnectionState>>,
  parts: Partial<CallSnapshot> = {},
): CallSnapshot {
  const id = parts.id ?? CALL;
  return {
    id,
    calling: ANNA,
    called: CARLA,
    lastRedirection: undefined,
    conference: false,
    parkedAt: undefined,
    startedAt: 0,
    connections: Object.entries(states).map(([number, state]) => ({
      call: id,
      device: deviceId(number),
      state,
      party: PEOPLE[number] ?? { number },
      servicesPermitted: SERVICES[state] ?? [],
      since: 0,
    })),
    ...parts,
  };
}

/** A switch that does what the test says: it records commands, and tells what it is told to. */
export class FakeSwitch implements SwitchApi {
  readonly commands: SwitchCommand[] = [];
  /** Of the next commands. */
  outcome: SwitchOutcome = { ok: true };
  /** Told by the next command, before it returns. */
  meanwhile: (() => void) | undefined;
  readonly running = new Map<CallId, CallSnapshot>();
  readonly outOfService = new Set<DeviceId>();
  settings: FeatureSnapshot = {
    device: ANNA,
    forwarding: [
      { type: 'immediate', active: false, target: undefined },
      { type: 'busy', active: true, target: { kind: 'voicemail' } },
      { type: 'noAnswer', active: false, target: { kind: 'number', number: '202' }, ringSeconds: 15 },
    ],
    doNotDisturb: false,
    busyBehaviour: 'secondCall',
    routing: 'all',
    alternative: '+4915550101',
    alternativeDelay: 10,
    agents: [
      { device: ANNA, state: 'ready' },
      { device: ANNA_LINE, state: 'ready' },
    ],
    messages: { fresh: 2, old: 1 },
  };
  readonly #listeners = new Set<(event: SwitchEvent) => void>();

  execute(command: SwitchCommand): SwitchOutcome {
    this.commands.push(command);
    this.meanwhile?.();
    this.meanwhile = undefined;
    return this.outcome;
  }

  devices(): readonly DeviceSnapshot[] {
    return [ANNA, ANNA_LINE, CARLA, MOBILE].flatMap((id) => this.device(id) ?? []);
  }

  device(id: DeviceId): DeviceSnapshot | undefined {
    const party = PEOPLE[id];
    if (party === undefined) return undefined;
    return {
      id,
      kind: id === MOBILE ? 'outside' : id === ANNA_LINE ? 'line' : 'extension',
      party,
      extension: id === MOBILE ? undefined : deviceId(party.number),
      inService: !this.outOfService.has(id),
      connections: this.calls().flatMap(({ connections }) =>
        connections.filter(({ device }) => device === id),
      ),
    };
  }

  calls(): readonly CallSnapshot[] {
    return [...this.running.values()];
  }

  call(id: CallId): CallSnapshot | undefined {
    return this.running.get(id);
  }

  features(device: DeviceId): FeatureSnapshot | undefined {
    return device === ANNA || device === ANNA_LINE ? this.settings : undefined;
  }

  callBacks(): [] {
    return [];
  }

  subscribe(listener: (event: SwitchEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  emit(event: SwitchEvent): void {
    if ('call' in event) {
      if (event.call.connections.length === 0) this.running.delete(event.call.id);
      else this.running.set(event.call.id, event.call);
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** A connection of the call has changed. */
  connection(
    name: ConnectionEventName,
    device: DeviceId,
    after: ConnectionState,
    snapshot: CallSnapshot,
    more: { readonly cause?: Cause; readonly divertedTo?: DeviceId } = {},
  ): void {
    this.emit({
      kind: 'connection',
      name,
      connection: { call: snapshot.id, device },
      before: 'null',
      after,
      cause: 'newCall',
      call: snapshot,
      ...more,
    });
  }

  setFeatures(
    changed: Extract<SwitchEvent, { kind: 'features' }>['changed'],
    features: Partial<FeatureSnapshot>,
  ): void {
    this.settings = { ...this.settings, ...features };
    this.emit({ kind: 'features', changed, features: this.settings });
  }
}
