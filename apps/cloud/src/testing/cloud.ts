import { randomBytes } from 'node:crypto';
import type { ApiKeyId, ConnectorId, KeyScope, TenantId, UserId } from '@offhook/contract';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createApiKeyStore } from '../api-keys/store.ts';
import { commandLine } from '../audit/audit.ts';
import { openCloud, type Cloud, type CloudOptions } from '../cloud.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { applyTenant, type Applied } from '../provisioning/apply.ts';
import { TenantFile } from '../provisioning/schema.ts';
import { createSecretBox, type SecretBox } from '../secrets/secret-box.ts';
import { createSignInStore } from '../sign-in/store.ts';
import { createPasswords, type Passwords } from '../sign-in/passwords.ts';
import { createUserWriter } from '../users/writer.ts';

/** What an administrator does beside the running cloud, in a process of its own. */
export type TestAdmin = {
  database: Database;
  secrets: SecretBox;
  apply: (file: unknown) => Promise<Applied>;
  createKey: (tenantId: string, connectorName?: string) => Promise<{ keyId: string; key: string }>;
  /** A key for these uses alone, of no connector unless one is named. */
  createMachineKey: (
    tenantId: string,
    scopes: KeyScope[],
    connectorName?: string,
  ) => Promise<{ keyId: string; key: string }>;
  revokeKey: (tenantId: string, keyId: string) => Promise<void>;
  userId: (email: string) => Promise<UserId>;
  connectorId: (tenantId: string, name?: string) => Promise<ConnectorId>;
};

/** Hashing is slow on purpose: the few passwords of a test file are hashed once each, for all its tenants. */
let passwords: Promise<Passwords> | undefined;
const hashes = new Map<string, Promise<string>>();
async function rememberedPasswords(): Promise<Passwords> {
  passwords ??= createPasswords(() => {});
  const { hash, verify } = await passwords;
  return { verify, hash: (password) => hashes.getOrInsertComputed(password, hash) };
}

export async function openAdmin(
  url: string,
  secrets = createSecretBox([randomBytes(32)]),
): Promise<TestAdmin> {
  const database = openDatabase({ url, poolSize: 2, onIdleError: () => {} });
  onTestFinished(() => database.close());
  await migrate(database.pool);
  const keys = createApiKeyStore(database);
  const writer = createUserWriter({ secrets });
  const connectorId = async (tenantId: string, name = 'Office') => {
    const row = await database.inTenant(tenantId as TenantId, (trx) =>
      trx.selectFrom('connectors').select('connector_id').where('name', '=', name).executeTakeFirstOrThrow(),
    );
    return row.connector_id as ConnectorId;
  };
  return {
    database,
    secrets,
    connectorId,
    apply: async (file) =>
      applyTenant(
        database,
        { secrets, passwords: await rememberedPasswords(), writer },
        TenantFile.parse(file),
      ),
    createKey: async (tenantId, name) => {
      const request = {
        name: 'test',
        connectorId: await connectorId(tenantId, name),
        scopes: ['connector', 'provisioning'] satisfies KeyScope[],
      };
      const { key, secret } = await keys.create(tenantId as TenantId, request, commandLine);
      return { keyId: key.keyId, key: secret };
    },
    createMachineKey: async (tenantId, scopes, connectorName) => {
      const connector =
        connectorName === undefined ? {} : { connectorId: await connectorId(tenantId, connectorName) };
      const { key, secret } = await keys.create(
        tenantId as TenantId,
        { name: scopes.join(), scopes, ...connector },
        commandLine,
      );
      return { keyId: key.keyId, key: secret };
    },
    revokeKey: (tenantId, keyId) => keys.revoke(tenantId as TenantId, keyId as ApiKeyId, commandLine),
    userId: async (email) => {
      const account = await createSignInStore(database).findAccount(email);
      if (account === undefined) throw new Error(`there is no ${email}`);
      return account.userId;
    },
  };
}

/** A tenant in which every name ends in the tenant's id, so that two cannot be mistaken. */
export const tenantFile = (id: string, overrides: Record<string, unknown> = {}) => ({
  tenant: { id, name: `Tenant ${id}` },
  connectors: [
    { name: 'Office', pbx: { kind: 'generic-sip', host: '127.0.0.1', port: 5070, transport: 'udp' } },
  ],
  users: [
    {
      email: `anna@${id}.example`,
      name: 'Anna Berger',
      password: 'anna-password',
      line: { connector: 'Office', number: '101', password: `sip-101-${id}` },
    },
    {
      email: `ben@${id}.example`,
      name: 'Ben Carter',
      password: 'ben-password',
      line: { connector: 'Office', number: '102', password: `sip-102-${id}` },
    },
    { email: `admin@${id}.example`, name: 'Ada Admin', role: 'admin', password: 'admin-password' },
  ],
  ...overrides,
});

export type TestCloud = Cloud & { logs: string[] };

export async function startCloud(
  databaseUrl: string,
  secrets: SecretBox,
  options: Partial<CloudOptions> = {},
): Promise<TestCloud> {
  const logs: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logs.push(chunk.toString());
      done();
    },
  });
  const cloud = await openCloud({
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    secrets,
    log: pino({ level: 'info' }, sink),
    ...options,
  });
  onTestFinished(() => cloud.close());
  return { ...cloud, logs };
}
