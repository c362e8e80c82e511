import { describe, expect, it } from 'vitest';
import { BindingCheck, defaultBindingTimes } from './binding-check.ts';

describe('a Binding request without an answer', () => {
  it('[RFC8489-6.2.1] is sent seven times, with doubled waits, and given up after 39.5 s', () => {
    const check = new BindingCheck(defaultBindingTimes, 1_000);
    const said: [number, string][] = [];
    for (let verdict = ''; verdict !== 'unanswered';) {
      const now = check.deadline();
      expect(check.check(now - 1)).toBe('waiting');
      verdict = check.check(now);
      said.push([now - 1_000, verdict]);
    }
    expect(said).toEqual([
      [500, 'again'],
      [1_500, 'again'],
      [3_500, 'again'],
      [7_500, 'again'],
      [15_500, 'again'],
      [31_500, 'again'],
      [39_500, 'unanswered'],
    ]);
  });
});
