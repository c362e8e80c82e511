import type { AdminEvent } from '@offhook/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLive, type StreamEars } from './live.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Stream {
  readonly ears: StreamEars;
  readonly at: number;
  closed: boolean;
}

/** A service whose streams the test holds. */
function world(random = 0.5) {
  const streams: Stream[] = [];
  const seen: string[] = [];
  const begun = Date.now();
  const live = createLive({
    openStream: (ears) => {
      const stream: Stream = { ears, at: Date.now() - begun, closed: false };
      streams.push(stream);
      return () => {
        stream.closed = true;
      };
    },
    onEvent: ({ kind }) => seen.push(kind),
    lookAnew: () => seen.push('look'),
    random: () => random,
  });
  const last = (): Stream => {
    const stream = streams.at(-1);
    if (stream === undefined) throw new Error('No stream has been opened.');
    return stream;
  };
  return { live, streams, seen, last };
}

const alive: AdminEvent = { kind: 'alive' };
const directory: AdminEvent = { kind: 'directory' };

describe('the stream of events', () => {
  it('what is shown is fetched anew when it opens; then events are heard', () => {
    const { live, seen, last } = world();
    live.start();
    expect(seen).toEqual([]);
    last().ears.open();
    last().ears.event(directory);
    expect(seen).toEqual(['look', 'directory']);
    expect(live.isInterrupted()).toBe(false);
  });

  it('one that ends is opened again within a second, and nobody is told', () => {
    const { live, streams, last } = world();
    live.start();
    last().ears.open();
    last().ears.end();
    expect(live.isInterrupted()).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(streams).toHaveLength(2);
    expect(live.isInterrupted()).toBe(false);
  });

  it('one that does not come is tried with growing waits up to half a minute; each failure looks anew and says so', () => {
    const { live, streams, seen, last } = world(0);
    live.start();
    for (let failures = 0; failures < 8; failures += 1) {
      last().ears.end();
      expect(live.isInterrupted()).toBe(true);
      vi.advanceTimersToNextTimer();
    }
    const waits = streams.slice(1).map(({ at }, index) => at - (streams[index]?.at ?? 0));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]);
    expect(seen).toEqual(Array.from({ length: 8 }, () => 'look'));
    last().ears.open();
    expect(live.isInterrupted()).toBe(false);
    last().ears.end();
    vi.advanceTimersByTime(1_000);
    expect(streams).toHaveLength(10);
  });

  it('waits are random, so that browsers do not come back in step', () => {
    const [early, late] = [world(0), world(0.999)];
    for (const { live, last } of [early, late]) {
      live.start();
      last().ears.end();
    }
    vi.advanceTimersByTime(1_500);
    expect([early.streams.length, late.streams.length]).toEqual([2, 1]);
    vi.advanceTimersByTime(500);
    expect(late.streams).toHaveLength(2);
  });

  it('one that never answers, and one that falls silent, are given up', () => {
    const { live, streams, last } = world();
    live.start();
    vi.advanceTimersByTime(10_000);
    expect(streams[0]?.closed).toBe(true);
    expect(live.isInterrupted()).toBe(true);
    vi.advanceTimersToNextTimer();
    last().ears.open();
    for (let beats = 0; beats < 10; beats += 1) {
      vi.advanceTimersByTime(15_000);
      last().ears.event(alive);
    }
    expect(streams).toHaveLength(2);
    vi.advanceTimersByTime(37_500);
    expect(streams[1]?.closed).toBe(true);
  });

  it('a hidden tab gives its connection back after half a minute, and has one at once when it is seen', () => {
    const { live, streams, last } = world();
    live.start();
    last().ears.open();
    live.setSeen(false);
    vi.advanceTimersByTime(29_000);
    live.setSeen(true);
    expect(last().closed).toBe(false);
    live.setSeen(false);
    vi.advanceTimersByTime(30_000);
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(600_000);
    expect(streams).toHaveLength(1);
    live.setSeen(true);
    expect(streams).toHaveLength(2);
  });

  it('after the end nothing is opened or heard, and no timer is left', () => {
    const { live, seen, streams, last } = world();
    live.start();
    last().ears.open();
    live.stop();
    last().ears.event(directory);
    last().ears.end();
    vi.advanceTimersByTime(600_000);
    expect(seen).toEqual(['look']);
    expect(streams).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
