import { CallRating, ErrorBody, QualityReceipt, QualityReport } from '@offhook/contract';
import * as z from 'zod';
import { personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { limitPeople } from '../http/person-limits.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { QualityStore } from './store.ts';

/** Nobody has more calls, reports that are told again included. */
const REPORTS_PER_HOUR = 400;

export function qualityRoutes(app: App, store: QualityStore, metrics: Metrics): void {
  const limit = limitPeople(metrics, REPORTS_PER_HOUR);
  app.route({
    method: 'POST',
    url: '/api/call-quality',
    config: { access: 'quality.own' },
    preHandler: limit,
    schema: {
      summary: 'How a call of the user sounded',
      body: QualityReport,
      response: { 200: QualityReceipt, 401: ErrorBody, 429: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId, userId } = personOf(request);
      return store.report(tenantId, userId, request.body);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/call-quality/rating',
    config: { access: 'quality.own' },
    preHandler: limit,
    schema: {
      summary: 'What the user thought of a call that they were asked about',
      body: CallRating,
      response: { 204: z.undefined(), 401: ErrorBody, 404: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      await store.rate(tenantId, userId, request.body);
      return reply.code(204).send();
    },
  });
}
