import type { ConnectorId, PbxConfig, UserId } from '@offhook/contract';
import { commandLine, writeAudit } from '../audit/audit.ts';
import { notifyChange, notifyDirectory } from '../database/changes.ts';
import { writePbx } from '../connectors/pbx.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { lineContext, type SecretBox } from '../secrets/secret-box.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import type { TenantFile } from './schema.ts';

/** What was done: `created`, `changed` and `removed` name things such as `user anna@demo.example`. */
export type Applied = { tenantId: string; created: string[]; changed: string[]; removed: string[] };

type Work = {
  trx: TenantTransaction;
  tenantId: TenantFile['tenant']['id'];
  secrets: SecretBox;
  applied: Applied;
  /** Connectors whose configuration must be fetched anew. */
  touched: Set<ConnectorId>;
};

/**
 * Make a tenant what the file says, in one transaction. A running cloud hears of it.
 * @throws Error in words for the administrator
 */
export async function applyTenant(
  database: Database,
  secrets: SecretBox,
  passwords: Passwords,
  file: TenantFile,
): Promise<Applied> {
  const tenantId = file.tenant.id;
  return database
    .inTenant(tenantId, async (trx) => {
      const applied: Applied = { tenantId, created: [], changed: [], removed: [] };
      const work: Work = { trx, tenantId, secrets, applied, touched: new Set() };
      await applyTenantRow(work, file.tenant.name);
      const connectors = new Map<string, ConnectorId>();
      for (const connector of file.connectors) {
        connectors.set(connector.name, await applyConnector(work, connector.name, connector.pbx));
      }
      for (const user of file.users) {
        const userId = await applyUser(work, passwords, user);
        await applyLine(work, connectors, user, userId);
      }
      await trx
        .updateTable('connectors')
        .set((eb) => ({ config_revision: eb('config_revision', '+', 1) }))
        .where('connector_id', 'in', [...work.touched, ''])
        .execute();
      const { created, changed, removed } = applied;
      if (created.length + changed.length + removed.length > 0) {
        for (const thing of [...created, ...changed, ...removed]) {
          const verb = created.includes(thing) ? 'create' : changed.includes(thing) ? 'change' : 'remove';
          const subject = { kind: 'file', id: '', name: thing };
          await writeAudit(trx, tenantId, commandLine, { action: `file.${verb}`, subject });
        }
        await notifyDirectory(trx, tenantId, [...work.touched]);
      }
      return applied;
    })
    .catch((error: unknown) => {
      const isNumber = error instanceof Error && 'constraint' in error && error.constraint === 'lines_number';
      if (!isNumber) throw error;
      const message = 'A number of the file is already used by a line that the file does not name.';
      throw new Error(message, { cause: error });
    });
}

async function applyTenantRow({ trx, tenantId, applied }: Work, name: string): Promise<void> {
  const found = await trx.selectFrom('tenants').select('name').executeTakeFirst();
  if (found === undefined) {
    await trx.insertInto('tenants').values({ tenant_id: tenantId, name }).execute();
    applied.created.push(`tenant ${name}`);
  } else if (found.name !== name) {
    await trx.updateTable('tenants').set({ name }).execute();
    applied.changed.push(`tenant ${name}`);
  }
}

async function applyConnector(work: Work, name: string, pbx: PbxConfig): Promise<ConnectorId> {
  const { trx, tenantId, secrets: box, applied, touched } = work;
  const found = await trx
    .selectFrom('connectors')
    .leftJoin('pbx_configs', 'pbx_configs.connector_id', 'connectors.connector_id')
    .select(['connectors.connector_id', 'pbx_configs.config', 'pbx_configs.secrets'])
    .where('connectors.name', '=', name)
    .executeTakeFirst();
  const connectorId = (found?.connector_id ?? newId('con')) as ConnectorId;
  if (found === undefined) {
    await trx
      .insertInto('connectors')
      .values({ tenant_id: tenantId, connector_id: connectorId, name })
      .execute();
    applied.created.push(`connector ${name}`);
  }
  const before =
    found === undefined || found.config === null
      ? undefined
      : { config: found.config, secrets: found.secrets };
  if (!(await writePbx(trx, box, { tenantId, connectorId }, before, pbx))) return connectorId;
  if (found !== undefined) applied.changed.push(`connector ${name}`);
  touched.add(connectorId);
  return connectorId;
}

