import { integer, text } from '../schema/kinds.ts';
import { group, list, optional, required, within } from '../schema/shape.ts';

/**
 * ECMA-354: a session is started before anything else is sent, renewed before it ends, and stopped. The heartbeat is not the standard's:
 * OpenScape Voice says in `extensions/actualHBT` after how many seconds it wants to hear something, 0 for never.
 */

/** Words of the standard that we use; others have been seen, so that what arrives is text. */
export const SESSION_ERRORS = [
  'genericError',
  'invalidApplicationInfo',
  'invalidSessionID',
  'requestedProtocolVersionNotSupported',
  'serverResourcesBusy',
] as const;

export type SessionError = (typeof SESSION_ERRORS)[number];

const refusal = {
  errorCode: optional(group({ definedError: optional(text), applError: optional(text) })),
};

export const sessionRequests = {
  StartApplicationSession: {
    applicationInfo: required(
      group({
        applicationID: required(text),
        /** Credentials stand here where a system wants some; their names are seen on OpenScape Business. */
        applicationSpecificInfo: optional(group({ user: optional(text), password: optional(text) })),
      }),
    ),
    /** Namespaces of editions, the preferred first. */
    protocolVersions: list(['requestedProtocolVersions'], 'protocolVersion', text),
    /** Seconds. */
    requestedSessionDuration: optional(integer),
  },
  StopApplicationSession: {
    sessionID: required(text),
    sessionEndReason: optional(group({ definedEndReason: optional(text), appEndReason: optional(text) })),
  },
  ResetApplicationSessionTimer: {
    sessionID: required(text),
    /** Seconds. */
    requestedSessionDuration: optional(integer),
  },
} as const;

export const sessionResponses = {
  StartApplicationSessionPosResponse: {
    sessionID: required(text),
    actualProtocolVersion: optional(text),
    /** Seconds. */
    actualSessionDuration: optional(integer),
    /** OpenScape's. Seconds, as it seems. */
    actualHBT: within('extensions', integer),
  },
  StartApplicationSessionNegResponse: refusal,
  StopApplicationSessionPosResponse: {},
  StopApplicationSessionNegResponse: refusal,
  ResetApplicationSessionTimerPosResponse: { actualSessionDuration: optional(integer) },
  ResetApplicationSessionTimerNegResponse: refusal,
} as const;

/** Sent by the server when it ends a session by itself; nobody answers. */
export const sessionEvents = {
  ApplicationSessionTerminated: {
    sessionID: optional(text),
    sessionTermReason: optional(group({ definedTermReason: optional(text), appTermReason: optional(text) })),
  },
} as const;
