import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { OffhookError } from '@offhook/contract';
import type { Logger } from 'pino';
import { createLinkService } from './accounts/accept.ts';
import { createInvitations } from './accounts/invitations.ts';
import { createResetService } from './accounts/reset.ts';
import { firstProviderLink } from './accounts/first-provider.ts';
import { accountRoutes } from './accounts/routes.ts';
import { enterByLink } from './accounts/session.ts';
import { usualTerms, type Terms } from './accounts/terms.ts';
import { ownAccountRoutes } from './accounts/own/routes.ts';
import { openAdministration } from './administration.ts';
import { machineWith } from './api-keys/authenticate.ts';
import type { MailConfig, PushConfig } from './config.ts';
import type { Bus } from './bus/bus.ts';
import { createInProcessBus } from './bus/in-process.ts';
import { adminNoticeTopic, directoryTopic, linkControlTopic, userTopic } from './bus/topics.ts';
import { connectorLinkRoutes } from './connector-link/routes.ts';
import { createLinkStore } from './connector-link/store.ts';
import { listenForChanges, type Change, type ChangeListenerTimings } from './database/changes.ts';
import { openDatabase } from './database/database.ts';
import { migrate } from './database/migrate.ts';
import { createDirectoryService } from './directory/service.ts';
import { createDirectoryStore } from './directory/store.ts';
import { directoryRoutes } from './directory/routes.ts';
import { createFavouriteService } from './favourites/service.ts';
import { createFavouriteStore } from './favourites/store.ts';
import { outboxPage } from './mail/outbox-page.ts';
import { createMailSender, type MailSender, type MailTimings } from './mail/sender.ts';
import { createSmtpTransport, outboxTransport } from './mail/transport.ts';
import { historyRoutes } from './history/routes.ts';
import { createHistoryStore } from './history/store.ts';
import { addressOf, parseProxies, type IsProxy } from './http/addresses.ts';
import { guardRoutes, type GuardedRoute } from './http/access.ts';
import { createApp } from './http/app.ts';
import { type ImportTimings } from './imports/worker.ts';
import { isOriginAllowed } from './http/origin.ts';
import { serveWebFiles } from './http/web-files.ts';
import { countLimit, createMetrics, observePool } from './operations/metrics.ts';
import { openMetricsServer } from './operations/metrics-server.ts';
import { operationsRoutes } from './operations/routes.ts';
import { pushRoutes } from './push/routes.ts';
import { createPushService } from './push/service.ts';
import { createPushStore } from './push/store.ts';
import { createOutbound } from './sso/outbound.ts';
import { createPresenceService, type PresenceService } from './presence/service.ts';
import { createPresenceStore } from './presence/store.ts';
import type { PresenceTimings } from './presence/tenant.ts';
import { createMethodLimits } from './realtime/method-limits.ts';
import { qualityRoutes } from './quality/routes.ts';
import { createQualityStore } from './quality/store.ts';
import { realtimeRoutes } from './realtime/routes.ts';
import { createSettingsService } from './settings/service.ts';
import { createSettingsStore } from './settings/store.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import { createAttempts } from './attempts.ts';
import { createSignInLimits } from './sign-in/limits/sign-in-limits.ts';
import { createPasswords } from './sign-in/passwords.ts';
import { authenticateWith, signInRoutes } from './sign-in/routes.ts';
import { createSecondFactorService } from './sign-in/second-factor/service.ts';
import { warnOfTrials } from './sign-in/second-factor/warn.ts';
import { createSignInService } from './sign-in/service.ts';
import { createSessions, sessionLifetimes, type SessionLifetimes } from './sign-in/sessions.ts';
import { createSignInStore } from './sign-in/store.ts';
import { supportRoutes } from './support/routes.ts';
import { removeDueTenants } from './tenants/removal.ts';
import type { PeerTimings } from './wire/peer.ts';
import type { ResolveTxt } from './sso/dns.ts';
import { createUpgrades } from './wire/upgrades.ts';

