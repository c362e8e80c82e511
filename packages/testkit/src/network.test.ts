import { describe, expect, it } from 'vitest';
import { VirtualClock } from './clock.ts';
import type { NetworkConditions } from './network.ts';
import { roughNetwork, SimulatedNetwork } from './network.ts';
import { SeededRandom } from './random.ts';

const from = { address: '192.0.2.1', port: 1 };
const to = { address: '192.0.2.2', port: 2 };

/** Sends numbered datagrams, one each millisecond, and gives what came and when. */
function send(count: number, seed: number, conditions?: NetworkConditions) {
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const network = new SimulatedNetwork({ clock, random, ...(conditions && { conditions }) });
  const came: number[] = [];
  network.listen(to, ({ bytes }) => came.push(bytes[0] ?? -1));
  for (let index = 0; index < count; index += 1) {
    clock.at(index, () => network.send({ from, to, bytes: Uint8Array.of(index & 0xff) }));
  }
  clock.runToEnd(100_000);
  return { came, counts: network.counts };
}

describe('SimulatedNetwork', () => {
  it('delivers everything once and in order where nothing else is said', () => {
    expect(send(5, 1).came).toEqual([0, 1, 2, 3, 4]);
  });

  it('loses, duplicates and reorders as often as it was told, the same for the same seed', () => {
    const { came, counts } = send(10_000, 42, roughNetwork);
    expect(counts.sent).toBe(10_000);
    expect(Math.abs(counts.lost - 500)).toBeLessThan(100);
    expect(Math.abs(counts.duplicated - 475)).toBeLessThan(100);
    expect(counts.delivered).toBe(counts.sent - counts.lost + counts.duplicated);
    expect(came).toHaveLength(counts.delivered);
    expect(came).not.toEqual(came.toSorted((a, b) => a - b));
    expect(send(10_000, 42, roughNetwork).came).toEqual(came);
    expect(send(10_000, 43, roughNetwork).came).not.toEqual(came);
  });

  it('counts what reaches nobody, and lets one listener stand at a place', () => {
    const clock = new VirtualClock();
    const network = new SimulatedNetwork({ clock, random: new SeededRandom(1) });
    const listener = network.listen(to, () => undefined);
    expect(() => network.listen(to, () => undefined)).toThrow('192.0.2.2:2');
    listener[Symbol.dispose]();
    network.send({ from, to, bytes: new Uint8Array() });
    clock.advance(10);
    expect(network.counts).toMatchObject({ delivered: 0, unreachable: 1 });
  });
});
