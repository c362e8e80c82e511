import {
  AuditExportQuery,
  AuditPage,
  AuditQuery,
  ErrorBody,
  type Permission,
  type TenantId,
} from '@offhook/contract';
import type { Database } from '../database/database.ts';
import { actorOf, personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { formatOf, sendFile, type ExportSlots } from '../http/exports.ts';
import { writeAudit } from './audit.ts';
import { allEntries, auditFile } from './export.ts';
import { createAuditStore, type AuditView } from './store.ts';

const views = [
  ['/api/admin/audit', 'audit.read', 'tenant', 'Who did what in the tenant'],
  ['/api/provider/audit', 'provider.audit.read', 'provider', 'What people of the provider did'],
] as const satisfies readonly (readonly [string, Permission, AuditView['of'], string])[];

/** The audit log, to look through and to take away. */
export function auditRoutes(app: App, database: Database, slots: ExportSlots): void {
  const store = createAuditStore(database);
  const refusals = { 400: ErrorBody, 401: ErrorBody, 403: ErrorBody };

  for (const [url, access, of, summary] of views) {
    const viewOf = (tenantId: TenantId): AuditView => ({ of, tenantId });

    app.route({
      method: 'GET',
      url,
      config: { access },
      schema: {
        summary: `${summary}, newest first`,
        querystring: AuditQuery,
        response: { 200: AuditPage, ...refusals },
      },
      handler: async (request) => {
        const { before, limit, ...filter } = request.query;
        // One more than asked for tells whether there is more.
        const entries = await store.page(viewOf(personOf(request).tenantId), filter, limit + 1, before);
        return { entries: entries.slice(0, limit), more: entries.length > limit };
      },
    });

    app.route({
      method: 'GET',
      url: `${url}/export`,
      config: { access },
      // Nothing reads a file that is made for its headers.
      exposeHeadRoute: false,
      schema: {
        summary: `${summary}: all of it, as CSV or JSON lines`,
        querystring: AuditExportQuery,
        response: { ...refusals, 429: ErrorBody },
      },
      handler: async (request, reply) => {
        const { tenantId } = personOf(request);
        const { format: asked, ...filter } = request.query;
        const format = formatOf(request, asked, ['csv', 'jsonl']);
        const view = viewOf(tenantId);
        // What is wrong with the question is said before the file begins.
        await store.page(view, filter, 1);
        const file = slots.take(tenantId, auditFile(format, allEntries(store, view, filter)));
        try {
          await database.inTenant(tenantId, (trx) =>
            writeAudit(trx, tenantId, actorOf(request), {
              action: 'audit.export',
              subject: { kind: 'audit', id: '', name: '' },
              after: { format, ...filter },
            }),
          );
        } catch (error) {
          await file.return();
          throw error;
        }
        return sendFile(reply, 'audit-log', format, file);
      },
    });
  }
}
