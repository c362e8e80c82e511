import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What can be full or too fast; each reaching is a clear answer to the peer and one count here. */
export type LimitName =
  | 'frame_bytes'
  | 'open_requests'
  | 'waiting_requests'
  | 'outgoing_bytes'
  | 'frame_rate'
  | 'sockets_per_user'
  | 'sign_in_rate'
  | 'sign_in_queue'
  | 'reset_rate'
  | 'link_rate'
  | 'sso_start_rate'
  | 'upgrade_rate'
  | 'request_rate'
  | 'key_rate'
  | 'method_rate'
  | 'push_rate';

export type Metrics = ReturnType<typeof createMetrics>;

/** All metrics of one cloud, in a registry of its own so that several can live in one process. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    clientSockets: new Gauge({
      name: 'offhook_client_sockets',
      help: 'Realtime sockets of clients that are connected to this node.',
      registers,
    }),
    links: new Gauge({
      name: 'offhook_connector_links',
      help: 'Connector links that end at this node.',
      registers,
    }),
    requests: new Counter({
      name: 'offhook_requests_total',
      help: 'Requests over the sockets, by the side that asked, method and outcome (ok or the error code).',
      labelNames: ['from', 'method', 'outcome'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'offhook_request_seconds',
      help: 'Seconds until a request over a socket was answered.',
      labelNames: ['from'] as const,
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    events: new Counter({
      name: 'offhook_events_total',
      help: 'Events over the sockets, by the side that sent them.',
      labelNames: ['from', 'name'] as const,
      registers,
    }),
    closes: new Counter({
      name: 'offhook_socket_closes_total',
      help: 'Sockets closed, by side and close code.',
      labelNames: ['side', 'code'] as const,
      registers,
    }),
    limits: new Counter({
      name: 'offhook_limits_total',
      help: 'Times a limit was reached.',
      labelNames: ['limit'] as const,
      registers,
    }),
    signIns: new Counter({
      name: 'offhook_sign_ins_total',
      help: 'Attempts to sign in, by outcome.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    mails: new Counter({
      name: 'offhook_mails_total',
      help: 'Attempts to send a mail: sent, failed (and tried again), given up.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    pushes: new Counter({
      name: 'offhook_pushes_total',
      help: 'Pushes to browsers, by what they say and outcome (sent, gone, failed).',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    records: new Counter({
      name: 'offhook_call_records_total',
      help: 'Call records from connectors: new, repeated or refused.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    presenceWatchers: new Gauge({
      name: 'offhook_presence_watchers',
      help: 'Clients of this node that watch the presence of colleagues.',
      registers,
    }),
    presenceChanges: new Counter({
      name: 'offhook_presence_changes_total',
      help: 'Changes of a user’s presence that somebody at this node was told of.',
      registers,
    }),
    settingsChanges: new Counter({
      name: 'offhook_settings_changes_total',
      help: 'Changes of telephone settings that people asked for, by outcome (ok or the error code).',
      labelNames: ['outcome'] as const,
      registers,
    }),
    erasedPeople: new Counter({
      name: 'offhook_erased_people_total',
      help: 'Deleted people whose data was removed after their grace period.',
      registers,
    }),
    expiredCallRecords: new Counter({
      name: 'offhook_expired_call_records_total',
      help: 'Call records that were removed because their tenant keeps them no longer.',
      registers,
    }),
    privacyRunAt: new Gauge({
      name: 'offhook_privacy_run_timestamp_seconds',
      help: 'When this node last looked for data whose time is over, and removed all of it.',
      registers,
    }),
    httpErrors: new Counter({
      name: 'offhook_http_errors_total',
      help: 'HTTP answers that were errors, by code.',
      labelNames: ['code'] as const,
      registers,
    }),
  };
}

/** Connections of a pool, told when the metrics are read. */
export function observePool(
  metrics: Metrics,
  pool: { totalCount: number; idleCount: number; waitingCount: number },
): void {
  const connections = new Gauge({
    name: 'offhook_database_connections',
    help: 'Connections to the database that are open or idle, and transactions that wait for one.',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.set({ state: 'open' }, pool.totalCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  metrics.registry.registerMetric(connections);
}

export const countLimit = (metrics: Metrics, limit: LimitName): void => metrics.limits.inc({ limit });
