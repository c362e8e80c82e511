import type {
  CallId,
  CallService,
  CallState,
  ClientId,
  CorrelationId,
  Direction,
  EndCause,
  MediaState,
  Party,
} from '@offhook/contract';

/** A call as the connector's own SIP leg knows it: between the PBX and the user's clients. */
export interface LegFact {
  readonly callId: CallId;
  readonly correlationId: CorrelationId;
  readonly direction: Direction;
  readonly remote: Party;
  readonly startedAt: number;
  readonly divertedBy?: Party;
  /** As in the SIP messages of the leg: by it the platform's own view of the leg is found. */
  readonly sipCallId: string | undefined;
  readonly state: Exclude<CallState, { name: 'ended' }>;
  readonly owner: ClientId | undefined;
  readonly media: MediaState;
  readonly muted: boolean;
  /** It is in a conference room, and these were sent there from here. */
  readonly members?: readonly Party[];
  /** What the leg by itself permits; see `leg-services.ts`. */
  readonly services: LegServices;
}

export interface LegServices {
  readonly owner: readonly CallService[];
  readonly others: readonly CallService[];
}

/**
 * Where the platform sees a user's call: at the connector's own line, at a device of the user, or put away. One connection
 * in the words of CSTA (ECMA-269 section 6.1.5).
 */
export type DevicePlace = 'line' | 'desk_phone' | 'alternative' | 'voicemail' | 'parked';

/**
 * CSTA connection states as a person counts them: `calling` initiated or connected with nobody ringing yet, `ringing_out`
 * the other side is alerted, `alerting` this device rings, `connected`, `held`. Null is absence.
 */
export type DeviceState = 'calling' | 'ringing_out' | 'alerting' | 'connected' | 'held';

export interface DeviceConnection {
  readonly place: DevicePlace;
  /** The platform's id of the call. */
  readonly platformCall: string;
  readonly state: DeviceState;
  readonly direction: Direction;
  readonly remote: Party;
  /** Milliseconds since the epoch; when it was first seen where the platform does not say. */
  readonly since: number;
  readonly answeredAt?: number;
  readonly heldByRemote?: boolean;
  /** Others in a conference. */
  readonly members?: readonly Party[];
  readonly divertedBy?: Party;
  /** What the platform itself permits on this connection now (CSTA `servicesPermitted`); absent: it does not say. */
  readonly permitted?: readonly CallService[];
  /** The SIP Call-ID of this connection's dialog, where the platform tells it. */
  readonly sipCallId?: string;
  /** Of a parked call: what to dial to take it back. */
  readonly number?: string;
  /**
   * Ids that the platform gave this call before, where a transfer or a conference has made a new one of it (the
   * `connections` of CSTA's Transferred and Conferenced events).
   */
  readonly formerly?: readonly string[];
  /** The platform's id of the call at the same place that this one was placed to consult about. */
  readonly consultationFor?: string;
}

/** All of a user's connections as the platform sees them now. What is not in it is not there. */
export interface DeviceReport {
  readonly connections: readonly DeviceConnection[];
  /** Why connections are gone since the last report, where the platform says. */
  readonly gone?: readonly {
    readonly place: DevicePlace;
    readonly platformCall: string;
    readonly cause: EndCause;
  }[];
}
