import { describe, expect, it } from 'vitest';
import type { Target } from './api.ts';
import { TargetHealth } from './target-health.ts';

const target = (address: string): Target => ({ transport: 'udp', address, port: 5060 });
const [a, b, c] = [target('192.0.2.1'), target('192.0.2.2'), target('192.0.2.3')];

describe('targets that have failed', () => {
  it('[RFC3263-4.3] go behind the others for 30 s, and keep their order there', () => {
    const health = new TargetHealth();
    health.failed(a, 1_000);
    expect(health.order([a, b, c], 30_999)).toEqual([b, c, a]);
    health.failed(b, 1_000);
    expect(health.order([a, b, c], 30_999)).toEqual([c, a, b]);
    expect(health.order([a, b, c], 31_000)).toEqual([a, b, c]);
  });

  it('[RFC3261-21.5.4] rest as long as their Retry-After says, ten minutes at most', () => {
    const health = new TargetHealth();
    health.failed(a, 0, 90);
    health.failed(b, 0, 86_400);
    expect([health.isResting(a, 89_999), health.isResting(a, 90_000)]).toEqual([true, false]);
    expect([health.isResting(b, 599_999), health.isResting(b, 600_000)]).toEqual([true, false]);
  });

  it('are as good as before once they answer', () => {
    const health = new TargetHealth();
    health.failed(a, 0);
    health.answered(a);
    expect(health.isResting(a, 1)).toBe(false);
    expect(health.size).toBe(0);
  });

  it('are told apart by transport and port, and a broken connection says nothing about its peer', () => {
    const health = new TargetHealth();
    health.failed(a, 0);
    health.failed({ ...b, transport: 'tcp', connectionId: 'gone' }, 0);
    expect(health.isResting({ ...a, transport: 'tcp' }, 1)).toBe(false);
    expect(health.isResting({ ...a, port: 5061 }, 1)).toBe(false);
    expect(health.isResting({ ...b, transport: 'tcp' }, 1)).toBe(false);
  });

  it('are remembered up to a bound, the newest', () => {
    const health = new TargetHealth();
    for (let port = 1; port <= 2_000; port += 1) health.failed({ ...a, port }, 0);
    expect(health.size).toBe(1_000);
    expect(health.isResting({ ...a, port: 2_000 }, 1)).toBe(true);
    expect(health.isResting({ ...a, port: 1_000 }, 1)).toBe(false);
  });
});
