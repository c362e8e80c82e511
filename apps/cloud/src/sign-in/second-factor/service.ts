import {
  OffhookError,
  type PasskeyAssertion,
  type PasskeyChallenge,
  type SecondFactorAnswer,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import * as z from 'zod';
import { writeAudit } from '../../audit/audit.ts';
import type { Database, TenantTransaction } from '../../database/database.ts';
import type { Metrics } from '../../operations/metrics.ts';
import { countLimit } from '../../operations/metrics.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import { createAttempts } from '../../attempts.ts';
import { deviceOf } from '../limits/device-cookie.ts';
import type { SignInLimits } from '../limits/sign-in-limits.ts';
import { readMe } from '../me.ts';
import type { Begun, From, OpenedSession, Sessions } from '../sessions.ts';
import { useRecoveryCode, useTotpCode } from './factors.ts';
import {
  AuthenticationResponse,
  authenticationOptions,
  newChallenge,
  ownerOfPasskey,
  relyingParty,
  spendChallenge,
  useAssertion,
} from './passkeys.ts';
import {
  countTry,
  readTicket,
  removeTicket,
  tenantOfTicket,
  TICKET_LIFETIME,
  type Ticket,
} from './tickets.ts';
import { mailUser } from './warn.ts';

export type SecondFactorOptions = {
  database: Database;
  secrets: SecretBox;
  sessions: Sessions;
  limits: SignInLimits;
  /** Somebody has the password of this user and tries codes. */
  onTrials: (user: { tenantId: TenantId; userId: UserId }) => void;
  publicOrigin: string | undefined;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
};

export type SecondFactorService = ReturnType<typeof createSecondFactorService>;

/** A challenge that anybody may ask for: nothing is written down until somebody has answered it rightly. */
const OpenChallenge = z.object({ challenge: z.string(), expiresAt: z.number() });
const OPEN_CHALLENGE = 'passkey challenge';

/** Answers of one address with a passkey that were wrong. */
const wrongPasskeys = { limit: 30, windowMs: 15 * 60_000, keys: 20_000 };

type Outcome =
  | { name: 'opened'; opened: OpenedSession }
  | { name: 'wrong'; user: { tenantId: TenantId; userId: UserId } | undefined }
  | { name: 'expired' }
  | { name: 'wait'; wait: number };

const waitError = (wait: number): OffhookError =>
  new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });

