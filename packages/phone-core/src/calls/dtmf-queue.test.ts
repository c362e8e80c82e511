import { expect, it } from 'vitest';
import { settle } from '../testing/fake-clock.ts';
import { DtmfQueue } from './dtmf-queue.ts';

function slowQueue() {
  const sent: string[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const queue = new DtmfQueue((digits) => {
    sent.push(digits);
    return new Promise((resolve, reject) => answers.push({ resolve, reject }));
  });
  return { sent, answers, queue };
}

it('digits keep their order: those typed while one is on its way go together after it', async () => {
  const { sent, answers, queue } = slowQueue();
  for (const digit of '1234#') void queue.press(digit);
  expect(sent).toEqual(['1']);
  answers[0]?.resolve();
  await settle();
  expect(sent).toEqual(['1', '234#']);
});

it('at most 32 go in one request, and no more than 64 wait', async () => {
  const { sent, answers, queue } = slowQueue();
  for (let digit = 0; digit < 100; digit += 1) void queue.press('5');
  for (let at = 0; at < 4; at += 1) {
    answers[at]?.resolve();
    // oxlint-disable-next-line no-await-in-loop
    await settle();
  }
  expect(sent.map((digits) => digits.length)).toEqual([1, 32, 32]);
});

it('after a failure what waited is dropped: digits out of time would mean something else', async () => {
  const { sent, answers, queue } = slowQueue();
  const first = queue.press('1');
  void queue.press('2');
  answers[0]?.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  void queue.press('9');
  expect(sent).toEqual(['1', '9']);
});
