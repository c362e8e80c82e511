import { OffhookError, type ConnectorId, type PbxConfig, type UserId } from '@offhook/contract';
import { commandLine, writeAudits } from '../audit/audit.ts';
import { writePbx } from '../connectors/pbx.ts';
import { notifyDirectory } from '../database/changes.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { Passwords } from '../sign-in/passwords.ts';
import { resealTotpSecrets } from '../sign-in/second-factor/factors.ts';
import { isRefused, type Changed, type NewUserRow, type UserChangeOf } from '../users/rows.ts';
import type { UserWriter } from '../users/writer.ts';
import type { TenantFile } from './schema.ts';

/** What was done: `created`, `changed` and `removed` name things such as `user anna@demo.example`. */
export type Applied = { tenantId: string; created: string[]; changed: string[]; removed: string[] };

type Work = {
  trx: TenantTransaction;
  tenantId: TenantFile['tenant']['id'];
  secrets: SecretBox;
  writer: UserWriter;
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
  { secrets, passwords, writer }: { secrets: SecretBox; passwords: Passwords; writer: UserWriter },
  file: TenantFile,
): Promise<Applied> {
  const tenantId = file.tenant.id;
  return database.inTenant(tenantId, async (trx) => {
    const applied: Applied = { tenantId, created: [], changed: [], removed: [] };
    const work: Work = { trx, tenantId, secrets, writer, applied, touched: new Set() };
    await applyTenantRow(work, file.tenant.name);
    const connectors = new Map<string, ConnectorId>();
    for (const connector of file.connectors) {
      connectors.set(connector.name, await applyConnector(work, connector.name, connector.pbx));
    }
    await tellConnectors(work);
    const people = await applyUsers(work, passwords, file.users);
    await applyLines(work, connectors, file.users, people);
    await resealTotpSecrets(trx, secrets, tenantId);
    await writer.finish(trx, tenantId);
    return applied;
  });
}

/** What was done to the tenant itself and its connectors; its people are the writer's to tell of. */
async function tellConnectors({ trx, tenantId, applied, touched }: Work): Promise<void> {
  const acts = [
    ...applied.created.map((name) => ({ action: 'file.create' as const, name })),
    ...applied.changed.map((name) => ({ action: 'file.change' as const, name })),
  ];
  if (acts.length === 0) return;
  await trx
    .updateTable('connectors')
    .set((eb) => ({ config_revision: eb('config_revision', '+', 1) }))
    .where('connector_id', 'in', [...touched, ''])
    .execute();
  await writeAudits(
    trx,
    tenantId,
    commandLine,
    acts.map(({ action, name }) => ({ action, subject: { kind: 'file', id: '', name } })),
  );
  await notifyDirectory(trx, tenantId, [...touched]);
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

type FileUser = TenantFile['users'][number];

/** @returns the people whom the file names, by address, without those who are deleted: the file takes nobody's deletion back */
async function applyUsers(
  { trx, tenantId, writer, applied }: Work,
  passwords: Passwords,
  users: readonly FileUser[],
): Promise<Map<string, UserId>> {
  const rows = await trx
    .selectFrom('users')
    .select(['user_id', 'email', 'password_hash', 'deleted_at'])
    .execute();
  const found = new Map(rows.map((row) => [row.email, row]));
  const people = new Map<string, UserId>();
  const added: NewUserRow[] = [];
  const changes: (UserChangeOf & { email: string })[] = [];
  for (const { email, name, role, password } of users) {
    const known = found.get(email);
    if (known === undefined) {
      const passwordHash = await passwords.hash(password);
      added.push({ email, name, role, source: 'file', passwordHash, activatedAt: Date.now() });
    } else if (known.deleted_at === null) {
      const userId = known.user_id as UserId;
      people.set(email, userId);
      const isSame = await passwords.verify(known.password_hash, password);
      const passwordHash = isSame ? undefined : await passwords.hash(password);
      changes.push({ email, userId, change: { name, role, passwordHash } });
    }
  }
  const created = await writer.createMany(trx, tenantId, commandLine, added);
  for (const [index, { email }] of added.entries()) {
    const outcome = created[index];
    if (outcome === undefined || isRefused(outcome))
      throw new Error(`The e-mail address ${email} belongs to another tenant.`);
    people.set(email, outcome.userId);
    applied.created.push(`user ${email}`);
  }
  const changed = await writer.changeMany(trx, tenantId, commandLine, changes);
  for (const [index, { email }] of changes.entries()) {
    if (isDone(changed[index])) applied.changed.push(`user ${email}`);
  }
  return people;
}

async function applyLines(
  { trx, tenantId, writer, applied }: Work,
  connectors: ReadonlyMap<string, ConnectorId>,
  users: readonly FileUser[],
  people: ReadonlyMap<string, UserId>,
): Promise<void> {
  const rows = await trx.selectFrom('lines').select('user_id').execute();
  const had = new Set(rows.map((row) => row.user_id));
  const named = users.flatMap((user) => {
    const userId = people.get(user.email);
    return userId === undefined ? [] : [{ userId, user }];
  });
  const changes = named.map(({ userId, user: { line } }): UserChangeOf => {
    if (line === undefined) return { userId, change: { line: null } };
    const connectorId = connectors.get(line.connector);
    if (connectorId === undefined) throw new Error(`The file has no connector “${line.connector}”.`);
    // What every file has said of a line is so or is not there; what came later stays where the file does not say it.
    const { number, shortNumber, callerId, voicemailNumber, password } = line;
    const { mainNumber = null, deskPhone = null, authUser = null, displayName = null } = line;
    const whole = { connectorId, number, mainNumber, deskPhone, authUser, displayName, password };
    return { userId, change: { line: { ...whole, shortNumber, callerId, voicemailNumber } } };
  });
  const outcomes = await writer.changeMany(trx, tenantId, commandLine, changes);
  for (const [index, { userId, user }] of named.entries()) {
    if (!isDone(outcomes[index])) continue;
    if (user.line === undefined) applied.removed.push(`line of ${user.email}`);
    else {
      const what = `line ${user.line.number} of ${user.email}`;
      (had.has(userId) ? applied.changed : applied.created).push(what);
    }
  }
}

/** @throws Error in words for the administrator */
function isDone(outcome: Changed | undefined): boolean {
  if (outcome === undefined || typeof outcome === 'string') return outcome === 'changed';
  if (outcome.refused === 'number_taken')
    throw new Error('A number of the file is already used by a line that the file does not name.');
  throw new OffhookError(outcome.refused);
}
