import type { Millis } from '@offhook/sip';
import type { Person } from '../person.ts';
import type { CallId, Cause, ConnectionState, DeviceId } from './api.ts';
import type { Leg } from './leg.ts';
import type { Heard, LegId, PassOn, Place, ReferId, Diverted } from './model.ts';

/**
 * One device in one call. While it alerts it may have several legs, one for each place where its device is registered; once
 * answered it has one. What ends inside the PBX (a service, a mailbox, a room, a park slot) has no leg but an `endpoint`.
 */
export interface Connection {
  readonly device: DeviceId;
  /** As the others see it. */
  person: Person;
  /** Changes when two calls become one. */
  call: Call;
  state: ConnectionState;
  since: Millis;
  /** The one that talks, or that waits for its call to be answered. */
  leg: Leg | undefined;
  /** Those that ring. */
  readonly ringing: Set<Leg>;
  readonly endpoint: Endpoint | undefined;
  /** Held by the switch, whatever the device itself has said. */
  heldHere: boolean;
  /** What the connection came into the call as; the cause of events that have none of their own. */
  readonly cause: Cause;
}

/** What answers inside the PBX; `heard` is what the others hear of it. */
export type Endpoint =
  | { readonly kind: 'plays'; readonly heard: Heard }
  | { readonly kind: 'room' }
  | { readonly kind: 'slot'; readonly slot: number };

/** Why a target is being called, and what happens when it answers. */
export type Purpose =
  /** The waiting connection is its caller. */
  | { readonly kind: 'call' }
  /** `by` has asked for it and leaves when the target answers; it learns how things go where it has sent a REFER. */
  | { readonly kind: 'transfer'; readonly by: Connection; readonly refer: ReferId | undefined }
  /** A single-step conference: the target joins. */
  | { readonly kind: 'add'; readonly by: Connection }
  /** The device itself is rung so that it can call: then the number is dialled for it. */
  | { readonly kind: 'prompt'; readonly dials: string; readonly cause: Cause };

/** Somebody is being called for a call. */
export interface Attempt {
  /** Changes when two calls become one. */
  call: Call;
  /** Who waits for the answer; undefined for a prompt. */
  waiting: Connection | undefined;
  readonly purpose: Purpose;
  /** Whose rights to dial count in the place of those of who waits: the one that has parked the call. */
  readonly onBehalfOf: DeviceId | undefined;
  readonly targets: Set<Connection>;
  /** Extensions that it has been to: no forwarding goes round in circles. */
  readonly visited: Set<string>;
  /** The latest first. */
  diverted: readonly Diverted[];
  /** The extension that rings, whose forwarding counts. */
  ringingAt: string | undefined;
  /** The number that is called now. */
  number: string;
  until: Millis | undefined;
  /** When the alternative number rings, too. */
  alternative: { readonly at: Millis; readonly number: string } | undefined;
  /** The most telling refusal so far. */
  failure: number;
  autoAnswer: boolean;
  readonly cause: Cause;
}

export interface Call {
  readonly id: CallId;
  readonly connections: Set<Connection>;
  readonly attempts: Set<Attempt>;
  readonly calling: DeviceId;
  called: DeviceId;
  lastRedirection: DeviceId | undefined;
  readonly startedAt: Millis;
  readonly passOn: PassOn | undefined;
  /** Where the caller's INVITE came from. */
  readonly source: Place['target'] | undefined;
  /** Its slot, who has parked it, and when it comes back. */
  parked: { readonly slot: Connection; readonly by: DeviceId; readonly until: Millis } | undefined;
}

/** States in which a device is taken up by a call. */
const BUSY_STATES: ReadonlySet<ConnectionState> = new Set(['initiated', 'connected', 'held']);

export function isTakenUp(connection: Pick<Connection, 'state'>): boolean {
  return BUSY_STATES.has(connection.state);
}

/** Talks or has been put on hold: is a party of the call. */
export function isParty(connection: Pick<Connection, 'state'>): boolean {
  return connection.state === 'connected' || connection.state === 'held' || connection.state === 'queued';
}

export function isConference(call: Call): boolean {
  const parties = [...call.connections].filter(isParty);
  return parties.length > 2 || parties.some(({ endpoint }) => endpoint?.kind === 'room');
}

export function legIds(connections: readonly Connection[]): readonly LegId[] {
  return connections.flatMap(({ leg }) => (leg?.isAnswered === true ? [leg.id] : []));
}
