import { headerFields } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';

/** RFC 3323 section 4.2, RFC 3325 section 9.3 (`id`), RFC 7044 section 10.1.2 (`history`). */
export const PRIVACY_VALUES = ['header', 'session', 'user', 'id', 'history', 'none', 'critical'] as const;
export type PrivacyValue = (typeof PRIVACY_VALUES)[number];

/** The values that are known here, of all Privacy fields. `;` separates them; commas, which some send, do too. */
export function privacyOf(message: WithHeaders): ReadonlySet<PrivacyValue> {
  return parsePrivacy(headerFields(message, 'privacy').join(';'));
}

export function parsePrivacy(text: string): ReadonlySet<PrivacyValue> {
  const words = new Set(text.split(/[;,]/).map((word) => word.trim().toLowerCase()));
  return new Set(PRIVACY_VALUES.filter((value) => words.has(value)));
}

/** The order is that of {@link PRIVACY_VALUES}; empty for an empty set, which is to be left out of a message. */
export function formatPrivacy(values: ReadonlySet<PrivacyValue>): string {
  return PRIVACY_VALUES.filter((value) => values.has(value)).join(';');
}
