import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import { theSystem, type Actor } from '../audit/audit.ts';
import { createAttempts } from '../attempts.ts';
import type { Database } from '../database/database.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import type { Invitations } from './invitations.ts';

const MINUTE = 60_000;
/** Of one address on the net at any account: answered with `rate_limited`. */
const perAddress = { limit: 20, windowMs: 15 * MINUTE, keys: 20_000 };
/** Mails that one account may be sent: more are left out without a word, for the answer must not tell of accounts. */
const perAccount = { limit: 3, windowMs: 60 * MINUTE, keys: 20_000 };
/** Requests that are worked off at a time; what comes beyond is left out. */
const AT_ONCE = 50;

export type ResetService = {
  /**
   * Somebody says to have forgotten a password. Answered before anything is looked up: neither the answer nor how long it takes tells whether there
   * is such an account.
   * @throws OffhookError `rate_limited`
   */
  request: (email: string, from: { address: string; requestId: string }) => void;
  /** Resolves when what has been asked for is done. */
  settled: () => Promise<void>;
};

export function createResetService(options: {
  database: Database;
  findAccount: (email: string) => Promise<{ tenantId: TenantId; userId: UserId } | undefined>;
  invitations: Invitations;
  metrics: Metrics;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}): ResetService {
  const { database, findAccount, invitations, metrics, log } = options;
  const ofAddress = createAttempts(perAddress);
  const ofAccount = createAttempts(perAccount);
  const running = new Set<Promise<void>>();

  const send = async (email: string, actor: Actor): Promise<void> => {
    const account = await findAccount(email);
    if (account === undefined) return;
    const { tenantId, userId } = account;
    await database.inTenant(tenantId, async (trx) => {
      const tenant = await trx.selectFrom('tenants').select('status').executeTakeFirst();
      if (tenant?.status === 'deleting') return;
      await invitations.sendReset(trx, tenantId, actor, userId);
    });
  };

  return {
    request: (email, { address, requestId }) => {
      const wait = ofAddress.take(address);
      if (wait > 0) {
        countLimit(metrics, 'reset_rate');
        throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
      }
      if (running.size >= AT_ONCE || ofAccount.take(email) > 0) return countLimit(metrics, 'reset_rate');
      const work = send(email, { ...theSystem, address, requestId })
        .catch((error: unknown) => {
          // Disabled or deleted: as if there were no such account.
          if (OffhookError.from(error).code === 'conflict') return;
          log.warn({ err: error, address, requestId }, 'a password reset was not sent');
        })
        .finally(() => running.delete(work));
      running.add(work);
    },
    settled: async () => {
      await Promise.all(running);
    },
  };
}
