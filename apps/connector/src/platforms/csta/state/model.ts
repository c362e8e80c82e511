import type { Direction, UserId } from '@offhook/contract';
import type { CallId, ConnectionId, DeviceId, LocalConnectionState, ServicesPermitted } from '@offhook/csta';
import type { DeviceKey } from '../numbers.ts';

/** ECMA-269 section 6.1.5 without Null: what is null is not there. */
export type MemberState = Exclude<LocalConnectionState, 'null'>;

/** One device's part in a call. */
export interface Member {
  readonly key: DeviceKey;
  /** As the platform writes it, for requests. */
  readonly connection: ConnectionId;
  readonly state: MemberState;
  /** Its identifier says number and name. */
  readonly id: DeviceId;
  /** Milliseconds since the epoch, since it was seen first. */
  readonly since: number;
  readonly answeredAt: number | undefined;
  readonly services: ServicesPermitted | undefined;
  readonly sipCallId: string | undefined;
  /** Of a place where a call is parked: whose user has parked it there. */
  readonly parkedBy: UserId | undefined;
}

/** Who a call is to one of our users. */
export interface Share {
  /**
   * The call's name in reports: the id that it had when this user came in. Transfers and conferences give calls new ids; to the
   * user it is the same call.
   */
  readonly name: string;
  readonly direction: Direction;
}

/** A call as far as it is known: its members are the monitored devices and, as events and snapshots tell, the others. */
export interface TrackedCall {
  id: CallId;
  calling: DeviceId | undefined;
  called: DeviceId | undefined;
  redirecting: DeviceId | undefined;
  /** Why the other side could not be reached, while one hears the tone. */
  failure: string | undefined;
  readonly members: Map<DeviceKey, Member>;
  readonly shares: Map<UserId, Share>;
  /** Since the last snapshot, or by a whole event: who is in it. Until then it is shown to nobody. */
  isKnown: boolean;
}

/** What the tracker wants, in the order of the first wish; taken by whoever carries it out. */
export interface Wishes {
  /** Something does not fit: a snapshot of these devices decides. */
  readonly devices: ReadonlySet<DeviceKey>;
  /** Who is in these calls is not known. */
  readonly calls: ReadonlySet<CallId>;
  /** Their reports may be others now. */
  readonly users: ReadonlySet<UserId>;
  /** Calls that have just begun to ring at a desk phone. */
  readonly alerting: readonly { readonly userId: UserId; readonly call: CallId }[];
}

/**
 * ECMA-269 figure 6-3, as wide as platforms go about it. What is not here does not happen by itself: an event was lost, late, sent
 * twice or wrong.
 *
 * ```
 *   null ─► initiated ─► connected ◄─► hold
 *   null ─► alerting ──► connected          queued ◄─► alerting, connected
 *   any ──► fail, null
 * ```
 */
const NEXT: Readonly<Record<LocalConnectionState, readonly LocalConnectionState[]>> = {
  null: ['initiated', 'alerting', 'queued', 'null'],
  initiated: ['initiated', 'connected', 'fail', 'null'],
  alerting: ['alerting', 'connected', 'queued', 'fail', 'null'],
  connected: ['connected', 'hold', 'queued', 'fail', 'null'],
  hold: ['hold', 'connected', 'queued', 'fail', 'null'],
  queued: ['queued', 'alerting', 'connected', 'fail', 'null'],
  fail: ['fail', 'null'],
};

export const isStep = (from: LocalConnectionState, to: LocalConnectionState): boolean =>
  NEXT[from].includes(to);

/** Events with which a connection may begin in the state connected. */
export const BEGINS_CONNECTED: ReadonlySet<string> = new Set(['OriginatedEvent', 'ServiceInitiatedEvent']);
