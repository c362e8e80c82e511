import type {
  ClientId,
  ConnectorId,
  OwnPresence,
  Presence,
  TenantId,
  UserActivity,
  UserId,
  UserPresence,
} from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import { presenceFactsTopic, presenceTopic, type PresenceFact, type PresenceMessage } from '../bus/topics.ts';
import type { DirectoryService } from '../directory/service.ts';
import { newId } from '../ids.ts';
import { untilDone, type RetryOptions } from '../retry.ts';
import { noChoice } from './choice.ts';
import { createInterest, type Listener } from './interest.ts';
import { createOwnFacts } from './own.ts';
import { ownPresence, shownPresence } from './presence.ts';
import { createReplica, type Touched } from './replica.ts';
import type { PresenceStore, StoredChoice } from './store.ts';

/** Milliseconds. */
export type PresenceTimings = {
  /** Between the beacons of a node that has facts. */
  beacon: number;
  /** Silence after which a node is lost with its facts. */
  nodeLost: number;
  clientGrace: number;
  linkGrace: number;
};
export const presenceTimings: PresenceTimings = {
  beacon: 5_000,
  nodeLost: 17_000,
  clientGrace: 5_000,
  linkGrace: 20_000,
};

const FACTS_TIMEOUT = 500;
const ASK_AGAIN = 1_000;
const now = () => performance.now();

/** Messages to clients in one turn of the event loop; the rest follow in the next. */
const MESSAGES_PER_TURN = 5_000;

export type TenantPresenceDependencies = {
  tenantId: TenantId;
  bus: Bus;
  directory: Pick<DirectoryService, 'known' | 'watch'>;
  store: Pick<PresenceStore, 'load'>;
  timings: PresenceTimings;
  onFailed: RetryOptions['onFailed'];
  onChange: (messages: number) => void;
  onWatching: (more: number) => void;
};

/**
 * The presence of one tenant's users, as this node computes it: from its own facts, those of the other nodes, and what is
 * kept in the database. `docs/decisions/presence.md` says why each node computes for itself.
 */
export type TenantPresence = ReturnType<typeof createTenantPresence>;

