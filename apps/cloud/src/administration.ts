import type { Logger } from 'pino';
import type { Invitations } from './accounts/invitations.ts';
import type { Bus } from './bus/bus.ts';
import type { Database } from './database/database.ts';
import type { App } from './http/app.ts';
import type { Metrics } from './operations/metrics.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import type { Sessions } from './sign-in/sessions.ts';
import { recordUsage } from './subscription/usage-recorder.ts';
import { adminEventRoutes } from './admin-events/routes.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import { createApiKeyStore } from './api-keys/store.ts';
import { auditRoutes } from './audit/routes.ts';
import { createRecorder } from './connectors/recorder.ts';
import { connectorRoutes } from './connectors/routes.ts';
import { createConnectorService } from './connectors/service.ts';
import { createConnectorStore } from './connectors/store.ts';
import { openLongDatabase } from './imports/long.ts';
import { importRoutes } from './imports/routes.ts';
import { createImportService } from './imports/service.ts';
import { createImportStore } from './imports/store.ts';
import { createImportWorker, type ImportTimings } from './imports/worker.ts';
import { createExportSlots } from './http/exports.ts';
import { overviewRoutes } from './overview/routes.ts';
import { createOverviewStore } from './overview/store.ts';
import { startPrivacyJobs } from './privacy/jobs.ts';
import { provisioningRoutes } from './provisioning-api/routes.ts';
import { createProvisioningService } from './provisioning-api/service.ts';
import { createScimGroups } from './scim/groups.ts';
import { scimRoutes } from './scim/routes.ts';
import { createScimUsers } from './scim/users.ts';
import { usageRoutes } from './subscription/routes.ts';
import { createUsageStore } from './subscription/usage-store.ts';
import type { ResolveTxt } from './sso/dns.ts';
import { openSso } from './sso/open.ts';
import { requireSeat } from './subscription/seats.ts';
import { userExportRoute } from './users/export.ts';
import { userRoutes } from './users/routes.ts';
import { createUserService } from './users/service.ts';
import { createUserWriter } from './users/writer.ts';
import { providerPeopleRoutes } from './provider-people/routes.ts';
import { createProviderPeople } from './provider-people/service.ts';
import { createOwnTenantService } from './tenants/own.ts';
import { ownTenantRoutes } from './tenants/own-routes.ts';
import { providerRoutes } from './tenants/provider-routes.ts';
import { createProviderService } from './tenants/provider-service.ts';

/** Files that are being made: of all tenants on this node, and of one. */
const exportsAtOnce = { all: 8, each: 2 };

const REMOVE_EVERY = 10 * 60_000;

export type AdministrationParts = {
  app: App;
  database: Database;
  databaseUrl: string;
  secrets: SecretBox;
  bus: Bus;
  metrics: Metrics;
  log: Logger;
  publicOrigin: string | undefined;
  sessions: Sessions;
  invitations: Invitations;
  /** Where people reach this service; known when it listens. */
  origin: () => string;
  /** Identity providers may be in private networks. */
  ssoPrivate: boolean;
  /** Absent: the system's resolver. */
  resolveTxt?: ResolveTxt | undefined;
  importTimings?: Partial<ImportTimings>;
};

export type Administration = {
  /** Writes down what connectors report of themselves. */
  recorder: ReturnType<typeof createRecorder>;
  /** Ends the jobs. */
  close: () => Promise<void>;
};

/** What the provider, administrators and machines do: the routes of each feature, and its jobs. */
export async function openAdministration(parts: AdministrationParts): Promise<Administration> {
  const { app, database, databaseUrl, secrets, bus, metrics, log, publicOrigin } = parts;
  const { sessions, invitations, origin, ssoPrivate, importTimings } = parts;
  const closers: (() => unknown)[] = [];
  const writer = createUserWriter({ secrets });
  const naming = { writer, invitations };
  providerRoutes(app, createProviderService({ database, bus, secrets, naming }));
  providerPeopleRoutes(app, createProviderPeople(database, naming));
  ownTenantRoutes(app, createOwnTenantService(database, naming));
  const keys = createApiKeyStore(database);
  const connectors = createConnectorService({
    store: createConnectorStore(database, secrets),
    keys,
    bus,
    secrets,
  });
  const connectorRecorder = createRecorder({ database, secrets, bus, log });
  closers.push(() => connectorRecorder.close());
  connectorRoutes(app, connectors, publicOrigin);
  apiKeyRoutes(app, keys, publicOrigin);
  overviewRoutes(app, createOverviewStore(database), connectors.states);
  userRoutes(app, createUserService({ database, writer, invitations, secrets }));
  const machines = { database, secrets, writer, requireSeats: requireSeat };
  provisioningRoutes(app, createProvisioningService(machines), metrics);
  const scim = { users: createScimUsers(machines), groups: createScimGroups(machines) };
  scimRoutes(app, { ...scim, metrics, origin });
  const sso = { database, secrets, sessions, writer, metrics, log, publicOrigin };
  closers.push(await openSso(app, { ...sso, allowPrivate: ssoPrivate, resolveTxt: parts.resolveTxt }));
  const usage = createUsageStore(database);
  usageRoutes(app, usage);
  const usageRecorder = recordUsage(usage, log);
  closers.push(() => usageRecorder.close());
  const slots = createExportSlots(exportsAtOnce);
  auditRoutes(app, database, slots);
  userExportRoute(app, database, slots);
  const privacy = startPrivacyJobs({ database, metrics, log, every: REMOVE_EVERY });
  closers.push(() => privacy.close());
  const importStore = createImportStore(database, secrets);
  const longDatabase = openLongDatabase({
    url: databaseUrl,
    onIdleError: (err) => log.warn({ err }, 'a database connection for long work broke'),
  });
  closers.push(() => longDatabase.close());
  const imports = createImportWorker({
    store: createImportStore(longDatabase, secrets),
    secrets: secrets,
    writer,
    requireSeats: requireSeat,
    invite: invitations.invite,
    now: Date.now,
    log,
    ...(importTimings === undefined ? {} : { timings: importTimings }),
  });
  closers.push(() => imports.close());
  importRoutes(app, createImportService(importStore, imports.wake));
  adminEventRoutes(app, { bus, connectorState: connectors.state, importState: importStore.get, log });
  return {
    recorder: connectorRecorder,
    close: async () => {
      for (const closer of closers.toReversed()) await closer();
    },
  };
}
