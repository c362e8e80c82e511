import type { ClientId, ConnectorId, LineActivity, UserActivity, UserId } from '@offhook/contract';
import type { PresenceFact } from '../bus/topics.ts';
import type { ClientsState } from './presence.ts';

/** Milliseconds for which somebody who went is still believed to be there: most come back at once. */
export type Graces = { client: number; link: number };

type OwnClient = { socketId: string; idle: boolean };
type OwnLink = {
  linkId: string;
  since: number;
  /** The connector has said all of its lines that are not idle: whoever is not in `activities` is. */
  whole: boolean;
  activities: Map<UserId, LineActivity>;
  /** The pages of a snapshot that has not ended. */
  pages: Map<UserId, LineActivity> | undefined;
  goneAt: number | undefined;
};

/**
 * What one node knows at first hand of one tenant: the sockets of clients and the links of connectors that end here. Pure:
 * what happens and the time go in, facts for the other nodes come out.
 * ```
 * [PR-13] Of a user's clients at a node, one that is in use counts before those that are not.
 * [PR-14] A client that left counts for some seconds more: a reload is no absence. Another socket of the same client
 *         takes its place at once.
 * [PR-15] A link that went down is believed for some seconds more; one that is back keeps what was known until it has
 *         said everything anew.
 * [PR-16] Until a connector has said everything, lines of which it said nothing are `unknown`, not `idle`.
 * ```
 */
export function createOwnFacts(graces: Graces) {
  const users = new Map<UserId, Map<ClientId, OwnClient>>();
  const told = new Map<UserId, ClientsState>();
  const links = new Map<ConnectorId, OwnLink>();
  /** Clients that left, in the order in which they will be forgotten. */
  const leaving = new Map<OwnClient, { at: number; userId: UserId; clientId: ClientId }>();

  const stateOf = (userId: UserId): ClientsState => {
    const clients = [...(users.get(userId)?.values() ?? [])];
    if (clients.length === 0) return 'none';
    return clients.some(({ idle }) => !idle) ? 'active' : 'idle';
  };

  /** The fact, where it is news. */
  const tell = (userId: UserId): PresenceFact[] => {
    const clients = stateOf(userId);
    if (clients === (told.get(userId) ?? 'none')) return [];
    if (clients === 'none') told.delete(userId);
    else told.set(userId, clients);
    return [{ kind: 'clients', userId, clients }];
  };

  const linkFact = (connectorId: ConnectorId, link: OwnLink): PresenceFact => ({
    kind: 'link',
    connectorId,
    since: link.since,
    live: link.goneAt === undefined,
    whole: link.whole,
    activities: [...link.activities].map(([userId, activity]) => ({ userId, activity })),
  });

  const current = (connectorId: ConnectorId, linkId: string): OwnLink | undefined => {
    const link = links.get(connectorId);
    return link?.linkId === linkId ? link : undefined;
  };

  return {
    joined: (userId: UserId, clientId: ClientId, socketId: string): PresenceFact[] => {
      const clients = users.get(userId) ?? new Map<ClientId, OwnClient>();
      users.set(userId, clients);
      const before = clients.get(clientId);
      if (before !== undefined) leaving.delete(before);
      clients.set(clientId, { socketId, idle: false });
      return tell(userId);
    },

    idle: (userId: UserId, clientId: ClientId, socketId: string, idle: boolean): PresenceFact[] => {
      const client = users.get(userId)?.get(clientId);
      if (client?.socketId !== socketId) return [];
      client.idle = idle;
      return tell(userId);
    },

    left: (userId: UserId, clientId: ClientId, socketId: string, now: number): void => {
      const client = users.get(userId)?.get(clientId);
      if (client?.socketId !== socketId) return;
      leaving.set(client, { at: now + graces.client, userId, clientId });
    },

    linkUp: (connectorId: ConnectorId, linkId: string, since: number): PresenceFact[] => {
      const { whole, activities } = links.get(connectorId) ?? { whole: false, activities: new Map() };
      const link: OwnLink = { linkId, since, whole, activities, pages: undefined, goneAt: undefined };
      links.set(connectorId, link);
      return [linkFact(connectorId, link)];
    },

    linkDown: (connectorId: ConnectorId, linkId: string, now: number): PresenceFact[] => {
      const link = current(connectorId, linkId);
      if (link === undefined) return [];
      link.goneAt = now + graces.link;
      return [linkFact(connectorId, link)];
    },

    activity: (
      connectorId: ConnectorId,
      linkId: string,
      { userId, activity }: UserActivity,
    ): PresenceFact[] => {
      const link = current(connectorId, linkId);
      link?.pages?.set(userId, activity);
      if (link === undefined || activityIn(link, userId) === activity) return [];
      setActivity(link, userId, activity);
      return [{ kind: 'activity', connectorId, userId, activity }];
    },

    activities: (
      connectorId: ConnectorId,
      linkId: string,
      page: { users: UserActivity[]; more: boolean },
    ): PresenceFact[] => {
      const link = current(connectorId, linkId);
      if (link === undefined) return [];
      link.pages ??= new Map();
      for (const { userId, activity } of page.users) link.pages.set(userId, activity);
      if (page.more) return [];
      link.activities = new Map([...link.pages].filter(([, activity]) => activity !== 'idle'));
      link.pages = undefined;
      link.whole = true;
      return [linkFact(connectorId, link)];
    },

    /** The time has come for what {@link nextAt} said. */
    advance: (now: number): PresenceFact[] => {
      const facts: PresenceFact[] = [];
      for (const [client, { at, userId, clientId }] of leaving) {
        if (at > now) break;
        leaving.delete(client);
        const clients = users.get(userId);
        clients?.delete(clientId);
        if (clients?.size === 0) users.delete(userId);
        facts.push(...tell(userId));
      }
      for (const [connectorId, { goneAt }] of links) {
        if (goneAt === undefined || goneAt > now) continue;
        links.delete(connectorId);
        facts.push({ kind: 'link.gone', connectorId });
      }
      return facts;
    },

    /** When the next who went is not believed to be there any more. */
    nextAt: (): number | undefined => {
      let next = leaving.values().next().value?.at;
      for (const { goneAt } of links.values()) {
        if (goneAt !== undefined && (next === undefined || goneAt < next)) next = goneAt;
      }
      return next;
    },

    isEmpty: (): boolean => users.size === 0 && links.size === 0,

    /** Everything, for a node that asks. */
    all: (): PresenceFact[] => [
      ...[...told].map(([userId, clients]) => ({ kind: 'clients' as const, userId, clients })),
      ...[...links].map(([connectorId, link]) => linkFact(connectorId, link)),
    ],
  };
}
export type OwnFacts = ReturnType<typeof createOwnFacts>;

/** What is known of a line by one link. [PR-16] */
export const activityIn = (
  link: { whole: boolean; activities: ReadonlyMap<UserId, LineActivity> },
  userId: UserId,
): LineActivity => link.activities.get(userId) ?? (link.whole ? 'idle' : 'unknown');

export function setActivity(
  link: { whole: boolean; activities: Map<UserId, LineActivity> },
  userId: UserId,
  activity: LineActivity,
): void {
  if (activity === 'idle' && link.whole) link.activities.delete(userId);
  else link.activities.set(userId, activity);
}