export function createTenantPresence(deps: TenantPresenceDependencies) {
  const { tenantId, bus, directory, store, timings } = deps;
  const node = newId('prs');
  const own = createOwnFacts({ client: timings.clientGrace, link: timings.linkGrace });
  const replica = createReplica({ nodeLost: timings.nodeLost, leaving: timings.clientGrace });
  const interest = createInterest();
  const choices = new Map<UserId, StoredChoice>();
  const closing = new AbortController();
  let seq = 0;
  let beaconAt = now() + timings.beacon;
  let askAt = Infinity;
  let timer: NodeJS.Timeout | undefined;

  const presenceOf = (userId: UserId): OwnPresence => {
    const { choice, platformDnd } = choices.get(userId) ?? noChoice;
    const people = directory.known(tenantId);
    const connectorId = people?.user(userId)?.connectorId;
    return ownPresence({
      choice,
      // What a platform said last means nothing for a user who has no line there any more.
      doNotDisturb: platformDnd && (people === undefined || connectorId !== undefined),
      activity: replica.activityOf(userId, connectorId),
      clients: replica.clientsOf(userId),
    });
  };

  /** Users to look at anew; several changes within one turn are one. */
  const touched = new Set<UserId>();
  let telling: NodeJS.Immediate | undefined;
  const touch = (users: Touched) => {
    for (const userId of users === 'everybody' ? interest.users() : users) {
      if (interest.wants(userId)) touched.add(userId);
    }
    if (touched.size > 0) telling ??= setImmediate(tell);
  };
  const tell = () => {
    telling = undefined;
    let sent = 0;
    for (const userId of touched) {
      if (sent >= MESSAGES_PER_TURN) break;
      sent += tellOf(userId);
    }
    if (touched.size > 0) telling = setImmediate(tell);
  };
  const tellOf = (userId: UserId): number => {
    touched.delete(userId);
    const messages = interest.tell(userId, presenceOf(userId));
    if (messages === undefined) return 0;
    deps.onChange(messages);
    return messages;
  };

  const publish = (fact: PresenceMessage['fact']) =>
    bus.publish(presenceTopic(tenantId), { node, seq, fact });
  const state = (facts: PresenceFact[]) => {
    for (const fact of facts) {
      seq += 1;
      publish(fact);
      touch(replica.enterOwn(node, fact, now()));
    }
    schedule();
  };

  /** One timer for all that happens by itself: beacons, graces, lost nodes. */
  const schedule = () => {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    const next = Math.min(beaconAt, askAt, own.nextAt() ?? Infinity, replica.nextAt(node) ?? Infinity);
    timer = setTimeout(onTime, Math.max(0, Math.ceil(next - now())));
  };
  const onTime = () => {
    const at = now();
    if (at >= beaconAt) {
      // Jitter: the nodes' beacons do not come in step.
      beaconAt = at + timings.beacon * (0.8 + Math.random() * 0.4);
      if (!own.isEmpty()) publish('beacon');
    }
    if (at >= askAt) void askNodes();
    touch(replica.advance(node, at));
    state(own.advance(at));
  };

  let asking: Promise<void> | undefined;
  /** Ask the other nodes for all that they know; again after a while, should something be missing still. */
  const askNodes = (): Promise<void> => {
    askAt = Infinity;
    asking ??= (async () => {
      for (const facts of await bus.gather(presenceFactsTopic(tenantId), {}, FACTS_TIMEOUT)) {
        if (facts.node !== node) touch(replica.adopt(facts, now()));
      }
      asking = undefined;
      // Facts that came while we asked may be missing again; or one did not answer in time.
      if (replica.hasGap()) askAt = now() + ASK_AGAIN * (0.5 + Math.random());
      schedule();
    })();
    return asking;
  };

  const enterChoice = (choice: StoredChoice): void => {
    const known = choices.get(choice.userId);
    if (known !== undefined && known.version >= choice.version) return;
    choices.set(choice.userId, choice);
    touch([choice.userId]);
  };

  const loadOnce = async () => (await store.load(tenantId)).forEach(enterChoice);
  /** In the background, until it has succeeded. */
  const loadUntilDone = () =>
    untilDone([tenantId], loadOnce, { signal: closing.signal, onFailed: deps.onFailed });

  const subscriptions = [
    bus.subscribe(presenceTopic(tenantId), (message) => {
      if (message.node === node) return;
      touch(replica.hear(message, now()));
      if (replica.hasGap() && askAt === Infinity) void askNodes();
      schedule();
    }),
    bus.respond(presenceFactsTopic(tenantId), async () => ({ node, seq, facts: own.all() })),
    directory.watch(tenantId, () => touch('everybody')),
  ];
  const ready = Promise.all([
    askNodes(),
    loadOnce().catch((error: unknown) => {
      deps.onFailed(1, error);
      void loadUntilDone();
    }),
  ]);
  schedule();

  return {
    /** What other nodes and the database know has been heard, as far as they could be asked. */
    ready: async (): Promise<void> => void (await ready),
    isEmpty: () => own.isEmpty(),
    choiceOf: (userId: UserId): StoredChoice => choices.get(userId) ?? { userId, ...noChoice, version: 0 },
    enterChoice,
    /** Choices may have changed unheard. */
    reload: loadOnce,
    presenceOf: (userId: UserId): Presence => shownPresence(presenceOf(userId)),

    /** A client has come. */
    join: (listener: Listener, clientId: ClientId, socketId: string) => {
      const { userId } = listener;
      interest.add(listener);
      state(own.joined(userId, clientId, socketId));
      let watches = false;
      const setWatches = (does: boolean) => {
        if (does !== watches) deps.onWatching(does ? 1 : -1);
        watches = does;
      };
      return {
        /** As it is now, and as this client has been told then. */
        own: (): OwnPresence => {
          if (touched.has(userId)) tellOf(userId);
          return interest.remember(userId, presenceOf(userId));
        },
        idle: (idle: boolean): void => state(own.idle(userId, clientId, socketId, idle)),
        watch: (userIds: readonly UserId[]): UserPresence[] => {
          interest.watch(listener, userIds);
          setWatches(userIds.length > 0);
          return userIds.map((watched) => ({
            userId: watched,
            presence: shownPresence(interest.remember(watched, presenceOf(watched))),
          }));
        },
        leave: (): void => {
          setWatches(false);
          interest.remove(listener);
          own.left(userId, clientId, socketId, now());
          schedule();
        },
      };
    },

    /** A connector's link has come up. */
    link: (connectorId: ConnectorId, linkId: string) => {
      state(own.linkUp(connectorId, linkId, Date.now()));
      return {
        activity: (activity: UserActivity): void => state(own.activity(connectorId, linkId, activity)),
        activities: (page: { users: UserActivity[]; more: boolean }): void =>
          state(own.activities(connectorId, linkId, page)),
        down: (): void => state(own.linkDown(connectorId, linkId, now())),
      };
    },

    close: (): void => {
      if (closing.signal.aborted) return;
      if (!own.isEmpty()) publish('leaving');
      closing.abort();
      clearTimeout(timer);
      clearImmediate(telling);
      subscriptions.splice(0).forEach((unsubscribe) => unsubscribe());
    },
  };
}
