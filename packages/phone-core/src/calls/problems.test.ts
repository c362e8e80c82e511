import { OffhookError } from '@offhook/contract';
import { expect, it } from 'vitest';
import { problemOf } from './problems.ts';

it('[A4] what stood in the way comes to the person, where the telephone system says', () => {
  const busy = new OffhookError('transfer_failed', { hindrance: 'busy' });
  expect(problemOf(busy)).toEqual({ kind: 'error', code: 'transfer_failed', hindrance: 'busy' });
  expect(problemOf(new OffhookError('transfer_failed'))).toEqual({ kind: 'error', code: 'transfer_failed' });
});
