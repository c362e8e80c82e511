import { forwardingType } from '../device-features/messages.ts';
import { flag, integer, text } from '../schema/kinds.ts';
import { optional, required } from '../schema/shape.ts';
import { deviceId, monitorCrossRefId } from '../values/identifiers.ts';
import { party } from '../values/parties.ts';

/** Device feature events (ECMA-269 clauses 21 and 22) and device maintenance events. */
const monitor = { monitorCrossRefID: required(monitorCrossRefId) };

const agent = {
  ...monitor,
  agentDevice: required(party),
  agentID: optional(text),
  acdGroup: optional(deviceId),
  cause: optional(text),
};

const service = { ...monitor, device: required(party), cause: optional(text) };

export const deviceEvents = {
  ForwardingEvent: {
    ...monitor,
    device: required(party),
    forwardingType: optional(forwardingType),
    forwardStatus: required(flag),
    forwardTo: optional(deviceId),
    ringCount: optional(integer),
    /** Seconds. */
    ringDuration: optional(integer),
  },
  DoNotDisturbEvent: { ...monitor, device: required(party), doNotDisturbOn: required(flag) },
  MessageWaitingEvent: {
    ...monitor,
    targetDevice: required(party),
    deviceForMessage: optional(deviceId),
    messageWaitingOn: required(flag),
  },
  AgentLoggedOnEvent: agent,
  AgentLoggedOffEvent: agent,
  AgentReadyEvent: agent,
  AgentNotReadyEvent: agent,
  AgentBusyEvent: agent,
  AgentWorkingAfterCallEvent: agent,
  BackInServiceEvent: service,
  OutOfServiceEvent: service,
} as const;
