import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openPostgres } from '@offhook/embedded-postgres';
import type { PbxConfig } from '@offhook/contract';
import { startApp, type RunningApp } from './app.ts';
import { expectLinesRegistered, linkConnects } from './connector.ts';
import { makeDataDir, repository } from './product.ts';
import { until } from './until.ts';

/** A cloud and a connector in front of a PBX of the test's choice. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly password: string;
  /**
   * Kills the cloud and starts it again where it was. Resolves when the connector is linked to it again.
   * @param meanwhile what happens while it is away
   */
  restartCloud(meanwhile?: () => Promise<void>): Promise<void>;
  /** Kills the connector and starts it again. Resolves when its lines are registered. */
  restartConnector(): Promise<void>;
}

export interface SiteOptions {
  /** Where the connector registers, and what else it is to know of the PBX. */
  readonly pbx: Pick<PbxConfig, 'host' | 'port' | 'transport'> &
    Partial<Pick<PbxConfig, 'kind' | 'csta' | 'codes' | 'alternativeAfterSeconds' | 'ringSeconds'>>;
  readonly people: readonly {
    readonly email: string;
    readonly name: string;
    readonly number: string;
    readonly sipPassword: string;
    /** They have a desk phone of this number. */
    readonly deskPhone?: string;
    /** The number that people call, where `number` is a line of its own beside it. */
    readonly mainNumber?: string;
  }[];
  /** The built phone. */
  readonly webRoot: string;
  /** Settings of the connector besides those that it needs. */
  readonly connector?: NodeJS.ProcessEnv;
}

/** Milliseconds; the connector tries again with a growing pause. */
const LINKED_AGAIN = 40_000;
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
  // Beside the start of the cloud: the tables are there.
  const keyMade = admin(env, 'create-key', CONNECTOR);

  const startCloud = (port: string): Promise<RunningApp> =>
    startApp('cloud', { ...env, OFFHOOK_PORT: port, OFFHOOK_WEB_ROOT: options.webRoot });
  let cloud = await startCloud('0');
  stack.defer(() => cloud.stop());
  const apiKey = (await keyMade).trim();
  const url = String(cloud.ready['url']);
  mkdirSync(inside('spool'));
  const startConnector = async (): Promise<RunningApp> => {
    const started = await startApp('connector', {
      OFFHOOK_CLOUD_URL: url,
      OFFHOOK_API_KEY: apiKey,
      OFFHOOK_CONNECTOR_DATA_DIR: inside('spool'),
      ...options.connector,
    });
    await expectLinesRegistered(String(started.ready['http']));
    return started;
  };
  let connector = await startConnector();
  stack.defer(() => connector.stop());

  const opened = stack.move();
  return {
    url,
    password: PASSWORD,
    restartCloud: async (meanwhile) => {
      const connectorUrl = String(connector.ready['http']);
      const before = await linkConnects(connectorUrl);
      await cloud.kill();
      await meanwhile?.();
      cloud = await startCloud(new URL(url).port);
      await until(
        'the connector to be linked again',
        () => linkConnects(connectorUrl),
        (connects) => connects > before,
        LINKED_AGAIN,
      );
    },
    restartConnector: async () => {
      await connector.kill();
      connector = await startConnector();
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function tenantOf({ pbx, people }: SiteOptions): object {
  return {
    tenant: { id: 'test', name: 'Test' },
    connectors: [{ name: CONNECTOR, pbx: { kind: 'generic-sip', ...pbx } }],
    users: people.map(({ email, name, number, sipPassword, ...more }) => ({
      email,
      name,
      password: PASSWORD,
      line: { connector: CONNECTOR, number, password: sipPassword, ...more },
    })),
  };
}

async function admin(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const program = path.join(repository, 'apps', 'cloud', 'src', 'admin.ts');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [program, ...args], { env: { ...process.env, ...env } });
  return stdout;
}
