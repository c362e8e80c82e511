import {
  OffhookError,
  type ClientId,
  type ConnectorId,
  type LineActivity,
  type LineSettings,
  type Presence,
  type PresenceChoice,
  type TenantId,
  type UserActivity,
  type UserId,
} from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import type { DirectoryService } from '../directory/service.ts';
import type { Metrics } from '../operations/metrics.ts';
import { untilDone, type RetryOptions } from '../retry.ts';
import { createSerial } from '../serial.ts';
import type { SettingsService } from '../settings/service.ts';
import { wantsDnd } from './choice.ts';
import type { Listener } from './interest.ts';
import { createPlatformDnd } from './platform-dnd.ts';
import type { PresenceStore, StoredChoice } from './store.ts';
import {
  createTenantPresence,
  presenceTimings,
  type PresenceTimings,
  type TenantPresence,
} from './tenant.ts';

export type PresenceDependencies = {
  bus: Bus;
  directory: DirectoryService;
  store: PresenceStore;
  settings: SettingsService;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
  onFailed: RetryOptions['onFailed'];
  timings?: Partial<PresenceTimings>;
};

/** A client's side of presence, from its hello to its end. */
export type ClientPresence = ReturnType<TenantPresence['join']> & { ready: () => Promise<void> };

/** A connector link's side of presence. */
export type LinkPresence = {
  activity: (activity: UserActivity) => void;
  activities: (page: { users: UserActivity[]; more: boolean }) => void;
  /** What an answer or an event of the connector said of a user besides. Resolves when it is kept. */
  learn: (
    userId: UserId,
    said: { activity?: LineActivity | undefined; settings?: LineSettings | undefined },
  ) => Promise<void>;
  down: () => void;
};

export type PresenceService = ReturnType<typeof createPresenceService>;

/** The tenants of which this node holds clients or links, each for as long as it holds any. */
export function createPresenceService(deps: PresenceDependencies) {
  const { bus, directory, store, settings, metrics } = deps;
  const tenants = new Map<TenantId, { presence: TenantPresence; holders: number }>();
  const timings = { ...presenceTimings, ...deps.timings };
  // One choice of a user after the other: the platform is then told last what was chosen last.
  const serial = createSerial();

  const hold = (tenantId: TenantId) => {
    const tenant = tenants.get(tenantId) ?? {
      holders: 0,
      presence: createTenantPresence({
        tenantId,
        bus,
        directory,
        store,
        timings,
        onFailed: deps.onFailed,
        onChange: () => metrics.presenceChanges.inc(),
        onWatching: (more) => metrics.presenceWatchers.inc(more),
      }),
    };
    tenants.set(tenantId, tenant);
    tenant.holders += 1;
    const release = () => {
      tenant.holders -= 1;
      // Who went is believed to be there for a while: only then is there nothing left to tell.
      const letGo = () => {
        if (tenant.holders > 0 || tenants.get(tenantId) !== tenant) return;
        tenant.presence.close();
        tenants.delete(tenantId);
      };
      if (tenant.holders === 0) {
        setTimeout(letGo, Math.max(timings.clientGrace, timings.linkGrace) + 1_000).unref();
      }
    };
    return { presence: tenant.presence, release };
  };

  const enter = (tenantId: TenantId, choice: StoredChoice) =>
    tenants.get(tenantId)?.presence.enterChoice(choice);

  /** The platform's do-not-disturb after a choice. What stands against it is no reason to refuse the choice. */
  const tellPlatform = async (
    user: { tenantId: TenantId; userId: UserId },
    connectorId: ConnectorId,
    doNotDisturb: boolean,
  ) => {
    const { tenantId, userId } = user;
    try {
      // What the platform says then is written down where the connector's link ends.
      await settings.change(user, connectorId, { doNotDisturb });
    } catch (error) {
      const { code } = OffhookError.from(error);
      deps.log.info({ tenantId, userId, connectorId, code }, 'do-not-disturb of the platform stays as it is');
    }
  };

  return {
    join: (tenantId: TenantId, listener: Listener, clientId: ClientId, socketId: string): ClientPresence => {
      const { presence, release } = hold(tenantId);
      const joined = presence.join(listener, clientId, socketId);
      return {
        ...joined,
        ready: presence.ready,
        leave: () => {
          joined.leave();
          release();
        },
      };
    },

    link: (tenantId: TenantId, connectorId: ConnectorId, linkId: string): LinkPresence => {
      const { presence, release } = hold(tenantId);
      const link = presence.link(connectorId, linkId);
      const dnd = createPlatformDnd({
        known: presence.choiceOf,
        ready: presence.ready,
        follow: (userId, on) => store.follow(tenantId, userId, on),
        enter: presence.enterChoice,
        push: (userId, on) => tellPlatform({ tenantId, userId }, connectorId, on),
        onFailed: deps.onFailed,
      });
      return {
        activity: link.activity,
        activities: link.activities,
        learn: (userId, said) => {
          if (said.activity !== undefined) link.activity({ userId, activity: said.activity });
          return said.settings === undefined ? Promise.resolve() : dnd.said(userId, said.settings);
        },
        down: () => {
          dnd.close();
          link.down();
          release();
        },
      };
    },

    /** As colleagues see a user, where that is known here. */
    of: (tenantId: TenantId, userId: UserId): Presence | undefined =>
      tenants.get(tenantId)?.presence.presenceOf(userId),

    /**
     * Somebody chose by hand. The choice is kept first; then do-not-disturb of the platform follows, where it can be set.
     * @throws OffhookError `unavailable`
     */
    choose: (
      user: { tenantId: TenantId; userId: UserId },
      connectorId: ConnectorId | undefined,
      choice: PresenceChoice,
    ): Promise<void> =>
      serial(`${user.tenantId} ${user.userId}`, async () => {
        const chosen = await store.choose(user.tenantId, user.userId, choice);
        enter(user.tenantId, chosen);
        const on = wantsDnd(choice);
        if (connectorId !== undefined && chosen.platformDnd !== on) await tellPlatform(user, connectorId, on);
      }),

    /** A committed change of what is kept, of whichever node. */
    onChoice: enter,

    /** Choices may have changed unheard: read them anew, until that has succeeded. */
    refresh: (options: RetryOptions): Promise<void> =>
      untilDone([...tenants.keys()], async (tenantId) => tenants.get(tenantId)?.presence.reload(), options),

    close: (): void => {
      for (const { presence } of tenants.values()) presence.close();
      tenants.clear();
    },
  };
}
