import { OffhookError, type AuditEntry, type AuditQuery, type TenantId } from '@offhook/contract';
import { sql, type SqlBool } from 'kysely';
import type { Database, TenantTransaction } from '../database/database.ts';

export type AuditStore = ReturnType<typeof createAuditStore>;

/**
 * Whose log is read: `tenant`, what was done in it, by whomever · `provider`, what people of the provider did, in whatever tenant. Days are of the time
 * zone of `tenantId`.
 */
export type AuditView = { of: 'tenant' | 'provider'; tenantId: TenantId };

export type AuditFilter = Pick<AuditQuery, 'search' | 'action' | 'actorId' | 'from' | 'to'>;

type Row = {
  audit_id: number;
  at: number;
  actor_kind: AuditEntry['actor']['kind'];
  actor_id: string;
  actor_name: string;
  actor_role: string | null;
  action: string;
  subject_kind: string;
  subject_id: string;
  subject_name: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  address: string | null;
  request_id: string | null;
};

export function createAuditStore(database: Database) {
  return {
    /**
     * Newest first; of those that are older than `before`, where it is given.
     * @throws OffhookError `bad_request`: a day that is in no calendar
     */
    page: (view: AuditView, filter: AuditFilter, limit: number, before?: number): Promise<AuditEntry[]> => {
      const read = async (trx: TenantTransaction) => {
        const { rows } = await sql<Row>`
          SELECT audit_id, at, actor_kind, actor_id, actor_name, actor_role, action, subject_kind, subject_id, subject_name,
                 before, after, address, request_id
            FROM audit_log a
           WHERE ${sql.join(conditions(view, filter, before), sql` AND `)}
           ORDER BY audit_id DESC LIMIT ${limit}`.execute(trx);
        return rows.map(toEntry);
      };
      return view.of === 'tenant' ? database.inTenant(view.tenantId, read) : database.asProvider(read);
    },
  };
}

function conditions({ of, tenantId }: AuditView, filter: AuditFilter, before: number | undefined) {
  // Also said here, though the policies see to it: so the indexes are found.
  const all = [
    of === 'tenant' ? sql<SqlBool>`tenant_id = ${tenantId}` : sql<SqlBool>`actor_role = 'provider'`,
  ];
  const { search, action, actorId, from, to } = filter;
  if (before !== undefined) all.push(sql<SqlBool>`audit_id < ${before}`);
  if (actorId !== undefined) all.push(sql<SqlBool>`actor_id = ${actorId}`);
  if (action !== undefined) {
    all.push(
      action.includes('.')
        ? sql<SqlBool>`action = ${action}`
        : sql<SqlBool>`action LIKE ${`${action.replaceAll(/[\\%_]/gu, String.raw`\$&`)}.%`}`,
    );
  }
  const zone = sql`(SELECT usage_zone(t.time_zone) FROM tenants t WHERE t.tenant_id = ${tenantId})`;
  if (from !== undefined) all.push(sql<SqlBool>`at >= day_start(${day('from', from)}::date, ${zone})`);
  if (to !== undefined) all.push(sql<SqlBool>`at < day_start(${day('to', to)}::date + 1, ${zone})`);
  if (search !== undefined && search.trim() !== '') {
    // Folded as the words of the log are; each word is the beginning of one of them.
    all.push(sql<SqlBool>`words @@ to_tsquery('simple', (
      SELECT string_agg(quote_literal(w.word) || ':*', ' & ')
        FROM regexp_split_to_table(btrim(fold_words(${search})), ' ') AS w (word) WHERE w.word <> ''))`);
  }
  return all;
}

function day(name: string, text: string): string {
  const instant = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text || text < '0001') {
    throw new OffhookError('bad_request', { fields: [`querystring.${name}`] });
  }
  return text;
}

function toEntry(row: Row): AuditEntry {
  return {
    auditId: row.audit_id,
    at: row.at,
    actor: {
      kind: row.actor_kind,
      id: row.actor_id,
      name: row.actor_name,
      ...(row.actor_role === null ? {} : { role: row.actor_role }),
    },
    action: row.action,
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    ...(row.before === null ? {} : { before: row.before }),
    ...(row.after === null ? {} : { after: row.after }),
    ...(row.address === null ? {} : { address: row.address }),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
  };
}
