import { isToken, parseDecimal } from '../message/chars.ts';
import { headerFields, headerValues } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import { formatParams, parseValueAndParams } from '../message/params.ts';
import type { Params } from '../message/params.ts';

/** Event (RFC 6665 section 8.2.1). */
export interface EventValue {
  /** With its templates: `presence.winfo`. Compared octet by octet, as the id is. */
  readonly package: string;
  readonly id?: string;
  /** All parameters, `id` too: packages have their own (RFC 4235 section 3.2: `call-id`, `to-tag`, `from-tag`). */
  readonly params: Params;
}

export function parseEvent(text: string): EventValue | undefined {
  const parts = parseValueAndParams(text);
  if (parts === undefined || !isToken(parts.value)) return undefined;
  const { value, params } = parts;
  const id = params.get('id');
  if (params.has('id') && (id === undefined || !isToken(id))) return undefined;
  return { package: value, params, ...(id !== undefined && { id }) };
}

/** Event of a message; `undefined`, to be answered 489, where there is not exactly one that can be read. */
export function eventOf(message: WithHeaders): EventValue | undefined {
  const fields = headerFields(message, 'event');
  return fields.length === 1 ? parseEvent(fields[0] ?? '') : undefined;
}

/** `id` stands first; other parameters follow. */
export function formatEvent(value: Pick<EventValue, 'package'> & Partial<EventValue>): string {
  const others = new Map(value.params);
  others.delete('id');
  const id = value.id === undefined ? '' : `;id=${value.id}`;
  return `${value.package}${id}${formatParams(others)}`;
}

/** Whether a NOTIFY is of the subscription that a SUBSCRIBE made (RFC 6665 section 8.2.1): package and id. */
export function isSameEvent(left: EventValue, right: EventValue): boolean {
  return left.package === right.package && left.id === right.id;
}

/** Reasons of RFC 6665 section 4.1.3. */
export const SUBSCRIPTION_REASONS = [
  'deactivated',
  'probation',
  'rejected',
  'timeout',
  'giveup',
  'noresource',
  'invariant',
] as const;
export type SubscriptionReason = (typeof SUBSCRIPTION_REASONS)[number];

/** Subscription-State of a NOTIFY (RFC 6665 section 8.2.3). */
export type SubscriptionStateValue =
  /** `expires`: seconds that are left. */
  | { readonly state: 'active' | 'pending'; readonly expires?: number }
  | {
      readonly state: 'terminated';
      /** A reason that is not known here counts as none (section 4.1.3). */
      readonly reason?: SubscriptionReason;
      /** Seconds before it may be subscribed again. */
      readonly retryAfter?: number;
    };

/** `undefined` also for a state of an extension, because nobody can say what it means for the subscription. */
export function parseSubscriptionState(text: string): SubscriptionStateValue | undefined {
  const parts = parseValueAndParams(text);
  if (parts === undefined) return undefined;
  const state = parts.value.toLowerCase();
  const seconds = (name: string) => parseDecimal(parts.params.get(name) ?? '', 0xffff_ffff);
  switch (state) {
    case 'active':
    case 'pending': {
      const expires = seconds('expires');
      return { state, ...(expires !== undefined && { expires }) };
    }
    case 'terminated': {
      const word = parts.params.get('reason')?.toLowerCase();
      const reason = SUBSCRIPTION_REASONS.find((known) => known === word);
      const retryAfter = seconds('retry-after');
      return {
        state,
        ...(reason !== undefined && { reason }),
        ...(retryAfter !== undefined && { retryAfter }),
      };
    }
    default:
      return undefined;
  }
}

/** `undefined`, to be answered 400, where there is not exactly one that can be read. */
export function subscriptionState(message: WithHeaders): SubscriptionStateValue | undefined {
  const fields = headerFields(message, 'subscription-state');
  return fields.length === 1 ? parseSubscriptionState(fields[0] ?? '') : undefined;
}

export function formatSubscriptionState(value: SubscriptionStateValue): string {
  if (value.state !== 'terminated') {
    return value.expires === undefined ? value.state : `${value.state};expires=${value.expires}`;
  }
  const reason = value.reason === undefined ? '' : `;reason=${value.reason}`;
  const retryAfter = value.retryAfter === undefined ? '' : `;retry-after=${value.retryAfter}`;
  return `${value.state}${reason}${retryAfter}`;
}

/** The packages of Allow-Events (RFC 6665 section 8.2.2). */
export function allowedEvents(message: WithHeaders): readonly string[] {
  return headerValues(message, 'allow-events').filter((value) => isToken(value));
}
