/**
 * The switch as a CSTA server, a page or a test sees it: commands, queries and a stream of events, in the words of ECMA-269
 * (Services for Computer Supported Telecommunications Applications). The names of services and states are those of the
 * standard in lower camel case, so that a server on top of it translates and does not think.
 *
 * ```
 *   CSTA server, page ── execute(command) ──► outcome at once (ok, or a closed error code)
 *                     ── device(), call() ──► snapshots
 *                     ◄── subscribe() ─────── events, in the order in which things happened
 * ```
 *
 * A command that has to go to a device by SIP (answer, hold of a desk phone) is answered as soon as it is under way; that
 * it has happened is told by the event. Whether a platform answers before or after is for the CSTA server to say.
 */

declare const callBrand: unique symbol;
/** A call, unique for the life of the switch: 32 hexadecimal digits. */
export type CallId = string & { readonly [callBrand]: true };

declare const deviceBrand: unique symbol;
/**
 * A device of ECMA-269 section 6.1.3: a line with a number. The main number of an extension (`101`), the extra line of its soft
 * clients (`5101`), an outside number (`+4915550101`), a service (`600`), a conference room (`70042`), a park slot (`*71`).
 */
export type DeviceId = string & { readonly [deviceBrand]: true };

/** Numbers come from outside as text; what is no device is found out when it is looked up. */
export function deviceId(number: string): DeviceId {
  return number as DeviceId;
}

export function callId(text: string): CallId {
  return text as CallId;
}

/** One device in one call (ECMA-269 section 6.1.5). */
export interface ConnectionRef {
  readonly call: CallId;
  readonly device: DeviceId;
}

/**
 * ECMA-269 section 6.1.5, table 6-1.
 *
 * ```
 *   null ─► initiated ─► connected ◄─► held          queued ─► alerting
 *   null ─► alerting ──► connected ─► null           failed ─► null
 * ```
 */
export const CONNECTION_STATES = [
  'null',
  'initiated',
  'alerting',
  'connected',
  'held',
  'queued',
  'failed',
] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** Why something happened: ECMA-269 section 17.2.19 (event cause), those that this switch gives. */
export const CAUSES = [
  'newCall',
  'normal',
  'normalClearing',
  'callCancelled',
  'busy',
  'noAnswer',
  'doNotDisturb',
  'rejected',
  'destNotObtainable',
  'destOutOfOrder',
  'invalidNumber',
  'resourcesNotAvailable',
  'incompatibleDestination',
  'callForwardImmediate',
  'callForwardBusy',
  'callForwardNoAnswer',
  'redirected',
  'consultation',
  'alternate',
  'transfer',
  'singleStepTransfer',
  'conference',
  'singleStepConference',
  'park',
  'unparked',
  'callPickup',
  'callBack',
  'answeredElsewhere',
  'keyOperation',
] as const;
export type Cause = (typeof CAUSES)[number];

/** What may be asked of a connection now: ECMA-269 `servicesPermitted`. */
export const CONNECTION_SERVICES = [
  'answerCall',
  'clearConnection',
  'holdCall',
  'retrieveCall',
  'consultationCall',
  'alternateCall',
  'reconnectCall',
  'transferCall',
  'conferenceCall',
  'singleStepTransferCall',
  'singleStepConference',
  'deflectCall',
  'directedPickupCall',
  'parkCall',
  'generateDigits',
  'callBack',
] as const;
export type ConnectionService = (typeof CONNECTION_SERVICES)[number];

export interface Party {
  readonly number: string;
  readonly name?: string;
}

/** A connection as a snapshot shows it. Those in the state null are not shown. */
export interface ConnectionSnapshot extends ConnectionRef {
  readonly state: ConnectionState;
  /** Who is shown to the others: for a `line` the main number and name of its extension. */
  readonly party: Party;
  readonly servicesPermitted: readonly ConnectionService[];
  /** Milliseconds of the switch's clock since when the state holds. */
  readonly since: number;
}

