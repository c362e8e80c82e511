import {
  ErrorBody,
  OffhookError,
  PasskeyAssertion,
  PasskeyChallenge,
  SecondFactorAnswer,
  SESSION_COOKIE,
  SessionBody,
  SignIn,
  SignInResult,
} from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { App } from '../http/app.ts';
import type { Authenticated, SignInService } from './service.ts';
import type { SecondFactorService } from './second-factor/service.ts';
import { whereFrom, type Sessions } from './sessions.ts';

/** Who asks, for the routes that need to know. @throws OffhookError `unauthenticated`, `session_expired` */
export type Authenticate = (request: FastifyRequest) => Promise<Authenticated>;

export const authenticateWith =
  (service: SignInService): Authenticate =>
  (request) =>
    service.authenticate(request.cookies[SESSION_COOKIE]);

export function signInRoutes(
  app: App,
  service: SignInService,
  secondFactor: SecondFactorService,
  sessions: Sessions,
): void {
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
      const begun = await service.signIn(request.body, whereFrom(request));
      return sessions.answer(request, reply, begun);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/session/second-factor',
    config: { access: 'anyone' },
    schema: {
      summary: 'Sign in: the second factor',
      body: SecondFactorAnswer,
      response: { 200: SignInResult, 401: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const begun = await secondFactor.answer(request.body, whereFrom(request));
      return sessions.answer(request, reply, begun);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/session/passkey/options',
    config: { access: 'anyone' },
    schema: { summary: 'Sign in with a passkey: the challenge', response: { 200: PasskeyChallenge } },
    handler: (request) => secondFactor.passkeyOptions(whereFrom(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/session/passkey',
    config: { access: 'anyone' },
    schema: {
      summary: 'Sign in with a passkey',
      body: PasskeyAssertion,
      response: { 200: SignInResult, 401: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const begun = await secondFactor.signInByPasskey(request.body, whereFrom(request));
      return sessions.answer(request, reply, begun);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/session',
    config: { access: 'anyone' },
    schema: { summary: 'Who am I', response: { 200: SessionBody } },
    handler: async (request) => {
      try {
        const { me, secondFactorMissing } = await authenticate(request);
        return { me, ...(secondFactorMissing ? { secondFactorMissing } : {}) };
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
