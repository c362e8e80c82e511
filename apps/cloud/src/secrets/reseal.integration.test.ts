import { randomBytes } from 'node:crypto';
import type { TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { reseal } from './reseal.ts';
import { createSecretBox, lineContext } from './secret-box.ts';
import { sealedColumns } from './sealed-columns.ts';

const server = useTestServer();
const [first, second] = [randomBytes(32), randomBytes(32)];
const [old, rotated, renewed] = [
  createSecretBox([first]),
  createSecretBox([second, first]),
  createSecretBox([second]),
];

/** A sealed row in every column of the list, in each of two tenants. */
async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url, old);
  for (const id of ['aaa', 'bbb']) {
    await admin.apply(tenantFile(id));
    const tenantId = id as TenantId;
    const [userId, connectorId] = [await admin.userId(`anna@${id}.example`), await admin.connectorId(id)];
    const hash = Buffer.alloc(32, id);
    const row = (column: string, ...key: (string | number | Buffer)[]) => {
      const [table, name] = column.split('.');
      const found = sealedColumns.find((one) => one.table === table && one.column === name);
      if (found === undefined) throw new Error(`${column} is not in the list`);
      return old.seal(`secret of ${column}`, found.contextOf(tenantId, key));
    };
    await admin.database.inTenant(tenantId, async (trx) => {
      const line = {
        line_id: 'lin_old',
        connector_id: connectorId,
        number: '9',
        display_name: 'X',
        auth_user: '9',
        main_number: null,
        short_number: null,
        caller_id: null,
        desk_phone: null,
        voicemail_number: null,
        kept: {},
        secret: old.seal('former', lineContext(id, 'lin_old')).toString('hex'),
      };
      const statements = [
        sql`UPDATE users SET former_line = ${JSON.stringify(line)}::jsonb WHERE user_id = ${userId}`,
        sql`UPDATE pbx_configs SET secrets = ${row('pbx_configs.secrets', connectorId)}`,
        sql`INSERT INTO totp_secrets VALUES (${id}, ${userId}, ${row('totp_secrets.sealed', userId)}, 1, 1)`,
        sql`INSERT INTO sign_in_tickets (tenant_id, user_id, ticket_hash, kind, sealed, expires_at)
              VALUES (${id}, ${userId}, ${hash}, 'totp_setup', ${row('sign_in_tickets.sealed', hash)}, 1)`,
        sql`INSERT INTO sso_connections (tenant_id, sso_id, kind, name, just_in_time, enabled, only_sso, settings,
                                         client_secret, created_at, updated_at)
              VALUES (${id}, ${id}, 'oidc', 'S', false, true, false, '{}', ${row('sso_connections.client_secret')}, 1, 1)`,
        sql`INSERT INTO sso_attempts (tenant_id, state_hash, browser_hash, sealed, expires_at)
              VALUES (${id}, ${hash}, ${hash}, ${row('sso_attempts.sealed', hash)}, 1)`,
        sql`INSERT INTO mail_outbox (tenant_id, mail_id, kind, to_address, language, sealed_params, created_at, next_attempt_at)
              VALUES (${id}, 'm', 'invitation', 'x', 'en', ${row('mail_outbox.sealed_params', 'm')}, 1, 1)`,
        sql`INSERT INTO imports (tenant_id, import_id, file_name, connector_id, state, columns, created_by, actor, created_at, touched_at)
              VALUES (${id}, 'i', 'f', ${connectorId}, 'preview', ${row('imports.columns', 'i')}, 'x', '{}', 1, 1)`,
        sql`INSERT INTO import_chunks (tenant_id, import_id, place, sealed)
              SELECT ${id}, 'i', 0, ${row('import_chunks.sealed', 'i', 0)}::bytea
              UNION ALL SELECT ${id}, 'i', 1, ${row('import_chunks.sealed', 'i', 1)}::bytea`,
        sql`INSERT INTO import_rows (tenant_id, import_id, row_number, kind, sealed_password, before)
              VALUES (${id}, 'i', 2, 'new', ${row('import_rows.sealed_password', 'i', 2)},
                      ${JSON.stringify({ name: 'X', line })}::jsonb)`,
        sql`INSERT INTO push_keys VALUES (${id}, 'k', ${row('push_keys.sealed_key')})`,
        sql`INSERT INTO sessions (tenant_id, session_id, user_id, token_hash, created_at, last_seen_at, expires_at)
              VALUES (${id}, 's', ${userId}, ${hash}, 1, 1, 1)`,
        sql`INSERT INTO push_subscriptions VALUES
              (${id}, 's', ${userId}, ${hash}, ${row('push_subscriptions.sealed', 's')}, 1)`,
      ];
      for (const statement of statements) await statement.execute(trx);
    });
  }
  return { url, database: admin.database };
}

