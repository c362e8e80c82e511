import { OffhookError } from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import { createAttempts } from '../attempts.ts';
import { countLimit, type Metrics } from '../operations/metrics.ts';
import { personOf } from './access.ts';

const PEOPLE = 20_000;

/**
 * How often one person may do this in an hour, on this node: a hook after the gate.
 * @throws OffhookError `rate_limited`
 */
export function limitPeople(metrics: Metrics, perHour: number): (request: FastifyRequest) => Promise<void> {
  const attempts = createAttempts({ limit: perHour, windowMs: 3_600_000, keys: PEOPLE });
  return async (request) => {
    const { tenantId, userId } = personOf(request);
    const wait = attempts.take(`${tenantId} ${userId}`);
    if (wait === 0) return;
    countLimit(metrics, 'request_rate');
    throw new OffhookError('rate_limited', { retryAfter: Math.ceil(wait / 1_000) });
  };
}
