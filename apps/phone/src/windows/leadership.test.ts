import { describe, expect, it } from 'vitest';
import {
  follower,
  lead,
  type Leadership,
  type LeadershipEffect,
  type LeadershipEvent,
} from './leadership.ts';

/** Windows with one lock between them; what is said is heard in the order in which it was said. */
function desk() {
  const windows = new Map<string, Leadership>();
  const queue: string[] = [];
  const due: (() => void)[] = [];

  const grant = (): void => {
    const [first] = queue;
    if (first !== undefined && windows.get(first)?.role === 'follower')
      due.push(() => queue[0] === first && tell(first, { name: 'granted' }));
  };
  const obey = (id: string, effect: LeadershipEffect): void => {
    switch (effect.do) {
      case 'queue':
        queue.push(id);
        return grant();
      case 'release':
        queue.shift();
        return grant();
      case 'say':
        for (const other of windows.keys())
          if (other !== id) due.push(() => tell(other, { name: 'heard', word: effect.word }));
    }
  };
  function tell(id: string, event: LeadershipEvent): void {
    const state = windows.get(id);
    if (state === undefined) return;
    const step = lead(state, event);
    windows.set(id, step.state);
    for (const effect of step.effects) obey(id, effect);
  }
  const settle = (): void => {
    for (let steps = 0; due.length > 0; steps += 1) {
      expect(steps).toBeLessThan(1_000);
      due.shift()?.();
      expect([...windows.values()].filter(({ role }) => role === 'leader').length).toBeLessThanOrEqual(1);
    }
  };
  return {
    open(id: string): void {
      windows.set(id, follower);
      tell(id, { name: 'started' });
      settle();
    },
    touch(id: string): void {
      tell(id, { name: 'became_audible' });
      settle();
    },
    close(id: string): void {
      windows.delete(id);
      const leads = queue[0] === id;
      const at = queue.indexOf(id);
      if (at >= 0) queue.splice(at, 1);
      if (leads) grant();
      settle();
    },
    leaders: () => [...windows].filter(([, { role }]) => role === 'leader').map(([id]) => id),
  };
}

describe('[D2] several windows of one person', () => {
  it('one leads, and the next when it is closed', () => {
    const windows = desk();
    for (const id of ['a', 'b', 'c']) windows.open(id);
    expect(windows.leaders()).toEqual(['a']);
    windows.close('a');
    expect(windows.leaders()).toEqual(['b']);
    windows.close('c');
    expect(windows.leaders()).toEqual(['b']);
  });

  it('a window that may sound takes over from one that may not, however many wait before it', () => {
    const windows = desk();
    for (const id of ['a', 'b', 'c', 'd']) windows.open(id);
    windows.touch('d');
    expect(windows.leaders()).toEqual(['d']);
  });

  it('one that may sound keeps the lead', () => {
    const windows = desk();
    windows.open('a');
    windows.touch('a');
    windows.open('b');
    windows.touch('b');
    expect(windows.leaders()).toEqual(['a']);
  });

  it('one that may sound and waits leads when a silent one gets its turn first', () => {
    const windows = desk();
    windows.open('a');
    windows.touch('a');
    windows.open('b');
    windows.open('c');
    windows.touch('c');
    windows.close('a');
    expect(windows.leaders()).toEqual(['c']);
  });
});
