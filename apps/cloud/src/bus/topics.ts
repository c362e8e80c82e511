import {
  Ability,
  ApiKeyId,
  CallId,
  ClientId,
  connectorEvents,
  ConnectorId,
  HistoryEntry,
  LineActivity,
  LineSettings,
  LineState,
  type TenantId,
  UserActivity,
  UserId,
} from '@offhook/contract';
import * as z from 'zod';
import type { RequestTopic, Topic } from './bus.ts';

/** Every subject of the cloud. Each begins with its tenant: a subscription cannot reach across. */

/** Ids may hold dots, which part a subject's tokens; no id holds a tilde. */
const token = (id: string) => id.replaceAll('.', '~');
const ofTenant = (tenantId: TenantId, rest: string) => `tenant.${token(tenantId)}.${rest}`;
const ofUser = (tenantId: TenantId, userId: UserId, rest: string) =>
  ofTenant(tenantId, `user.${token(userId)}.${rest}`);
const ofConnector = (tenantId: TenantId, connectorId: ConnectorId, rest: string) =>
  ofTenant(tenantId, `connector.${token(connectorId)}.${rest}`);

/** Facts for the sockets of one user, as the connector stated them. */
export const UserMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call.changed'), data: connectorEvents['call.changed'] }),
  z.object({
    kind: z.literal('media.reattach'),
    clientId: ClientId,
    callId: CallId,
    reason: z.enum(['codec_changed', 'media_lost']),
  }),
  z.object({ kind: z.literal('line.changed'), line: LineState }),
  z.object({ kind: z.literal('settings.changed'), settings: LineSettings }),
  z.object({ kind: z.literal('abilities.changed'), abilities: z.array(Ability) }),
  z.object({ kind: z.literal('history.added'), entry: HistoryEntry }),
  z.object({ kind: z.literal('favourites.changed') }),
  /** `sessionId` absent: every session of the user. */
  z.object({
    kind: z.literal('session.ended'),
    sessionId: z.string().optional(),
    reason: z.enum(['signed_out', 'expired', 'revoked']),
  }),
  /** A socket of this client has come up; older ones, on whatever node, give way. */
  z.object({ kind: z.literal('client.claimed'), clientId: ClientId, socketId: z.string() }),
]);
export type UserMessage = z.infer<typeof UserMessage>;

export const userTopic = (tenantId: TenantId, userId: UserId): Topic<UserMessage> => ({
  subject: ofUser(tenantId, userId, 'events'),
  message: UserMessage,
});

/** The link of a connector came up or went. */
export const ConnectorState = z.object({ online: z.boolean() });
export const connectorStateTopic = (
  tenantId: TenantId,
  connectorId: ConnectorId,
): Topic<z.infer<typeof ConnectorState>> => ({
  subject: ofConnector(tenantId, connectorId, 'state'),
  message: ConnectorState,
});

/** For the node that holds the connector's link. */
export const LinkControl = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('client.joined'), userId: UserId, clientId: ClientId }),
  z.object({ kind: z.literal('client.left'), userId: UserId, clientId: ClientId }),
  z.object({ kind: z.literal('config.changed') }),
  z.object({ kind: z.literal('key.revoked'), keyId: ApiKeyId }),
  /** It has been replaced: the old one's time is limited. */
  z.object({ kind: z.literal('key.expires'), keyId: ApiKeyId }),
  /** Whether new calls are wanted. */
  z.object({ kind: z.literal('drain.changed') }),
  /** A newer link of this connector has come up. */
  z.object({ kind: z.literal('link.claimed'), linkId: z.string() }),
]);
export type LinkControl = z.infer<typeof LinkControl>;
export const linkControlTopic = (tenantId: TenantId, connectorId: ConnectorId): Topic<LinkControl> => ({
  subject: ofConnector(tenantId, connectorId, 'control'),
  message: LinkControl,
});

/** Requests to the connector itself; `method` and both shapes are those of `connectorMethods`. */
export const ConnectorQuestion = z.object({ method: z.string(), params: z.unknown() });
export const connectorTopic = (
  tenantId: TenantId,
  connectorId: ConnectorId,
): RequestTopic<z.infer<typeof ConnectorQuestion>, unknown> => ({
  subject: ofConnector(tenantId, connectorId, 'requests'),
  question: ConnectorQuestion,
  answer: z.unknown(),
});

