import { describe, expect, it } from 'vitest';
import { VirtualClock } from './clock.ts';
import type { NetworkConditions } from './network.ts';
import { perfectNetwork, roughNetwork, SimulatedNetwork } from './network.ts';
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

  it('makes everything late now and then, and is as before in between', () => {
    const conditions = { ...perfectNetwork, spikes: { every: 2_000, lasting: 500, late: 3_000 } };
    const clock = new VirtualClock();
    const network = new SimulatedNetwork({ clock, random: new SeededRandom(5), conditions });
    const took = new Map<number, number>();
    network.listen(to, ({ bytes }) => {
      const index = new DataView(bytes.buffer).getUint32(0);
      took.set(index, clock.now - index);
    });
    for (let index = 0; index < 20_000; index += 1) {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, index);
      clock.at(index, () => network.send({ from, to, bytes }));
    }
    clock.runToEnd(100_000);
    const late = [...took].filter(([, time]) => time > 1).map(([index]) => index);
    expect(took.size).toBe(20_000);
    expect(Math.max(...took.values())).toBeGreaterThan(2_500);
    expect(Math.max(...took.values())).toBeLessThan(3_001);
    // Eight times half a second or so, each without a gap.
    const beginnings = late.filter((index) => !late.includes(index - 1) && !late.includes(index - 2));
    expect(beginnings.length).toBeGreaterThan(4);
    expect(beginnings.length).toBeLessThan(16);
    expect(Math.abs(late.length - 500 * beginnings.length)).toBeLessThan(510);
  });

  it('gives each link its own conditions, in each direction', () => {
    const clock = new VirtualClock();
    const network = new SimulatedNetwork({ clock, random: new SeededRandom(1) });
    const came: string[] = [];
    network.listen(to, () => came.push(`there at ${clock.now}`));
    network.listen(from, () => came.push(`back at ${clock.now}`));
    network.setLink(from.address, to.address, { loss: 0, duplication: 0, delay: [50, 50] });
    const exchange = (): void => {
      network.send({ from, to, bytes: new Uint8Array() });
      network.send({ from: to, to: from, bytes: new Uint8Array() });
      clock.runToEnd(100);
    };
    exchange();
    network.setLink(from.address, to.address, undefined);
    exchange();
    expect(came).toEqual(['back at 1', 'there at 50', 'there at 51', 'back at 51']);
  });

  it('can be cut in one direction alone, until whoever cut it mends it', () => {
    const clock = new VirtualClock();
    const network = new SimulatedNetwork({ clock, random: new SeededRandom(1) });
    const came: string[] = [];
    const fates: string[] = [];
    network.listen(to, () => came.push('there'));
    network.listen(from, () => came.push('back'));
    network.onDatagram = (_datagram, fate) => fates.push(fate);
    const exchange = (): void => {
      network.send({ from, to, bytes: new Uint8Array() });
      network.send({ from: to, to: from, bytes: new Uint8Array() });
    };
    exchange();
    const cuts = [network.cut(from.address, to.address), network.cut(from.address, to.address)];
    // What was on its way arrives.
    clock.advance(10);
    expect(came.splice(0)).toEqual(['there', 'back']);
    exchange();
    cuts[0]?.[Symbol.dispose]();
    cuts[0]?.[Symbol.dispose]();
    exchange();
    clock.advance(10);
    expect(came.splice(0)).toEqual(['back', 'back']);
    cuts[1]?.[Symbol.dispose]();
    exchange();
    clock.advance(10);
    expect(came).toEqual(['there', 'back']);
    expect(network.counts).toMatchObject({ sent: 8, cut: 2, lost: 0, delivered: 6 });
    expect(fates).toEqual(['sent', 'sent', 'cut', 'sent', 'cut', 'sent', 'sent', 'sent']);
  });

  it('shows what arrives before its receiver sees it, as the object that was sent', () => {
    const clock = new VirtualClock();
    const network = new SimulatedNetwork({ clock, random: new SeededRandom(1) });
    const seen: unknown[] = [];
    network.listen(to, () => seen.push('received'));
    network.onDelivery = (datagram) => seen.push(datagram);
    const datagram = { from, to, bytes: new Uint8Array() };
    network.send(datagram);
    clock.advance(10);
    expect(seen).toEqual([datagram, 'received']);
    expect(seen[0]).toBe(datagram);
  });
});
