import { OffhookError, SESSION_COOKIE, type SignInResult } from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '../ids.ts';
import { hashToken, newToken } from '../secrets/tokens.ts';
import type { SessionLifetimes } from '../sign-in/service.ts';
import type { SignInStore } from '../sign-in/store.ts';
import type { Accepted } from './accept.ts';

/** Signs in whoever has followed a link: a session of the usual length, and its cookie. */
export const enterByLink =
  (store: SignInStore, { absolute }: SessionLifetimes, { secure }: { secure: boolean }) =>
  async (_request: FastifyRequest, reply: FastifyReply, who: Accepted): Promise<SignInResult> => {
    const { tenantId, userId } = who;
    const me = await store.findMe(tenantId, userId);
    if (me === undefined) throw new OffhookError('unauthenticated');
    const token = newToken();
    const now = Date.now();
    const session = { tenantId, userId, sessionId: newId('ses'), lastSeenAt: now, expiresAt: now + absolute };
    await store.addSession(session, hashToken(token));
    const maxAge = Math.floor(absolute / 1000);
    void reply.setCookie(SESSION_COOKIE, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure,
      maxAge,
    });
    return { state: 'signed_in', me };
  };