export type CloudOptions = {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Of the metrics, on loopback; 0 or absent: any that is free. */
  metricsPort?: number;
  databaseUrl: string;
  secrets: SecretBox;
  log: Logger;
  webRoot?: string | undefined;
  /** Folder of the built administration. */
  adminRoot?: string | undefined;
  publicOrigin?: string | undefined;
  /** Whose `X-Forwarded-For` is believed; nobody's where absent. */
  isProxy?: IsProxy;
  /** Identity providers may be in the own network, and on loopback without TLS. */
  ssoPrivate?: boolean;
  /** Absent: calls are not pushed to browsers. */
  push?: PushConfig;
  /** Who asks the DNS for the proofs of e-mail domains. Absent: the system's resolver. */
  resolveTxt?: ResolveTxt;
  /** Shared with other nodes; whoever made it closes it. Absent: this node is all there is. */
  bus?: Bus;
  lifetimes?: SessionLifetimes;
  /** What whoever activates a tenant accepts; absent: the usual terms. */
  terms?: Terms | undefined;
  /** Absent: mails wait. */
  mail?: MailConfig;
  timings?: Partial<PeerTimings> & {
    mail?: Partial<MailTimings>;
    requestTimeout?: number;
    changes?: ChangeListenerTimings;
    presence?: Partial<PresenceTimings>;
    imports?: Partial<ImportTimings>;
  };
};

export type Cloud = {
  url: string;
  /** Where Prometheus reads the metrics, on loopback alone. */
  metricsUrl: string;
  /** While there is no provider account: where the first one is made, for 24 hours. */
  firstProviderUrl: string | undefined;
  /** Every HTTP route there is, each with whom it is for. */
  routes: readonly GuardedRoute[];
  /** Close the sockets (they find another node), finish what runs, leave. */
  close: () => Promise<void>;
};

/** Handshakes of one address, of clients and connectors, that were refused for who they were. */
const upgradeFailures = { limit: 120, windowMs: 60_000, keys: 20_000 };

const EXPIRE_SESSIONS_EVERY = 10 * 60_000;
const REMOVE_TENANTS_EVERY = 60 * 60_000;
const FIRST_LISTEN_WITHIN = 2_000;

