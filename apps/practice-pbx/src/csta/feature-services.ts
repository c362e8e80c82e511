import type { CstaRequest, CstaResponse, PrivateData } from '@offhook/csta';
import { readSiemensData, siemensData } from '@offhook/csta';
import type { FeatureSnapshot, Forwarding, ForwardingTarget } from '../switch/api.ts';
import type { Plan, ServiceContext } from './context.ts';
import { refused } from './context.ts';
import { readDevice } from './naming.ts';
import { FORWARDING_WORDS, forwardingTypeOf } from './words.ts';

const FEATURE_SERVICES = [
  'SetForwarding',
  'GetForwarding',
  'SetDoNotDisturb',
  'GetDoNotDisturb',
  'SetAgentState',
  'GetAgentState',
  'SetMessageWaitingIndicator',
  'GetMessageWaitingIndicator',
] as const;

export type FeatureRequest = Extract<CstaRequest, { readonly name: (typeof FEATURE_SERVICES)[number] }>;

/** Clients that give rings and no seconds: one ring and its pause. */
const RING_SECONDS = 5;

/** Device features (ECMA-269 clauses 21 and 22): settings of an extension, read and changed. */
export function featurePlan(request: FeatureRequest, context: ServiceContext): Plan {
  const { api, naming } = context;
  const device = readDevice(request.device);
  const features = api.features(device);
  if (features === undefined) return refused('operation.invalidDeviceID');
  switch (request.name) {
    case 'SetForwarding':
      return setForwarding(request, context);
    case 'GetForwarding':
      return {
        kind: 'answer',
        response: {
          name: 'GetForwardingResponse',
          forwardingList: features.forwarding.map((forwarding) => ({
            forwardingType: FORWARDING_WORDS[forwarding.type],
            ...forwardingValues(forwarding, context),
          })),
          privateData: alternativeData(features, context),
        },
      };
    case 'SetDoNotDisturb':
      return {
        kind: 'command',
        command: { kind: 'setDoNotDisturb', device, on: request.doNotDisturbOn },
        response: () => ({ name: 'SetDoNotDisturbResponse' }),
      };
    case 'GetDoNotDisturb':
      return {
        kind: 'answer',
        response: { name: 'GetDoNotDisturbResponse', doNotDisturbOn: features.doNotDisturb },
      };
    case 'SetAgentState': {
      const state = request.requestedAgentState;
      if (state !== 'ready' && state !== 'notReady') return refused('operation.agentStateNotSupported');
      return {
        kind: 'command',
        command: { kind: 'setAgentState', device, state },
        response: () => ({ name: 'SetAgentStateResponse' }),
      };
    }
    case 'GetAgentState': {
      const agent = features.agents.find((one) => one.device === device);
      if (agent === undefined) return refused('operation.invalidDeviceID');
      const agentState = agent.state === 'ready' ? 'agentReady' : 'agentNotReady';
      return {
        kind: 'answer',
        response: {
          name: 'GetAgentStateResponse',
          agentStateList: [
            {
              agentID: device,
              loggedOnState: true,
              agentInfo: [{ acdGroup: naming.device(features.device), agentState }],
            },
          ],
        },
      };
    }
    case 'SetMessageWaitingIndicator':
      return {
        kind: 'command',
        command: {
          kind: 'setMessageWaiting',
          device,
          messages: { ...features.messages, fresh: freshCount(request.messageWaitingOn, features) },
        },
        response: () => ({ name: 'SetMessageWaitingIndicatorResponse' }),
      };
    case 'GetMessageWaitingIndicator':
      return {
        kind: 'answer',
        response: {
          name: 'GetMessageWaitingIndicatorResponse',
          messageWaitingOn: features.messages.fresh > 0,
          deviceForMessage: naming.device(features.device),
        },
      };
    default:
      return request satisfies never;
  }
}

/** The indicator knows no numbers: what is there is kept. */
const freshCount = (on: boolean, { messages }: FeatureSnapshot): number =>
  on ? Math.max(1, messages.fresh) : 0;

const forwardingSet = (): CstaResponse => ({ name: 'SetForwardingResponse' });

function setForwarding(
  request: Extract<FeatureRequest, { name: 'SetForwarding' }>,
  context: ServiceContext,
): Plan {
  const { personality } = context;
  const device = readDevice(request.device);
  const { staticOndDN } = readSiemensData(request.privateData);
  if (staticOndDN !== undefined) {
    if (!personality.privateData.staticOndDN) return refused('operation.privateDataNotSupported');
    const number = request.activateForward ? readDevice(staticOndDN) : undefined;
    return { kind: 'command', command: { kind: 'setAlternative', device, number }, response: forwardingSet };
  }
  const type = forwardingTypeOf(request.forwardingType ?? 'forwardImmediate');
  if (type === undefined) return refused('operation.invalidForwardingType');
  const { forwardDN, ringCount, ringDuration } = request;
  const ringSeconds = ringDuration ?? (ringCount === undefined ? undefined : ringCount * RING_SECONDS);
  return {
    kind: 'command',
    command: {
      kind: 'setForwarding',
      device,
      type,
      active: request.activateForward,
      ...(forwardDN !== undefined && { target: targetOf(readDevice(forwardDN), context) }),
      ...(ringSeconds !== undefined && type === 'noAnswer' && { ringSeconds }),
    },
    response: forwardingSet,
  };
}

function targetOf(number: string, { numbers }: ServiceContext): ForwardingTarget {
  return number === numbers.voicemail ? { kind: 'voicemail' } : { kind: 'number', number };
}

/** What the answer and the event say of one kind of forwarding. */
export function forwardingValues(
  { active, target, ringSeconds }: Forwarding,
  { naming, numbers }: ServiceContext,
): {
  readonly forwardStatus: boolean;
  readonly forwardDN?: ReturnType<typeof naming.device>;
  readonly ringDuration?: number;
} {
  const number = target?.kind === 'voicemail' ? numbers.voicemail : target?.number;
  return {
    forwardStatus: active,
    ...(number !== undefined && { forwardDN: naming.device(number) }),
    ...(ringSeconds !== undefined && { ringDuration: ringSeconds }),
  };
}

/** The alternative number, where the platform tells of it. */
export function alternativeData(
  { alternative }: FeatureSnapshot,
  { naming, personality }: ServiceContext,
): PrivateData | undefined {
  if (alternative === undefined || !personality.privateData.staticOndDN) return undefined;
  return siemensData({ staticOndDN: naming.device(alternative) });
}