/** The sealed password of a line within what a column holds. */
function secretOf(held: unknown, at: readonly string[]): Buffer {
  const line = at.reduce<unknown>((from, name) => (from as Record<string, unknown>)[name], held);
  return Buffer.from(String((line as Record<string, unknown>)['secret']), 'hex');
}

test('every secret of every tenant opens with the new key alone, and says the same', async () => {
  const { url, database } = await world();
  const done = await reseal({ database, secrets: rotated, batch: 1 });
  // Two lines of the file in each tenant, two pieces of a file, and one of each other.
  const all = 2 * (sealedColumns.length + 2);
  expect(done).toEqual({ looked: all, resealed: all, unopened: 0 });
  // What was broken off is begun again: what is done is passed over.
  expect(await reseal({ database, secrets: rotated })).toEqual({ looked: all, resealed: 0, unopened: 0 });
  for (const { table, column, keys, form, contextOf } of sealedColumns) {
    const rows = await server.query<
      Record<string, string | number | Buffer> & { held: unknown; tenant_id: TenantId }
    >(url, `SELECT *, ${column} AS held FROM ${table} WHERE ${column} IS NOT NULL`);
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const row of rows) {
      const key = keys.map((name) => row[name] ?? '');
      const said =
        form.kind === 'bytes'
          ? renewed.open(row.held as Buffer, contextOf(row.tenant_id, key))
          : renewed.open(secretOf(row.held, form.at), lineContext(row.tenant_id, 'lin_old'));
      const wanted =
        form.kind === 'line'
          ? 'former'
          : table === 'lines'
            ? /^sip-10[12]-/u
            : `secret of ${table}.${column}`;
      expect(said).toMatch(wanted);
    }
  }
});

test('what no key opens is counted and left as it is', async () => {
  const { url, database } = await world();
  const held = () => server.query(url, 'SELECT line_id, secret FROM lines ORDER BY line_id');
  const before = await held();
  const done = await reseal({ database, secrets: renewed });
  expect(done.resealed).toBe(0);
  expect(done.unopened).toBe(done.looked);
  expect(await held()).toEqual(before);
});

test('no column of bytes is forgotten: it is in the list, or is known to hold no secret', async () => {
  const { url } = await world();
  const rows = await server.query<{ name: string }>(
    url,
    `SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE a.atttypid = 'bytea'::regtype AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0`,
  );
  const sealed = new Set(sealedColumns.map(({ table, column }) => `${table}.${column}`));
  const others = rows.map(({ name }) => name).filter((name) => !sealed.has(name));
  // Hashes of what cannot be guessed, and what is public.
  expect(others.toSorted()).toEqual([
    'api_keys.key_hash',
    'one_time_links.token_hash',
    'passkeys.public_key',
    'push_subscriptions.endpoint_hash',
    'recovery_codes.code_hash',
    'sessions.token_hash',
    'sign_in_tickets.ticket_hash',
    'spent_challenges.challenge_hash',
    'sso_assertions.assertion_hash',
    'sso_attempts.browser_hash',
    'sso_attempts.state_hash',
    'sso_connections.tested',
    'sso_tests.settings_hash',
  ]);
});
