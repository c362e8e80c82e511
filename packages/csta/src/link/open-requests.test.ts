import { expect, it } from 'vitest';
import { earliest, OpenRequests } from './open-requests.ts';

it('[ECMA-323-J] invoke ids go from 1 to 9998 and round, and never to one that is open', () => {
  const open = new OpenRequests<string>();
  expect(open.add('stays', 100)).toBe(1);
  for (let id = 2; id <= 9_998; id += 1) {
    expect(open.add('short', 50)).toBe(id);
    open.take(id);
  }
  expect(open.add('next', 70)).toBe(2);
  expect(open.deadline()).toBe(70);
  expect(open.takeDue(70)).toEqual(['next']);
  expect(open.takeAll()).toEqual(['stays']);
  expect(open.deadline()).toBeUndefined();
  for (let id = 1; id <= 9_998; id += 1) open.add('all', 1);
  expect(() => open.add('one more', 1)).toThrow(RangeError);
});

it('the earliest of some times', () => {
  expect([earliest(), earliest(undefined), earliest(3, undefined, 2)]).toEqual([undefined, undefined, 2]);
});
