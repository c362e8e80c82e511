import { randomBytes } from 'node:crypto';
import type { TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { createSecretBox } from '../secrets/secret-box.ts';
import { writeConnection } from '../sso/connections.ts';
import type { TenantTransaction } from './database.ts';
import { migrations } from './migrations/index.ts';
import { enqueueMail } from '../mail/outbox.ts';
import { useTestServer, type TestServer } from '../testing/database.ts';

type Table = { name: string; enabled: boolean; forced: boolean; columns: string[]; written: string[] };

/** Every table there is, so that a new one cannot be forgotten. */
const tablesOf = (server: TestServer, url: string) =>
  server.query<Table>(
    url,
    `SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
            array_agg(a.attname::text) AS columns,
            array_agg(a.attname::text) FILTER (WHERE a.attgenerated = '' AND a.attidentity = '' AND a.attname <> 'tenant_id')
              AS written
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'migrations'
      GROUP BY c.oid ORDER BY c.relname`,
  );

async function addScimRows(trx: TenantTransaction, id: string, userId: string): Promise<void> {
  const [of, group] = [
    { tenant_id: id, user_id: userId },
    { tenant_id: id, group_id: `grp-${id}` },
  ];
  const names = { external_id: 'x', given_name: 'G', family_name: 'F' };
  await trx
    .insertInto('scim_users')
    .values({ ...of, ...names, changed_at: 1 })
    .execute();
  await trx
    .insertInto('scim_groups')
    .values({ ...group, display_name: id, external_id: 'x', created_at: 1, changed_at: 1 })
    .execute();
  await trx
    .insertInto('scim_members')
    .values({ ...of, ...group })
    .execute();
}

async function addSsoRows(trx: TenantTransaction, id: string): Promise<void> {
  const of = { tenant_id: id, expires_at: 1 };
  const hash = Buffer.alloc(32, id);
  await writeConnection(
    trx,
    createSecretBox([randomBytes(32)]),
    {
      tenantId: id as TenantId,
      ssoId: `sso-${id}`,
      name: 'S',
      domains: [`sso-${id}.example`],
      justInTime: false,
      enabled: true,
      only: false,
      tested: false,
      clientSecret: undefined,
      settings: { kind: 'oidc', issuer: 'https://idp.example', clientId: 'c', scopes: 'openid' },
    },
    1,
  );
  const test = { state: 'waiting', settings_hash: hash, created_at: 1 } as const;
  await trx
    .insertInto('sso_tests')
    .values({ ...of, ...test, test_id: `sst-${id}` })
    .execute();
  await trx
    .insertInto('sso_attempts')
    .values({ ...of, state_hash: hash, browser_hash: hash, sealed: hash })
    .execute();
  await trx
    .insertInto('sso_assertions')
    .values({ ...of, assertion_hash: hash })
    .execute();
}

describe.each(['superuser', 'ordinary'] as const)('with a login role that is %s', (owner) => {
  const server = useTestServer();

  async function twoTenants() {
    const url = await server.createDatabase(owner);
    const admin = await openAdmin(url);
    for (const id of ['aaa', 'bbb']) {
      await admin.apply(tenantFile(id));
      await admin.createKey(id);
      const userId = await admin.userId(`anna@${id}.example`);
      const connectorId = await admin.connectorId(id);
      await admin.database.inTenant(id as TenantId, async (trx) => {
        await trx
          .insertInto('sessions')
          .values({
            tenant_id: id,
            session_id: `ses-${id}`,
            user_id: userId,
            token_hash: Buffer.alloc(32, id),
            created_at: 1,
            last_seen_at: 1,
            expires_at: 1,
          })
          .execute();
        const of = { tenant_id: id, user_id: userId };
        const sealed = Buffer.alloc(0);
        const hash = Buffer.alloc(32, id);
        await trx
          .insertInto('totp_secrets')
          .values({ ...of, sealed, last_step: 1, created_at: 1 })
          .execute();
        await trx
          .insertInto('recovery_codes')
          .values({ ...of, code_hash: hash, created_at: 1, used_at: null })
          .execute();
        await trx
          .insertInto('passkeys')
          .values({
            ...of,
            passkey_id: `pky-${id}`,
            credential_id: `cred-${id}`,
            public_key: sealed,
            sign_count: 0,
            name: 'key',
            created_at: 1,
            last_used_at: null,
          })
          .execute();
        await trx
          .insertInto('sign_in_tickets')
          .values({ ...of, ticket_hash: hash, kind: 'totp_setup', method: null, sealed, expires_at: 1 })
          .execute();
        await trx
          .insertInto('spent_challenges')
          .values({ tenant_id: id, challenge_hash: hash, expires_at: 1 })
          .execute();
        await trx
          .insertInto('sign_in_warnings')
          .values({ ...of, mailed_at: 1 })
          .execute();
        await addSsoRows(trx, id);
        await addScimRows(trx, id, userId);
        await trx
          .insertInto('presence_choices')
          .values({ tenant_id: id, user_id: userId, choice: 'busy', platform_dnd: false, version: 1 })
          .execute();
        await trx
          .insertInto('favourites')
          .values({ ...of, favourite_id: userId, place: 0 })
          .execute();
        const place = { tenant_id: id, connector_id: connectorId };
        await trx
          .insertInto('push_keys')
          .values({ tenant_id: id, public_key: 'k', sealed_key: sealed })
          .execute();
        await trx
          .insertInto('push_subscriptions')
          .values({ ...of, session_id: `ses-${id}`, endpoint_hash: hash, sealed, created_at: 1 })
          .execute();
        await trx
          .insertInto('connector_states')
          .values({ ...place, online: false, link_since: 1, seen_at: 1, facts: '{}' })
          .execute();
        await trx
          .insertInto('connector_hours')
          .values({ ...place, hour: 0, lines: 1, registered: 1, calls: 1 })
          .execute();
        await trx
          .insertInto('connector_findings')
          .values({ ...place, finding: 'f', found_at: 1 })
          .execute();
        await trx
          .insertInto('subscriptions')
          .values({
            tenant_id: id,
            platform: 'openscape-4000',
            seats: 10,
            price_amount: 990,
            currency: 'EUR',
            starts_on: '2026-11-01',
          })
          .execute();
        await trx.insertInto('seat_days').values({ tenant_id: id, day: '2026-11-01', used: 1 }).execute();
        await trx
          .insertInto('usage_months')
          .values({
            tenant_id: id,
            month: '2026-10',
            tenant_name: id,
            platform: 'openscape-4000',
            time_zone: 'UTC',
            seats: 10,
            user_days: 31,
            days_in_month: 31,
            price_amount: 990,
            currency: 'EUR',
            closed_at: 1,
          })
          .execute();
        await trx
          .insertInto('one_time_links')
          .values({
            tenant_id: id,
            link_id: `lnk-${id}`,
            kind: 'invitation',
            user_id: userId,
            token_hash: Buffer.alloc(32, id),
            created_at: 1,
            expires_at: 1,
            used_at: null,
          })
          .execute();
        await enqueueMail(trx, admin.secrets, id as TenantId, {
          kind: 'password_changed',
          to: `anna@${id}.example`,
          language: 'en',
          params: { name: 'Anna', at: 1 },
        });
        const ofImport = { tenant_id: id, import_id: `imp-${id}` };
        const importTimes = { created_at: 1, touched_at: 1, applied_at: null, undo_until: null };
        await trx
          .insertInto('imports')
          .values({
            ...ofImport,
            ...importTimes,
            file_name: 'f',
            connector_id: connectorId,
            state: 'preview',
            failure: null,
            encoding: null,
            delimiter: null,
            columns: null,
            created_by: 'x',
            actor: '{}',
            claim: null,
            claimed_until: null,
          })
          .execute();
        await trx
          .insertInto('import_chunks')
          .values({ ...ofImport, place: 0, sealed })
          .execute();
        await trx
          .insertInto('import_rows')
          .values({
            ...ofImport,
            row_number: 1,
            kind: 'new',
            email: null,
            name: null,
            sealed_password: null,
            user_id: null,
            seen: null,
            applied: null,
          })
          .execute();
        await trx
          .insertInto('call_quality')
          .values({
            tenant_id: id,
            report_id: `rep-${id}`,
            user_id: userId,
            call_id: 'c',
            ended_at: 2,
            summary: '{}',
            asked_at: null,
            rated_at: null,
            stars: null,
          })
          .execute();
        await trx
          .insertInto('call_records')
          .values({
            tenant_id: id,
            record_id: `rec-${id}`,
            user_id: userId,
            connector_id: connectorId,
            call_id: 'c',
            correlation_id: 'c',
            direction: 'incoming',
            remote_number: '1',
            started_at: 1,
            ended_at: 2,
            cause: 'completed',
          })
          .execute();
      });
    }
    return { url, database: admin.database, tables: await tablesOf(server, url) };
  }

  test('where lines and records are already, their users keep the right to be written about', async () => {
    const url = await server.createEmptyDatabase(owner);
    const [first] = migrations;
    await server.query(
      url,
      'CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())',
    );
    await server.query(url, first?.up ?? '');
    await server.query(url, 'INSERT INTO migrations (name) VALUES ($1)', [first?.name]);
    await server.query(
      url,
      `SET ROLE offhook_app; SELECT set_config('offhook.tenant_id', 't', false);
       INSERT INTO tenants (tenant_id, name) VALUES ('t', 'T');
       INSERT INTO connectors (tenant_id, connector_id, name) VALUES ('t', 'now', 'Now'), ('t', 'then', 'Then');
       INSERT INTO users (tenant_id, user_id, email, name, role, password_hash) VALUES ('t', 'u', 'u@t', 'U', 'user', '');
       INSERT INTO lines VALUES ('t', 'l', 'now', 'u', '1', 'U', '1', '');
       INSERT INTO call_records VALUES ('t', 'r', 'u', 'then', 'c', 'c', 'incoming', '2', NULL, NULL, 1, NULL, 2, 'busy');`,
    );
    const { database } = await openAdmin(url);
    const places = await database.inTenant('t' as TenantId, (trx) =>
      trx.selectFrom('line_places').select('connector_id').orderBy('connector_id').execute(),
    );
    expect(places.map((place) => place.connector_id)).toEqual(['now', 'then']);
  });

  test('every table has its tenant and forces row-level security', async () => {
    const { tables } = await twoTenants();
    expect(tables.length).toBeGreaterThanOrEqual(11);
    for (const table of tables) {
      expect(table).toMatchObject({ enabled: true, forced: true });
      expect(table.columns).toContain('tenant_id');
    }
  });

  test('with one tenant set, rows of another can be neither read, changed, removed nor written', async () => {
    const { database, tables } = await twoTenants();
    const asA = <T>(work: Parameters<typeof database.inTenant<T>>[1]) =>
      database.inTenant('aaa' as TenantId, work);
    for (const { name, written } of tables) {
      const table = sql.table(name);
      const columns = sql.join(written.map((column) => sql.ref(column)));
      const seen = await asA((trx) =>
        sql<{ tenant_id: string }>`SELECT DISTINCT tenant_id FROM ${table}`.execute(trx),
      );
      expect({ table: name, rows: seen.rows }).toEqual({ table: name, rows: [{ tenant_id: 'aaa' }] });

      for (const statement of [
        sql`UPDATE ${table} SET tenant_id = tenant_id WHERE tenant_id = 'bbb'`,
        sql`DELETE FROM ${table} WHERE tenant_id = 'bbb'`,
      ]) {
        const done = await asA((trx) => statement.execute(trx)).catch((error: Error) => error.message);
        const changed = typeof done === 'string' ? done : Number(done.numAffectedRows ?? 0n);
        // Some tables may not be changed at all.
        expect([0, `permission denied for table ${name}`]).toContain(changed);
      }

      const stolen = asA((trx) => sql`UPDATE ${table} SET tenant_id = 'bbb'`.execute(trx));
      await expect(stolen).rejects.toThrow(/row-level security|permission denied/u);
      const planted = asA((trx) =>
        sql`INSERT INTO ${table} (tenant_id, ${columns}) SELECT 'bbb', ${columns} FROM ${table}`.execute(trx),
      );
      await expect(planted).rejects.toThrow(/row-level security/u);
    }
  });

  test('with no tenant set there is nothing at all', async () => {
    const { database, tables } = await twoTenants();
    for (const { name } of tables) {
      const seen = await database.beforeTenant((trx) => sql`SELECT 1 FROM ${sql.table(name)}`.execute(trx));
      expect(seen.rows).toEqual([]);
    }
  });

  test('who runs the service reads what it is granted, and nothing of people, lines, calls and keys', async () => {
    const { database, tables } = await twoTenants();
    // Of the log it sees its own people's acts alone.
    const granted = ['audit_log', 'seat_days', 'subscriptions', 'tenants', 'usage_months'];
    const seen = new Map<string, number | string>();
    for (const { name } of tables) {
      const rows = await database
        .asProvider((trx) => sql`SELECT * FROM ${sql.table(name)}`.execute(trx))
        .then(({ rows: found }) => found.length)
        .catch((error: Error) => error.message);
      seen.set(name, rows);
      for (const statement of [
        sql`DELETE FROM ${sql.table(name)}`,
        sql`INSERT INTO ${sql.table(name)} DEFAULT VALUES`,
      ]) {
        const done = database.asProvider((trx) => statement.execute(trx));
        await expect(done).rejects.toThrow(/permission denied/u);
      }
      if (name === 'tenants') continue;
      const changed = database.asProvider((trx) =>
        sql`UPDATE ${sql.table(name)} SET tenant_id = tenant_id`.execute(trx),
      );
      await expect(changed).rejects.toThrow(/permission denied/u);
    }
    const readable = [...seen].filter(([, rows]) => typeof rows === 'number').map(([name]) => name);
    expect(readable.toSorted()).toEqual(granted);
    expect(seen.get('audit_log')).toBe(0);
    expect(seen.get('tenants')).toBe(3);
    for (const name of [
      'users',
      'lines',
      'call_records',
      'sessions',
      'api_keys',
      'scim_users',
      'import_rows',
    ])
      expect(seen.get(name)).toMatch('permission denied');
  });

  test('a setting ends with its transaction: connections of the pool carry nothing over', async () => {
    const { database } = await twoTenants();
    await database.inTenant('aaa' as TenantId, (trx) => trx.selectFrom('users').selectAll().execute());
    const { rows } = await database.pool.query<{ role: string; tenant: string | null }>(
      `SELECT current_setting('role') AS role, current_setting('offhook.tenant_id', true) AS tenant`,
    );
    expect(rows[0]?.role).toBe('none');
    expect(rows[0]?.tenant ?? '').toBe('');
  });

  test('the look-ups before the tenant is known tell what they must and no more', async () => {
    const { database } = await twoTenants();
    const account = await database.beforeTenant((trx) =>
      sql`SELECT * FROM lookup_account('anna@bbb.example')`.execute(trx),
    );
    expect(Object.keys(account.rows[0] ?? {}).toSorted()).toEqual(['password_hash', 'tenant_id', 'user_id']);
    // Its owner cannot log in, and may not read what no look-up needs.
    const { rows } = await database.pool.query<Record<string, boolean>>(
      `SELECT rolcanlogin OR rolbypassrls OR rolsuper AS powerful,
              has_column_privilege('offhook_lookup', 'users', 'name', 'SELECT') AS "userNames",
              has_table_privilege('offhook_lookup', 'lines', 'SELECT') AS lines,
              has_table_privilege('offhook_lookup', 'call_records', 'SELECT') AS records
         FROM pg_roles WHERE rolname IN ('offhook_app', 'offhook_lookup')`,
    );
    const nothing = { powerful: false, userNames: false, lines: false, records: false };
    expect(rows).toEqual([nothing, nothing]);
  });
});
