import type { Directory } from '../config/directory.ts';
import type { ExtensionConfig } from '../config/exchange.ts';
import { FORWARDING_TYPES, deviceId } from './api.ts';
import type {
  AgentState,
  BusyBehaviour,
  DeviceId,
  FeatureSnapshot,
  Forwarding,
  ForwardingTarget,
  ForwardingType,
  MessageCount,
  Routing,
  SwitchEvent,
} from './api.ts';

/** Seconds of ringing before a call is forwarded, and before the alternative number rings, where nothing is said. */
export const NO_ANSWER_SECONDS = 15;
export const ALTERNATIVE_SECONDS = 10;

/** What is set for one extension. */
export interface FeatureState {
  readonly extension: ExtensionConfig;
  readonly forwarding: Record<
    ForwardingType,
    { active: boolean; target: ForwardingTarget | undefined; ringSeconds: number }
  >;
  doNotDisturb: boolean;
  busyBehaviour: BusyBehaviour;
  routing: Routing;
  alternative: string | undefined;
  alternativeDelay: number;
  readonly notReady: Set<DeviceId>;
  messages: MessageCount;
}

type Changed = Extract<SwitchEvent, { kind: 'features' }>['changed'];

/** The settings of all extensions; tells each change, and nothing where there is none. */
export class Features {
  readonly #states = new Map<string, FeatureState>();
  readonly #directory: Directory;
  readonly #tell: (event: SwitchEvent) => void;

  /** @param normalised the one form of an outside number */
  constructor(
    directory: Directory,
    tell: (event: SwitchEvent) => void,
    normalised: (number: string) => string | undefined,
  ) {
    this.#directory = directory;
    this.#tell = tell;
    for (const extension of directory.extensions) {
      const { alternative } = extension;
      const number = alternative === undefined ? undefined : (normalised(alternative) ?? alternative);
      this.#states.set(extension.number, freshState(extension, number));
    }
  }

  of(extension: ExtensionConfig): FeatureState {
    const state = this.#states.get(extension.number) ?? freshState(extension, extension.alternative);
    this.#states.set(extension.number, state);
    return state;
  }

  /** By a main number or a line. */
  find(device: string): FeatureState | undefined {
    const extension = this.#directory.device(device)?.extension;
    return extension && this.of(extension);
  }

  snapshot(state: FeatureState): FeatureSnapshot {
    const { extension } = state;
    const devices = [extension.number, ...(extension.line === undefined ? [] : [extension.line.number])];
    return {
      device: deviceId(extension.number),
      forwarding: FORWARDING_TYPES.map((type): Forwarding => {
        const { active, target, ringSeconds } = state.forwarding[type];
        return type === 'noAnswer' ? { type, active, target, ringSeconds } : { type, active, target };
      }),
      doNotDisturb: state.doNotDisturb,
      busyBehaviour: state.busyBehaviour,
      routing: state.routing,
      alternative: state.alternative,
      alternativeDelay: state.alternativeDelay,
      agents: devices.map((number) => {
        const device = deviceId(number);
        return { device, state: state.notReady.has(device) ? 'notReady' : 'ready' };
      }),
      messages: state.messages,
    };
  }

  /** Switching off keeps the target for the next time. */
  setForwarding(
    state: FeatureState,
    type: ForwardingType,
    wish: { readonly active: boolean; readonly target?: ForwardingTarget; readonly ringSeconds?: number },
  ): void {
    const forwarding = state.forwarding[type];
    forwarding.active = wish.active;
    forwarding.target = wish.target ?? forwarding.target;
    forwarding.ringSeconds = wish.ringSeconds ?? forwarding.ringSeconds;
    this.#changed(state, 'forwarding');
  }

  setDoNotDisturb(state: FeatureState, on: boolean): void {
    if (state.doNotDisturb === on) return;
    state.doNotDisturb = on;
    this.#changed(state, 'doNotDisturb');
  }

  setBusyBehaviour(state: FeatureState, behaviour: BusyBehaviour): void {
    if (state.busyBehaviour === behaviour) return;
    state.busyBehaviour = behaviour;
    this.#changed(state, 'busyBehaviour');
  }

  setRouting(state: FeatureState, routing: Routing): void {
    if (state.routing === routing) return;
    state.routing = routing;
    this.#changed(state, 'routing');
  }

  setAlternative(state: FeatureState, number: string | undefined, delaySeconds: number | undefined): void {
    state.alternative = number;
    state.alternativeDelay = delaySeconds ?? state.alternativeDelay;
    this.#changed(state, 'alternative');
  }

  setAgent(state: FeatureState, device: DeviceId, agent: AgentState): void {
    if (state.notReady.has(device) === (agent === 'notReady')) return;
    if (agent === 'notReady') state.notReady.add(device);
    else state.notReady.delete(device);
    this.#changed(state, 'agentState');
  }

  setMessages(state: FeatureState, messages: MessageCount): void {
    if (state.messages.fresh === messages.fresh && state.messages.old === messages.old) return;
    state.messages = messages;
    this.#changed(state, 'messageWaiting');
  }

  #changed(state: FeatureState, changed: Changed): void {
    this.#tell({ kind: 'features', changed, features: this.snapshot(state) });
  }
}

function freshState(extension: ExtensionConfig, alternative: string | undefined): FeatureState {
  return {
    extension,
    forwarding: { immediate: off(), busy: off(), noAnswer: off() },
    doNotDisturb: false,
    busyBehaviour: 'secondCall',
    routing: 'all',
    alternative,
    alternativeDelay: ALTERNATIVE_SECONDS,
    notReady: new Set(),
    messages: { fresh: 0, old: 0 },
  };
}

function off(): FeatureState['forwarding'][ForwardingType] {
  return { active: false, target: undefined, ringSeconds: NO_ANSWER_SECONDS };
}
