import type { PushMessage } from '@offhook/contract';

/** What the worker asks of a window. */
export type ToWindow =
  | { readonly kind: 'answer'; readonly callId: string }
  | { readonly kind: 'open'; readonly page: 'recent' };

/** The words of notifications in the person's language; `{{who}}` is the caller. */
export interface NotificationWords {
  readonly ringing: string;
  readonly missed: string;
  readonly unknown: string;
  readonly answer: string;
  readonly reject: string;
}

export const english: NotificationWords = {
  ringing: '{{who}} is calling',
  missed: 'Missed call: {{who}}',
  unknown: 'Unknown caller',
  answer: 'Answer',
  reject: 'Reject',
};

/** Where the page leaves its words for the worker. */
export const KEPT_CACHE = 'offhook-kept';
export const WORDS_AT = '/kept/words.json';

/** From the own server or the own page: only the kinds are told apart. */
export function isCallNews(data: unknown): data is PushMessage {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !('callId' in data)) return false;
  return (
    typeof data.callId === 'string' &&
    (data.kind === 'ringing' || data.kind === 'missed' || data.kind === 'over')
  );
}
