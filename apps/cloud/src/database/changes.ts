import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiKeyId, ConnectorId, PresenceChoice, TenantId, UserId } from '@offhook/contract';
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
  z.object({ kind: z.literal('directory'), tenantId: TenantId, connectorIds: z.array(ConnectorId) }),
  z.object({ kind: z.literal('key_revoked'), tenantId: TenantId, connectorId: ConnectorId, keyId: ApiKeyId }),
  /** A key has been replaced; the old one is good for some time yet. */
  z.object({ kind: z.literal('key_expires'), tenantId: TenantId, connectorId: ConnectorId, keyId: ApiKeyId }),
  /** Whether a connector shall take new calls. */
  z.object({ kind: z.literal('drain'), tenantId: TenantId, connectorId: ConnectorId }),
  /** Its state, its progress, or whether it is there. */
  z.object({ kind: z.literal('import'), tenantId: TenantId, importId: z.string() }),
  z.object({ kind: z.literal('sessions_revoked'), tenantId: TenantId, userId: UserId }),
  /** A mail of this tenant waits to be sent. */
  z.object({ kind: z.literal('mail'), tenantId: TenantId }),
  /** What is kept of a user's presence; the greater version holds. */
  z.object({
    kind: z.literal('presence_choice'),
    tenantId: TenantId,
    userId: UserId,
    choice: PresenceChoice,
    platformDnd: z.boolean(),
    version: z.number().int(),
  }),
]);
export type Change = z.infer<typeof Change>;

const CHANNEL = 'offhook_changes';

/** Connectors in one notice: the payload of a NOTIFY ends at 8,000 bytes. */
const CONNECTORS_PER_NOTICE = 100;

/** Users, lines or connectors of a tenant have changed: those of `connectorIds`, and the tenant's people in any case. */
export async function notifyDirectory(
  transaction: TenantTransaction,
  tenantId: TenantId,
  connectorIds: ConnectorId[],
): Promise<void> {
  let from = 0;
  do {
    const page = connectorIds.slice(from, from + CONNECTORS_PER_NOTICE);
    await notifyChange(transaction, { kind: 'directory', tenantId, connectorIds: page });
    from += CONNECTORS_PER_NOTICE;
  } while (from < connectorIds.length);
}

export async function notifyChange(transaction: TenantTransaction, change: Change): Promise<void> {
  await sql`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(change)})`.execute(transaction);
}

export type ChangeListener = {
  /** Resolves when changes are heard for the first time. */
  listening: Promise<void>;
  close(): Promise<void>;
};

export type ChangeListenerOptions = {
  url: string;
  onChange: (change: Change) => void;
  /**
   * Changes are heard from now on. Those before may have been missed (`again`: in a gap): everything must be looked at
   * anew.
   */
  onListening: (occasion: 'first' | 'again') => void;
  log: { warn(fields: object, message: string): void };
  timings?: ChangeListenerTimings;
};

/** Milliseconds. A connection on which nothing is said for long is asked whether it is still there. */
export type ChangeListenerTimings = { probeEvery: number; answerWithin: number };
const defaults: ChangeListenerTimings = { probeEvery: 30_000, answerWithin: 10_000 };

const RECONNECT_FIRST = 250;
const RECONNECT_LONGEST = 10_000;
const FAREWELL = 1_000;

/** Listen for changes for as long as the process lives, over any number of connections. */
export function listenForChanges(options: ChangeListenerOptions): ChangeListener {
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  const running = (async () => {
    let wait = RECONNECT_FIRST;
    let before = false;
    while (!stopping.signal.aborted) {
      try {
        await listenOnce(options, stopping.signal, () => {
          wait = RECONNECT_FIRST;
          options.onListening(before ? 'again' : 'first');
          before = true;
          first.resolve();
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
    listening: first.promise,
    close: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function listenOnce(
  { url, onChange, log, timings = defaults }: ChangeListenerOptions,
  signal: AbortSignal,
  onListening: () => void,
): Promise<void> {
  // Ours, so that it can be cut: a farewell to a server that says nothing would wait for its answer.
  const stream = new Socket();
  const client = new Client({
    connectionString: url,
    stream: () => stream,
    connectionTimeoutMillis: 5_000,
    query_timeout: timings.answerWithin,
    keepAlive: true,
    application_name: 'offhook-cloud-changes',
  });
  const ended = Promise.withResolvers<void>();
  const stop = () => ended.resolve();
  client.on('error', ended.reject);
  client.on('end', stop);
  signal.addEventListener('abort', stop, { once: true });
  ended.promise.catch(() => {});
  client.on('notification', ({ payload }) => {
    const change = parseChange(payload);
    if (change === undefined) log.warn({}, 'a change notice was not understood');
    else onChange(change);
  });
  let probing: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    onListening();
    // A dead path (a firewall that forgot us, a machine that lost its power) says nothing, not even goodbye.
    probing = setInterval(() => client.query('SELECT 1').catch(ended.reject), timings.probeEvery);
    await ended.promise;
  } finally {
    clearInterval(probing);
    signal.removeEventListener('abort', stop);
    const cut = setTimeout(() => stream.destroy(), FAREWELL);
    await client.end().catch(() => {});
    clearTimeout(cut);
    stream.destroy();
  }
}

function parseChange(payload: string | undefined): Change | undefined {
  try {
    return Change.parse(JSON.parse(payload ?? ''));
  } catch {
    return undefined;
  }
}
