import { CallId, ErrorBody, PushOffer, PushSubscription } from '@offhook/contract';
import * as z from 'zod';
import { personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import type { PushService } from './service.ts';

const config = { access: 'telephone' } as const;
const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 404: ErrorBody, 429: ErrorBody } as const;
const done = { 204: z.null(), ...refusals } as const;

/** Notifications without a window, and what can be pressed in them. */
export function pushRoutes(app: App, push: PushService): void {
  app.route({
    method: 'GET',
    url: '/api/push',
    config,
    schema: { summary: 'Whether calls are pushed to browsers', response: { 200: PushOffer, ...refusals } },
    handler: (request) => push.offer(personOf(request).tenantId),
  });

  app.route({
    method: 'POST',
    url: '/api/push/subscription',
    config,
    schema: { summary: 'Push calls to this browser', body: PushSubscription, response: done },
    handler: async (request, reply) => {
      await push.subscribe(personOf(request), request.body);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/push/subscription',
    config,
    schema: { summary: 'Push no more calls to this browser', response: done },
    handler: async (request, reply) => {
      await push.unsubscribe(personOf(request));
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/calls/:callId/reject',
    config,
    schema: {
      summary: 'Reject a ringing call from its notification',
      params: z.object({ callId: CallId }),
      response: { ...done, 409: ErrorBody, 503: ErrorBody, 504: ErrorBody },
    },
    handler: async (request, reply) => {
      await push.reject(personOf(request), request.params.callId);
      return reply.code(204).send(null);
    },
  });
}
