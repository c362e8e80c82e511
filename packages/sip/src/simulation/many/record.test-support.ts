import type { EndReason, InviteParams, SessionId } from '../../endpoint/api.ts';
import type { ReferralState } from '../../endpoint/subscription-api.ts';
import type { Life } from './life.test-support.ts';
import type { Scenario, Side } from './scenario.test-support.ts';
import type { CallWire } from './wire.test-support.ts';

/** One call as the harness knows it. */
export interface CallRecord {
  readonly scenario: Scenario;
  /** The caller's first; a callee that was restarted while it rang may have one for each life. */
  readonly legs: Leg[];
  /** What each host has sent and heard of it. */
  readonly wires: Map<Life, CallWire>;
  /** Nobody was bound to the callee's address of record: the call was not made. */
  isUnreachable: boolean;
  /** The leg that this call is made to take the place of. */
  readonly replaces?: Leg;
  /** The call that is made to take the place of this one. */
  replacedBy?: CallRecord;
  /** What came of the transfer that one side has begun. */
  transfer?: Transfer;
  /** The caller has heard of two dialogs: of a callee that was restarted while it rang. */
  isForked: boolean;
}

export interface Transfer {
  /** What the transferor was told, in order. */
  readonly states: ReferralState[];
  /** The call that the other side has made because of it. */
  call?: CallRecord;
}

/** How a call is made besides what its scenario says: with neither `to` nor `target`, by way of the registrar. */
export type Way = Pick<InviteParams, 'target' | 'replaces'> & { readonly to?: string };

/** One side of one call in one life of its host: what its application did and was told. */
export interface Leg {
  readonly record: CallRecord;
  readonly side: Side;
  readonly life: Life;
  readonly session: SessionId;
  readonly startedAt: number;
  /** Of the other side, as soon as it is known which dialog the call is in. */
  remoteTag?: string;
  /** The dialog, whose description was agreed before the answer; a 2xx brings no other. */
  early?: { readonly remoteTag: string };
  /** The ACK has come. */
  confirmedAt?: number;
  /** Accepted by us, or told that the other side has. */
  answeredAt?: number;
  /** The leg of the same user that ends when this one is answered. */
  displaces?: Leg;
  /** `end` or `refuse` was called, or the call that takes its place was accepted. */
  endingAt?: number;
  refusedWith?: number;
  /** The label of our own offer in the middle of the call, until its result comes. */
  offered?: string;
  /** The other side's offer, until our application has answered it. */
  asked?: string;
  /** Our 2xx has carried the offer, and the ACK with the answer has not come; or we owe that answer ourselves. */
  awaits?: 'their_answer' | 'our_answer';
  /** `offer → answer` in the order in which they were agreed, as this side knows it. */
  readonly agreed: string[];
  ended?: { readonly end: EndReason; readonly at: number; readonly open: OpenAtEnd };
}

/** What this side knew that it did not know when its session ended. */
export interface OpenAtEnd {
  readonly offered: string | undefined;
  readonly awaits: Leg['awaits'];
}

/** Told of and not over, as its application sees it. */
export const isLive = (leg: Leg): boolean => leg.ended === undefined && leg.life.endedAt === undefined;

/** Nothing is open between offer and answer, as this side sees it. */
export const isQuiet = (leg: Leg): boolean =>
  leg.answeredAt !== undefined &&
  leg.offered === undefined &&
  leg.asked === undefined &&
  leg.awaits === undefined;

export const isOver = (record: CallRecord): boolean => !record.legs.some(isLive);
