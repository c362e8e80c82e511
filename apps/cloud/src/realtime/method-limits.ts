import { OffhookError, type ClientMethod } from '@offhook/contract';
import { createAttempts } from '../attempts.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';

/**
 * Requests a minute of one user that cost others something: a change is written to the database, done at the platform or
 * told to everybody who watches. Far beyond what a person does; calls are not among them.
 */
const perMinute = {
  'settings.set': 60,
  'presence.set': 60,
  'presence.idle': 120,
  'presence.watch': 300,
  'favourites.get': 120,
  'favourites.place': 120,
  'favourites.remove': 120,
} as const satisfies Partial<Record<ClientMethod, number>>;

/** Users that are remembered; beyond them the one that asked longest ago is forgotten. */
const USERS = 50_000;

const attemptsOf = (method: keyof typeof perMinute) =>
  createAttempts({ limit: perMinute[method], windowMs: 60_000, keys: USERS });

export type MethodLimits = {
  /** @throws OffhookError `rate_limited` */
  take: (method: keyof typeof perMinute, user: { tenantId: string; userId: string }) => void;
};

export function createMethodLimits(metrics: Metrics): MethodLimits {
  const limits = {
    'settings.set': attemptsOf('settings.set'),
    'presence.set': attemptsOf('presence.set'),
    'presence.idle': attemptsOf('presence.idle'),
    'presence.watch': attemptsOf('presence.watch'),
    'favourites.get': attemptsOf('favourites.get'),
    'favourites.place': attemptsOf('favourites.place'),
    'favourites.remove': attemptsOf('favourites.remove'),
  };
  return {
    take: (method, { tenantId, userId }) => {
      const wait = limits[method].take(`${tenantId} ${userId}`);
      if (wait === 0) return;
      countLimit(metrics, 'method_rate');
      throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
    },
  };
}
