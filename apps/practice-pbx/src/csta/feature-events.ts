import type { CstaEvent } from '@offhook/csta';
import type { FeatureSnapshot, SwitchEvent } from '../switch/api.ts';
import type { Watched } from './call-events.ts';
import type { ServiceContext } from './context.ts';
import { alternativeData, forwardingValues } from './feature-services.ts';
import { FORWARDING_WORDS } from './words.ts';

type FeatureEvent = Extract<SwitchEvent, { kind: 'features' }>;

/**
 * What the monitor of a device tells when a setting has changed. Settings are those of an extension and told at its main number; the state
 * of an agent at its own device. `before` is what was last told of the extension: only what is another now is told.
 */
export function featureEvents(
  { changed, features }: FeatureEvent,
  before: FeatureSnapshot | undefined,
  monitor: Watched,
  context: ServiceContext,
): readonly CstaEvent[] {
  const { naming, personality } = context;
  const isMain = monitor.device === features.device;
  const head = {
    monitorCrossRefID: monitor.id,
    device: { kind: 'device', id: naming.device(features.device) },
  } as const;
  switch (changed) {
    case 'forwarding':
      if (!isMain) return [];
      return features.forwarding
        .filter(
          (forwarding) =>
            !isSame(
              forwarding,
              before?.forwarding.find(({ type }) => type === forwarding.type),
            ),
        )
        .map((forwarding) => {
          const { forwardStatus, forwardDN, ringDuration } = forwardingValues(forwarding, context);
          return {
            name: 'ForwardingEvent',
            ...head,
            forwardingType: FORWARDING_WORDS[forwarding.type],
            forwardStatus,
            forwardTo: forwardDN,
            ringDuration,
          };
        });
    case 'alternative':
      // Without a type: it is no forwarding of the standard.
      if (!isMain || !personality.privateData.staticOndDN) return [];
      return [
        {
          name: 'ForwardingEvent',
          ...head,
          forwardStatus: features.alternative !== undefined,
          privateData: alternativeData(features, context),
        },
      ];
    case 'doNotDisturb':
      if (!isMain) return [];
      return [{ name: 'DoNotDisturbEvent', ...head, doNotDisturbOn: features.doNotDisturb }];
    case 'agentState': {
      const agent = features.agents.find(({ device }) => device === monitor.device);
      if (agent === undefined || !personality.services.includes('GetAgentState')) return [];
      if (
        before?.agents.some(({ device, state }) => device === agent.device && state === agent.state) === true
      )
        return [];
      return [
        {
          name: agent.state === 'ready' ? 'AgentReadyEvent' : 'AgentNotReadyEvent',
          monitorCrossRefID: monitor.id,
          agentDevice: { kind: 'device', id: naming.device(agent.device) },
          agentID: agent.device,
          acdGroup: naming.device(features.device),
        },
      ];
    }
    case 'messageWaiting':
      if (!isMain) return [];
      return [
        {
          name: 'MessageWaitingEvent',
          monitorCrossRefID: monitor.id,
          targetDevice: head.device,
          messageWaitingOn: features.messages.fresh > 0,
        },
      ];
    // No platform has a service for them: nobody is told.
    case 'busyBehaviour':
    case 'routing':
      return [];
    default:
      return changed satisfies never;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
