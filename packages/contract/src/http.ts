import * as z from 'zod';
import { Me } from './client.ts';
import { WireError } from './errors.ts';

/** The HTTP API. Every refusal has the body {@link ErrorBody}; the session is an HttpOnly cookie. */
export const ErrorBody = z.object({ error: WireError });
export type ErrorBody = z.infer<typeof ErrorBody>;

export const SESSION_COOKIE = 'offhook_session';

/** `POST /api/session` → 200 `SignInResult` (`admin/accounts.ts`) and, where signed in, the cookie; 401 `invalid_credentials`; 429 `rate_limited`. */
export const SignIn = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(256) });
export type SignIn = z.infer<typeof SignIn>;

/**
 * `GET /api/session` → 200, also for nobody: a browser prints every 401 in its console. `DELETE /api/session` → 204.
 * `me` null: nobody is signed in; `expired`: somebody was, for too long. `secondFactorMissing`: only the own account
 * is open until a second factor has been set up.
 */
export const SessionBody = z.object({
  me: Me.nullable(),
  expired: z.literal(true).optional(),
  secondFactorMissing: z.literal(true).optional(),
});
export type SessionBody = z.infer<typeof SessionBody>;
