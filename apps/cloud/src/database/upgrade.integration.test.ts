import { hash } from '@node-rs/argon2';
import { SESSION_COOKIE } from '@offhook/contract';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyOf } from '../api-keys/authenticate.ts';
import { createSecretBox, lineContext } from '../secrets/secret-box.ts';
import { hashToken, newApiKey, newToken } from '../secrets/tokens.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { person, signIn } from '../testing/peers.ts';
import { migrations } from './migrations/index.ts';

/** What a service had before it had administrators of its own. */
const OLD = '0005-presence';

/** The roles of a PostgreSQL are made by the first owner of a database of it, so each kind has its own. */
describe.each(['superuser', 'ordinary'] as const)(
  'a database of before, owned by a role that is %s',
  (owner) => {
    const server = useTestServer();

    /** With the migrations up to this one. */
    async function databaseAt(last: string): Promise<string> {
      const url = await server.createEmptyDatabase(owner);
      const before = migrations.slice(0, migrations.findIndex(({ name }) => name === last) + 1);
      const named = before.map(({ name }) => `INSERT INTO migrations (name) VALUES ('${name}');`);
      await server.query(
        url,
        `BEGIN; CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
       ${before.map(({ up }) => up).join('\n')} ${named.join('\n')} COMMIT;`,
      );
      return url;
    }

    async function oldDatabase() {
      const url = await databaseAt(OLD);
      const secrets = createSecretBox([randomBytes(32)]);
      const now = Date.now();
      const [token, { key, hint }] = [newToken(), newApiKey()];
      const inTenant = (sql: string, values: Value[]) => write(url, sql, values);
      const password = await hash('anna-password', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
      const tenant = `SELECT set_config('offhook.tenant_id', 'acme', false); SET ROLE offhook_app;`;
      const write = (to: string, sql: string, values: Value[]) =>
        server.query(to, `${tenant} ${fill(sql, values)}`);
      await inTenant(`INSERT INTO tenants (tenant_id, name) VALUES ('acme', 'Tenant acme')`, []);
      for (const [userId, email, name, role] of [
        ['usr_anna', 'anna@acme.example', 'Anna Berger', 'user'],
        ['usr_ben', 'ben@acme.example', 'Ben Carter', 'user'],
        ['usr_ada', 'admin@acme.example', 'Ada Admin', 'admin'],
      ]) {
        await inTenant(
          `INSERT INTO users (tenant_id, user_id, email, name, role, password_hash, disabled_at)
         VALUES ('acme', $1, $2, $3, $4, $5, $6)`,
          [userId, email, name, role, password, userId === 'usr_ben' ? now : null],
        );
      }
      await inTenant(
        `INSERT INTO sessions (tenant_id, session_id, user_id, token_hash, created_at, last_seen_at, expires_at)
       VALUES ('acme', 'ses_1', 'usr_anna', $1, $2, $2, $3)`,
        [hashToken(token), now, now + 86_400_000],
      );
      await inTenant(
        `INSERT INTO connectors (tenant_id, connector_id, name) VALUES ('acme', 'con_1', 'Office')`,
        [],
      );
      await inTenant(
        `INSERT INTO pbx_configs (tenant_id, connector_id, config) VALUES ('acme', 'con_1', $1)`,
        [JSON.stringify({ ...tenantFile('acme').connectors[0]?.pbx, attachment: { by: 'line' } })],
      );
      await inTenant(
        `INSERT INTO api_keys (tenant_id, key_id, connector_id, key_hash, hint) VALUES ('acme', 'key_1', 'con_1', $1, $2)`,
        [hashToken(key), hint],
      );
      for (const [lineId, userId, number] of [
        ['lin_1', 'usr_anna', '101'],
        ['lin_2', 'usr_ben', '102'],
      ] as const) {
        await inTenant(
          `INSERT INTO lines (tenant_id, line_id, connector_id, user_id, number, display_name, auth_user, secret)
         VALUES ('acme', $1, 'con_1', $2, $3, $2, $3, $4)`,
          [lineId, userId, number, secrets.seal(`sip-${number}-acme`, lineContext('acme', lineId))],
        );
      }
      await inTenant(
        `INSERT INTO call_records (tenant_id, record_id, user_id, connector_id, call_id, correlation_id, direction,
                                 remote_number, started_at, ended_at, cause)
       VALUES ('acme', 'rec_1', 'usr_anna', 'con_1', 'c', 'c', 'incoming', '102', $1, $1, 'completed')`,
        [now],
      );
      await inTenant(
        `INSERT INTO presence_choices (tenant_id, user_id, choice, platform_dnd, version)
       VALUES ('acme', 'usr_anna', 'away', false, 1)`,
        [],
      );
      await inTenant(
        `INSERT INTO audit_log (tenant_id, actor, action, subject) VALUES ('acme', 'command line', 'apply', 'user anna')`,
        [],
      );
      return { url, secrets, token, key };
    }

    test('is brought up to date with all that is in it, and people and connectors come in as before', async () => {
      const { url, secrets, token, key } = await oldDatabase();
      const cloud = await startCloud(url, secrets);
      const kept = await fetch(`${cloud.url}/api/session`, {
        headers: { cookie: `${SESSION_COOKIE}=${token}` },
      });
      expect(await kept.json()).toMatchObject({ me: { email: 'anna@acme.example', number: '101' } });
      const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
      expect(await (await anna.get('/api/history')).text()).toContain('"102"');
      const ada = await signIn(cloud.url, 'admin@acme.example', 'anna-password');
      const people = await (await ada.get('/api/admin/users')).json();
      expect(people).toMatchObject({ total: 3 });
      expect(await (await ada.get('/api/admin/audit')).text()).toContain('user anna');
      expect(await (await ada.get('/api/admin/usage')).json()).toMatchObject({ lines: [] });
      const refused = await person(cloud.url).post('/api/session', {
        email: 'ben@acme.example',
        password: 'anna-password',
      });
      expect(refused.status).toBe(401);

      const admin = await openAdmin(url, secrets);
      expect(await keyOf(admin.database, `Bearer ${key}`)).toMatchObject({ connectorId: 'con_1' });
      // The file of before, applied again: only passwords differ, and who was disabled stays so.
      const applied = await admin.apply(tenantFile('acme'));
      expect(applied).toMatchObject({ created: [], removed: [] });
      expect(await server.query(url, 'SELECT user_id FROM users WHERE disabled_at IS NOT NULL')).toEqual(
        owner === 'superuser' ? [{ user_id: 'usr_ben' }] : [],
      );
      expect(await admin.apply(tenantFile('acme'))).toMatchObject({ created: [], changed: [], removed: [] });
    });

    test('e-mail domains that led to single sign-on before they had to be proved still do', async () => {
      const url = await databaseAt('0021-audit-log');
      await server.query(
        url,
        `SELECT set_config('offhook.tenant_id', 'acme', false); SET ROLE offhook_app;
         INSERT INTO tenants (tenant_id, name) VALUES ('acme', 'Tenant acme');
         INSERT INTO sso_connections (tenant_id, sso_id, kind, name, just_in_time, enabled, only_sso, settings, created_at, updated_at)
           VALUES ('acme', 'sso_acme', 'oidc', 'Acme', false, true, false, '{}', 1, 1);
         INSERT INTO sso_domains (tenant_id, domain) VALUES ('acme', 'acme.example');`,
      );
      const cloud = await startCloud(url, createSecretBox([randomBytes(32)]));
      const methods = await person(cloud.url).get('/api/sign-in-methods?email=anna@acme.example');
      expect(await methods.json()).toMatchObject({ sso: { name: 'Acme' } });
    });
  },
);

type Value = string | number | Buffer | null | undefined;
/** Several statements go without parameters. */
const fill = (sql: string, values: Value[]) =>
  sql.replaceAll(/\$(\d)/gu, (_all, n: string) => literal(values[Number(n) - 1]));
const literal = (value: Value) => {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`;
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
};
