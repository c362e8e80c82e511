import { createHash } from 'node:crypto';
import type { PushMessage } from '@offhook/contract';
import webPush from 'web-push';
import type { Outbound } from '../sso/outbound.ts';
import type { PushKeys, Subscribed } from './store.ts';

/** `gone`: the browser has given the subscription up (RFC 8030 section 7.3). */
export type PushOutcome = 'sent' | 'gone' | 'failed';

/**
 * Seconds for which the push service keeps a push for a browser that is not there: a ringing that comes late is none,
 * a missed call is worth knowing in the evening.
 */
const ttl: Record<PushMessage['kind'], number> = { ringing: 30, over: 60, missed: 12 * 3_600 };
const WITHIN = 5_000;

/**
 * Sends one push: sealed for the browser alone (RFC 8291), signed with the tenant's key (RFC 8292). What is said last of a call takes the
 * place of what the browser has not fetched yet (`Topic`, RFC 8030 section 5.4).
 * @param subject how a push service reaches who runs this: `https:` or `mailto:`
 */
export async function sendPush(
  outbound: Outbound,
  subject: string,
  keys: PushKeys,
  { subscription }: Subscribed,
  message: PushMessage,
): Promise<PushOutcome> {
  const topic = createHash('sha256').update(message.callId).digest('base64url').slice(0, 32);
  const { endpoint, method, headers, body } = webPush.generateRequestDetails(
    subscription,
    JSON.stringify(message),
    {
      vapidDetails: { subject, ...keys },
      TTL: ttl[message.kind],
      urgency: message.kind === 'missed' ? 'normal' : 'high',
      topic,
      contentEncoding: 'aes128gcm',
    },
  );
  const response = await outbound.fetch(endpoint, {
    method,
    headers,
    body,
    signal: AbortSignal.timeout(WITHIN),
  });
  if (response.ok) return 'sent';
  return response.status === 404 || response.status === 410 ? 'gone' : 'failed';
}