/**
 * What the node that holds a link knows of it, as the connector told it; nobody responds while the connector is offline. The same is kept in
 * the database, for when it is.
 */
export const LinkStatus = z.object({
  version: z.string(),
  /** When the link came up, in milliseconds since the epoch. */
  since: z.number(),
  /** Where it came from. */
  address: z.string(),
  canDrain: z.boolean(),
  keyId: ApiKeyId,
  keyExpiresAt: z.number().optional(),
  status: connectorEvents.status.optional(),
  control: connectorEvents['platform.changed'].optional(),
});
export type LinkStatus = z.infer<typeof LinkStatus>;
export const linkStatusTopic = (
  tenantId: TenantId,
  connectorId: ConnectorId,
): RequestTopic<Record<string, never>, LinkStatus> => ({
  subject: ofConnector(tenantId, connectorId, 'status'),
  question: z.record(z.string(), z.never()),
  answer: LinkStatus,
});

/** Roll call of all clients whose line is on a connector; every node with sockets of the tenant responds. */
export const RollCall = z.object({ connectorId: ConnectorId });
export const ClientList = z.object({ clients: z.array(z.object({ userId: UserId, clientId: ClientId })) });
export const rollCallTopic = (
  tenantId: TenantId,
): RequestTopic<z.infer<typeof RollCall>, z.infer<typeof ClientList>> => ({
  subject: ofTenant(tenantId, 'roll-call'),
  question: RollCall,
  answer: ClientList,
});

/** What a node knows at first hand of the presence of a tenant's users: the facts that every node computes from. */
export const PresenceFact = z.discriminatedUnion('kind', [
  /** Of a user's clients at that node. */
  z.object({ kind: z.literal('clients'), userId: UserId, clients: z.enum(['none', 'idle', 'active']) }),
  /** All that is known by a connector's link; takes the place of what was. */
  z.object({
    kind: z.literal('link'),
    connectorId: ConnectorId,
    /** When it came up, by that node's clock, in milliseconds since the epoch. */
    since: z.number(),
    live: z.boolean(),
    whole: z.boolean(),
    activities: z.array(UserActivity),
  }),
  z.object({ kind: z.literal('link.gone'), connectorId: ConnectorId }),
  z.object({
    kind: z.literal('activity'),
    connectorId: ConnectorId,
    userId: UserId,
    activity: LineActivity,
  }),
]);
export type PresenceFact = z.infer<typeof PresenceFact>;

/** Facts are numbered from 1 for each node; a beacon repeats the last number, so that a lost fact is missed. */
export const PresenceMessage = z.object({
  node: z.string(),
  seq: z.number().int().nonnegative(),
  fact: z.union([PresenceFact, z.enum(['beacon', 'leaving'])]),
});
export type PresenceMessage = z.infer<typeof PresenceMessage>;
export const presenceTopic = (tenantId: TenantId): Topic<PresenceMessage> => ({
  subject: ofTenant(tenantId, 'presence'),
  message: PresenceMessage,
});

/** Everything that a node knows, with the number of its last fact. */
export const NodeFacts = z.object({
  node: z.string(),
  seq: z.number().int().nonnegative(),
  facts: z.array(PresenceFact),
});
export type NodeFacts = z.infer<typeof NodeFacts>;
export const presenceFactsTopic = (tenantId: TenantId): RequestTopic<Record<string, never>, NodeFacts> => ({
  subject: ofTenant(tenantId, 'presence-facts'),
  question: z.record(z.string(), z.never()),
  answer: NodeFacts,
});

/** Users, lines or connectors of a tenant have changed. */
export const DirectoryChanged = z.object({ connectorIds: z.array(ConnectorId) });
export const directoryTopic = (tenantId: TenantId): Topic<z.infer<typeof DirectoryChanged>> => ({
  subject: ofTenant(tenantId, 'directory'),
  message: DirectoryChanged,
});

/** Something that administrators look at has changed; what it is now, the database and the bus say. */
export const AdminNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connector'), connectorId: ConnectorId }),
  z.object({ kind: z.literal('import'), importId: z.string() }),
  /** Users, administrators, settings. */
  z.object({ kind: z.literal('directory') }),
]);
export type AdminNotice = z.infer<typeof AdminNotice>;
export const adminNoticeTopic = (tenantId: TenantId): Topic<AdminNotice> => ({
  subject: ofTenant(tenantId, 'admin'),
  message: AdminNotice,
});
