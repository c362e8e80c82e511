import { randomBytes } from 'node:crypto';
import { OffhookError, type SsoDomain, type SsoDomainCheck, type TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { createAttempts } from '../attempts.ts';
import { writeAudit, type Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { askDns, type ResolveTxt } from './dns.ts';
import { proofRecord } from './proof-record.ts';

/** Looks at the DNS that one tenant may ask for. */
const checks = { limit: 30, windowMs: 5 * 60_000, keys: 10_000 };

type DomainRow = {
  domain: string;
  token: string;
  proved_at: number | null;
  proved_by: 'before' | 'dns' | 'provider' | null;
};

export const newProofToken = (): string => randomBytes(18).toString('base64url');

const shownDomain = ({ domain, token, proved_at: at, proved_by: by }: DomainRow): SsoDomain => ({
  domain,
  record: proofRecord(token),
  ...(at === null || by === null ? {} : { proved: { at, by } }),
});

const columns = ['domain', 'token', 'proved_at', 'proved_by'] as const;

export async function readDomains(trx: TenantTransaction): Promise<SsoDomain[]> {
  const rows = await trx.selectFrom('sso_domains').select(columns).orderBy('domain').execute();
  return rows.map(shownDomain);
}

/** Name these and no others; what was proved of those that stay is kept. */
export async function writeDomains(
  trx: TenantTransaction,
  tenantId: TenantId,
  domains: readonly string[],
): Promise<void> {
  await trx
    .deleteFrom('sso_domains')
    .$if(domains.length > 0, (query) => query.where('domain', 'not in', domains))
    .execute();
  if (domains.length === 0) return;
  await trx
    .insertInto('sso_domains')
    .values(domains.map((domain) => ({ tenant_id: tenantId, domain, token: newProofToken() })))
    .onConflict((conflict) => conflict.columns(['tenant_id', 'domain']).doNothing())
    .execute();
}

/** Has another tenant proved this domain? */
export async function isDomainTaken(
  trx: TenantTransaction,
  tenantId: TenantId,
  domain: string,
): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    SELECT lookup_sso_domain_taken(${domain}, ${tenantId}) AS taken`.execute(trx);
  return rows[0]?.taken === true;
}

/** @throws OffhookError `not_found`: it is not among the tenant's domains */
async function read(trx: TenantTransaction, domain: string): Promise<SsoDomain & { token: string }> {
  const row = await trx
    .selectFrom('sso_domains')
    .select(columns)
    .where('domain', '=', domain)
    .executeTakeFirst();
  if (row === undefined) throw new OffhookError('not_found');
  return { ...shownDomain(row), token: row.token };
}

export type Domains = ReturnType<typeof createDomains>;

/** The proof that an e-mail domain is the tenant's: by a record in its DNS, or by the provider's word where there is no public DNS. */
export function createDomains({ database, resolve }: { database: Database; resolve: ResolveTxt }) {
  const ofTenant = createAttempts(checks);

  /** @returns undefined: another tenant was first */
  const prove = async (
    tenantId: TenantId,
    actor: Actor,
    domain: string,
    by: 'dns' | 'provider',
    token?: string,
  ): Promise<SsoDomain | undefined> => {
    try {
      return await database.inTenant(tenantId, async (trx) => {
        const before = await read(trx, domain);
        if (before.proved !== undefined) return before;
        // It was taken out and named anew while the DNS was asked: then it wants another record.
        if (token !== undefined && before.token !== token) return before;
        if (await isDomainTaken(trx, tenantId, domain)) return undefined;
        const proved = { at: Date.now(), by };
        await trx
          .updateTable('sso_domains')
          .set({ proved_at: proved.at, proved_by: by })
          .where('domain', '=', domain)
          .execute();
        await writeAudit(trx, tenantId, actor, {
          action: 'sso.domain_proved',
          subject: { kind: 'domain', id: domain, name: domain },
          after: { provedBy: by },
        });
        return { domain, record: before.record, proved };
      });
    } catch (error) {
      // Between the look and here.
      if (error instanceof Error && 'constraint' in error && error.constraint === 'sso_domains_proved')
        return undefined;
      throw error;
    }
  };

  return {
    /** Ask the DNS now. @throws OffhookError `not_found`, `rate_limited` */
    check: async (tenantId: TenantId, actor: Actor, domain: string): Promise<SsoDomainCheck> => {
      const wait = ofTenant.take(tenantId);
      if (wait > 0) throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
      // Not within a transaction: a name server may take its time.
      const { token, ...before } = await database.inTenant(tenantId, (trx) => read(trx, domain));
      if (before.proved !== undefined) return { domain: before, found: 'proved', seen: [] };
      const answer = await askDns(resolve, domain, token);
      if (answer.found !== 'proved') return { domain: before, ...answer };
      const after = await prove(tenantId, actor, domain, 'dns', token);
      if (after === undefined) return { domain: before, found: 'held_elsewhere', seen: [] };
      return { domain: after, found: after.proved === undefined ? 'other_record' : 'proved', seen: [] };
    },

    /** By the provider's word. @throws OffhookError `not_found`, `name_taken`: another tenant has proved it */
    proveByProvider: async (tenantId: TenantId, actor: Actor, domain: string): Promise<SsoDomain> => {
      const after = await prove(tenantId, actor, domain, 'provider');
      if (after === undefined) throw new OffhookError('name_taken', { fields: ['body.domain'] });
      const { domain: name, record, proved } = after;
      return { domain: name, record, ...(proved === undefined ? {} : { proved }) };
    },
  };
}
