import type { RtpPacket } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { ReceiverStatistics } from './receiver-statistics.ts';

const packet = (sequenceNumber: number, ssrc = 5): RtpPacket => ({
  payloadType: 8,
  marker: false,
  sequenceNumber: sequenceNumber & 0xffff,
  timestamp: (sequenceNumber * 160) >>> 0,
  ssrc,
  payload: new Uint8Array(160),
});

describe('ReceiverStatistics', () => {
  it('[RFC3550-A.3] counts what is missing between the first and the highest, over the wrap', () => {
    const statistics = new ReceiverStatistics();
    for (const index of [65_530, 65_531, 65_534, 65_537, 65_536, 65_540]) {
      statistics.receive(packet(index), 'voice', index * 20);
    }
    expect(statistics.stats()).toMatchObject({ packets: 6, bytes: 960, lost: 5 });
    expect(statistics.report()).toMatchObject({ ssrc: 5, cumulativeLost: 5, highestSequence: 65_540 });
  });

  it('[RFC3550-A.3] gives the fraction lost since the last report', () => {
    const statistics = new ReceiverStatistics();
    for (const index of [0, 1, 2, 3]) statistics.receive(packet(index), 'voice', 0);
    expect(statistics.report()?.fractionLost).toBe(0);
    for (const index of [5, 7]) statistics.receive(packet(index), 'voice', 0);
    expect(statistics.report()?.fractionLost).toBe(128);
    statistics.receive(packet(8), 'voice', 0);
    expect(statistics.report()?.fractionLost).toBe(0);
  });

  it('[RFC3550-A.3] takes duplicates for no gain: lost does not fall below zero', () => {
    const statistics = new ReceiverStatistics();
    for (const index of [0, 0, 0, 1]) statistics.receive(packet(index), 'voice', 0);
    expect(statistics.stats().lost).toBe(0);
  });

  it('adds up over sources, and takes a leap for a new start', () => {
    const statistics = new ReceiverStatistics();
    for (const index of [0, 2]) statistics.receive(packet(index), 'voice', 0);
    for (const index of [9000, 9003]) statistics.receive(packet(index), 'voice', 0);
    for (const index of [1, 3]) statistics.receive(packet(index, 6), 'voice', 0);
    expect(statistics.stats()).toMatchObject({ packets: 6, lost: 1 + 2 + 1 });
    expect(statistics.report()).toMatchObject({ ssrc: 6, cumulativeLost: 1 });
  });

  it('[RFC3550-A.8] has no jitter for an even stream, and 1/16 of each difference', () => {
    const even = new ReceiverStatistics();
    for (let index = 0; index < 100; index += 1) even.receive(packet(index), 'voice', index * 20);
    expect(even.stats().jitterMs).toBe(0);

    const once = new ReceiverStatistics();
    once.receive(packet(0), 'voice', 0);
    once.receive(packet(1), 'voice', 20 + 16);
    expect(once.stats().jitterMs).toBeCloseTo(1, 6);

    const shaking = new ReceiverStatistics();
    for (let index = 0; index < 500; index += 1)
      shaking.receive(packet(index), 'voice', index * 20 + (index % 2) * 10);
    expect(shaking.stats().jitterMs).toBeCloseTo(10, 1);
  });

  it('[RFC4733-2.2] does not take the one timestamp of an event for jitter', () => {
    const statistics = new ReceiverStatistics();
    statistics.receive(packet(0), 'voice', 0);
    for (let index = 1; index < 20; index += 1) {
      statistics.receive({ ...packet(index), timestamp: 160 }, 'event', index * 20);
    }
    statistics.receive(packet(20), 'voice', 400);
    expect(statistics.stats()).toMatchObject({ jitterMs: 0, lost: 0 });
  });

  it('has nothing to report before the first packet', () => {
    expect(new ReceiverStatistics().report()).toBeUndefined();
  });
});
