import { flag, integer, oneOf, text } from '../schema/kinds.ts';
import { group, list, optional, required } from '../schema/shape.ts';
import { deviceId } from '../values/identifiers.ts';

/** Physical and logical device features (ECMA-269 clauses 21 and 22): what a device does with calls by itself. */

/** ECMA-269; those for internal and external calls alone are of systems that tell them apart. */
export const FORWARDING_TYPES = [
  'forwardImmediate',
  'forwardBusy',
  'forwardNoAns',
  'forwardDND',
  'forwardBusyInt',
  'forwardBusyExt',
  'forwardNoAnsInt',
  'forwardNoAnsExt',
  'forwardImmInt',
  'forwardImmExt',
] as const;

export type ForwardingType = (typeof FORWARDING_TYPES)[number];

export const forwardingType = oneOf(FORWARDING_TYPES);

/** What is asked for (ECMA-269 clause 22). */
export const REQUESTED_AGENT_STATES = [
  'loggedOn',
  'loggedOff',
  'notReady',
  'ready',
  'workingAfterCall',
] as const;

/** What is told (ECMA-269 section 22.1.5). */
export const AGENT_STATES = [
  'agentNotReady',
  'agentNull',
  'agentReady',
  'agentBusy',
  'agentWorkingAfterCall',
] as const;

export type AgentState = (typeof AGENT_STATES)[number];

export const deviceFeatureRequests = {
  SetForwarding: {
    device: required(deviceId),
    forwardingType: optional(forwardingType),
    activateForward: required(flag),
    forwardDN: optional(deviceId),
    ringCount: optional(integer),
    /** Seconds. */
    ringDuration: optional(integer),
  },
  GetForwarding: { device: required(deviceId) },
  SetDoNotDisturb: { device: required(deviceId), doNotDisturbOn: required(flag) },
  GetDoNotDisturb: { device: required(deviceId) },
  SetAgentState: {
    device: required(deviceId),
    requestedAgentState: required(oneOf(REQUESTED_AGENT_STATES)),
    agentID: optional(text),
    password: optional(text),
    group: optional(deviceId),
  },
  GetAgentState: { device: required(deviceId), agentID: optional(text), acdGroup: optional(deviceId) },
  SetMessageWaitingIndicator: {
    device: required(deviceId),
    messageWaitingOn: required(flag),
    deviceForMessage: optional(deviceId),
  },
  GetMessageWaitingIndicator: { device: required(deviceId) },
} as const;

export const deviceFeatureResponses = {
  SetForwardingResponse: {},
  GetForwardingResponse: {
    forwardingList: list(
      ['forwardingList'],
      'forwardListItem',
      group({
        forwardingType: optional(forwardingType),
        forwardStatus: required(flag),
        forwardDN: optional(deviceId),
        ringCount: optional(integer),
        /** Seconds. */
        ringDuration: optional(integer),
      }),
    ),
  },
  SetDoNotDisturbResponse: {},
  GetDoNotDisturbResponse: { doNotDisturbOn: required(flag) },
  SetAgentStateResponse: {},
  GetAgentStateResponse: {
    agentStateList: list(
      ['agentStateList'],
      'agentStateEntry',
      group({
        agentID: optional(text),
        loggedOnState: optional(flag),
        agentInfo: list(
          ['agentInfo'],
          'agentInfoItem',
          group({ acdGroup: optional(deviceId), agentState: optional(oneOf(AGENT_STATES)) }),
        ),
      }),
    ),
  },
  SetMessageWaitingIndicatorResponse: {},
  GetMessageWaitingIndicatorResponse: {
    messageWaitingOn: required(flag),
    deviceForMessage: optional(deviceId),
  },
} as const;
