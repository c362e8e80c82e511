import { describe, expect, it } from 'vitest';
import { VirtualClock } from './clock.ts';

describe('VirtualClock', () => {
  it('passes no time by itself, and runs each appointment at its own time', () => {
    const clock = new VirtualClock(100);
    const seen: number[] = [];
    clock.after(30, () => seen.push(clock.now));
    clock.at(110, () => {
      seen.push(clock.now);
      clock.after(5, () => seen.push(clock.now));
    });
    expect(clock.now).toBe(100);
    clock.advance(29);
    expect(seen).toEqual([110, 115]);
    expect(clock.now).toBe(129);
    clock.advance(1);
    expect(seen).toEqual([110, 115, 130]);
    expect(clock.pending).toBe(0);
  });

  it('does not go back for what is late', () => {
    const clock = new VirtualClock(100);
    const seen: number[] = [];
    clock.at(50, () => seen.push(clock.now));
    clock.advance(0);
    expect(seen).toEqual([100]);
  });

  it('tells after each time that something was due, once', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.onStep = () => seen.push(`step ${clock.now}`);
    for (const name of ['a', 'b']) clock.at(10, () => seen.push(name));
    clock.at(20, () => seen.push('c'));
    clock.advance(15);
    clock.runToEnd(100);
    expect(seen).toEqual(['a', 'b', 'step 10', 'c', 'step 20']);
  });

  it('runs to the end of all appointments, and says so when there is none', () => {
    const clock = new VirtualClock();
    clock.after(10, () => clock.after(20, () => undefined));
    expect(clock.runToEnd(100)).toBe(30);
    const again = (): void => {
      clock.after(10, again);
    };
    again();
    expect(() => clock.runToEnd(1_000)).toThrow('still 1 appointments after 1000 ms');
  });
});
