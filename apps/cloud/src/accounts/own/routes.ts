import {
  Account,
  AccountChange,
  ChangePassword,
  ErrorBody,
  NewPasskey,
  PasskeyChallenge,
  Reauthentication,
  RecoveryCodes,
  SessionList,
  TotpConfirm,
  TotpSetup,
} from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { actorOf, personOf } from '../../http/access.ts';
import type { App } from '../../http/app.ts';
import { createOwnAccount } from './account.ts';
import { createOwnFactors } from './factors.ts';
import type { OwnAccountOptions, Self } from './self.ts';

const config = { access: 'account.own' } as const;
const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody } as const;
const done = { 204: z.null(), ...refusals } as const;
const selfOf = (request: FastifyRequest): Self => ({
  person: personOf(request),
  actor: actorOf(request),
  host: request.host,
});
const sessionParams = z.object({ sessionId: z.string().max(64) });
const passkeyParams = z.object({ passkeyId: z.string().max(64) });

/** Everybody's own account. */
export function ownAccountRoutes(app: App, options: OwnAccountOptions): void {
  const account = createOwnAccount(options);
  const factors = createOwnFactors(options);

  app.route({
    method: 'GET',
    url: '/api/account',
    config,
    schema: { summary: 'The own account', response: { 200: Account, ...refusals } },
    handler: (request) => account.read(selfOf(request)),
  });

  app.route({
    method: 'PATCH',
    url: '/api/account',
    config,
    schema: {
      summary: 'Change the own account',
      body: AccountChange,
      response: { 200: Account, ...refusals },
    },
    handler: async (request) => {
      await account.change(selfOf(request), request.body);
      return account.read(selfOf(request));
    },
  });

  app.route({
    method: 'POST',
    url: '/api/account/password',
    config,
    schema: {
      summary: 'Change the own password; other sessions end',
      body: ChangePassword,
      response: { ...done, 409: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      await account.changePassword(selfOf(request), request.body);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/account/reauthenticate',
    config,
    schema: {
      summary: 'Prove anew who one is, for what weakens the account',
      body: Reauthentication,
      response: { ...done, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      await account.reauthenticate(selfOf(request), request.body);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/account/reauthenticate/options',
    config,
    schema: {
      summary: 'Prove anew who one is by a passkey: the challenge',
      response: { 200: PasskeyChallenge, ...refusals, 404: ErrorBody },
    },
    handler: (request) => account.reauthenticationOptions(selfOf(request)),
  });

  app.route({
    method: 'GET',
    url: '/api/account/sessions',
    config,
    schema: { summary: 'Where one is signed in', response: { 200: SessionList, ...refusals } },
    handler: (request) => account.sessions(selfOf(request)),
  });

  app.route({
    method: 'DELETE',
    url: '/api/account/sessions/:sessionId',
    config,
    schema: { summary: 'End one session', params: sessionParams, response: { ...done, 404: ErrorBody } },
    handler: async (request, reply) => {
      await account.endSessions(selfOf(request), { only: request.params.sessionId });
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/account/sessions',
    config,
    schema: { summary: 'End all other sessions', response: done },
    handler: async (request, reply) => {
      await account.endSessions(selfOf(request), 'others');
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/account/totp',
    config,
    schema: { summary: 'Begin to set up an authenticator app', response: { 200: TotpSetup, ...refusals } },
    handler: (request) => factors.setUpTotp(selfOf(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/account/totp/confirm',
    config,
    schema: {
      summary: 'Set up the authenticator app, by its first code; recovery codes are shown this once',
      body: TotpConfirm,
      response: { 200: RecoveryCodes, ...refusals },
    },
    handler: (request) => factors.confirmTotp(selfOf(request), request.body),
  });

  app.route({
    method: 'DELETE',
    url: '/api/account/totp',
    config,
    schema: {
      summary: 'Remove the authenticator app',
      response: { ...done, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      await factors.removeTotp(selfOf(request));
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/account/recovery-codes',
    config,
    schema: {
      summary: 'New recovery codes in place of the old ones',
      response: { 200: RecoveryCodes, ...refusals, 404: ErrorBody },
    },
    handler: (request) => factors.newRecoveryCodes(selfOf(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/account/passkeys/options',
    config,
    schema: { summary: 'Begin to add a passkey', response: { 200: PasskeyChallenge, ...refusals } },
    handler: (request) => factors.offerPasskey(selfOf(request)),
  });

  app.route({
    method: 'POST',
    url: '/api/account/passkeys',
    config,
    schema: { summary: 'Add a passkey', body: NewPasskey, response: { ...done, 409: ErrorBody } },
    handler: async (request, reply) => {
      await factors.addPasskey(selfOf(request), request.body);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/account/passkeys/:passkeyId',
    config,
    schema: {
      summary: 'Remove a passkey',
      params: passkeyParams,
      response: { ...done, 404: ErrorBody, 409: ErrorBody },
    },
    handler: async (request, reply) => {
      await factors.removePasskey(selfOf(request), request.params.passkeyId);
      return reply.code(204).send(null);
    },
  });
}