async function applyUser(
  { trx, tenantId, applied }: Work,
  passwords: Passwords,
  { email, name, role, password }: TenantFile['users'][number],
): Promise<UserId> {
  const found = await trx
    .selectFrom('users')
    .select(['user_id', 'name', 'role', 'password_hash'])
    .where('email', '=', email)
    .executeTakeFirst();
  if (found === undefined) {
    const userId = newId('usr') as UserId;
    const password_hash = await passwords.hash(password);
    const inserted = await trx
      .insertInto('users')
      .values({
        tenant_id: tenantId,
        user_id: userId,
        email,
        name,
        role,
        password_hash,
        activated_at: Date.now(),
      })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returning('user_id')
      .executeTakeFirst();
    if (inserted === undefined) throw new Error(`The e-mail address ${email} belongs to another tenant.`);
    applied.created.push(`user ${email}`);
    return userId;
  }
  const userId = found.user_id as UserId;
  const samePassword = await passwords.verify(found.password_hash, password);
  if (found.name === name && found.role === role && samePassword) return userId;
  await trx
    .updateTable('users')
    .set({ name, role, ...(samePassword ? {} : { password_hash: await passwords.hash(password) }) })
    .where('user_id', '=', userId)
    .execute();
  applied.changed.push(`user ${email}`);
  if (!samePassword || found.role !== role) {
    await trx.deleteFrom('sessions').where('user_id', '=', userId).execute();
    await notifyChange(trx, { kind: 'sessions_revoked', tenantId, userId });
  }
  return userId;
}

async function applyLine(
  { trx, tenantId, secrets, applied, touched }: Work,
  connectors: Map<string, ConnectorId>,
  { email, name, line }: TenantFile['users'][number],
  userId: UserId,
): Promise<void> {
  const found = await trx.selectFrom('lines').selectAll().where('user_id', '=', userId).executeTakeFirst();
  if (line === undefined) {
    if (found === undefined) return;
    await trx.deleteFrom('lines').where('user_id', '=', userId).execute();
    touched.add(found.connector_id as ConnectorId);
    applied.removed.push(`line of ${email}`);
    return;
  }
  const connectorId = connectors.get(line.connector);
  if (connectorId === undefined) throw new Error(`The file has no connector “${line.connector}”.`);
  const wanted = {
    connector_id: connectorId,
    number: line.number,
    display_name: line.displayName ?? name,
    auth_user: line.authUser ?? line.number,
    main_number: line.mainNumber ?? null,
    desk_phone: line.deskPhone ?? null,
  };
  const lineId = found?.line_id ?? newId('lin');
  const context = lineContext(tenantId, lineId);
  const sameSecret =
    found !== undefined &&
    secrets.isCurrent(found.secret) &&
    secrets.open(found.secret, context) === line.password;
  if (
    sameSecret &&
    Object.entries(wanted).every(([column, value]) => found[column as keyof typeof wanted] === value)
  ) {
    return;
  }
  const secret = secrets.seal(line.password, context);
  if (found === undefined) {
    await trx
      .insertInto('lines')
      .values({ tenant_id: tenantId, line_id: lineId, user_id: userId, ...wanted, secret })
      .execute();
    applied.created.push(`line ${line.number} of ${email}`);
  } else {
    await trx
      .updateTable('lines')
      .set({ ...wanted, secret })
      .where('line_id', '=', lineId)
      .execute();
    applied.changed.push(`line ${line.number} of ${email}`);
    touched.add(found.connector_id as ConnectorId);
  }
  touched.add(connectorId);
}
