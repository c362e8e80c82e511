import { ErrorBody, OffhookError, SupportBundle, SupportContact, type TenantId } from '@offhook/contract';
import { languageOf } from '../accounts/invitations.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { personOf } from '../http/access.ts';
import type { App } from '../http/app.ts';
import { limitPeople } from '../http/person-limits.ts';
import { enqueueMail } from '../mail/outbox.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

const BUNDLES_PER_HOUR = 5;

export type SupportOptions = {
  database: Database;
  secrets: SecretBox;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
};

/** A person's log bundle on its way to the company's support address. It is kept as a mail is, sealed, and with mails it goes. */
export function supportRoutes(app: App, { database, secrets, metrics, log }: SupportOptions): void {
  app.route({
    method: 'GET',
    url: '/api/support',
    config: { access: 'support.own' },
    schema: {
      summary: 'Where a log bundle would be sent to',
      response: { 200: SupportContact, 401: ErrorBody },
    },
    handler: async (request) => {
      const { tenantId } = personOf(request);
      return database.inTenant(tenantId, async (trx) => {
        const { support_contact: contact } = await tenantIn(trx, tenantId);
        return { contact };
      });
    },
  });
  app.route({
    method: 'POST',
    url: '/api/support/bundle',
    config: { access: 'support.own' },
    preHandler: limitPeople(metrics, BUNDLES_PER_HOUR),
    schema: {
      summary: 'Send a redacted log bundle to the company’s support address',
      body: SupportBundle,
      response: { 202: SupportContact, 401: ErrorBody, 404: ErrorBody, 429: ErrorBody },
    },
    handler: async (request, reply) => {
      const { tenantId, userId, me } = personOf(request);
      const { note, bundle } = request.body;
      const contact = await database.inTenant(tenantId, async (trx) => {
        const { support_contact: to, name, language } = await tenantIn(trx, tenantId);
        if (to === null) throw new OffhookError('not_found');
        await enqueueMail(trx, secrets, tenantId, {
          kind: 'support_bundle',
          to,
          language: languageOf(language),
          params: { name: to, tenantName: name, sender: `${me.name} <${me.email}>`, note, bundle },
        });
        return to;
      });
      log.info({ tenantId, userId, chars: bundle.length }, 'log bundle sent to support');
      return reply.code(202).send({ contact });
    },
  });
}

function tenantIn(trx: TenantTransaction, tenantId: TenantId) {
  return trx
    .selectFrom('tenants')
    .select(['support_contact', 'name', 'language'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
}
