import { readFile } from 'node:fs/promises';
import { ApiKeyId, type KeyScope } from '@offhook/contract';
import * as z from 'zod';
import { createApiKeyStore } from './api-keys/store.ts';
import { commandLine } from './audit/audit.ts';
import { ConfigError, readConfig } from './config.ts';
import { openDatabase } from './database/database.ts';
import { isDatabaseAway } from './database/errors.ts';
import { migrate } from './database/migrate.ts';
import { applyTenant } from './provisioning/apply.ts';
import { setUserDisabled } from './provisioning/users.ts';
import { TenantFile } from './provisioning/schema.ts';
import { createSignInStore } from './sign-in/store.ts';
import { createPasswords } from './sign-in/passwords.ts';

const USAGE = `Usage: node apps/cloud/src/admin.ts <command>
  migrate                       bring the database up to date
  apply <file.json>             make a tenant what the file says (see apps/cloud/README.md)
  create-key <connector>        a new API key for a connector, by its name or id; printed this once
  revoke-key <keyId>            revoke an API key; a link that uses it is closed at once
  disable-user <email>          end a user's sessions and line at once; nobody signs in as this user any more
  enable-user <email>           let a disabled user in again, with the line as it was
Environment: DATABASE_URL, OFFHOOK_SECRET_KEY_FILE as for the cloud.`;

/** What a key of the command line is for: the connector, and the platform's own management. */
const commandLineScopes: KeyScope[] = ['connector', 'provisioning'];

/** Wrong use, said to the person at the keyboard. */
class UsageError extends Error {}

async function run([command, argument]: string[]): Promise<void> {
  const commands = ['migrate', 'apply', 'create-key', 'revoke-key', 'disable-user', 'enable-user'];
  if (command === undefined || !commands.includes(command)) throw new UsageError(USAGE);
  if (command !== 'migrate' && argument === undefined) throw new UsageError(USAGE);
  const config = readConfig(process.env);
  const file = command === 'apply' ? await readTenantFile(argument ?? '') : undefined;

  const database = openDatabase({ url: config.databaseUrl, poolSize: 2, onIdleError: () => {} });
  try {
    const migrations = await migrate(database.pool);
    const keys = createApiKeyStore(database);
    if (file !== undefined) {
      const passwords = await createPasswords(() => {});
      print(JSON.stringify(await applyTenant(database, config.secrets, passwords, file)));
    } else if (command === 'migrate') {
      print(JSON.stringify({ applied: migrations }));
    } else if (command === 'create-key') {
      const [found, ...others] = await keys.findConnectors(argument ?? '');
      if (found === undefined) throw new UsageError(`There is no connector “${argument}”.`);
      if (others.length > 0) {
        const ids = [found, ...others].map((one) => `${one.connectorId} (tenant ${one.tenantId})`);
        throw new UsageError(`Several connectors have this name; say which by its id: ${ids.join(', ')}`);
      }
      const { tenantId, connectorId } = found;
      const request = { name: 'command line', connectorId, scopes: commandLineScopes };
      const { key, secret } = await keys.create(tenantId, request, commandLine);
      process.stderr.write(`Key ${key.keyId}. It is shown this once; give it to the connector.\n`);
      print(secret);
    } else if (command === 'disable-user' || command === 'enable-user') {
      const email = (argument ?? '').toLowerCase();
      const account = await createSignInStore(database).findAccount(email);
      if (account === undefined) throw new UsageError(`There is no user “${argument}”.`);
      const disabled = command === 'disable-user';
      const changed = await setUserDisabled(database, account, disabled, commandLine);
      print(JSON.stringify({ [disabled ? 'disabled' : 'enabled']: email, changed }));
    } else {
      const tenantId = await keys.findKeyTenant(argument ?? '');
      if (tenantId === undefined) throw new UsageError(`There is no API key with the id “${argument}”.`);
      await keys.revoke(tenantId, ApiKeyId.parse(argument), commandLine);
      print(JSON.stringify({ revoked: argument }));
    }
  } finally {
    await database.close();
  }
}

async function readTenantFile(path: string): Promise<TenantFile> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`The file ${path} cannot be read.`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${String(error)}`);
  }
  const parsed = TenantFile.safeParse(json);
  if (!parsed.success) throw new UsageError(`${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

try {
  await run(process.argv.slice(2));
} catch (error) {
  const said = isDatabaseAway(error)
    ? 'The database of DATABASE_URL does not answer. Is PostgreSQL running there?'
    : error instanceof UsageError || error instanceof ConfigError
      ? error.message
      : `It failed: ${error instanceof Error ? error.message : String(error)}`;
  process.stderr.write(`${said}\n`);
  process.exitCode = 1;
}
