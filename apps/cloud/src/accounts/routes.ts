import {
  AcceptLink,
  ErrorBody,
  LinkInfo,
  LinkPasskey,
  LinkToken,
  OffhookError,
  PasskeyChallenge,
  RequestReset,
  SignInResult,
} from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { createAttempts } from '../attempts.ts';
import type { App } from '../http/app.ts';
import { agentWords } from '../sign-in/agent.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import type { Accepted, LinkFrom, LinkService } from './accept.ts';
import type { ResetService } from './reset.ts';

/** Links of one address that were no links: guessing is hopeless, and asks the database each time. */
const failures = { limit: 60, windowMs: 15 * 60_000, keys: 20_000 };

export type AccountRouteOptions = {
  links: LinkService;
  resets: ResetService;
  /** The person has proved to hold the mailbox: signs them in, or asks for their second factor. */
  enter: (request: FastifyRequest, reply: FastifyReply, who: Accepted) => Promise<SignInResult>;
  metrics: Metrics;
};

const fromOf = (request: FastifyRequest): LinkFrom => ({
  address: request.ip,
  requestId: request.id,
  host: request.host,
  agent: agentWords(request.headers['user-agent']),
});

/** Links in mails, and the mail for who has forgotten a password. */
export function accountRoutes(app: App, { links, resets, enter, metrics }: AccountRouteOptions): void {
  const failed = createAttempts(failures);
  const refusals = { 400: ErrorBody, 410: ErrorBody, 429: ErrorBody };

  /** Only what fails counts against the address. */
  const counted = async <T>(address: string, work: () => Promise<T>): Promise<T> => {
    const wait = failed.take(address);
    if (wait > 0) {
      countLimit(metrics, 'link_rate');
      throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
    }
    try {
      const result = await work();
      failed.giveBack(address);
      return result;
    } catch (error) {
      if (OffhookError.from(error).code !== 'link_expired') failed.giveBack(address);
      throw error;
    }
  };

  app.route({
    method: 'POST',
    url: '/api/links/inspect',
    config: { access: 'anyone' },
    schema: {
      summary: 'What a link in a mail is for',
      body: LinkToken,
      response: { 200: LinkInfo, ...refusals },
    },
    handler: (request) => counted(request.ip, () => links.inspect(request.body.token)),
  });

  app.route({
    method: 'POST',
    url: '/api/links/passkey',
    config: { access: 'anyone' },
    schema: {
      summary: 'Follow a link in a mail with a passkey in place of a password: the challenge',
      body: LinkPasskey,
      response: { 200: PasskeyChallenge, 409: ErrorBody, ...refusals },
    },
    handler: (request) => counted(request.ip, () => links.passkeyOptions(request.body, fromOf(request))),
  });

  app.route({
    method: 'POST',
    url: '/api/links/accept',
    config: { access: 'anyone' },
    schema: {
      summary: 'Follow a link in a mail: choose a password, or keep a passkey, and come in',
      body: AcceptLink,
      response: { 200: SignInResult, 401: ErrorBody, 409: ErrorBody, ...refusals },
    },
    handler: async (request, reply) => {
      const who = await counted(request.ip, () => links.accept(request.body, fromOf(request)));
      const { tenantId, userId, kind } = who;
      request.log.info({ tenantId, userId, kind, address: request.ip }, 'link followed');
      return enter(request, reply, who);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/password-reset',
    config: { access: 'anyone' },
    schema: {
      summary: 'Ask for a mail with which a new password can be chosen; the answer tells nothing of accounts',
      body: RequestReset,
      response: { 202: z.object({}), 400: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      resets.request(request.body.email, { address: request.ip, requestId: request.id });
      return reply.code(202).send({});
    },
  });
}
