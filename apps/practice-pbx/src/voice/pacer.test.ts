import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pacer } from './pacer.ts';

describe('the pacer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('plays a frame each 20 ms, and no timer runs when nobody plays', () => {
    const pacer = new Pacer();
    let frames = 0;
    const playing = pacer.add(() => {
      frames += 1;
    });
    vi.advanceTimersByTime(1000);
    expect(frames).toBe(50);
    playing[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(frames).toBe(50);
  });

  it('makes up for a short delay, not for a long one', () => {
    let now = 0;
    let frames = 0;
    const pacer = new Pacer(() => now);
    const playing = pacer.add(() => {
      frames += 1;
    });
    now = 80;
    vi.advanceTimersByTime(10);
    expect(frames).toBe(4);
    now = 5000;
    vi.advanceTimersByTime(10);
    expect(frames).toBe(5);
    playing[Symbol.dispose]();
  });

  it('a player that stops during a frame leaves the others playing', () => {
    const pacer = new Pacer();
    const heard: string[] = [];
    const once = pacer.add(() => {
      heard.push('once');
      once[Symbol.dispose]();
    });
    const other = pacer.add(() => heard.push('other'));
    vi.advanceTimersByTime(40);
    expect(heard).toEqual(['once', 'other', 'other']);
    other[Symbol.dispose]();
  });
});
