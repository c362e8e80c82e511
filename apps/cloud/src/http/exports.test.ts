import { expect, test } from 'vitest';
import { createExportSlots } from './exports.ts';

async function* pieces(...texts: (string | Error)[]): AsyncGenerator<string, void, undefined> {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield text;
  }
}
const take = async (from: AsyncIterable<string>) => Array.fromAsync(from);
const limited = expect.objectContaining({ code: 'rate_limited', retryAfter: 10 });

test('so many files at once of all, and of one owner', () => {
  const slots = createExportSlots({ all: 3, each: 2 });
  slots.take('a', pieces('1'));
  slots.take('a', pieces('1'));
  expect(() => slots.take('a', pieces('1'))).toThrow(limited);
  slots.take('b', pieces('1'));
  expect(() => slots.take('c', pieces('1'))).toThrow(limited);
});

test('a file that has ended, failed or was given up makes room, once', async () => {
  const slots = createExportSlots({ all: 1, each: 1 });
  expect(await take(slots.take('a', pieces('1', '2')))).toEqual(['1', '2']);
  await expect(take(slots.take('a', pieces('1', new Error('broken'))))).rejects.toThrow('broken');
  for await (const piece of slots.take('a', pieces('1', '2'))) {
    expect(piece).toBe('1');
    break;
  }
  const neverRead = slots.take('a', pieces('1'));
  await neverRead.return();
  await neverRead.return();
  slots.take('a', pieces('1'));
  expect(() => slots.take('a', pieces('1'))).toThrow(limited);
});
