import { SeededRandom } from '@offhook/testkit';
import { describe, expect, it } from 'vitest';
import type { Timer } from './timer-queue.ts';
import { TimerQueue } from './timer-queue.ts';

describe('TimerQueue', () => {
  it('fires in order of time, and in order of arming at the same time', () => {
    const timers = new TimerQueue();
    const fired: string[] = [];
    timers.arm(30, () => fired.push('c'));
    timers.arm(10, () => fired.push('a'));
    timers.arm(20, () => fired.push('b1'));
    timers.arm(20, () => fired.push('b2'));
    timers.fire(9);
    expect(fired).toEqual([]);
    timers.fire(20);
    expect(fired).toEqual(['a', 'b1', 'b2']);
    expect(timers.deadline()).toBe(30);
    timers.fire(1_000);
    expect(fired).toEqual(['a', 'b1', 'b2', 'c']);
    expect(timers.size).toBe(0);
    expect(timers.deadline()).toBeUndefined();
  });

  it('runs a timer armed while firing when it is already due', () => {
    const timers = new TimerQueue();
    const fired: number[] = [];
    timers.arm(10, () => timers.arm(15, (now) => fired.push(now)));
    timers.fire(20);
    expect(fired).toEqual([20]);
  });

  it('forgets cancelled timers, also when there are many', () => {
    const timers = new TimerQueue();
    const fired: number[] = [];
    const armed = Array.from({ length: 1_000 }, (_, index) =>
      timers.arm((index * 7919) % 1_009, () => fired.push((index * 7919) % 1_009)),
    );
    armed.forEach((timer, index) => {
      if (index % 10 !== 0) timer.cancel();
      if (index % 20 === 1) timer.cancel();
    });
    expect(timers.size).toBe(100);
    timers.fire(2_000);
    expect(fired).toHaveLength(100);
    expect(fired).toEqual(fired.toSorted((a, b) => a - b));
    expect(timers.size).toBe(0);
  });

  it('puts a timer off, forward and back, as if it were armed anew', () => {
    const timers = new TimerQueue();
    const fired: string[] = [];
    const note = (now: number): void => void fired.push(`first at ${now}`);
    let timer = timers.rearm(undefined, 10, note);
    timers.arm(20, (now) => fired.push(`second at ${now}`));
    timer = timers.rearm(timer, 20, note);
    timer = timers.rearm(timer, 30, note);
    timer = timers.rearm(timer, 20, note);
    expect(timers.size).toBe(2);
    expect(timers.deadline()).toBe(20);
    timers.fire(20);
    // It was put off to 20 after the other had been armed for 20.
    expect(fired).toEqual(['second at 20', 'first at 20']);
    timer = timers.rearm(timer, 25, note);
    timer = timers.rearm(timer, 15, note);
    expect(timers.deadline()).toBe(15);
    timer = timers.rearm(timer, undefined, note);
    expect({ timer, size: timers.size, deadline: timers.deadline() }).toEqual({
      timer: undefined,
      size: 0,
      deadline: undefined,
    });
  });

  it('fires what a thousand changes of mind have left, in order and at its time', () => {
    const timers = new TimerQueue();
    const random = new SeededRandom(17);
    const wanted = new Map<number, number>();
    const fired: string[] = [];
    const runs = Array.from({ length: 200 }, (_, index) => (): void => void fired.push(`${index}`));
    const armed: (Timer | undefined)[] = [];
    for (let change = 0; change < 1_000; change += 1) {
      const index = random.integer(0, 199);
      const at = random.integer(0, 9) === 0 ? undefined : random.integer(0, 10_000);
      const run = runs[index];
      if (run === undefined) continue;
      armed[index] = timers.rearm(armed[index], at, run);
      if (at === undefined) wanted.delete(index);
      else wanted.set(index, at);
    }
    expect(timers.size).toBe(wanted.size);
    for (let now = 0; now <= 10_000; now += 1) {
      timers.fire(now);
      for (const index of fired.splice(0)) expect(wanted.get(Number(index))).toBe(now);
    }
    expect(timers.size).toBe(0);
  });
});
