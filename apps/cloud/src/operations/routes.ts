import { ErrorBody } from '@offhook/contract';
import * as z from 'zod';
import type { Database } from '../database/database.ts';
import type { App } from '../http/app.ts';

/** For whoever runs the cloud: is it alive, can it serve. What it does is told on a port of its own. */
export function operationsRoutes(app: App, database: Database): void {
  const Ok = z.object({ status: z.literal('ok') });

  app.route({
    method: 'GET',
    url: '/healthz',
    schema: { summary: 'The process is alive', response: { 200: Ok } },
    handler: async () => ({
      status: 'ok' as const,
    }),
  });

  app.route({
    method: 'GET',
    url: '/readyz',
    schema: { summary: 'The database answers', response: { 200: Ok, 503: ErrorBody } },
    handler: async () => {
      await database.ping();
      return { status: 'ok' as const };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/openapi.json',
    config: { access: 'anyone' },
    schema: { hide: true },
    handler: async () => app.swagger(),
  });
}
