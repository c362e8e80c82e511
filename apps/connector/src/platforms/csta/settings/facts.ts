import type { UserId } from '@offhook/contract';
import type {
  AgentState,
  CstaEvent,
  CstaRequest,
  CstaResponse,
  DeviceId,
  ForwardingType,
  MessageNamed,
  Party,
} from '@offhook/csta';
import { readSiemensData, toDeviceId } from '@offhook/csta';
import { deviceKey, type DeviceKey } from '../numbers.ts';
import type { CstaProfile } from '../profile.ts';
import type { Roster, RosterUser, WatchedDevice } from '../roster.ts';
import type { Knowledge } from '../services/knowledge.ts';

export type ForwardKind = 'immediate' | 'busy' | 'noAnswer';

export const FORWARD_KINDS: readonly ForwardKind[] = ['immediate', 'busy', 'noAnswer'];

export const FORWARDING_TYPE = {
  immediate: 'forwardImmediate',
  busy: 'forwardBusy',
  noAnswer: 'forwardNoAns',
} as const satisfies Record<ForwardKind, ForwardingType>;

/** Where systems tell calls from inside and outside apart, both count. */
function kindOf(type: ForwardingType | undefined): ForwardKind | undefined {
  switch (type) {
    case undefined:
    // A system that has only one kind does not say which.
    case 'forwardImmediate':
    case 'forwardImmInt':
    case 'forwardImmExt':
      return 'immediate';
    case 'forwardBusy':
    case 'forwardBusyInt':
    case 'forwardBusyExt':
      return 'busy';
    case 'forwardNoAns':
    case 'forwardNoAnsInt':
    case 'forwardNoAnsExt':
      return 'noAnswer';
    case 'forwardDND':
      return undefined;
  }
}

/** What the platform has said last of one user's settings; `undefined`: nothing. */
export interface Facts {
  readonly forwarding: Readonly<Record<ForwardKind, DeviceId | undefined>> | undefined;
  /** The static target of a One Number Service: the alternative number. */
  readonly staticTarget: DeviceId | undefined;
  readonly doNotDisturb: boolean | undefined;
  readonly messageWaiting: boolean | undefined;
  readonly agents: ReadonlyMap<DeviceKey, 'ready' | 'notReady'>;
}

const NOTHING: Facts = {
  forwarding: undefined,
  staticTarget: undefined,
  doNotDisturb: undefined,
  messageWaiting: undefined,
  agents: new Map(),
};

type FeatureEvent = Extract<CstaEvent, { device: Party } | { targetDevice: Party } | { agentDevice: Party }>;

/** The users' settings as answers and events of the platform say. What is heard is kept over the loss of the link, and read anew. */
export class FactBook {
  readonly #facts = new Map<UserId, Facts>();
  readonly #profile: CstaProfile;
  readonly #knowledge: Knowledge;

  constructor(profile: CstaProfile, knowledge: Knowledge) {
    this.#profile = profile;
    this.#knowledge = knowledge;
  }

  of(userId: UserId): Facts {
    return this.#facts.get(userId) ?? NOTHING;
  }

  /** Whether the platform has said anything. */
  has(userId: UserId): boolean {
    return this.#facts.has(userId);
  }