export function createSecondFactorService(options: SecondFactorOptions) {
  const { database, secrets, sessions, limits, metrics, log } = options;
  const ofAddress = createAttempts(wrongPasskeys);

  const refuse = (outcome: string, error: OffhookError, address: string): OffhookError => {
    metrics.signIns.inc({ outcome });
    if (error.code === 'rate_limited') countLimit(metrics, 'sign_in_rate');
    log.info({ address, outcome }, 'sign-in refused');
    return error;
  };

  const signedIn = (opened: OpenedSession, from: From): Begun => {
    const { me, sessionId, method } = opened;
    metrics.signIns.inc({ outcome: 'ok' });
    const { tenantId, userId } = me;
    log.info({ tenantId, userId, sessionId, method, address: from.address }, 'signed in');
    return { state: 'signed_in', opened };
  };

  const isRight = async (
    trx: TenantTransaction,
    answer: SecondFactorAnswer,
    ticket: Ticket,
    tenantId: TenantId,
    from: From,
  ): Promise<boolean> => {
    const { userId } = ticket;
    switch (answer.method) {
      case 'totp':
        return useTotpCode(trx, secrets, { tenantId, userId, code: answer.code });
      case 'recovery_code':
        return useRecoveryCode(trx, { userId, code: answer.code });
      case 'passkey': {
        const response = AuthenticationResponse.safeParse(answer.response);
        if (!response.success) return false;
        const party = relyingParty(options.publicOrigin, from.host);
        const { payload: challenge } = ticket;
        return useAssertion(trx, party, { userId, challenge, response: response.data, verified: false });
      }
    }
  };

  const answerIn = async (
    trx: TenantTransaction,
    tenantId: TenantId,
    answer: SecondFactorAnswer,
    from: From,
  ): Promise<Outcome> => {
    const ticket = await readTicket(trx, secrets, { tenantId, token: answer.ticket, kind: 'second_factor' });
    if (ticket === undefined || ticket.method === null) return { name: 'expired' };
    const { userId, method } = ticket;
    const me = await readMe(trx, tenantId, userId);
    if (me === undefined) return { name: 'expired' };
    const attempt = limits.begin({
      account: `second factor\n${userId}`,
      address: from.address,
      device: deviceOf(secrets, from.deviceCookie, me.email),
    });
    if ('wait' in attempt) return { name: 'wait', wait: attempt.wait };
    try {
      if (!(await isRight(trx, answer, ticket, tenantId, from))) {
        await countTry(trx, ticket);
        return { name: 'wrong', user: attempt.failed() ? { tenantId, userId } : undefined };
      }
      await removeTicket(trx, ticket);
      if (answer.method === 'recovery_code') await tellOfRecovery(trx, tenantId, userId, me, from);
      const opened = await sessions.open(trx, { tenantId, userId, method, secondFactor: true, ...from });
      attempt.succeeded();
      return { name: 'opened', opened };
    } catch (error) {
      attempt.cancelled();
      throw error;
    }
  };

  const tellOfRecovery = async (
    trx: TenantTransaction,
    tenantId: TenantId,
    userId: UserId,
    me: { name: string; email: string; role: string },
    from: From,
  ) => {
    await writeAudit(
      trx,
      tenantId,
      {
        kind: 'person',
        id: userId,
        name: `${me.name} <${me.email}>`,
        role: me.role,
        address: from.address,
      },
      { action: 'account.recovery_used', subject: { kind: 'user', id: userId, name: me.email } },
    );
    await mailUser(trx, secrets, { tenantId, userId }, 'second_factor_changed', ({ name }) => ({
      name,
      change: 'recovery_used',
      at: Date.now(),
    }));
  };

  return {
    /** @throws OffhookError `code_invalid`, `ticket_expired`, `rate_limited`, `unavailable` */
    answer: async (answer: SecondFactorAnswer, from: From): Promise<Begun> => {
      const tenantId = await tenantOfTicket(database, answer.ticket);
      const outcome: Outcome =
        tenantId === undefined
          ? { name: 'expired' }
          : await database.inTenant(tenantId, (trx) => answerIn(trx, tenantId, answer, from));
      switch (outcome.name) {
        case 'opened':
          return signedIn(outcome.opened, from);
        case 'wrong':
          if (outcome.user !== undefined) options.onTrials(outcome.user);
          throw refuse('code_invalid', new OffhookError('code_invalid'), from.address);
        case 'wait':
          throw refuse('rate_limited', waitError(outcome.wait), from.address);
        case 'expired':
          throw refuse('ticket_expired', new OffhookError('ticket_expired'), from.address);
      }
    },

    passkeyOptions: async (from: From): Promise<PasskeyChallenge> => {
      const challenge = newChallenge();
      const sealed = secrets.seal(
        JSON.stringify({ challenge, expiresAt: Date.now() + TICKET_LIFETIME }),
        OPEN_CHALLENGE,
      );
      const party = relyingParty(options.publicOrigin, from.host);
      return {
        ticket: sealed.toString('base64url'),
        options: await authenticationOptions(party, challenge),
      };
    },

    /**
     * A passkey whose device has verified who holds it is both factors.
     * @throws OffhookError `invalid_credentials`, `ticket_expired`, `rate_limited`, `unavailable`
     */
    signInByPasskey: async ({ ticket, response }: PasskeyAssertion, from: From): Promise<Begun> => {
      const open = openChallenge(secrets, ticket);
      if (open === undefined || open.expiresAt <= Date.now()) {
        throw refuse('ticket_expired', new OffhookError('ticket_expired'), from.address);
      }
      const wait = ofAddress.take(from.address);
      if (wait > 0) throw refuse('rate_limited', waitError(wait), from.address);
      const wrong = () =>
        refuse('invalid_credentials', new OffhookError('invalid_credentials'), from.address);
      const parsed = AuthenticationResponse.safeParse(response);
      const owner = parsed.success ? await ownerOfPasskey(database, parsed.data.id) : undefined;
      if (!parsed.success || owner === undefined) throw wrong();
      const { tenantId, userId } = owner;
      const party = relyingParty(options.publicOrigin, from.host);
      const outcome = await database.inTenant(tenantId, async (trx): Promise<Outcome> => {
        const { challenge, expiresAt } = open;
        const proof = { userId, challenge, response: parsed.data, verified: true };
        if (!(await useAssertion(trx, party, proof))) return { name: 'wrong', user: undefined };
        if (!(await spendChallenge(trx, { tenantId, challenge, expiresAt }))) return { name: 'expired' };
        const proved = { tenantId, userId, method: 'passkey', secondFactor: true, ...from } as const;
        return { name: 'opened', opened: await sessions.open(trx, proved) };
      });
      if (outcome.name === 'expired') {
        throw refuse('ticket_expired', new OffhookError('ticket_expired'), from.address);
      }
      if (outcome.name !== 'opened') throw wrong();
      ofAddress.giveBack(from.address);
      return signedIn(outcome.opened, from);
    },
  };
}

function openChallenge(secrets: SecretBox, ticket: string): z.infer<typeof OpenChallenge> | undefined {
  try {
    return OpenChallenge.parse(JSON.parse(secrets.open(Buffer.from(ticket, 'base64url'), OPEN_CHALLENGE)));
  } catch {
    return undefined;
  }
}
