import {
  Language,
  OffhookError,
  type Account,
  type AccountChange,
  type ChangePassword,
  type PasskeyAssertion,
  type PasskeyChallenge,
  type Reauthentication,
  type SessionList,
} from '@offhook/contract';
import type * as z from 'zod';
import { createAttempts } from '../../attempts.ts';
import type { TenantTransaction } from '../../database/database.ts';
import { requireStrongPassword } from '../../sign-in/password-policy.ts';
import { readFactors } from '../../sign-in/second-factor/factors.ts';
import {
  AuthenticationResponse,
  authenticationOptions,
  newChallenge,
  relyingParty,
  useAssertion,
} from '../../sign-in/second-factor/passkeys.ts';
import { createTicket, readTicket, removeTicket } from '../../sign-in/second-factor/tickets.ts';
import { mailUser } from '../../sign-in/second-factor/warn.ts';
import {
  announceEnded,
  auditSelf,
  removeSessions,
  requireProof,
  type OwnAccountOptions,
  type Self,
} from './self.ts';

/** Passwords and passkeys that are wrong, of one session: nobody else's session is held up by them. */
const wrongPasswords = { limit: 10, windowMs: 15 * 60_000, keys: 20_000 };

/** From now on it is known who it is. */
const proved = async (trx: TenantTransaction, { person: { sessionId } }: Self): Promise<void> => {
  await trx
    .updateTable('sessions')
    .set({ proved_at: Date.now() })
    .where('session_id', '=', sessionId)
    .execute();
};

/** The own account: what is known of it, its language, its password and its sessions. */
export function createOwnAccount({ database, secrets, passwords, bus, publicOrigin }: OwnAccountOptions) {
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

  /**
   * The device must have verified who holds it: whoever finds an open window may find the key beside it.
   * @throws OffhookError `invalid_credentials`, `ticket_expired`, `rate_limited`
   */
  const proveByPasskey = async (self: Self, { ticket: token, response }: PasskeyAssertion): Promise<void> => {
    const { tenantId, userId, sessionId } = self.person;
    takeAttempt(self);
    const answer = AuthenticationResponse.safeParse(response);
    const outcome = await database.inTenant(tenantId, async (trx) => {
      const ticket = await readTicket(trx, secrets, { tenantId, userId, token, kind: 'reauthentication' });
      if (ticket === undefined) return 'ticket_expired';
      // One answer to one challenge, right or wrong.
      await removeTicket(trx, ticket);
      const party = relyingParty(publicOrigin, self.host);
      const { payload: challenge } = ticket;
      const isRight =
        answer.success &&
        (await useAssertion(trx, party, { userId, challenge, response: answer.data, verified: true }));
      if (!isRight) return 'invalid_credentials';
      await proved(trx, self);
      return 'proved';
    });
    if (outcome !== 'proved') throw new OffhookError(outcome);
    attempts.forget(sessionId);
  };

  /** @throws OffhookError `rate_limited` */
  const takeAttempt = ({ person: { sessionId } }: Self): void => {
    const wait = attempts.take(sessionId);
    if (wait > 0) throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
  };

  /** @throws OffhookError `invalid_credentials`, `rate_limited` */
  const requirePassword = async (self: Self, stored: string | null, password: string): Promise<void> => {
    takeAttempt(self);
    if (!(await passwords.verify(stored, password))) throw new OffhookError('invalid_credentials');
    attempts.forget(self.person.sessionId);
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

    /** @throws OffhookError `invalid_credentials`, `ticket_expired`, `rate_limited` */
    reauthenticate: async (self: Self, proof: Reauthentication): Promise<void> => {
      if ('ticket' in proof) return proveByPasskey(self, proof);
      await requirePassword(self, await hashOf(self), proof.password);
      await database.inTenant(self.person.tenantId, (trx) => proved(trx, self));
      return undefined;
    },

    /** A challenge for {@link reauthenticate}. @throws OffhookError `not_found`: there is no passkey */
    reauthenticationOptions: (self: Self): Promise<PasskeyChallenge> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        const { tenantId, userId } = self.person;
        const { passkeys } = await readFactors(trx, userId);
        if (passkeys.length === 0) throw new OffhookError('not_found');
        const challenge = newChallenge();
        const ticketOf = { tenantId, userId, kind: 'reauthentication', payload: challenge } as const;
        const party = relyingParty(publicOrigin, self.host);
        return {
          ticket: await createTicket(trx, secrets, ticketOf),
          options: await authenticationOptions(party, challenge, passkeys, 'required'),
        };
      }),

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
