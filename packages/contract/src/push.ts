import * as z from 'zod';
import { CallId, ClientId, type UserId } from './ids.ts';
import { Limits } from './limits.ts';

/**
 * Notifications of a phone whose windows are all closed or hidden, by Web Push (RFC 8030, 8291, 8292).
 *
 * `GET /api/push` → {@link PushOffer}. `POST /api/push/subscription` {@link PushSubscription} → 204: of this session, in
 * place of the one that it had; 404 where push is switched off. `DELETE /api/push/subscription` → 204.
 * `POST /api/calls/:callId/reject` → 204: for a service worker, which has no socket; refused as `call.reject` is.
 */
export const PushOffer = z.object({
  /** VAPID key (RFC 8292): 65 bytes in base64url. Absent: this installation sends no pushes. */
  publicKey: z.string().max(120).optional(),
});
export type PushOffer = z.infer<typeof PushOffer>;

/** What the browser's `PushSubscription.toJSON()` says. */
export const PushSubscription = z.object({
  endpoint: z.url().max(1000),
  keys: z.object({
    p256dh: z.string().regex(/^[\w-]{86,88}$/u),
    auth: z.string().regex(/^[\w-]{22,24}$/u),
  }),
});
export type PushSubscription = z.infer<typeof PushSubscription>;

const ofCall = { callId: CallId };
const who = {
  name: z.string().max(200).optional(),
  /** Empty when the caller withholds it. */
  number: z.string().max(Limits.targetChars),
};

/** What is sealed in a push. No more than a notification shows. */
export const PushMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ringing'), ...ofCall, ...who }),
  /** It rings no more: somebody has taken it, or sent it away. */
  z.object({ kind: z.literal('over'), ...ofCall }),
  /** It rings no more, and nobody took it. */
  z.object({ kind: z.literal('missed'), ...ofCall, ...who }),
]);
export type PushMessage = z.infer<typeof PushMessage>;

/**
 * A person who can be reached by push counts for the connector as one who has a client: this one, which no socket ever
 * has. It is what rejects a call without a window.
 */
export const pushClientId = (userId: UserId): ClientId => ClientId.parse(`push.${userId}`.slice(0, 64));
