import { OffhookError, type Me, type SignIn, type TenantId, type UserId } from '@offhook/contract';
import type { Database } from '../database/database.ts';
import type { Bus } from '../bus/bus.ts';
import { userTopic } from '../bus/topics.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import { hashToken } from '../secrets/tokens.ts';
import { deviceOf } from './limits/device-cookie.ts';
import type { SignInLimits } from './limits/sign-in-limits.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { Passwords } from './passwords.ts';
import type { Begun, From, SessionLifetimes, Sessions } from './sessions.ts';
import type { Account, SignInStore, StoredSession } from './store.ts';

const MINUTE = 60_000;
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
  secrets: SecretBox;
  limits: SignInLimits;
  /** Strangers have tried so many passwords of this user that they have to wait from now on. */
  onTrials: (user: { tenantId: TenantId; userId: UserId }) => void;
  passwords: Passwords;
  bus: Bus;
  metrics: Metrics;
  log: { info(fields: object, message: string): void };
  lifetimes: SessionLifetimes;
};

export function createSignInService(options: SignInOptions) {
  const { database, store, sessions, secrets, limits, passwords, bus, metrics, log, lifetimes } = options;

  const rateLimited = (wait: number): OffhookError => {
    countLimit(metrics, 'sign_in_rate');
    metrics.signIns.inc({ outcome: 'rate_limited' });
    return new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
  };

  /** @throws OffhookError `invalid_credentials`, `rate_limited`, `queue_full`, `unavailable` */
  const signIn = async ({ email, password }: SignIn, from: From): Promise<Begun> => {
    const { address } = from;
    const account = email.trim().toLowerCase();
    const device = deviceOf(secrets, from.deviceCookie, account);
    const attempt = limits.begin({ account, address, device });
    if ('wait' in attempt) throw rateLimited(attempt.wait);
    let found: Account | undefined;
    let begun: Begun | undefined;
    try {
      found = await store.findAccount(account);
      const matches = await passwords.verify(found?.passwordHash, password);
      if (found !== undefined && matches) {
        const { tenantId, userId } = found;
        const proved = { tenantId, userId, method: 'password', ...from } as const;
        begun = await database.inTenant(tenantId, (trx) => sessions.begin(trx, proved));
      }
    } catch (error) {
      // A disabled user's right password is answered, and counted, as a wrong one.
      if (!(error instanceof OffhookError && error.code === 'invalid_credentials')) {
        attempt.cancelled();
        throw error;
      }
    }
    if (begun === undefined) {
      if (attempt.failed() && found !== undefined) options.onTrials(found);
      metrics.signIns.inc({ outcome: 'invalid_credentials' });
      log.info({ address }, 'sign-in refused');
      throw new OffhookError('invalid_credentials');
    }
    attempt.succeeded();
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
    const person = await store.findPerson(session);
    if (person === undefined) throw new OffhookError('unauthenticated');
    await touch(session);
    return { ...session, ...person };
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