/** SnapshotCall of ECMA-269 section 15.2. */
export interface CallSnapshot {
  readonly id: CallId;
  readonly connections: readonly ConnectionSnapshot[];
  readonly calling: DeviceId;
  /** As it was dialled and normalised. */
  readonly called: DeviceId;
  /** The device that the call was forwarded, deflected or transferred from last. */
  readonly lastRedirection: DeviceId | undefined;
  /** Three or more connections, or a conference room. */
  readonly conference: boolean;
  /** The slot where the call is parked. */
  readonly parkedAt: DeviceId | undefined;
  readonly startedAt: number;
}

/** Where a forwarded call goes: a number, or the voicemail of the extension. */
export type ForwardingTarget =
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'voicemail' };

export const FORWARDING_TYPES = ['immediate', 'busy', 'noAnswer'] as const;
export type ForwardingType = (typeof FORWARDING_TYPES)[number];

/** One kind of forwarding: its target is kept while it is switched off. */
export interface Forwarding {
  readonly type: ForwardingType;
  readonly active: boolean;
  readonly target: ForwardingTarget | undefined;
  /** Of `noAnswer`: seconds of ringing before it. */
  readonly ringSeconds?: number;
}

/** What a second call meets. */
export const BUSY_BEHAVIOURS = ['secondCall', 'busy', 'alternative', 'voicemail'] as const;
export type BusyBehaviour = (typeof BUSY_BEHAVIOURS)[number];

