import { describe, expect, it } from 'vitest';
import { FloodGuard, messagesIn, type FloodVerdict } from './flood-guard.ts';

const limits = { messagesPerSecond: 100, burst: 50, refusals: 20, dropMs: 30_000, sources: 3 };

function send(
  guard: FloodGuard,
  count: number,
  now: number,
  address = '192.0.2.1',
): Record<FloodVerdict, number> {
  const verdicts = { pass: 0, refuse: 0, drop: 0 };
  for (let sent = 0; sent < count; sent += 1) verdicts[guard.judge(address, 1, now)] += 1;
  return verdicts;
}

describe('floods', () => {
  it('a source that keeps to its rate passes for ever', () => {
    const guard = new FloodGuard(limits);
    for (let now = 0; now < 600_000; now += 10) expect(guard.judge('192.0.2.1', 1, now)).toBe('pass');
    expect(guard.counts).toEqual({ refused: 0, dropped: 0, floods: 0, forgotten: 0 });
  });

  it('[RFC3261-21.5.4] beyond its burst it is refused, and then no longer heard', () => {
    const guard = new FloodGuard(limits);
    expect(send(guard, 100, 0)).toEqual({ pass: 50, refuse: 20, drop: 30 });
    expect(guard.counts).toEqual({ refused: 20, dropped: 30, floods: 1, forgotten: 0 });
    expect([guard.isDropping('192.0.2.1', 29_999), guard.isDropping('192.0.2.1', 30_000)]).toEqual([
      true,
      false,
    ]);
  });

  it('who slows down while being refused is heard again', () => {
    const guard = new FloodGuard(limits);
    send(guard, 60, 0);
    expect(guard.judge('192.0.2.1', 1, 90)).toBe('refuse');
    expect(send(guard, 1, 120).pass).toBe(1);
    expect(guard.counts.floods).toBe(0);
  });

  it('who floods on is not heard until the time is over, and then like anybody', () => {
    const guard = new FloodGuard(limits);
    send(guard, 100, 0);
    expect(send(guard, 1_000, 29_999)).toEqual({ pass: 0, refuse: 0, drop: 1_000 });
    expect(send(guard, 50, 30_000)).toEqual({ pass: 50, refuse: 0, drop: 0 });
  });

  it('one source costs another nothing', () => {
    const guard = new FloodGuard(limits);
    send(guard, 1_000, 0, '2001:db8::bad');
    expect(send(guard, 50, 0, '2001:db8::1')).toEqual({ pass: 50, refuse: 0, drop: 0 });
  });

  it('remembers so many sources and no more, and forgets the one that was silent longest', () => {
    const guard = new FloodGuard(limits);
    send(guard, 100, 0, 'flooder');
    for (let source = 0; source < 1_000; source += 1) {
      guard.judge(`other ${source}`, 1, source);
      guard.judge('flooder', 1, source);
    }
    expect(guard.sources).toBe(3);
    expect(guard.counts.forgotten).toBe(998);
    expect(guard.isDropping('flooder', 1_000)).toBe(true);
  });

  it('a piece of a message costs nothing, a full one does', () => {
    const guard = new FloodGuard({ ...limits, burst: 1, refusals: 0 });
    for (let piece = 0; piece < 1_000; piece += 1) expect(guard.judge('a', 0, 0)).toBe('pass');
    expect([guard.judge('a', 1, 0), guard.judge('a', 1, 0)]).toEqual(['pass', 'drop']);
  });
});

describe('messages in octets of a stream', () => {
  it.each([
    ['', 0],
    ['OPTIONS sip:a SIP/2.0\r\nVia: ', 0],
    ['OPTIONS sip:a SIP/2.0\r\n\r\n', 1],
    ['OPTIONS sip:a SIP/2.0\r\n\r\nv=0\r\no=\r\nOPTIONS sip:b SIP/2.0\r\n\r\n', 2],
    ['\r\n\r\n\r\n\r\n', 2],
  ])('%j: %i', (text, count) => {
    expect(messagesIn(Buffer.from(text))).toBe(count);
  });
});
