import {
  OffhookError,
  type NewPasskey,
  type PasskeyChallenge,
  type RecoveryCodes,
  type TotpConfirm,
  type TotpSetup,
} from '@offhook/contract';
import type * as z from 'zod';
import type { TenantTransaction } from '../../database/database.ts';
import {
  hasSecondFactor,
  readFactors,
  replaceRecoveryCodes,
  totpContext,
} from '../../sign-in/second-factor/factors.ts';
import {
  keepPasskey,
  newChallenge,
  registrationOptions,
  RegistrationResponse,
  relyingParty,
  verifyRegistration,
} from '../../sign-in/second-factor/passkeys.ts';
import { requireWayIn } from '../../sso/only.ts';
import { countTry, createTicket, readTicket, removeTicket } from '../../sign-in/second-factor/tickets.ts';
import { inGroups, newTotpSecret, totpStep, totpUri } from '../../sign-in/second-factor/totp.ts';
import { mailUser } from '../../sign-in/second-factor/warn.ts';
import { beginWork } from '../../users/work.ts';
import { auditSelf, requireProof, type OwnAccountOptions, type Self } from './self.ts';

const PASSKEYS = 20;

type Change = 'totp_on' | 'totp_off' | 'passkey_added' | 'passkey_removed';

/** This session has proved both factors, for it has just set one up. */
const markProved = (trx: TenantTransaction, { person }: Self) =>
  trx
    .updateTable('sessions')
    .set({ second_factor: true })
    .where('session_id', '=', person.sessionId)
    .execute();

/** Without a second factor recovery codes recover nothing, and no session has proved any. */
const tidyUp = async (trx: TenantTransaction, { person: { userId } }: Self) => {
  if (await hasSecondFactor(trx, userId)) return;
  await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  await trx.updateTable('sessions').set({ second_factor: false }).where('user_id', '=', userId).execute();
};

/**
 * The second factors of the own account. Each change wants a fresh proof (`reauthentication_required`), is written down, and is told by mail, so that whoever did
 * not do it hears of it.
 */
