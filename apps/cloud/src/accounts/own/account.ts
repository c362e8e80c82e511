import {
  Language,
  OffhookError,
  type Account,
  type AccountChange,
  type ChangePassword,
  type SessionList,
} from '@offhook/contract';
import type * as z from 'zod';
import { createAttempts } from '../../attempts.ts';
import { requireStrongPassword } from '../../sign-in/password-policy.ts';
import { readFactors } from '../../sign-in/second-factor/factors.ts';
import { mailUser } from '../../sign-in/second-factor/warn.ts';
import {
  announceEnded,
  auditSelf,
  removeSessions,
  requireProof,
  type OwnAccountOptions,
  type Self,
} from './self.ts';

/** Passwords that are wrong, of one session: nobody else's session is held up by them. */
const wrongPasswords = { limit: 10, windowMs: 15 * 60_000, keys: 20_000 };

/** The own account: what is known of it, its language, its password and its sessions. */
export function createOwnAccount({ database, secrets, passwords, bus }: OwnAccountOptions) {
  const attempts = createAttempts(wrongPasswords);

  const hashOf = (self: Self) =>
    database.inTenant(self.person.tenantId, async (trx) => {
      const user = await trx
        .selectFrom('users')
        .select('password_hash')
        .where('user_id', '=', self.person.userId)
        .executeTakeFirstOrThrow();
      return user.password_hash;
    });

  /** @throws OffhookError `invalid_credentials`, `rate_limited` */
  const requirePassword = async (self: Self, stored: string | null, password: string): Promise<void> => {
    const { sessionId } = self.person;
    const wait = attempts.take(sessionId);
    if (wait > 0) throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
    if (!(await passwords.verify(stored, password))) throw new OffhookError('invalid_credentials');
    attempts.forget(sessionId);
  };

  return {
    read: (self: Self): Promise<Account> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        const { userId, secondFactorMissing } = self.person;
        const user = await trx
          .selectFrom('users')
          .select(['email', 'name', 'language', 'password_hash'])
          .where('user_id', '=', userId)
          .executeTakeFirstOrThrow();
        const { totp, recoveryCodesLeft } = await readFactors(trx, userId);
        const passkeys = await trx
          .selectFrom('passkeys')
          .select(['passkey_id', 'name', 'created_at', 'last_used_at'])
          .where('user_id', '=', userId)
          .orderBy('created_at')
          .execute();
        return {
          email: user.email,
          name: user.name,
          language: Language.catch('en').parse(user.language),
          hasPassword: user.password_hash !== null,
          totp,
          recoveryCodesLeft,
          passkeys: passkeys.map((row) => ({
            passkeyId: row.passkey_id,
            name: row.name,
            createdAt: row.created_at,
            ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
          })),
          secondFactorMissing,
        };
      }),

    change: (self: Self, { language }: z.infer<typeof AccountChange>): Promise<void> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        if (language === undefined) return;
        await trx.updateTable('users').set({ language }).where('user_id', '=', self.person.userId).execute();
      }),

    /**
     * The other sessions end. With the current password, or within the time of a proof.
     * @throws OffhookError `invalid_credentials`, `reauthentication_required`, `password_weak`, `rate_limited`, `conflict`
     */
    changePassword: async (self: Self, { current, next }: z.infer<typeof ChangePassword>): Promise<void> => {
      const { tenantId, userId, me } = self.person;
      const stored = await hashOf(self);
      if (current !== undefined && stored !== null) await requirePassword(self, stored, current);
      else await database.inTenant(tenantId, (trx) => requireProof(trx, self));
      requireStrongPassword(next, { email: me.email, name: me.name, tenantName: me.tenantName });
      const password_hash = await passwords.hash(next);
      const ended = await database.inTenant(tenantId, async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('users')
          .set({ password_hash })
          .where('user_id', '=', userId)
          // Not over one that was set meanwhile, by a reset or an administrator.
          .where((eb) =>
            stored === null ? eb('password_hash', 'is', null) : eb('password_hash', '=', stored),
          )
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new OffhookError('conflict');
        // Nobody goes on from the old one to a second factor.
        await trx
          .deleteFrom('sign_in_tickets')
          .where('user_id', '=', userId)
          .where('kind', '=', 'second_factor')
          .execute();
        await auditSelf(trx, self, 'account.password_changed');
        const at = Date.now();
        await mailUser(trx, secrets, self.person, 'password_changed', ({ name }) => ({ name, at }));
        return removeSessions(trx, self, 'others');
      });
      announceEnded(bus, self, ended);
    },

    /** @throws OffhookError `invalid_credentials`, `rate_limited` */
    reauthenticate: async (self: Self, password: string): Promise<void> => {
      const { tenantId, sessionId } = self.person;
      await requirePassword(self, await hashOf(self), password);
      await database.inTenant(tenantId, (trx) =>
        trx
          .updateTable('sessions')
          .set({ proved_at: Date.now() })
          .where('session_id', '=', sessionId)
          .execute(),
      );
    },

    sessions: (self: Self): Promise<SessionList> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        const rows = await trx
          .selectFrom('sessions')
          .select(['session_id', 'created_at', 'last_seen_at', 'address', 'agent', 'method'])
          .where('user_id', '=', self.person.userId)
          .where('expires_at', '>', Date.now())
          .orderBy('last_seen_at', 'desc')
          .limit(200)
          .execute();
        return {
          sessions: rows.map((row) => ({
            sessionId: row.session_id,
            current: row.session_id === self.person.sessionId,
            createdAt: row.created_at,
            lastSeenAt: row.last_seen_at,
            ...(row.address === null ? {} : { address: row.address }),
            ...(row.agent === null ? {} : { agent: row.agent }),
            method: row.method,
          })),
        };
      }),

    /** @throws OffhookError `not_found`: also for a session of somebody else */
    endSessions: async (self: Self, which: { only: string } | 'others'): Promise<void> => {
      const ended = await database.inTenant(self.person.tenantId, async (trx) => {
        const removed = await removeSessions(trx, self, which);
        if (removed.length > 0) {
          await auditSelf(trx, self, 'account.sessions_ended', { after: { sessions: removed.length } });
        }
        return removed;
      });
      if (ended.length === 0 && which !== 'others') throw new OffhookError('not_found');
      announceEnded(bus, self, ended);
    },
  };
}
