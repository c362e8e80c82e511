import { OffhookError, type Me, type SignIn } from '@offhook/contract';
import type { Bus } from '../bus/bus.ts';
import { userTopic } from '../bus/topics.ts';
import { newId } from '../ids.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import { hashToken, newToken } from '../secrets/tokens.ts';
import { createAttempts } from '../attempts.ts';
import type { Passwords } from './passwords.ts';
import type { SignInStore, StoredSession } from './store.ts';

/** Milliseconds: from sign-in, and since it was last used. An open socket uses it. */
export type SessionLifetimes = { absolute: number; idle: number };
export const sessionLifetimes: SessionLifetimes = { absolute: 30 * 24 * 3_600_000, idle: 7 * 24 * 3_600_000 };

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
  store: SignInStore;
  passwords: Passwords;
  bus: Bus;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
  lifetimes: SessionLifetimes;
};

export function createSignInService({ store, passwords, bus, metrics, log, lifetimes }: SignInOptions) {
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
  const signIn = async ({ email, password }: SignIn, address: string) => {
    const account = email.trim().toLowerCase();
    const accountKey = `${address}\n${account}`;
    takeAttempt(accountKey, address);
    const returnAttempt = () => {
      ofAddress.giveBack(address);
      ofAccount.giveBack(accountKey);
    };
    let found;
    let matches;
    let me;
    try {
      found = await store.findAccount(account);
      matches = await passwords.verify(found?.passwordHash, password);
      if (found !== undefined && matches) me = await store.findMe(found.tenantId, found.userId);
    } catch (error) {
      returnAttempt();
      throw error;
    }
    // A disabled user's right password is answered, and counted, as a wrong one.
    if (found === undefined || me === undefined) {
      metrics.signIns.inc({ outcome: 'invalid_credentials' });
      log.info({ address }, 'sign-in refused');
      throw new OffhookError('invalid_credentials');
    }
    returnAttempt();
    ofAccount.forget(accountKey);

    const { tenantId, userId } = found;
    const now = Date.now();
    const token = newToken();
    const session: StoredSession = {
      tenantId,
      userId,
      sessionId: newId('ses'),
      lastSeenAt: now,
      expiresAt: now + lifetimes.absolute,
    };
    await store.addSession(session, hashToken(token));
    metrics.signIns.inc({ outcome: 'ok' });
    log.info({ tenantId, userId, sessionId: session.sessionId, address }, 'signed in');
    return { token, me, maxAgeSeconds: Math.floor(lifetimes.absolute / 1000) };
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
