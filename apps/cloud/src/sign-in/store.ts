import type { Me, TenantId, UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

export type Account = { tenantId: TenantId; userId: UserId; passwordHash: string | null };

/** `me` is absent when the user was deleted meanwhile. Instants are milliseconds since the epoch. */
export type StoredSession = {
  tenantId: TenantId;
  sessionId: string;
  userId: UserId;
  lastSeenAt: number;
  expiresAt: number;
};

export type SignInStore = ReturnType<typeof createSignInStore>;

export function createSignInStore(database: Database) {
  return {
    findAccount: (email: string): Promise<Account | undefined> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<Account>`
          SELECT tenant_id AS "tenantId", user_id AS "userId", password_hash AS "passwordHash"
            FROM lookup_account(${email})`.execute(trx);
        return rows[0];
      }),

    findSession: (tokenHash: Buffer): Promise<StoredSession | undefined> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<StoredSession>`
          SELECT tenant_id AS "tenantId", session_id AS "sessionId", user_id AS "userId",
                 last_seen_at AS "lastSeenAt", expires_at AS "expiresAt"
            FROM lookup_session(${tokenHash})`.execute(trx);
        return rows[0];
      }),

    addSession: (session: StoredSession, tokenHash: Buffer): Promise<void> =>
      database.inTenant(session.tenantId, async (trx) => {
        await trx
          .insertInto('sessions')
          .values({
            tenant_id: session.tenantId,
            session_id: session.sessionId,
            user_id: session.userId,
            token_hash: tokenHash,
            created_at: session.lastSeenAt,
            last_seen_at: session.lastSeenAt,
            expires_at: session.expiresAt,
          })
          .execute();
      }),

    touchSession: (tenantId: TenantId, sessionId: string, at: number): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        await trx
          .updateTable('sessions')
          .set({ last_seen_at: at })
          .where('session_id', '=', sessionId)
          .execute();
      }),

    removeSession: (tenantId: TenantId, sessionId: string): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        await trx.deleteFrom('sessions').where('session_id', '=', sessionId).execute();
      }),

    /** Which of these are still there. */
    existingSessions: (tenantId: TenantId, sessionIds: string[]): Promise<Set<string>> =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx
          .selectFrom('sessions')
          .select('session_id')
          .where('session_id', 'in', sessionIds)
          .execute();
        return new Set(rows.map((row) => row.session_id));
      }),

    expireSessions: (now: number, idleMs: number): Promise<number> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<{
          count: number;
        }>`SELECT expire_sessions(${now}, ${idleMs}) AS count`.execute(trx);
        return rows[0]?.count ?? 0;
      }),

    /** Undefined where the user was deleted or is disabled. */
    findMe: (tenantId: TenantId, userId: UserId): Promise<Me | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx
          .selectFrom('users')
          .innerJoin('tenants', 'tenants.tenant_id', 'users.tenant_id')
          .leftJoin('lines', (join) =>
            join
              .onRef('lines.tenant_id', '=', 'users.tenant_id')
              .onRef('lines.user_id', '=', 'users.user_id'),
          )
          .select(['users.email', 'users.name', 'users.role', 'tenants.name as tenantName', 'lines.number'])
          .where('users.user_id', '=', userId)
          .where('users.disabled_at', 'is', null)
          .where('tenants.status', '!=', 'deleting')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const { email, name, role, tenantName, number } = row;
        return { userId, tenantId, tenantName, email, name, role, ...(number === null ? {} : { number }) };
      }),
  };
}
