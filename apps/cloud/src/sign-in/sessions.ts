import {
  OffhookError,
  SESSION_COOKIE,
  type Me,
  type SignInResult,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { hashToken, newToken } from '../secrets/tokens.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { agentWords } from './agent.ts';
import { DEVICE_COOKIE, DEVICE_COOKIE_AGE, withAccount } from './limits/device-cookie.ts';
import { readMe } from './me.ts';
import { methodsOf, readFactors } from './second-factor/factors.ts';
import { authenticationOptions, newChallenge, relyingParty } from './second-factor/passkeys.ts';
import { createTicket, type FirstFactor } from './second-factor/tickets.ts';
import { refuseWhereSsoOnly } from '../sso/only.ts';

/** Milliseconds: from sign-in, and since it was last used. An open socket uses it. */
export type SessionLifetimes = { absolute: number; idle: number };
export const sessionLifetimes: SessionLifetimes = { absolute: 30 * 24 * 3_600_000, idle: 7 * 24 * 3_600_000 };

export type SessionMethod = 'password' | 'passkey' | 'oidc' | 'saml' | 'link';

/** From where a request comes: {@link whereFrom}. */
export type From = {
  address: string;
  /** `Chrome on Windows`. */
  agent: string | undefined;
  /** As the browser named it, with its port: passkeys are bound to it. */
  host: string;
  deviceCookie: string | undefined;
};

/** Who has proved to be whom, how, and from where. */
export type Proved = From & { tenantId: TenantId; userId: UserId; method: SessionMethod };

export type OpenedSession = {
  token: string;
  sessionId: string;
  me: Me;
  method: SessionMethod;
  maxAgeSeconds: number;
};

/** What a first factor leads to. */
export type Begun =
  | { state: 'signed_in'; opened: OpenedSession }
  | Extract<SignInResult, { state: 'second_factor' }>;

/**
 * Sessions are opened here and nowhere else, whatever proved who somebody is: a password, a passkey, a company's own sign-in or a link. Handlers call
 * {@link Sessions.begin} in their transaction and, after it, answer with {@link Sessions.answer}.
 */
export type Sessions = {
  /**
   * After a first factor: a session, or the ticket for the second factor where the account has one. A passkey is both: `open`.
   * @throws OffhookError `invalid_credentials`: the user or the tenant is disabled, deleted or being deleted
   */
  begin: (transaction: TenantTransaction, proved: Proved & { method: FirstFactor }) => Promise<Begun>;
  /** A session at once: the second factor has been asked for, or is somebody else's to ask for (single sign-on). Throws as `begin`. */
  open: (
    transaction: TenantTransaction,
    proved: Proved & { secondFactor: boolean },
  ) => Promise<OpenedSession>;
  /** The body of the answer; where it is a session, with its cookies. */
  answer: (request: FastifyRequest, reply: FastifyReply, begun: Begun) => SignInResult;
  setCookies: (request: FastifyRequest, reply: FastifyReply, opened: OpenedSession) => void;
  clearCookie: (reply: FastifyReply) => void;
};

export const whereFrom = (request: FastifyRequest): From => ({
  address: request.ip,
  agent: agentWords(request.headers['user-agent']),
  host: request.host,
  deviceCookie: request.cookies[DEVICE_COOKIE],
});

export type SessionsOptions = {
  secrets: SecretBox;
  lifetimes: SessionLifetimes;
  /** `https://phone.example.com`: passkeys are bound to it, and with https cookies are Secure. */
  publicOrigin: string | undefined;
};

export function createSessions({ secrets, lifetimes, publicOrigin }: SessionsOptions): Sessions {
  const secure = publicOrigin?.startsWith('https:') === true;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;

  const open: Sessions['open'] = async (trx, { tenantId, userId, method, secondFactor, address, agent }) => {
    const me = await readMe(trx, tenantId, userId);
    if (me === undefined) throw new OffhookError('invalid_credentials');
    await refuseWhereSsoOnly(trx, userId, method);
    const now = Date.now();
    const [token, sessionId] = [newToken(), newId('ses')];
    await trx
      .insertInto('sessions')
      .values({
        tenant_id: tenantId,
        session_id: sessionId,
        user_id: userId,
        token_hash: hashToken(token),
        created_at: now,
        last_seen_at: now,
        expires_at: now + lifetimes.absolute,
        address,
        agent: agent ?? null,
        method,
        second_factor: secondFactor,
        proved_at: now,
      })
      .execute();
    await trx
      .updateTable('users')
      .set((eb) => ({ last_seen_at: now, activated_at: eb.fn.coalesce('activated_at', eb.val(now)) }))
      .where('user_id', '=', userId)
      .execute();
    return { token, sessionId, me, method, maxAgeSeconds: Math.floor(lifetimes.absolute / 1000) };
  };

  const begin: Sessions['begin'] = async (trx, proved) => {
    const { tenantId, userId, method } = proved;
    if ((await readMe(trx, tenantId, userId)) === undefined) throw new OffhookError('invalid_credentials');
    await refuseWhereSsoOnly(trx, userId, method);
    const factors = await readFactors(trx, userId);
    const methods = methodsOf(factors);
    if (methods.length === 0) {
      return { state: 'signed_in', opened: await open(trx, { ...proved, secondFactor: false }) };
    }
    const challenge = newChallenge();
    const ticketOf = { tenantId, userId, kind: 'second_factor', method, payload: challenge } as const;
    return {
      state: 'second_factor',
      ticket: await createTicket(trx, secrets, ticketOf),
      methods,
      ...(methods.includes('passkey')
        ? {
            passkey: await authenticationOptions(
              relyingParty(publicOrigin, proved.host),
              challenge,
              factors.passkeys,
            ),
          }
        : {}),
    };
  };

  const setCookies: Sessions['setCookies'] = (request, reply, { token, maxAgeSeconds, me, method }) => {
    void reply.setCookie(SESSION_COOKIE, token, { ...cookie, maxAge: maxAgeSeconds });
    // A company's own sign-in is limited by the company.
    if (method === 'oidc' || method === 'saml') return;
    const device = withAccount(secrets, request.cookies[DEVICE_COOKIE], me.email);
    void reply.setCookie(DEVICE_COOKIE, device, { ...cookie, maxAge: DEVICE_COOKIE_AGE });
  };

  return {
    open,
    begin,
    setCookies,
    answer: (request, reply, begun) => {
      if (begun.state === 'second_factor') return begun;
      setCookies(request, reply, begun.opened);
      return { state: 'signed_in', me: begun.opened.me };
    },
    clearCookie: (reply) => void reply.clearCookie(SESSION_COOKIE, cookie),
  };
}
