import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openPostgres } from '@offhook/embedded-postgres';
import { startApp } from './app.ts';
import { expectLinesRegistered } from './connector.ts';
import { makeDataDir, repository } from './product.ts';

/** A cloud and a connector in front of a PBX of the test's choice. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly password: string;
}

export interface SiteOptions {
  /** Where the connector registers. */
  readonly pbx: {
    readonly host: string;
    readonly port: number;
    readonly transport: 'udp' | 'tcp' | 'tls';
    /** What is dialled for features. */
    readonly codes?: Readonly<Record<string, string>>;
  };
  readonly people: readonly {
    readonly email: string;
    readonly name: string;
    readonly number: string;
    readonly sipPassword: string;
  }[];
  /** The built phone. */
  readonly webRoot: string;
  /** Settings of the connector besides those that it needs. */
  readonly connector?: NodeJS.ProcessEnv;
}

const PASSWORD = 'a password for tests';
const CONNECTOR = 'Test site';

/** Database, cloud and connector on free ports, with one tenant and its lines registered. */
export async function openSite(options: SiteOptions): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const dataDir = makeDataDir();
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const inside = (...names: string[]) => path.join(dataDir, ...names);

  const database = await openPostgres({ dataDir: inside('postgres') });
  stack.defer(() => database.close());
  writeFileSync(inside('key'), randomBytes(32).toString('base64'), { mode: 0o600 });
  const env = { DATABASE_URL: database.url, OFFHOOK_SECRET_KEY_FILE: inside('key') };

  writeFileSync(inside('tenant.json'), JSON.stringify(tenantOf(options)));
  await admin(env, 'apply', inside('tenant.json'));
  const apiKey = (await admin(env, 'create-key', CONNECTOR)).trim();

  const cloud = await startApp('cloud', { ...env, OFFHOOK_PORT: '0', OFFHOOK_WEB_ROOT: options.webRoot });
  stack.defer(cloud.stop);
  mkdirSync(inside('spool'));
  const connector = await startApp('connector', {
    OFFHOOK_CLOUD_URL: String(cloud.ready['url']),
    OFFHOOK_API_KEY: apiKey,
    OFFHOOK_CONNECTOR_DATA_DIR: inside('spool'),
    ...options.connector,
  });
  stack.defer(connector.stop);

  await expectLinesRegistered(String(connector.ready['http']));

  const opened = stack.move();
  return {
    url: String(cloud.ready['url']),
    password: PASSWORD,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function tenantOf({ pbx, people }: SiteOptions): object {
  return {
    tenant: { id: 'test', name: 'Test' },
    connectors: [{ name: CONNECTOR, pbx: { kind: 'generic-sip', ...pbx } }],
    users: people.map(({ email, name, number, sipPassword }) => ({
      email,
      name,
      password: PASSWORD,
      line: { connector: CONNECTOR, number, password: sipPassword },
    })),
  };
}

async function admin(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const program = path.join(repository, 'apps', 'cloud', 'src', 'admin.ts');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [program, ...args], { env: { ...process.env, ...env } });
  return stdout;
}
