import { expect, test } from 'vitest';
import { createSerial } from './serial.ts';

test('work of one key waits for what was handed in before, also where that failed; other keys do not wait', async () => {
  const serial = createSerial();
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = serial('a', async () => {
    await gate.promise;
    order.push('a1');
    throw new Error('a1 failed');
  });
  const second = serial('a', async () => order.push('a2'));
  await serial('b', async () => order.push('b1'));
  expect(order).toEqual(['b1']);
  gate.resolve();
  await expect(first).rejects.toThrow('a1 failed');
  await second;
  expect(order).toEqual(['b1', 'a1', 'a2']);
});
