import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ApiKeyId, EmailAddress, OffhookError, type KeyScope } from '@offhook/contract';
import * as z from 'zod';
import { providerLink } from './accounts/first-provider.ts';
import { createApiKeyStore } from './api-keys/store.ts';
import { commandLine } from './audit/audit.ts';
import { ConfigError, readConfig } from './config.ts';
import { openDatabase } from './database/database.ts';
import { isDatabaseAway } from './database/errors.ts';
import { migrate } from './database/migrate.ts';
import { applyTenant } from './provisioning/apply.ts';
import { TenantFile } from './provisioning/schema.ts';
import { reseal, type Resealed } from './secrets/reseal.ts';
import { createSignInStore } from './sign-in/store.ts';
import { createPasswords } from './sign-in/passwords.ts';
import { createUserWriter, writeUsers } from './users/writer.ts';

const USAGE = `Usage: node apps/cloud/src/admin.ts <command>
  migrate                       bring the database up to date
  apply <file.json>             make a tenant what the file says (see apps/cloud/README.md)
  create-key <connector>        a new API key for a connector, by its name or id; printed this once
  revoke-key <keyId>            revoke an API key; a link that uses it is closed at once
  disable-user <email>          end a user's sessions and line at once; nobody signs in as this user any more
  enable-user <email>           let a disabled user in again, with the line as it was
  reseal                        seal every secret of every tenant with the first key of the key file; can be
                                broken off and begun again, beside the running cloud
  create-provider [--email <address> --name <name>]
                                print a one-time link with which an account of the provider is made
Environment: DATABASE_URL, OFFHOOK_SECRET_KEY_FILE as for the cloud.`;

/** What a key of the command line is for: the connector, and the platform's own management. */
const commandLineScopes: KeyScope[] = ['connector', 'provisioning'];

/** Wrong use, said to the person at the keyboard. */
class UsageError extends Error {}

const lone = ['migrate', 'create-provider', 'reseal'];
const commands = [...lone, 'apply', 'create-key', 'revoke-key', 'disable-user', 'enable-user'];

async function run([command, ...rest]: string[]): Promise<void> {
  const [argument] = rest;
  if (command === undefined || !commands.includes(command)) throw new UsageError(USAGE);
  if (!lone.includes(command) && argument === undefined) throw new UsageError(USAGE);
  const owner = command === 'create-provider' ? readOwner(rest) : undefined;
  const config = readConfig(process.env);
  const file = command === 'apply' ? await readTenantFile(argument ?? '') : undefined;

  const database = openDatabase({ url: config.databaseUrl, poolSize: 2, onIdleError: () => {} });
  try {
    const migrations = await migrate(database.pool);
    const keys = createApiKeyStore(database);
    const writer = createUserWriter({ secrets: config.secrets });
    if (file !== undefined) {
      const passwords = await createPasswords(() => {});
      const { secrets } = config;
      print(JSON.stringify(await applyTenant(database, { secrets, passwords, writer }, file)));
    } else if (command === 'create-provider') {
      const origin = config.publicOrigin ?? `http://${config.host}:${config.port}`;
      const { url, expiresAt } = await providerLink(database, origin, commandLine, owner);
      process.stderr.write(`Open this link until ${new Date(expiresAt).toISOString()}; it works once.\n`);
      print(url);
    } else if (command === 'reseal') {
      const { secrets } = config;
      const done = await reseal({ database, secrets, onTable });
      print(JSON.stringify(done));
      if (done.unopened > 0)
        throw new UsageError(
          'Some secrets were sealed with a key that is not in the key file. Add it, and do this again.',
        );
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
      const { tenantId, userId } = account;
      const changed = await writeUsers(database, writer, tenantId, (trx) =>
        writer.setDisabled(trx, tenantId, commandLine, userId, disabled),
      );
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

function onTable(tenantId: string, table: string, { resealed, unopened }: Resealed): void {
  if (resealed + unopened > 0)
    process.stderr.write(`${tenantId} ${table}: ${resealed} resealed, ${unopened} not opened\n`);
}

/** Whose account it is to be; undefined where who follows the link says so. */
function readOwner(args: string[]): { email: string; name: string } | undefined {
  let values;
  try {
    const options = { email: { type: 'string' }, name: { type: 'string' } } as const;
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  const { email, name } = values;
  if (email === undefined && name === undefined) return undefined;
  const owner = z
    .object({ email: EmailAddress, name: z.string().min(1).max(200) })
    .safeParse({ email, name });
  if (!owner.success) throw new UsageError('create-provider takes both --email and --name, or neither.');
  return owner.data;
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
      : error instanceof OffhookError && ['email_taken', 'conflict'].includes(error.code)
        ? 'This e-mail address has an account already.'
        : `It failed: ${error instanceof Error ? error.message : String(error)}`;
  process.stderr.write(`${said}\n`);
  process.exitCode = 1;
}
