import { ErrorBody, OffhookError, SESSION_COOKIE, SessionBody, SignIn } from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { App } from '../http/app.ts';
import type { Authenticated, SignInService } from './service.ts';

/** Who asks, for the routes that need to know. @throws OffhookError `unauthenticated`, `session_expired` */
export type Authenticate = (request: FastifyRequest) => Promise<Authenticated>;

export const authenticateWith =
  (service: SignInService): Authenticate =>
  (request) =>
    service.authenticate(request.cookies[SESSION_COOKIE]);

export function signInRoutes(app: App, service: SignInService, { secure }: { secure: boolean }): void {
  const authenticate = authenticateWith(service);
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;

  app.route({
    method: 'POST',
    url: '/api/session',
    config: { access: 'anyone' },
    schema: {
      summary: 'Sign in',
      body: SignIn,
      response: { 200: SessionBody, 401: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const { token, me, maxAgeSeconds } = await service.signIn(request.body, request.ip);
      void reply.setCookie(SESSION_COOKIE, token, { ...cookie, maxAge: maxAgeSeconds });
      return { me };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/session',
    config: { access: 'anyone' },
    schema: { summary: 'Who am I', response: { 200: SessionBody, 401: ErrorBody } },
    handler: async (request) => ({ me: (await authenticate(request)).me }),
  });

  app.route({
    method: 'DELETE',
    url: '/api/session',
    config: { access: 'anyone' },
    schema: { summary: 'Sign out', response: { 204: z.null(), 401: ErrorBody } },
    handler: async (request, reply) => {
      void reply.clearCookie(SESSION_COOKIE, cookie);
      await service.signOut(await authenticate(request));
      return reply.code(204).send(null);
    },
  });
}