export function createOwnFactors(options: OwnAccountOptions) {
  const { database, secrets } = options;

  const tell = async (trx: TenantTransaction, self: Self, change: Change, of?: { name: string }) => {
    await auditSelf(trx, self, `account.${change}`, of === undefined ? {} : { after: { passkey: of.name } });
    const at = Date.now();
    await mailUser(trx, secrets, self.person, 'second_factor_changed', ({ name }) => ({ name, change, at }));
  };

  return {
    /** @throws OffhookError `reauthentication_required` */
    setUpTotp: (self: Self): Promise<TotpSetup> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        const { tenantId, userId, me } = self.person;
        await requireProof(trx, self);
        const secret = newTotpSecret();
        const ticketOf = { tenantId, userId, kind: 'totp_setup', payload: secret } as const;
        const ticket = await createTicket(trx, secrets, ticketOf);
        return { ticket, uri: totpUri(secret, me.email), secret: inGroups(secret) };
      }),

    /** @throws OffhookError `code_invalid`, `ticket_expired`, `reauthentication_required` */
    confirmTotp: async (
      self: Self,
      { ticket: token, code }: z.infer<typeof TotpConfirm>,
    ): Promise<RecoveryCodes> => {
      const { tenantId, userId } = self.person;
      const codes = await database.inTenant(tenantId, async (trx) => {
        await requireProof(trx, self);
        const ticket = await readTicket(trx, secrets, { tenantId, userId, token, kind: 'totp_setup' });
        if (ticket === undefined) throw new OffhookError('ticket_expired');
        const now = Date.now();
        const step = totpStep(ticket.payload, code, now, -1);
        if (step === undefined) {
          await countTry(trx, ticket);
          return undefined;
        }
        const sealed = secrets.seal(ticket.payload, totpContext(tenantId, userId));
        const row = { sealed, last_step: step, created_at: now };
        await trx
          .insertInto('totp_secrets')
          .values({ tenant_id: tenantId, user_id: userId, ...row })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id']).doUpdateSet(row))
          .execute();
        await removeTicket(trx, ticket);
        await markProved(trx, self);
        await tell(trx, self, 'totp_on');
        return replaceRecoveryCodes(trx, { tenantId, userId });
      });
      if (codes === undefined) throw new OffhookError('code_invalid');
      return { codes };
    },

    /** @throws OffhookError `reauthentication_required`, `not_found`, `only_way_in` */
    removeTotp: (self: Self): Promise<void> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        await beginWork(trx, self.person.tenantId);
        await requireProof(trx, self);
        const { numDeletedRows } = await trx
          .deleteFrom('totp_secrets')
          .where('user_id', '=', self.person.userId)
          .executeTakeFirst();
        if (numDeletedRows === 0n) throw new OffhookError('not_found');
        await requireWayIn(trx, self.person.userId);
        await tidyUp(trx, self);
        await tell(trx, self, 'totp_off');
      }),

    /** In place of all that were. @throws OffhookError `reauthentication_required`, `not_found`: there is nothing to recover */
    newRecoveryCodes: (self: Self): Promise<RecoveryCodes> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        await requireProof(trx, self);
        if (!(await hasSecondFactor(trx, self.person.userId))) throw new OffhookError('not_found');
        await auditSelf(trx, self, 'account.recovery_codes');
        return { codes: await replaceRecoveryCodes(trx, self.person) };
      }),

    /** @throws OffhookError `reauthentication_required` */
    offerPasskey: (self: Self): Promise<PasskeyChallenge> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        const { tenantId, userId, me } = self.person;
        await requireProof(trx, self);
        const { passkeys } = await readFactors(trx, userId);
        const challenge = newChallenge();
        const ticketOf = { tenantId, userId, kind: 'passkey_setup', payload: challenge } as const;
        return {
          ticket: await createTicket(trx, secrets, ticketOf),
          options: await registrationOptions(relyingParty(options.publicOrigin, self.host), {
            userId,
            email: me.email,
            name: me.name,
            challenge,
            existing: passkeys.map((key) => key.credentialId),
          }),
        };
      }),

    /** @throws OffhookError `bad_request`, `ticket_expired`, `reauthentication_required`, `conflict`: the key is known, or there are too many */
    addPasskey: async (
      self: Self,
      { ticket: token, name, response }: z.infer<typeof NewPasskey>,
    ): Promise<void> => {
      const { tenantId, userId } = self.person;
      const answer = RegistrationResponse.parse(response);
      const isAdded = await database.inTenant(tenantId, async (trx) => {
        await requireProof(trx, self);
        const ticket = await readTicket(trx, secrets, { tenantId, userId, token, kind: 'passkey_setup' });
        if (ticket === undefined) throw new OffhookError('ticket_expired');
        // One answer to one challenge, right or wrong.
        await removeTicket(trx, ticket);
        const party = relyingParty(options.publicOrigin, self.host);
        const credential = await verifyRegistration(party, ticket.payload, answer);
        if (credential === undefined) return false;
        if ((await readFactors(trx, userId)).passkeys.length >= PASSKEYS) throw new OffhookError('conflict');
        if (!(await keepPasskey(trx, { tenantId, userId, name, credential })))
          throw new OffhookError('conflict');
        await markProved(trx, self);
        await tell(trx, self, 'passkey_added', { name });
        return true;
      });
      if (!isAdded) throw new OffhookError('bad_request', { fields: ['response'] });
    },

    /** @throws OffhookError `reauthentication_required`, `not_found`, `only_way_in` */
    removePasskey: (self: Self, passkeyId: string): Promise<void> =>
      database.inTenant(self.person.tenantId, async (trx) => {
        await beginWork(trx, self.person.tenantId);
        await requireProof(trx, self);
        const removed = await trx
          .deleteFrom('passkeys')
          .where('passkey_id', '=', passkeyId)
          .where('user_id', '=', self.person.userId)
          .returning('name')
          .executeTakeFirst();
        if (removed === undefined) throw new OffhookError('not_found');
        await requireWayIn(trx, self.person.userId);
        await tidyUp(trx, self);
        await tell(trx, self, 'passkey_removed', removed);
      }),
  };
}
