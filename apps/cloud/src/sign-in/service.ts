import { OffhookError, type Me, type SignIn } from '@offhook/contract';
import type { Database } from '../database/database.ts';
import type { Bus } from '../bus/bus.ts';
import { userTopic } from '../bus/topics.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import { hashToken } from '../secrets/tokens.ts';
import { createAttempts } from '../attempts.ts';
import type { Passwords } from './passwords.ts';
import type { Begun, Proved, SessionLifetimes, Sessions } from './sessions.ts';
import type { SignInStore, StoredSession } from './store.ts';

const MINUTE = 60_000;
/** Failures. The first is of one address at one account, the second of one address at any. */
const perAccountAndAddress = { limit: 10, windowMs: 15 * MINUTE, keys: 20_000 };
const perAddress = { limit: 100, windowMs: 15 * MINUTE, keys: 20_000 };
/** A session's last use is written down at most so often. */
const TOUCH_EVERY = 5 * MINUTE;

/** Who asks: a session that is valid now. */
export type Authenticated = StoredSession & {
  me: Me;
  /** The tenant demands a second factor of this person, who has set up none. */
  secondFactorMissing: boolean;
};

export type SignInService = ReturnType<typeof createSignInService>;

export type SignInOptions = {
  database: Database;
  store: SignInStore;
  sessions: Sessions;
  passwords: Passwords;
  bus: Bus;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
  lifetimes: SessionLifetimes;
};

export function createSignInService(options: SignInOptions) {
  const { database, store, sessions, passwords, bus, metrics, log, lifetimes } = options;
  const ofAccount = createAttempts(perAccountAndAddress);
  const ofAddress = createAttempts(perAddress);

  const takeAttempt = (accountKey: string, address: string) => {
    const wait = Math.max(ofAddress.take(address), ofAccount.take(accountKey));
    if (wait === 0) return;
    countLimit(metrics, 'sign_in_rate');
    metrics.signIns.inc({ outcome: 'rate_limited' });
    throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
  };

  /** @throws OffhookError `invalid_credentials`, `rate_limited`, `queue_full`, `unavailable` */
  const signIn = async (
    { email, password }: SignIn,
    from: Pick<Proved, 'address' | 'agent'> & { address: string },
  ): Promise<Begun> => {
    const { address } = from;
    const account = email.trim().toLowerCase();
    const accountKey = `${address}\n${account}`;
    takeAttempt(accountKey, address);
    const returnAttempt = () => {
      ofAddress.giveBack(address);
      ofAccount.giveBack(accountKey);
    };
    let begun: Begun | undefined;
    try {
      const found = await store.findAccount(account);
      const matches = await passwords.verify(found?.passwordHash, password);
      if (found !== undefined && matches) {
        const { tenantId, userId } = found;
        const proved: Proved = { tenantId, userId, method: 'password', ...from };
        begun = await database.inTenant(tenantId, (trx) => sessions.begin(trx, proved));
      }
    } catch (error) {
      // A disabled user's right password is answered, and counted, as a wrong one.
      if (!(error instanceof OffhookError && error.code === 'invalid_credentials')) {
        returnAttempt();
        throw error;
      }
    }
    if (begun === undefined) {
      metrics.signIns.inc({ outcome: 'invalid_credentials' });
      log.info({ address }, 'sign-in refused');
      throw new OffhookError('invalid_credentials');
    }
    returnAttempt();
    ofAccount.forget(accountKey);
    if (begun.state === 'second_factor') {
      metrics.signIns.inc({ outcome: 'second_factor' });
      return begun;
    }
    const { me, sessionId } = begun.opened;
    metrics.signIns.inc({ outcome: 'ok' });
    log.info({ tenantId: me.tenantId, userId: me.userId, sessionId, address }, 'signed in');
    return begun;
  };

  const touch = async (session: StoredSession): Promise<void> => {
    const now = Date.now();
    if (now - session.lastSeenAt < TOUCH_EVERY) return;
    session.lastSeenAt = now;
    await store.touchSession(session.tenantId, session.sessionId, now);
  };

  /** @throws OffhookError `unauthenticated`, `session_expired`, `unavailable` */
  const authenticate = async (token: string | undefined): Promise<Authenticated> => {
    if (token === undefined || token === '' || token.length > 100) throw new OffhookError('unauthenticated');
    const session = await store.findSession(hashToken(token));
    if (session === undefined) throw new OffhookError('unauthenticated');
    const now = Date.now();
    if (now >= session.expiresAt || now >= session.lastSeenAt + lifetimes.idle) {
      throw new OffhookError('session_expired');
    }
    const me = await store.findMe(session.tenantId, session.userId);
    if (me === undefined) throw new OffhookError('unauthenticated');
    await touch(session);
    return { ...session, me, secondFactorMissing: false };
  };

  const signOut = async ({ tenantId, userId, sessionId }: StoredSession): Promise<void> => {
    await store.removeSession(tenantId, sessionId);
    bus.publish(userTopic(tenantId, userId), { kind: 'session.ended', sessionId, reason: 'signed_out' });
    log.info({ tenantId, userId, sessionId }, 'signed out');
  };

  return {
    signIn,
    authenticate,
    signOut,
    touch,
    expire: () => store.expireSessions(Date.now(), lifetimes.idle),
  };
}
