import { OffhookError } from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import { createAttempts } from '../attempts.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import { machineOf } from './access.ts';

const KEYS = 10_000;

/**
 * How often one API key may ask, on this node: a hook for routes whose permission only machines have, after the gate.
 * @throws OffhookError `rate_limited`
 */
export function limitKeys(metrics: Metrics, perMinute: number): (request: FastifyRequest) => Promise<void> {
  const attempts = createAttempts({ limit: perMinute, windowMs: 60_000, keys: KEYS });
  return async (request) => {
    const wait = attempts.take(machineOf(request).keyId);
    if (wait === 0) return;
    countLimit(metrics, 'key_rate');
    throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1000) });
  };
}
