import { ERROR_CODES, MESSAGE_NAMES } from '@offhook/csta';
import { z } from 'zod';
import { WRONG_FRAMES } from './wrong-frames.ts';

/**
 * What the CSTA server does wrong when it is told to: for tests of clients. A fault is about a request of the client, an event of the
 * server, or a message that the session answers by itself.
 */

const ms = z.number().int().min(0).max(60_000);
const wrongFrame = z.strictObject({ kind: z.literal('wrong_frame'), shape: z.enum(WRONG_FRAMES) });
/** Nothing is sent any more, heartbeats least of all, and the link stays open. */
const silence = z.strictObject({ kind: z.literal('silence') });

const requestFault = z.discriminatedUnion('kind', [
  /** Carried out at once, answered later. */
  z.strictObject({ kind: z.literal('late_answer'), ms }),
  /** Carried out, never answered. */
  z.strictObject({ kind: z.literal('missing_answer') }),
  z.strictObject({ kind: z.literal('duplicated_answer') }),
  /** Says yes and does nothing. */
  z.strictObject({ kind: z.literal('false_success') }),
  /** Says no and does it. */
  z.strictObject({
    kind: z.literal('false_refusal'),
    code: z.enum(ERROR_CODES).default('systemResourceAvailability.generic'),
  }),
  /** Before: the request is not carried out. After: it is, and its answer never leaves. */
  z.strictObject({ kind: z.literal('link_loss'), when: z.enum(['before', 'after']) }),
  /** In place of the answer. */
  wrongFrame,
  silence,
]);

const eventFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('late_event'), ms }),
  z.strictObject({ kind: z.literal('missing_event') }),
  z.strictObject({ kind: z.literal('duplicated_event') }),
  /** Comes after the event that follows it, or after a second where none does. */
  z.strictObject({ kind: z.literal('reordered_event') }),
  z.strictObject({ kind: z.literal('link_loss'), when: z.enum(['before', 'after']) }),
  wrongFrame,
  silence,
]);

/** Start, renewal, registration and heartbeats: the session answers them, so that only the link can go wrong. */
const sessionFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('link_loss') }),
  wrongFrame,
  silence,
]);

/** `*` for every message. */
const message = z.enum([...MESSAGE_NAMES, '*'], 'must be the name of a CSTA message, or *').default('*');

const when = {
  message,
  /** So many of these messages are passed over first. */
  skip: z.number().int().min(0).max(100_000).default(0),
  /** Then so many go wrong. */
  times: z.number().int().min(1).max(100_000).default(1),
};

export const faultRule = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('request'), ...when, fault: requestFault }),
  z.strictObject({ on: z.literal('event'), ...when, fault: eventFault }),
  /** `in`: what the client sends, before it is answered; `out`: what is sent to it, instead of which the fault comes. */
  z.strictObject({
    on: z.literal('session'),
    ...when,
    direction: z.enum(['in', 'out']).default('in'),
    fault: sessionFault,
  }),
]);

export type FaultRule = z.infer<typeof faultRule>;
export type FaultRuleInput = z.input<typeof faultRule>;
export type RequestFault = z.infer<typeof requestFault>;
export type EventFault = z.infer<typeof eventFault>;
export type SessionFault = z.infer<typeof sessionFault>;
