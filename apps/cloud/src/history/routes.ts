import { ErrorBody, HistoryPage, HistoryQuery } from '@offhook/contract';
import type { App } from '../http/app.ts';
import { personOf } from '../http/access.ts';
import type { HistoryStore } from './store.ts';

export function historyRoutes(app: App, store: HistoryStore): void {
  app.route({
    method: 'GET',
    url: '/api/history',
    config: { access: 'history.own' },
    schema: {
      summary: 'The finished calls of the user, newest first',
      querystring: HistoryQuery,
      response: { 200: HistoryPage, 401: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId, userId } = personOf(request);
      const { before, limit } = request.query;
      // One more than asked for tells whether there is more.
      const entries = await store.page(tenantId, userId, limit + 1, before);
      return { entries: entries.slice(0, limit), more: entries.length > limit };
    },
  });
}
