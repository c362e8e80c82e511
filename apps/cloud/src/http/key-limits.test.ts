import { OffhookError } from '@offhook/contract';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { createMetrics } from '../operations/metrics.ts';
import { limitKeys } from './key-limits.ts';

const requestOf = (keyId: string) => ({ principal: { kind: 'machine', keyId } }) as unknown as FastifyRequest;

test('one key asks so often a minute and no more; another is not held up by it', async () => {
  const limit = limitKeys(createMetrics(), 3);
  for (let asked = 0; asked < 3; asked += 1) await limit(requestOf('key_a'));
  const refused = await limit(requestOf('key_a')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OffhookError);
  expect(refused).toMatchObject({ code: 'rate_limited', retryAfter: 60 });
  await limit(requestOf('key_b'));
});
