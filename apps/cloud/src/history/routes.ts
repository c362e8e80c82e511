import {
  ErrorBody,
  HistoryChange,
  HistoryEntry,
  HistoryExportQuery,
  HistoryPage,
  HistoryQuery,
  MissedCount,
  RecordId,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { writeCsv } from '@offhook/subscribers';
import * as z from 'zod';
import type { Bus } from '../bus/bus.ts';
import { userTopic } from '../bus/topics.ts';
import type { App } from '../http/app.ts';
import { personOf } from '../http/access.ts';
import { sendFile, type ExportSlots } from '../http/exports.ts';
import { allEntries, headings, historyRows } from './export.ts';
import type { HistoryStore } from './store.ts';

export type HistoryDependencies = { store: HistoryStore; bus: Bus; slots: ExportSlots };

export function historyRoutes(app: App, { store, bus, slots }: HistoryDependencies): void {
  /** Every device of the person shows the same number. */
  const tellMissed = async (tenantId: TenantId, userId: UserId): Promise<number> => {
    const count = await store.unseen(tenantId, userId);
    bus.publish(userTopic(tenantId, userId), { kind: 'history.missed', count });
    return count;
  };

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
      const { before, limit, filter, search } = request.query;
      // One more than asked for tells whether there is more.
      const entries = await store.page(tenantId, userId, limit + 1, before, { filter, search });
      return { entries: entries.slice(0, limit), more: entries.length > limit };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/history/missed',
    config: { access: 'history.own' },
    schema: {
      summary: 'How many missed calls the user has not looked at',
      response: { 200: MissedCount, 401: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId, userId } = personOf(request);
      return { count: await store.unseen(tenantId, userId) };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/history/seen',
    config: { access: 'history.own' },
    schema: {
      summary: 'The user has looked at the missed calls',
      response: { 200: MissedCount, 401: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId, userId } = personOf(request);
      const changed = await store.markSeen(tenantId, userId);
      return { count: changed ? await tellMissed(tenantId, userId) : 0 };
    },
  });

  app.route({
    method: 'PATCH',
    url: '/api/history/:recordId',
    config: { access: 'history.own' },
    schema: {
      summary: 'Write a note beside a call, delete it from the history, or bring it back',
      params: z.object({ recordId: RecordId }),
      body: HistoryChange,
      response: { 200: HistoryEntry, 401: ErrorBody, 404: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId, userId } = personOf(request);
      const { deleted } = request.body;
      const entry = await store.change(tenantId, userId, request.params.recordId, request.body);
      const topic = userTopic(tenantId, userId);
      if (deleted === true) bus.publish(topic, { kind: 'history.removed', recordId: entry.recordId });
      else bus.publish(topic, { kind: 'history.changed', entry });
      if (deleted !== undefined) await tellMissed(tenantId, userId);
      return entry;
    },
  });

  app.route({
    method: 'GET',
    url: '/api/history/export',
    config: { access: 'history.own' },
    // Nothing reads a file that is made for its headers.
    exposeHeadRoute: false,
    schema: {
      summary: 'All finished calls of the user, as CSV',
      querystring: HistoryExportQuery,
      response: { 400: ErrorBody, 401: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId } = personOf(request);
      const rows = historyRows(allEntries(store, tenantId, userId), request.query.timeZone);
      return sendFile(reply, 'calls', 'csv', slots.take(`${tenantId}/${userId}`, writeCsv(headings, rows)));
    },
  });
}
