import {
  ErrorBody,
  OffhookError,
  SESSION_COOKIE,
  SessionBody,
  SignIn,
  SignInResult,
} from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { App } from '../http/app.ts';
import type { Authenticated, SignInService } from './service.ts';
import { whereFrom, type Sessions } from './sessions.ts';

/** Who asks, for the routes that need to know. @throws OffhookError `unauthenticated`, `session_expired` */
export type Authenticate = (request: FastifyRequest) => Promise<Authenticated>;

export const authenticateWith =
  (service: SignInService): Authenticate =>
  (request) =>
    service.authenticate(request.cookies[SESSION_COOKIE]);

export function signInRoutes(app: App, service: SignInService, sessions: Sessions): void {
  const authenticate = authenticateWith(service);

  app.route({
    method: 'POST',
    url: '/api/session',
    config: { access: 'anyone' },
    schema: {
      summary: 'Sign in',
      body: SignIn,
      response: { 200: SignInResult, 401: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const from = { ...whereFrom(request), address: request.ip };
      return sessions.answer(request, reply, await service.signIn(request.body, from));
    },
  });

  app.route({
    method: 'GET',
    url: '/api/session',
    config: { access: 'anyone' },
    schema: { summary: 'Who am I', response: { 200: SessionBody } },
    handler: async (request) => {
      try {
        return { me: (await authenticate(request)).me };
      } catch (error) {
        const { code } = OffhookError.from(error);
        if (code === 'session_expired') return { me: null, expired: true as const };
        if (code === 'unauthenticated') return { me: null };
        throw error;
      }
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/session',
    config: { access: 'anyone' },
    schema: { summary: 'Sign out', response: { 204: z.null(), 401: ErrorBody } },
    handler: async (request, reply) => {
      sessions.clearCookie(reply);
      await service.signOut(await authenticate(request));
      return reply.code(204).send(null);
    },
  });
}
