import { Language, type ConnectorId, type TenantId } from '@offhook/contract';
import { theSystem, writeAudit } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { enqueueMail } from '../mail/outbox.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { Finding } from './check.ts';
import { noticeOf } from './words.ts';

/** A finding by what it is about: the same again is no news. */
const keyOf = (finding: Finding): string => `${finding.kind} ${finding.what}`;

/** Findings of one tenant in a day: what a connector says of its platform is the connector's to say, and mails and log are not its to fill. */
const IN_A_DAY = 10;
const DAY = 24 * 3_600_000;

/**
 * Tell the administrators of what was found at one of their connectors, each finding once for good. What is beyond the day's number is not written down, and is news
 * when the connector reports it another day.
 */
export async function tellFindings(
  trx: TenantTransaction,
  secrets: SecretBox,
  { tenantId, connectorId }: { tenantId: TenantId; connectorId: ConnectorId },
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  const found_at = Date.now();
  const known = await trx
    .selectFrom('connector_findings')
    .select('finding')
    .where('connector_id', '=', connectorId)
    .where('finding', 'in', findings.map(keyOf))
    .execute();
  const unknown = findings.filter((finding) => !known.some((one) => one.finding === keyOf(finding)));
  if (unknown.length === 0) return;
  const { today } = await trx
    .selectFrom('connector_findings')
    .select((eb) => eb.fn.countAll<number>().as('today'))
    .where('found_at', '>', found_at - DAY)
    .executeTakeFirstOrThrow();
  const told = unknown.slice(0, Math.max(0, IN_A_DAY - today));
  if (told.length === 0) return;
  const written = await trx
    .insertInto('connector_findings')
    .values(
      told.map((finding) => ({
        tenant_id: tenantId,
        connector_id: connectorId,
        finding: keyOf(finding),
        found_at,
      })),
    )
    .onConflict((conflict) => conflict.columns(['tenant_id', 'connector_id', 'finding']).doNothing())
    .returning('finding')
    .execute();
  const fresh = new Set(written.map(({ finding }) => finding));
  const news = told.filter((finding) => fresh.has(keyOf(finding)));
  if (news.length === 0) return;
  const { tenantName, connectorName } = await trx
    .selectFrom('connectors')
    .innerJoin('tenants', 'tenants.tenant_id', 'connectors.tenant_id')
    .select(['tenants.name as tenantName', 'connectors.name as connectorName'])
    .where('connector_id', '=', connectorId)
    .executeTakeFirstOrThrow();
  const administrators = await trx
    .selectFrom('users')
    .select(['email', 'name', 'language'])
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .execute();
  for (const finding of news) {
    await writeAudit(trx, tenantId, theSystem, {
      action: 'connector.finding',
      subject: { kind: 'connector', id: connectorId, name: connectorName },
      after: { ...finding },
    });
    for (const { email, name, language: stored } of administrators) {
      const language = Language.catch('en').parse(stored);
      const notice = noticeOf(finding, language);
      const params = { name, tenantName, connectorName, notice };
      await enqueueMail(trx, secrets, tenantId, { kind: 'platform_notice', to: email, language, params });
    }
  }
}
