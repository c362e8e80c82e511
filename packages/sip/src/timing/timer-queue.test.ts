import { describe, expect, it } from 'vitest';
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
});
