import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openCloud, type Cloud } from './cloud.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { isDatabaseAway } from './database/errors.ts';

/** Milliseconds that a database may take to come up beside us. */
const DATABASE_PATIENCE = 30_000;
const DATABASE_RETRY = 500;

/** Say what is wrong in one sentence and leave. */
function giveUp(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function configuration(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return giveUp(error.message);
    throw error;
  }
}

const config = configuration();
const log = pino({ name: 'cloud', level: config.logLevel });

const folder = (root: string | undefined) => (root === undefined ? undefined : resolve(root));

async function open(): Promise<Cloud> {
  const until = Date.now() + DATABASE_PATIENCE;
  for (;;) {
    try {
      const { webRoot, adminRoot } = config;
      return await openCloud({ ...config, webRoot: folder(webRoot), adminRoot: folder(adminRoot), log });
    } catch (error) {
      if (isDatabaseAway(error) && Date.now() < until) {
        log.warn({ err: error }, 'the database does not answer yet');
        await delay(DATABASE_RETRY);
        continue;
      }
      return giveUp(sentenceFor(error));
    }
  }
}

function sentenceFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const port = error instanceof Error && 'port' in error ? error.port : undefined;
  if (code === 'EADDRINUSE' && port === config.metricsPort) {
    return `Port ${config.metricsPort} on 127.0.0.1 is taken by another program. Set OFFHOOK_METRICS_PORT to another port.`;
  }
  if (code === 'EADDRINUSE') {
    return `Port ${config.port} on ${config.host} is taken by another program. Stop it, or set OFFHOOK_PORT to another port.`;
  }
  if (code === 'EACCES')
    return `Port ${config.port} may not be opened by this account. Set OFFHOOK_PORT to 1024 or more.`;
  if (code === 'EADDRNOTAVAIL')
    return `This machine has no address ${config.host}. Set OFFHOOK_HOST to one that it has.`;
  if (isDatabaseAway(error))
    return 'The database of DATABASE_URL does not answer. Is PostgreSQL running there?';
  log.fatal({ err: error }, 'the cloud could not start');
  return `The cloud could not start: ${error instanceof Error ? error.message : String(error)}`;
}

const cloud = await open();
const { url, metricsUrl: metrics, firstProviderUrl: firstProvider } = cloud;
process.send?.({ type: 'ready', url, metrics, ...(firstProvider === undefined ? {} : { firstProvider }) });

let stopping = false;
const stop = (reason: string) => {
  if (stopping) return;
  stopping = true;
  log.info({ reason }, 'cloud stops');
  cloud.close().then(
    () => process.exit(0),
    (err: unknown) => {
      log.error({ err }, 'the cloud did not stop cleanly');
      process.exit(1);
    },
  );
};
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
process.on('disconnect', () => stop('parent gone'));