/** Migrate the database, build every feature on it, and serve. */
export async function openCloud(options: CloudOptions): Promise<Cloud> {
  const { log, publicOrigin, timings } = options;
  const isProxy = options.isProxy ?? parseProxies(undefined);
  const metrics = createMetrics();
  const database = openDatabase({
    url: options.databaseUrl,
    onIdleError: (err) => log.warn({ err }, 'a database connection broke'),
  });
  observePool(metrics, database.pool);
  const closers: (() => unknown)[] = [() => database.close()];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };

  try {
    const applied = await migrate(database.pool);
    if (applied.length > 0) log.info({ applied }, 'database migrated');

    const bus =
      options.bus ??
      createInProcessBus({ onError: (err, subject) => log.error({ err, subject }, 'message not handled') });
    if (options.bus === undefined) closers.push(() => bus.close());
    const onReadFailed = (failed: number, err: unknown) =>
      log.warn({ err, failed }, 'what may have changed could not be read; it is tried again');
    const directory = createDirectoryService(createDirectoryStore(database), bus, onReadFailed);
    closers.push(() => directory.close());
    const settings = createSettingsService({ bus, store: createSettingsStore(database), metrics, log });
    const presence = createPresenceService({
      bus,
      directory,
      store: createPresenceStore(database),
      settings,
      metrics,
      log,
      onFailed: onReadFailed,
      ...(timings?.presence === undefined ? {} : { timings: timings.presence }),
    });
    closers.push(() => presence.close());
    const history = createHistoryStore(database);
    const signInStore = createSignInStore(database);
    const lifetimes = options.lifetimes ?? sessionLifetimes;
    const { secrets } = options;
    const sessions = createSessions({ secrets, lifetimes, publicOrigin });
    const limits = createSignInLimits();
    const onTrials = (user: Parameters<typeof warnOfTrials>[2]) => {
      // Not waited for: the answer must take as long as where there is nobody to warn.
      warnOfTrials(database, secrets, user).catch((err: unknown) => log.warn({ err }, 'nobody was warned'));
    };
    const account = { database, secrets, sessions, limits, onTrials, publicOrigin, metrics, log };
    const secondFactor = createSecondFactorService(account);
    const passwords = await createPasswords(() => countLimit(metrics, 'sign_in_queue'));
    const signIn = createSignInService({
      ...account,
      store: signInStore,
      passwords,
      bus,
      lifetimes,
    });
    const origins = { own: publicOrigin };
    const invitations = createInvitations(secrets, () => originOf(origins));
    const { findAccount } = signInStore;
    const resets = createResetService({ database, findAccount, invitations, metrics, log });
    closers.push(() => resets.settled());

    const mail = options.mail ?? { kind: 'none' };
    const sender =
      mail.kind === 'none'
        ? undefined
        : createMailSender({
            database,
            secrets,
            transport: mail.kind === 'smtp' ? createSmtpTransport(mail) : outboxTransport,
            metrics,
            log,
            ...(timings?.mail === undefined ? {} : { timings: timings.mail }),
          });
    if (sender === undefined) log.warn({}, 'mails wait: set OFFHOOK_SMTP_URL and OFFHOOK_MAIL_FROM');
    closers.push(() => sender?.close());

    const app = await createApp({ log, metrics, publicOrigin, isProxy });
    closers.push(() => app.close());
    const authenticate = authenticateWith(signIn);
    const routes = guardRoutes(app, {
      person: async (request) => {
        const { tenantId, userId, sessionId, me, secondFactorMissing } = await authenticate(request);
        return { kind: 'person', tenantId, userId, sessionId, me, secondFactorMissing };
      },
      machine: (request) => machineWith(database, request.headers.authorization),
    });
    signInRoutes(app, signIn, secondFactor, sessions);
    ownAccountRoutes(app, { database, secrets, passwords, bus, publicOrigin });
    accountRoutes(app, {
      links: createLinkService({
        database,
        secrets,
        passwords,
        terms: options.terms ?? usualTerms,
        publicOrigin,
      }),
      resets,
      enter: enterByLink(database, sessions),
      metrics,
    });
    if (mail.kind === 'outbox') outboxPage(app, database, secrets);
    historyRoutes(app, history);
    qualityRoutes(app, createQualityStore(database), metrics);
    supportRoutes(app, { database, secrets, metrics, log });
    const push = createPushService({
      bus,
      store: createPushStore(database, secrets),
      directory,
      outbound: createOutbound({ allowPrivate: options.push?.allowPrivate === true }),
      subject: options.push?.subject,
      idleMs: lifetimes.idle,
      metrics,
      log,
    });
    closers.push(() => push.settled());
    pushRoutes(app, push);
    directoryRoutes(app, directory);
    const administration = await openAdministration({
      app,
      database,
      databaseUrl: options.databaseUrl,
      secrets,
      bus,
      metrics,
      log,
      publicOrigin,
      sessions,
      invitations,
      origin: () => originOf(origins),
      ssoPrivate: options.ssoPrivate === true,
      resolveTxt: options.resolveTxt,
      ...(timings?.imports === undefined ? {} : { importTimings: timings.imports }),
    });
    closers.push(() => administration.close());
    operationsRoutes(app, database);
    await serveWebFiles(app, { phone: options.webRoot, admin: options.adminRoot });

    const upgrades = createUpgrades(app.server, (err) => log.error({ err }, 'WebSocket handshake failed'));
    const failedUpgrades = createAttempts(upgradeFailures);
    const admission = {
      failures: failedUpgrades,
      addressOf: (request: IncomingMessage) => addressOf(request, isProxy),
    };
    const shared = { bus, directory, presence, metrics, log, ...(timings === undefined ? {} : { timings }) };
    const clients = realtimeRoutes(upgrades, {
      ...shared,
      ...admission,
      signIn,
      settings,
      favourites: createFavouriteService(bus, directory, createFavouriteStore(database)),
      limits: createMethodLimits(metrics),
      sessions: signInStore,
      isOriginAllowed: (request) => isOriginAllowed(request, publicOrigin),
    });
    const links = connectorLinkRoutes(
      upgrades,
      {
        ...shared,
        store: createLinkStore(database),
        history,
        recorder: administration.recorder,
        push,
        secrets,
      },
      admission,
    );
    closers.push(() => {
      upgrades.close();
      clients.close();
      links.close();
    });

    let rechecking = new AbortController();
    const recheck = () => {
      // Begun anew: what was seen before this gap may have changed in it.
      rechecking.abort();
      rechecking = new AbortController();
      const options = { signal: rechecking.signal, onFailed: onReadFailed };
      for (const part of [directory.refresh, clients.recheck, links.recheck, presence.refresh])
        void part(options);
    };
    const changes = listenForChanges({
      url: options.databaseUrl,
      onChange: (change) => announce({ bus, presence, sender }, change),
      onListening: (occasion) => {
        if (occasion === 'again') log.info({}, 'the database is back');
        // Also the first time: sockets may have come in before.
        recheck();
      },
      log,
      ...(timings?.changes === undefined ? {} : { timings: timings.changes }),
    });
    closers.push(async () => {
      await changes.close();
      rechecking.abort();
    });

    const expiring = setInterval(() => {
      signIn.expire().catch((err: unknown) => log.warn({ err }, 'expired sessions not removed'));
    }, EXPIRE_SESSIONS_EVERY);
    closers.push(() => clearInterval(expiring));
    const removeTenants = () => {
      removeDueTenants(database, log).catch((err: unknown) =>
        log.warn({ err }, 'deleted tenants not removed'),
      );
    };
    const removing = setInterval(removeTenants, REMOVE_TENANTS_EVERY);
    closers.push(() => clearInterval(removing));

    const metricsServer = await openMetricsServer(metrics, options.metricsPort ?? 0);
    closers.push(() => metricsServer.close());
    // Who is served before changes are heard must be looked at anew; a database that is away holds nobody up for long.
    await Promise.race([changes.listening, delay(FIRST_LISTEN_WITHIN, undefined, { ref: false })]);
    await app.listen({ host: options.host, port: options.port });
    const { port } = app.server.address() as AddressInfo;
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    const url = `http://${host}:${port}`;
    // Whoever listens everywhere is reached here; OFFHOOK_PUBLIC_URL says where from elsewhere.
    origins.own ??= url.replace(/\/\/(?:0\.0\.0\.0|\[::\])(?=:)/u, '//127.0.0.1');
    log.info({ url, metrics: metricsServer.url }, 'cloud serves');
    const firstProvider = await firstProviderLink(database, origins.own);
    if (firstProvider !== undefined) {
      log.warn(firstProvider, 'there is no provider account yet: open this link to make the first one');
    }
    removeTenants();
    return { url, metricsUrl: metricsServer.url, firstProviderUrl: firstProvider?.url, routes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where links in mails lead; a request that asks for a mail has come in, so the cloud serves. */
function originOf({ own }: { own: string | undefined }): string {
  if (own === undefined) throw new OffhookError('unavailable');
  return own;
}

/** A committed change of the database, told to the features of this node. */
function announce(
  { bus, presence, sender }: { bus: Bus; presence: PresenceService; sender: MailSender | undefined },
  change: Change,
): void {
  switch (change.kind) {
    case 'mail':
      return sender?.wake();
    case 'presence_choice':
      // Every node hears of it for itself.
      return presence.onChoice(change.tenantId, change);
    case 'directory':
      bus.publish(directoryTopic(change.tenantId), { connectorIds: change.connectorIds });
      bus.publish(adminNoticeTopic(change.tenantId), { kind: 'directory' });
      for (const connectorId of change.connectorIds) {
        bus.publish(linkControlTopic(change.tenantId, connectorId), { kind: 'config.changed' });
        bus.publish(adminNoticeTopic(change.tenantId), { kind: 'connector', connectorId });
      }
      return;
    case 'key_expires': {
      const { tenantId, connectorId, keyId } = change;
      return bus.publish(linkControlTopic(tenantId, connectorId), { kind: 'key.expires', keyId });
    }
    case 'drain':
      bus.publish(adminNoticeTopic(change.tenantId), { kind: 'connector', connectorId: change.connectorId });
      return bus.publish(linkControlTopic(change.tenantId, change.connectorId), { kind: 'drain.changed' });
    case 'import':
      return bus.publish(adminNoticeTopic(change.tenantId), { kind: 'import', importId: change.importId });
    case 'key_revoked': {
      const { tenantId, connectorId, keyId } = change;
      return bus.publish(linkControlTopic(tenantId, connectorId), { kind: 'key.revoked', keyId });
    }
    case 'sessions_revoked':
      return bus.publish(userTopic(change.tenantId, change.userId), {
        kind: 'session.ended',
        reason: 'revoked',
      });
  }
}
