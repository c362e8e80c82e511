import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openPostgres } from '@offhook/embedded-postgres';
import { demoPeople } from './demo.ts';
import { openLog } from './log-file.ts';
import type { StartOptions } from './options.ts';
import { keepRunning, type Program, type ReadyMessage } from './program.ts';
import { provision } from './provision.ts';
import { writePbxConfig } from './pbx-config.ts';
import { openSecrets } from './secrets.ts';
import { buildWeb } from './web-build.ts';

/** What a running product tells about itself: printed for people, sent or written for tests. */
export interface ProductFacts {
  readonly url: string;
  readonly pbxUrl: string;
  readonly pbxSip: string;
  readonly connectorUrl: string;
  /** Where mails are read, while no mail server is named. */
  readonly outboxUrl?: string;
  /** Where the provider's first account is made, while there is none. */
  readonly firstProviderUrl?: string;
  readonly accounts: readonly { readonly name: string; readonly email: string; readonly password: string }[];
}

/** What runs, filled as it comes up. A part that is missing is not up. */
export interface Parts {
  database?: { pid(): number; close(): Promise<void> };
  pbx?: Program;
  cloud?: Program;
  connector?: Program;
}

export interface Hooks {
  /** One line for the terminal. */
  readonly say: (line: string) => void;
  /** Called whenever a program has a new process. */
  readonly onPid: (pid: number, entry: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Brings up database, practice PBX, cloud and connector, in this order where one needs the other. Throws when one does not come
 * to serve, or when `signal` aborts; what is up by then is in `parts` and is the caller's to stop.
 */
export async function startProduct(
  repository: string,
  options: StartOptions,
  parts: Parts,
  hooks: Hooks,
): Promise<ProductFacts> {
  const { dataDir, ports } = options;
  const secrets = openSecrets(dataDir);
  const logs = path.join(dataDir, 'logs');

  const startProgram = (
    name: Exclude<keyof Parts, 'database'>,
    app: string,
    env: (before: ReadyMessage | undefined) => Record<string, string>,
  ): Promise<ReadyMessage> => {
    hooks.signal.throwIfAborted();
    const entry = path.join(repository, 'apps', app, 'src', 'main.ts');
    const { program, ready } = keepRunning({
      name: app,
      entry,
      env: (before) => ({ ...process.env, OFFHOOK_DATA_DIR: dataDir, ...env(before) }),
      log: openLog(logs, app),
      say: hooks.say,
      onPid: (pid) => hooks.onPid(pid, entry),
    });
    parts[name] = program;
    return ready;
  };

  const openDatabase = async (): Promise<string> => {
    if (options.databaseUrl !== undefined) {
      return options.databaseUrl;
    }
    const log = openLog(logs, 'postgres');
    const database = await openPostgres({ dataDir: path.join(dataDir, 'postgres'), log: log.write });
    parts.database = database;
    return database.url;
  };

  const pbxConfig = writePbxConfig(dataDir, secrets);
  const [databaseUrl, pbx, webRoots] = await allOrFirstError([
    openDatabase(),
    startProgram('pbx', 'practice-pbx', (before) => ({
      OFFHOOK_PBX_ADDRESS: options.pbxAddress,
      OFFHOOK_PBX_SIP_PORT: portOf(before?.['sip'], ports.pbxSip),
      OFFHOOK_PBX_HTTP_PORT: portOf(before?.['url'], ports.pbxHttp),
      OFFHOOK_PBX_CSTA_PORT: portOf(before?.['csta'], ports.pbxCsta),
      OFFHOOK_PBX_CONFIG: pbxConfig,
      OFFHOOK_PBX_DATA_DIR: path.join(dataDir, 'practice-pbx'),
    })),
    buildWeb(repository, hooks.say, hooks.signal),
  ] as const);
  hooks.signal.throwIfAborted();

  const cloudEnv = { DATABASE_URL: databaseUrl, OFFHOOK_SECRET_KEY_FILE: secrets.secretKeyFile };
  await provision(
    { repository, dataDir, env: { ...process.env, ...cloudEnv }, say: hooks.say, signal: hooks.signal },
    {
      secrets,
      pbx: { sip: text(pbx, 'sip'), csta: text(pbx, 'csta') },
      database: options.databaseUrl ?? 'embedded',
    },
  );

  const cloud = await startProgram('cloud', 'cloud', (before) => ({
    ...cloudEnv,
    OFFHOOK_HOST: options.host,
    OFFHOOK_PORT: portOf(before?.['url'], ports.cloud),
    OFFHOOK_WEB_ROOT: webRoots.phone,
    OFFHOOK_ADMIN_ROOT: webRoots.admin,
    // Where no mail server is named, mails are read on a page.
    OFFHOOK_MAIL_OUTBOX: '1',
  }));
  const url = text(cloud, 'url');

  const spool = path.join(dataDir, 'connector');
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  const connector = await startProgram('connector', 'connector', (before) => ({
    OFFHOOK_CLOUD_URL: url,
    OFFHOOK_API_KEY_FILE: secrets.apiKeyFile,
    OFFHOOK_CONNECTOR_DATA_DIR: spool,
    OFFHOOK_MEDIA_UDP_PORT: String(ports.mediaUdp),
    OFFHOOK_CONNECTOR_HTTP_PORT: portOf(before?.['http'], ports.connectorHttp),
  }));

  const connectorUrl = text(connector, 'http');
  if (!(await isReady(connectorUrl, hooks.signal))) {
    hooks.say(`The connector has not reached the cloud yet; it goes on trying. Its log: ${logs}`);
  }

  return {
    url,
    pbxUrl: text(pbx, 'url'),
    pbxSip: text(pbx, 'sip'),
    connectorUrl,
    ...((process.env['OFFHOOK_SMTP_URL'] ?? '') === '' ? { outboxUrl: new URL('/outbox', url).href } : {}),
    ...(typeof cloud['firstProvider'] === 'string' ? { firstProviderUrl: cloud['firstProvider'] } : {}),
    accounts: demoPeople.map(({ name, email }) => ({ name, email, password: secrets.accounts[email] ?? '' })),
  };
}

/** Ends what is up: first what uses, then what is used. */
export async function stopParts(parts: Parts): Promise<void> {
  await parts.connector?.stop();
  await parts.cloud?.stop();
  await parts.pbx?.stop();
  await parts.database?.close();
}

/** Ends everything at once, without a farewell. PostgreSQL recovers from its log when it starts again. */
export function killParts(parts: Parts): void {
  parts.connector?.kill();
  parts.cloud?.kill();
  parts.pbx?.kill();
  const postmaster = parts.database?.pid();
  if (postmaster === undefined) return;
  try {
    process.kill(postmaster, 'SIGQUIT');
  } catch {
    // It has ended by itself.
  }
}

/** Whether the connector has reached the cloud and has its configuration, soon. */
async function isReady(connectorUrl: string, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    if (await answersOk(new URL('/readyz', connectorUrl), signal)) {
      return true;
    }
    await delay(50, undefined, { signal });
  }
  return false;
}

/** False also while nobody listens: a connector that died meanwhile is being started again. */
async function answersOk(url: URL, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** A member of a ready message that must be there. */
function text(message: ReadyMessage, key: string): string {
  const value = message[key];
  if (typeof value !== 'string') {
    throw new TypeError(`A program's ready message lacks "${key}".`);
  }
  return value;
}

/** The port in `address` (a URL or host:port) where there is one, else `chosen`: restarts keep the port of before. */
function portOf(address: unknown, chosen: number): string {
  return (typeof address === 'string' ? /:(\d+)\/?$/u.exec(address)?.[1] : undefined) ?? String(chosen);
}

/** Like `Promise.all`, but waits until all have settled, so that nothing comes up after the first error. */
async function allOrFirstError<T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}
