import type { LineSettings, UserId } from '@offhook/contract';
import { expect, test, vi } from 'vitest';
import { lineSettings } from '../testing/peers.ts';
import { followPlatform, noChoice, type Choice } from './choice.ts';
import { createPlatformDnd } from './platform-dnd.ts';
import type { StoredChoice } from './store.ts';

const anna = 'anna' as UserId;

/** A link with a database of one row. */
function world(before: Choice = noChoice) {
  let row: StoredChoice = { userId: anna, ...before, version: 1 };
  const done = { written: 0, pushed: [] as boolean[], failures: 0, away: false };
  const dnd = createPlatformDnd({
    known: () => row,
    ready: async () => {},
    follow: async (_userId, on) => {
      if (done.away) throw new Error('away');
      done.written += 1;
      row = { ...row, ...followPlatform(row, on), version: row.version + 1 };
      return row;
    },
    enter: () => {},
    push: async (_userId, on) => void done.pushed.push(on),
    onFailed: () => (done.failures += 1),
  });
  const says = (doNotDisturb: boolean, settable: LineSettings['settable'] = ['doNotDisturb']) =>
    dnd.said(anna, lineSettings({ doNotDisturb, settable }));
  return { dnd, done, says, choice: () => row.choice };
}

test('[PR-23] what the platform says is written down where it differs from what it said before', async () => {
  const { says, done, choice } = world();
  await says(false);
  await says(false);
  expect(done.written).toBe(0);
  await says(true);
  await says(true);
  expect([done.written, choice()]).toEqual([1, 'do_not_disturb']);
  // Quickly one after the other: the last word holds.
  await Promise.all([says(false), says(true), says(false)]);
  expect(choice()).toBe('automatic');
  expect(done.pushed).toEqual([]);
});

test('[PR-24] a choice that the platform has not heard of is set with its first word, and once', async () => {
  const { says, done, choice } = world({ choice: 'do_not_disturb', platformDnd: false });
  await says(false);
  await says(false);
  expect([done.pushed, choice()]).toEqual([[true], 'do_not_disturb']);
  const off = world({ choice: 'busy', platformDnd: true });
  await off.says(true);
  expect([off.done.pushed, off.choice()]).toEqual([[false], 'busy']);
});

test('[PR-24] where it cannot be set it is set when it can', async () => {
  const { says, done } = world({ choice: 'do_not_disturb', platformDnd: false });
  await says(false, []);
  expect(done.pushed).toEqual([]);
  await says(false);
  expect(done.pushed).toEqual([true]);
});

test('[PR-25] while the database is away the last word of the platform waits for it, unless the link goes', async () => {
  const { says, done, choice } = world();
  done.away = true;
  const waiting = says(true);
  const last = says(false);
  const lastAgain = says(true);
  await vi.waitUntil(() => done.failures > 0);
  done.away = false;
  await Promise.all([waiting, last, lastAgain]);
  expect([choice(), done.written]).toEqual(['do_not_disturb', 1]);
  const going = world();
  going.done.away = true;
  const never = going.says(true);
  going.dnd.close();
  await never;
  expect(going.choice()).toBe('automatic');
});
