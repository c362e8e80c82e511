import type { TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { PROVIDER_TENANT } from '../accounts/accept.ts';
import { enqueueMail } from '../mail/outbox.ts';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { removeDueTenants } from './removal.ts';

const ACME = 'acme' as TenantId;
const log = { info: () => {}, warn: () => {} };

/** The roles of a PostgreSQL are made by the first owner of a database of it, so each kind has its own. */
describe.each(['superuser', 'ordinary'] as const)('with a login role that is %s', (owner) => {
  const server = useTestServer();

  async function world() {
    const url = await server.createDatabase(owner);
    const admin = await openAdmin(url);
    for (const id of ['acme', 'rest']) {
      await admin.apply(tenantFile(id));
      await admin.createKey(id);
      await admin.database.inTenant(id as TenantId, async (trx) => {
        const lone = { key_id: 'key-lone', connector_id: null, hint: 'h', scopes: ['scim'] };
        await trx
          .insertInto('api_keys')
          .values({ ...lone, tenant_id: id, key_hash: Buffer.alloc(32, id) })
          .execute();
        await enqueueMail(trx, admin.secrets, id as TenantId, {
          kind: 'password_changed',
          to: `anna@${id}.example`,
          language: 'en',
          params: { name: 'Anna', at: 1 },
        });
      });
    }
    return { url, admin };
  }

  /** How many rows each table has of a tenant. */
  const rowsOf = ({ admin }: Awaited<ReturnType<typeof world>>, tenantId: string) =>
    admin.database.inTenant(tenantId as TenantId, async (trx) => {
      const tables = await sql<{ name: string }>`
        SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE a.attname = 'tenant_id' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`.execute(
        trx,
      );
      const counts: Record<string, number> = {};
      for (const { name } of tables.rows) {
        const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(name)}`.execute(trx);
        const n = rows[0]?.n ?? 0;
        if (n > 0) counts[name] = n;
      }
      return counts;
    });

  test('after its days of grace a tenant is gone with all that was its own, and others are as they were', async () => {
    const all = await world();
    const { database } = all.admin;
    expect(Object.keys(await rowsOf(all, 'acme')).length).toBeGreaterThan(7);
    const rest = await rowsOf(all, 'rest');
    await database.inTenant(ACME, (trx) =>
      trx
        .updateTable('tenants')
        .set({ status: 'deleting', deletes_at: Date.now() + 60_000 })
        .execute(),
    );
    expect(await removeDueTenants(database, log)).toBe(0);
    // Two nodes at once do no harm.
    await Promise.all([1, 2].map(() => removeDueTenants(database, log, Date.now() + 120_000)));
    expect(await rowsOf(all, 'acme')).toEqual({});
    expect(await rowsOf(all, 'rest')).toEqual(rest);
    const told = await database.inTenant(PROVIDER_TENANT, (trx) =>
      trx.selectFrom('audit_log').select(['action', 'subject_id', 'subject_name']).execute(),
    );
    expect(told).toEqual([{ action: 'tenant.remove', subject_id: 'acme', subject_name: 'Tenant acme' }]);
  });

  test('one tenant that cannot go keeps no other from going', async () => {
    const { url, admin } = await world();
    for (const id of ['acme', 'rest']) {
      await admin.database.inTenant(id as TenantId, (trx) =>
        trx.updateTable('tenants').set({ status: 'deleting', deletes_at: 1 }).execute(),
      );
    }
    await server.query(
      url,
      `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a defect'; END; $$;
       CREATE TRIGGER keep BEFORE DELETE ON tenants FOR EACH ROW WHEN (OLD.tenant_id = 'acme') EXECUTE FUNCTION keep()`,
    );
    expect(await removeDueTenants(admin.database, log)).toBe(1);
    const left = await admin.database.asProvider((trx) =>
      trx.selectFrom('tenants').select('tenant_id').where('kind', '=', 'customer').execute(),
    );
    expect(left).toEqual([{ tenant_id: 'acme' }]);
  });

  test('every table follows its tenant, or something that does; none stands in the way', async () => {
    const { url } = await world();
    const inTheWay = await server.query(
      url,
      `SELECT conrelid::regclass::text AS name, conname FROM pg_constraint
        WHERE contype = 'f' AND confdeltype IN ('a', 'r')`,
    );
    expect(inTheWay).toEqual([]);
    // What is to be paid for months that are over stays: it names no person.
    const alone = await server.query(
      url,
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'tenants'
          AND NOT EXISTS (
            SELECT 1 FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confdeltype = 'c')`,
    );
    // Counts that are still to be billed, and nobody's data.
    expect(alone).toEqual([{ name: 'usage_months' }]);
  });
});
