import { describe, expect, it } from 'vitest';
import { Entrance } from './entrance.ts';
import type { SocketLimit } from './limits.ts';

function create(others = 0) {
  const limited: SocketLimit[] = [];
  const flooders = new Set<string>();
  const entrance = new Entrance({
    connections: 5,
    connectionsPerSource: 3,
    others: () => others,
    isListenedTo: (address) => !flooders.has(address),
    limited: (limit) => limited.push(limit),
  });
  return { entrance, limited, flooders };
}

describe('who may connect', () => {
  it('a source may have so many connections, and another one then still comes in', () => {
    const { entrance, limited } = create();
    const leave = Array.from({ length: 3 }, () => entrance.enter('192.0.2.1'));
    expect(entrance.enter('192.0.2.1')).toBeUndefined();
    expect(entrance.enter('192.0.2.2')).toBeDefined();
    leave[0]?.();
    expect(entrance.enter('192.0.2.1')).toBeDefined();
    expect(limited).toEqual(['connections_per_source']);
  });

  it('all together may have so many, with those that we have made ourselves', () => {
    const { entrance, limited } = create(2);
    const sources = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    expect(sources.map((source) => entrance.enter(source) !== undefined)).toEqual([true, true, true, false]);
    expect([entrance.size, limited]).toEqual([3, ['connections']]);
  });

  it('who floods does not come in', () => {
    const { entrance, limited, flooders } = create();
    flooders.add('192.0.2.1');
    expect(entrance.enter('192.0.2.1')).toBeUndefined();
    expect([entrance.size, limited]).toEqual([0, ['connections_of_flooders']]);
  });
});
