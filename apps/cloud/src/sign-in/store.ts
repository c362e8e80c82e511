import type { TenantId, UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { readPerson } from './me.ts';

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

    touchSession: (tenantId: TenantId, sessionId: string, at: number): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        const [session] = await trx
          .updateTable('sessions')
          .set({ last_seen_at: at })
          .where('session_id', '=', sessionId)
          .returning('user_id')
          .execute();
        if (session === undefined) return;
        await trx
          .updateTable('users')
          .set({ last_seen_at: at })
          .where('user_id', '=', session.user_id)
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

    /** With the tickets and challenges that have expired. */
    expireSessions: (now: number, idleMs: number): Promise<number> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<{
          count: number;
        }>`SELECT expire_sessions(${now}, ${idleMs}) AS count`.execute(trx);
        await sql`SELECT expire_tickets(${now})`.execute(trx);
        return rows[0]?.count ?? 0;
      }),

    /** Undefined for whoever may not be let in any more. */
    findPerson: (session: StoredSession) =>
      database.inTenant(session.tenantId, (trx) => readPerson(trx, session.tenantId, session)),
  };
}