/** Which devices of an extension ring. */
export const ROUTINGS = ['all', 'deskOnly', 'alternativeOnly'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** Of a member of a number group (MULAP): calls of the group ring it only while it is ready. */
export type AgentState = 'ready' | 'notReady';

/** What is set for an extension, as it is now. */
export interface FeatureSnapshot {
  /** The extension's main number. */
  readonly device: DeviceId;
  readonly forwarding: readonly Forwarding[];
  readonly doNotDisturb: boolean;
  readonly busyBehaviour: BusyBehaviour;
  readonly routing: Routing;
  /** Outside number that rings, too, where there is one. */
  readonly alternative: string | undefined;
  /** Seconds until it does, with the routing `all`. */
  readonly alternativeDelay: number;
  readonly agents: readonly { readonly device: DeviceId; readonly state: AgentState }[];
  readonly messages: MessageCount;
}

export interface MessageCount {
  readonly fresh: number;
  readonly old: number;
}

export type DeviceKind = 'extension' | 'line' | 'outside' | 'service';

/** SnapshotDevice of ECMA-269 section 15.3, with what else is known of a device. */
export interface DeviceSnapshot {
  readonly id: DeviceId;
  readonly kind: DeviceKind;
  readonly party: Party;
  /** The main number of the extension that it belongs to; itself where it is one. */
  readonly extension: DeviceId | undefined;
  /** Something is registered there. Services and outside numbers always are. */
  readonly inService: boolean;
  readonly connections: readonly ConnectionSnapshot[];
}

/** CSTA services that the switch carries out. `device` is who acts. */
export type SwitchCommand =
  /** The device is called with auto-answer (or rings first where `autoAnswer` is false), then the number is dialled for it. */
  | {
      readonly kind: 'makeCall';
      readonly device: DeviceId;
      readonly to: string;
      readonly autoAnswer?: boolean;
    }
  | { readonly kind: 'answerCall'; readonly connection: ConnectionRef }
  | { readonly kind: 'clearConnection'; readonly connection: ConnectionRef }
  | { readonly kind: 'clearCall'; readonly call: CallId }
  | { readonly kind: 'holdCall'; readonly connection: ConnectionRef }
  | { readonly kind: 'retrieveCall'; readonly connection: ConnectionRef }
  /** Holds `connection` and calls `to` from the same device. */
  | { readonly kind: 'consultationCall'; readonly connection: ConnectionRef; readonly to: string }
  /** The held call comes to the front, the active one is held. */
  | { readonly kind: 'alternateCall'; readonly held: ConnectionRef; readonly active: ConnectionRef }
  /** The active call is cleared, the held one retrieved. */
  | { readonly kind: 'reconnectCall'; readonly held: ConnectionRef; readonly active: ConnectionRef }
  /** Joins the two calls of one device and takes the device out. */
  | { readonly kind: 'transferCall'; readonly held: ConnectionRef; readonly active: ConnectionRef }
  /** Joins the two calls of one device and keeps the device in. */
  | { readonly kind: 'conferenceCall'; readonly held: ConnectionRef; readonly active: ConnectionRef }
  /**
   * Blind transfer: `connection` is replaced by `to` once that answers. With `autoAnswer` the target is asked to answer by
   * itself (push and pull between the devices of one person).
   */
  | {
      readonly kind: 'singleStepTransferCall';
      readonly connection: ConnectionRef;
      readonly to: string;
      readonly autoAnswer?: boolean;
    }
  /** `to` is called into the call of `connection`. */
  | {
      readonly kind: 'singleStepConference';
      readonly connection: ConnectionRef;
      readonly to: string;
      readonly autoAnswer?: boolean;
    }
  /** Sends an alerting call on, before it is answered; also a parked one (`connection` is the slot's). */
  | {
      readonly kind: 'deflectCall';
      readonly connection: ConnectionRef;
      readonly to: string;
      readonly autoAnswer?: boolean;
    }
  /** Takes the call that alerts at `connection` to `device`. */
  | { readonly kind: 'directedPickupCall'; readonly connection: ConnectionRef; readonly device: DeviceId }
  /** Takes the call that has alerted longest in the pick-up group of `device`. */
  | { readonly kind: 'groupPickupCall'; readonly device: DeviceId }
  /** Parks the other side at a slot (`*71` … `*79`), or the first free one. */
  | { readonly kind: 'parkCall'; readonly connection: ConnectionRef; readonly slot?: number }
  | { readonly kind: 'unparkCall'; readonly slot: number; readonly device: DeviceId }
  /** Rings `device` and then `to` when `to` is free again, or was used after it did not answer. */
  | { readonly kind: 'callBack'; readonly device: DeviceId; readonly to: DeviceId }
  | { readonly kind: 'cancelCallBack'; readonly device: DeviceId; readonly to?: DeviceId }
  | { readonly kind: 'generateDigits'; readonly connection: ConnectionRef; readonly digits: string }
  | {
      readonly kind: 'setForwarding';
      readonly device: DeviceId;
      readonly type: ForwardingType;
      readonly active: boolean;
      readonly target?: ForwardingTarget;
      readonly ringSeconds?: number;
    }
  | { readonly kind: 'setDoNotDisturb'; readonly device: DeviceId; readonly on: boolean }
  | { readonly kind: 'setBusyBehaviour'; readonly device: DeviceId; readonly behaviour: BusyBehaviour }
  | { readonly kind: 'setRouting'; readonly device: DeviceId; readonly routing: Routing }
  | {
      readonly kind: 'setAlternative';
      readonly device: DeviceId;
      readonly number: string | undefined;
      readonly delaySeconds?: number;
    }
  | { readonly kind: 'setAgentState'; readonly device: DeviceId; readonly state: AgentState }
  | { readonly kind: 'setMessageWaiting'; readonly device: DeviceId; readonly messages: MessageCount };

export type SwitchCommandKind = SwitchCommand['kind'];

/**
 * Closed codes, by the categories of ECMA-269 section 12.2.12: `invalid*` are operation errors, `no*` and `wrong*` are state
 * incompatibilities, `resource*` and `busy*` are resource availability, `notAllowed` is security.
 */
export const SWITCH_ERRORS = [
  'invalidDevice',
  'invalidCall',
  'invalidConnection',
  'invalidDestination',
  'invalidParameter',
  'noActiveCall',
  'noHeldCall',
  'noCallToPickUp',
  'noCallToAnswer',
  'wrongConnectionState',
  'deviceOutOfService',
  'resourceBusy',
  'notAllowed',
] as const;
export type SwitchError = (typeof SWITCH_ERRORS)[number];

export type SwitchOutcome =
  /** `connection`: the new one, of the device that acts, for the services that make one. */
  | { readonly ok: true; readonly connection?: ConnectionRef }
  | { readonly ok: false; readonly error: SwitchError; readonly message: string };

/** Call control events of ECMA-269 section 17.2 about one connection. */
export const CONNECTION_EVENTS = [
  'serviceInitiated',
  'originated',
  'delivered',
  'established',
  'held',
  'retrieved',
  'queued',
  'failed',
  'diverted',
  'connectionCleared',
] as const;
export type ConnectionEventName = (typeof CONNECTION_EVENTS)[number];

export type SwitchEvent =
  | {
      readonly kind: 'connection';
      readonly name: ConnectionEventName;
      /** The connection that has changed; its state is `after`, and `call` is the call as it is now. */
      readonly connection: ConnectionRef;
      readonly before: ConnectionState;
      readonly after: ConnectionState;
      readonly cause: Cause;
      readonly call: CallSnapshot;
      /** Of `diverted`: where the call goes instead. */
      readonly divertedTo?: DeviceId;
    }
  /**
   * Two calls have become `call` (or, in one step, one call has changed), and `transferring` is out of it. `secondaryOld` is gone
   * for good: its connections are those of `call` now.
   */
  | {
      readonly kind: 'transferred';
      readonly primaryOld: CallId;
      readonly secondaryOld: CallId | undefined;
      readonly transferring: DeviceId;
      readonly transferredTo: DeviceId;
      readonly cause: Cause;
      readonly call: CallSnapshot;
    }
  /** As `transferred`, and `conferencing` stays in; or a device has been added in one step. */
  | {
      readonly kind: 'conferenced';
      readonly primaryOld: CallId;
      readonly secondaryOld: CallId | undefined;
      readonly conferencing: DeviceId;
      readonly added: DeviceId;
      readonly cause: Cause;
      readonly call: CallSnapshot;
    }
  /** Keys that came from a connection as telephone events. */
  | { readonly kind: 'digits'; readonly connection: ConnectionRef; readonly digits: string }
  /** A setting of an extension is another now; `features` is all of them. */
  | {
      readonly kind: 'features';
      readonly changed:
        | 'forwarding'
        | 'doNotDisturb'
        | 'busyBehaviour'
        | 'routing'
        | 'alternative'
        | 'agentState'
        | 'messageWaiting';
      readonly features: FeatureSnapshot;
    }
  | { readonly kind: 'callBack'; readonly device: DeviceId; readonly to: DeviceId; readonly set: boolean }
  /** Something has registered, or the last registration is gone: ECMA-269 section 20.2 (in and out of service). */
  | { readonly kind: 'service'; readonly device: DeviceId; readonly inService: boolean };

/** What a CSTA server and the page hold of the switch. */
export interface SwitchApi {
  execute(command: SwitchCommand): SwitchOutcome;
  devices(): readonly DeviceSnapshot[];
  device(id: DeviceId): DeviceSnapshot | undefined;
  calls(): readonly CallSnapshot[];
  call(id: CallId): CallSnapshot | undefined;
  /** By the main number of an extension, or by that of its `line`. */
  features(device: DeviceId): FeatureSnapshot | undefined;
  /** Call-backs that are set. */
  callBacks(): readonly { readonly device: DeviceId; readonly to: DeviceId }[];
  /** Disposing of the result ends it. Events come after the command that caused them has returned its outcome. */
  subscribe(listener: (event: SwitchEvent) => void): Disposable;
}
