import { createHash } from 'node:crypto';
import { PushSubscription, type ConnectorId, type TenantId, type UserId } from '@offhook/contract';
import webPush from 'web-push';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

/** Browsers of one person that are told of a call; the one that came first gives way. */
export const SUBSCRIPTIONS_PER_USER = 8;

export const pushKeyContext = (tenantId: string): string => `push key\n${tenantId}`;
export const subscriptionContext = (tenantId: string, sessionId: string): string =>
  `push subscription\n${tenantId}\n${sessionId}`;

/** VAPID keys (RFC 8292) in base64url. */
export type PushKeys = { publicKey: string; privateKey: string };
export type Subscribed = { sessionId: string; subscription: PushSubscription };
type Session = { tenantId: TenantId; userId: UserId; sessionId: string };

const hash = (endpoint: string) => createHash('sha256').update(endpoint).digest();

async function hasAny(trx: TenantTransaction, userId: UserId): Promise<boolean> {
  const left = await trx
    .selectFrom('push_subscriptions')
    .select('session_id')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return left !== undefined;
}

export type PushStore = ReturnType<typeof createPushStore>;

export function createPushStore(database: Database, secrets: SecretBox) {
  return {
    /** Made at the first time. Whoever has subscribed is bound to it: it is never changed. */
    keys: (tenantId: TenantId): Promise<PushKeys> =>
      database.inTenant(tenantId, async (trx) => {
        const read = () => trx.selectFrom('push_keys').selectAll().executeTakeFirst();
        let row = await read();
        if (row === undefined) {
          const made = webPush.generateVAPIDKeys();
          await trx
            .insertInto('push_keys')
            .values({
              tenant_id: tenantId,
              public_key: made.publicKey,
              sealed_key: secrets.seal(made.privateKey, pushKeyContext(tenantId)),
            })
            .onConflict((conflict) => conflict.column('tenant_id').doNothing())
            .execute();
          row = await read();
        }
        if (row === undefined) throw new Error('the push key was not written');
        return {
          publicKey: row.public_key,
          privateKey: secrets.open(row.sealed_key, pushKeyContext(tenantId)),
        };
      }),

    /** In place of what the session, and this browser, had. */
    subscribe: ({ tenantId, userId, sessionId }: Session, subscription: PushSubscription): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        const endpointHash = hash(subscription.endpoint);
        await trx
          .deleteFrom('push_subscriptions')
          .where('endpoint_hash', '=', endpointHash)
          .where('session_id', '<>', sessionId)
          .execute();
        const others = await trx
          .selectFrom('push_subscriptions')
          .select('session_id')
          .where('user_id', '=', userId)
          .where('session_id', '<>', sessionId)
          .orderBy('created_at', 'desc')
          .execute();
        const surplus = others.slice(SUBSCRIPTIONS_PER_USER - 1).map((row) => row.session_id);
        if (surplus.length > 0)
          await trx.deleteFrom('push_subscriptions').where('session_id', 'in', surplus).execute();
        await trx
          .insertInto('push_subscriptions')
          .values({
            tenant_id: tenantId,
            session_id: sessionId,
            user_id: userId,
            endpoint_hash: endpointHash,
            sealed: secrets.seal(JSON.stringify(subscription), subscriptionContext(tenantId, sessionId)),
            created_at: Date.now(),
          })
          // Two windows of one session ask at the same time.
          .onConflict((conflict) =>
            conflict.columns(['tenant_id', 'session_id']).doUpdateSet((eb) => ({
              endpoint_hash: eb.ref('excluded.endpoint_hash'),
              sealed: eb.ref('excluded.sealed'),
              created_at: eb.ref('excluded.created_at'),
            })),
          )
          .execute();
      }),

    /** @returns whether the person has any left */
    unsubscribe: (tenantId: TenantId, userId: UserId, sessionId: string): Promise<boolean> =>
      database.inTenant(tenantId, async (trx) => {
        await trx
          .deleteFrom('push_subscriptions')
          .where('session_id', '=', sessionId)
          .where('user_id', '=', userId)
          .execute();
        return hasAny(trx, userId);
      }),

    /** An endpoint that is no more; one that the session has got since stays. @returns as `unsubscribe` */
    gone: (tenantId: TenantId, userId: UserId, { sessionId, subscription }: Subscribed): Promise<boolean> =>
      database.inTenant(tenantId, async (trx) => {
        await trx
          .deleteFrom('push_subscriptions')
          .where('session_id', '=', sessionId)
          .where('endpoint_hash', '=', hash(subscription.endpoint))
          .execute();
        return hasAny(trx, userId);
      }),

    /** Of sessions that are good now. */
    of: (tenantId: TenantId, userId: UserId, idleMs: number): Promise<Subscribed[]> =>
      database.inTenant(tenantId, async (trx) => {
        const now = Date.now();
        const rows = await trx
          .selectFrom('push_subscriptions as p')
          .innerJoin('sessions as s', (join) =>
            join.onRef('s.tenant_id', '=', 'p.tenant_id').onRef('s.session_id', '=', 'p.session_id'),
          )
          .select(['p.session_id', 'p.sealed'])
          .where('p.user_id', '=', userId)
          .where('s.expires_at', '>', now)
          .where('s.last_seen_at', '>', now - idleMs)
          .execute();
        return rows.map(({ session_id: sessionId, sealed }) => ({
          sessionId,
          subscription: PushSubscription.parse(
            JSON.parse(secrets.open(sealed, subscriptionContext(tenantId, sessionId))),
          ),
        }));
      }),

    /** Who of a connector's users can be reached by push. */
    reachable: (tenantId: TenantId, connectorId: ConnectorId): Promise<UserId[]> =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx
          .selectFrom('push_subscriptions as p')
          .innerJoin('lines as l', (join) =>
            join.onRef('l.tenant_id', '=', 'p.tenant_id').onRef('l.user_id', '=', 'p.user_id'),
          )
          .select('p.user_id')
          .distinct()
          .where('l.connector_id', '=', connectorId)
          .execute();
        return rows.map((row) => row.user_id as UserId);
      }),
  };
}
