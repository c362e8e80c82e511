import type { ConnectorId, LineActivity, UserId } from '@offhook/contract';
import type { NodeFacts, PresenceFact, PresenceMessage } from '../bus/topics.ts';
import { activityIn, setActivity } from './own.ts';
import type { ClientsState } from './presence.ts';

type ReplicaLink = { since: number; live: boolean; whole: boolean; activities: Map<UserId, LineActivity> };
type ReplicaNode = {
  /** The last fact of this node that is in here. */
  seq: number;
  /** The highest number that it was heard to use. */
  heard: number;
  heardAt: number;
  clients: Map<UserId, Exclude<ClientsState, 'none'>>;
  links: Map<ConnectorId, ReplicaLink>;
};

/** Whose presence may be another now. */
export type Touched = readonly UserId[] | 'everybody';
const nobody: Touched = [];

/**
 * The facts of all nodes about one tenant, as one node has heard them. Every node has its own, made of the same facts, so
 * all come to the same. Pure.
 * ```
 * [PR-17] A user is where any node has a client of theirs; one in use counts before one that is not.
 * [PR-18] Of several links of a connector one that is up counts before one that went, then the newest; one that has not
 *         said everything yet leaves the word to one that has.
 * [PR-19] A node that is not heard for some time takes its facts with it; one that said that it stops, sooner, but not at
 *         once: its clients find another.
 * [PR-20] A fact that is missing from a node's numbering makes all of its facts doubtful: they are asked for anew.
 *         Until then those that are known hold.
 * ```
 */
export function createReplica({ nodeLost, leaving }: { nodeLost: number; leaving: number }) {
  const nodes = new Map<string, ReplicaNode>();

  const nodeOf = (id: string, now: number): ReplicaNode => {
    const found = nodes.get(id);
    if (found !== undefined) return found;
    const node: ReplicaNode = { seq: 0, heard: 0, heardAt: now, clients: new Map(), links: new Map() };
    nodes.set(id, node);
    return node;
  };

  const enter = (node: ReplicaNode, fact: PresenceFact): Touched => {
    switch (fact.kind) {
      case 'clients':
        if (fact.clients === 'none') node.clients.delete(fact.userId);
        else node.clients.set(fact.userId, fact.clients);
        return [fact.userId];
      case 'link': {
        const { since, live, whole } = fact;
        const activities = new Map(fact.activities.map(({ userId, activity }) => [userId, activity]));
        node.links.set(fact.connectorId, { since, live, whole, activities });
        return 'everybody';
      }
      case 'link.gone':
        node.links.delete(fact.connectorId);
        return 'everybody';
      case 'activity': {
        const link = node.links.get(fact.connectorId);
        if (link !== undefined) setActivity(link, fact.userId, fact.activity);
        return [fact.userId];
      }
    }
  };

  return {
    /** Something that this node itself knows. */
    enterOwn: (id: string, fact: PresenceFact, now: number): Touched => enter(nodeOf(id, now), fact),

    /** A message of another node. */
    hear: ({ node: id, seq, fact }: PresenceMessage, now: number): Touched => {
      if (fact === 'leaving') {
        const known = nodes.get(id);
        if (known !== undefined) known.heardAt = Math.min(known.heardAt, now - nodeLost + leaving);
        return nobody;
      }
      const node = nodeOf(id, now);
      node.heardAt = now;
      node.heard = Math.max(node.heard, seq);
      if (fact === 'beacon' || seq !== node.seq + 1) return nobody;
      node.seq = seq;
      return enter(node, fact);
    },

    /** Everything that another node knows, as it says. */
    adopt: ({ node: id, seq, facts }: NodeFacts, now: number): Touched => {
      const node = nodeOf(id, now);
      node.heardAt = now;
      if (seq < node.seq) return nobody;
      node.seq = seq;
      node.heard = Math.max(node.heard, seq);
      node.clients.clear();
      node.links.clear();
      for (const fact of facts) enter(node, fact);
      return 'everybody';
    },

    /** Is something missing? */
    hasGap: (): boolean => [...nodes.values()].some((node) => node.heard > node.seq),

    /** Drop nodes that have not been heard for too long, except one's own. */
    advance: (own: string, now: number): Touched => {
      let touched = nobody;
      for (const [id, node] of nodes) {
        if (id === own || now - node.heardAt < nodeLost) continue;
        nodes.delete(id);
        touched = 'everybody';
      }
      return touched;
    },

    /** When the next node is lost, should it not be heard. */
    nextAt: (own: string): number | undefined => {
      let next: number | undefined;
      for (const [id, { heardAt }] of nodes) {
        if (id !== own && (next === undefined || heardAt + nodeLost < next)) next = heardAt + nodeLost;
      }
      return next;
    },

    clientsOf: (userId: UserId): ClientsState => {
      let state: ClientsState = 'none';
      for (const { clients } of nodes.values()) {
        const here = clients.get(userId);
        if (here === 'active') return 'active';
        if (here === 'idle') state = 'idle';
      }
      return state;
    },

    activityOf: (userId: UserId, connectorId: ConnectorId | undefined): LineActivity => {
      if (connectorId === undefined) return 'unknown';
      let best: ReplicaLink | undefined;
      for (const { links } of nodes.values()) {
        const link = links.get(connectorId);
        if (link !== undefined && (best === undefined || goesBefore(link, best))) best = link;
      }
      return best === undefined ? 'unknown' : activityIn(best, userId);
    },
  };
}
export type Replica = ReturnType<typeof createReplica>;

function goesBefore(a: ReplicaLink, b: ReplicaLink): boolean {
  if (a.whole !== b.whole) return a.whole;
  if (a.live !== b.live) return a.live;
  return a.since > b.since;
}
