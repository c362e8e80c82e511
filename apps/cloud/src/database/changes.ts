import { setTimeout as delay } from 'node:timers/promises';
import { ConnectorId, ApiKeyId, TenantId, UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { Client } from 'pg';
import * as z from 'zod';
import type { TenantTransaction } from './database.ts';

/**
 * What other processes must hear of a committed change: the command line and other nodes write to the same
 * database. Carried by NOTIFY, so that it is sent when, and only when, its transaction commits.
 */
export const Change = z.discriminatedUnion('kind', [
  /** Users, lines or a PBX configuration of this tenant. */
  z.object({ kind: z.literal('directory'), tenantId: TenantId, connectorIds: z.array(ConnectorId).max(100) }),
  z.object({ kind: z.literal('key_revoked'), tenantId: TenantId, connectorId: ConnectorId, keyId: ApiKeyId }),
  z.object({ kind: z.literal('sessions_revoked'), tenantId: TenantId, userId: UserId }),
]);
export type Change = z.infer<typeof Change>;

const CHANNEL = 'offhook_changes';

export async function notifyChange(transaction: TenantTransaction, change: Change): Promise<void> {
  await sql`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(change)})`.execute(transaction);
}

export type ChangeListener = { close(): Promise<void> };

export type ChangeListenerOptions = {
  url: string;
  onChange: (change: Change) => void;
  /** The connection is there again after a gap: changes may have been missed, everything must be looked at anew. */
  onGap: () => void;
  log: { warn(fields: object, message: string): void };
};

const RECONNECT_FIRST = 250;
const RECONNECT_LONGEST = 10_000;

/** Listen for changes for as long as the process lives, over any number of connections. */
export function listenForChanges(options: ChangeListenerOptions): ChangeListener {
  const stopping = new AbortController();
  const running = (async () => {
    let wait = RECONNECT_FIRST;
    let before = false;
    while (!stopping.signal.aborted) {
      try {
        await listenOnce(options, stopping.signal, () => {
          wait = RECONNECT_FIRST;
          if (before) options.onGap();
          before = true;
        });
      } catch (error) {
        options.log.warn({ err: error }, 'listening for database changes failed');
      }
      // Full jitter: nodes do not come back in step.
      await delay(Math.random() * wait, undefined, { signal: stopping.signal }).catch(() => {});
      wait = Math.min(wait * 2, RECONNECT_LONGEST);
    }
  })();
  return {
    close: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function listenOnce(
  { url, onChange, log }: ChangeListenerOptions,
  signal: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'offhook-cloud-changes',
  });
  const ended = Promise.withResolvers<void>();
  client.on('error', ended.reject);
  client.on('end', ended.resolve);
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  ended.promise.catch(() => {});
  client.on('notification', ({ payload }) => {
    const change = parseChange(payload);
    if (change === undefined) log.warn({}, 'a change notice was not understood');
    else onChange(change);
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    onListening();
    await ended.promise;
  } finally {
    await client.end().catch(() => {});
  }
}

function parseChange(payload: string | undefined): Change | undefined {
  try {
    return Change.parse(JSON.parse(payload ?? ''));
  } catch {
    return undefined;
  }
}