  retain(roster: Roster): void {
    for (const userId of this.#facts.keys()) if (!roster.users.has(userId)) this.#facts.delete(userId);
  }

  /** What is to be asked of a device once it is watched. */
  readsOf(user: RosterUser, device: WatchedDevice): CstaRequest[] {
    const can = this.#knowledge;
    const of = toDeviceId(device.number);
    const requests: CstaRequest[] = [];
    if (device.key === user.main.key) {
      if (can.can('getForwarding')) requests.push({ name: 'GetForwarding', device: of });
      if (can.can('getDoNotDisturb')) requests.push({ name: 'GetDoNotDisturb', device: of });
      if (can.can('getMessageWaitingIndicator')) {
        requests.push({ name: 'GetMessageWaitingIndicator', device: of });
      }
    }
    if (this.#profile.deskOnly === 'agent_state' && can.can('getAgentState')) {
      requests.push({ name: 'GetAgentState', device: of });
    }
    return requests;
  }

  /** @returns whether something is another now */
  answered(device: WatchedDevice, response: CstaResponse): boolean {
    const { userId } = device;
    if (response.name === 'GetForwardingResponse') return this.#set(userId, forwardingOf(response));
    if (response.name === 'GetDoNotDisturbResponse') {
      return this.#set(userId, { doNotDisturb: response.doNotDisturbOn });
    }
    if (response.name === 'GetMessageWaitingIndicatorResponse') {
      return this.#set(userId, { messageWaiting: response.messageWaitingOn });
    }
    if (response.name !== 'GetAgentStateResponse') return false;
    const state = response.agentStateList
      ?.flatMap(({ agentInfo }) => agentInfo ?? [])
      .find(({ agentState }) => agentState !== undefined)?.agentState;
    return state !== undefined && this.#agent(device, readinessOf(state));
  }

  /** @returns whether it was about a feature, and whether something is another now; `unclear`: it has to be read */
  happened(device: WatchedDevice, event: CstaEvent): 'no_feature' | 'same' | 'changed' | 'unclear' {
    if (!isFeature(event)) return 'no_feature';
    if (isUnclear(event)) return 'unclear';
    return this.#heard(device, event) ? 'changed' : 'same';
  }

  #heard(device: WatchedDevice, event: FeatureEvent): boolean {
    switch (event.name) {
      case 'ForwardingEvent': {
        const { staticOndDN } = readSiemensData(event.privateData);
        if (staticOndDN !== undefined) {
          return this.#set(device.userId, { staticTarget: event.forwardStatus ? staticOndDN : undefined });
        }
        const kind = kindOf(event.forwardingType);
        if (kind === undefined) return false;
        const before = this.of(device.userId).forwarding ?? NO_FORWARDING;
        const to = event.forwardStatus ? event.forwardTo : undefined;
        return this.#set(device.userId, { forwarding: { ...before, [kind]: to } });
      }
      case 'DoNotDisturbEvent':
        return this.#set(device.userId, { doNotDisturb: event.doNotDisturbOn });
      case 'MessageWaitingEvent':
        return this.#set(device.userId, { messageWaiting: event.messageWaitingOn });
      case 'AgentReadyEvent':
      case 'AgentBusyEvent':
      case 'AgentLoggedOnEvent':
        return this.#agent(device, 'ready');
      case 'AgentNotReadyEvent':
      case 'AgentLoggedOffEvent':
      case 'AgentWorkingAfterCallEvent':
        return this.#agent(device, 'notReady');
      case 'BackInServiceEvent':
      case 'OutOfServiceEvent':
        return false;
    }
  }

  #agent(device: WatchedDevice, state: 'ready' | 'notReady'): boolean {
    const { agents } = this.of(device.userId);
    if (agents.get(device.key) === state) return false;
    return this.#set(device.userId, { agents: new Map(agents).set(device.key, state) });
  }

  #set(userId: UserId, change: Partial<Facts>): boolean {
    const before = this.#facts.get(userId);
    const after = { ...(before ?? NOTHING), ...change };
    this.#facts.set(userId, after);
    return before === undefined || textOf(before) !== textOf(after);
  }
}

/** Neither a type nor a static target: it may be about either. */
const isUnclear = (event: FeatureEvent): boolean =>
  event.name === 'ForwardingEvent' &&
  event.forwardingType === undefined &&
  readSiemensData(event.privateData).staticOndDN === undefined;

const NO_FORWARDING = { immediate: undefined, busy: undefined, noAnswer: undefined };

/** Plain data, of few members. */
const textOf = ({ agents, ...rest }: Facts): string => JSON.stringify([rest, [...agents]]);

function isFeature(event: CstaEvent): event is FeatureEvent {
  return (
    event.name === 'ForwardingEvent' ||
    event.name === 'DoNotDisturbEvent' ||
    event.name === 'MessageWaitingEvent' ||
    event.name.startsWith('Agent') ||
    event.name.endsWith('ServiceEvent')
  );
}

function forwardingOf(response: MessageNamed<'GetForwardingResponse'>): Partial<Facts> {
  const forwarding: Record<ForwardKind, DeviceId | undefined> = { ...NO_FORWARDING };
  for (const { forwardingType, forwardStatus, forwardDN } of response.forwardingList ?? []) {
    const kind = kindOf(forwardingType);
    if (kind !== undefined && forwardStatus) forwarding[kind] = forwardDN;
  }
  return { forwarding, staticTarget: readSiemensData(response.privateData).staticOndDN };
}

function readinessOf(state: AgentState): 'ready' | 'notReady' {
  switch (state) {
    case 'agentReady':
    case 'agentBusy':
    // Not logged on to any group: nobody has taken the device out.
    case 'agentNull':
      return 'ready';
    case 'agentNotReady':
    case 'agentWorkingAfterCall':
      return 'notReady';
  }
}

/** Whether two ways to write a number mean one. */
export const isSameNumber = (left: string, right: string): boolean => deviceKey(left) === deviceKey(right);
