import { parseRtp } from '@offhook/audio';
import type { RtpPacket } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { OutgoingStream } from './outgoing-stream.ts';

const start = { ssrc: 77, sequenceNumber: 100, timestamp: 10_000 };
const payload = new Uint8Array(160);

function packet(sequenceNumber: number, timestamp: number, ssrc = 1): RtpPacket {
  return { payloadType: 8, marker: false, sequenceNumber, timestamp, ssrc, payload };
}

function numbers(bytes: Uint8Array | undefined): readonly [number, number, boolean] | undefined {
  const parsed = bytes === undefined ? undefined : parseRtp(bytes);
  return parsed && [parsed.sequenceNumber, parsed.timestamp, parsed.marker];
}

describe('passing packets on', () => {
  it('[RFC3550-7.1] gives them our SSRC, payload type and numbers', () => {
    const stream = new OutgoingStream(start);
    const out = stream.relay(packet(5000, 900), 96, 0);
    expect(out && parseRtp(out)).toMatchObject({
      ssrc: 77,
      payloadType: 96,
      sequenceNumber: 100,
      timestamp: 10_000,
      marker: true,
    });
  });

  it('loss and reordering stay as they were', () => {
    const stream = new OutgoingStream(start);
    const out = [0, 1, 4, 3].map((lost) => numbers(stream.relay(packet(lost, lost * 160), 8, lost * 20)));
    expect(out).toEqual([
      [100, 10_000, true],
      [101, 10_160, false],
      [104, 10_640, false],
      [103, 10_480, false],
    ]);
  });

  it('a packet from before the change of source is left out, for its number was used', () => {
    const stream = new OutgoingStream(start);
    stream.relay(packet(50, 0), 8, 0);
    expect(stream.relay(packet(49, 0), 8, 0)).toBeUndefined();
  });

  it('goes on through the wrap of the sequence and for longer than half its circle', () => {
    const stream = new OutgoingStream(start);
    let last = 0;
    for (let index = 0; index < 70_000; index += 1) {
      const out = stream.relay(packet((65_000 + index) & 0xffff, index * 160), 8, index * 20);
      last = numbers(out)?.[0] ?? Number.NaN;
    }
    expect(last).toBe((100 + 69_999) & 0xffff);
  });

  it('a sender that starts anew goes on without a jump', () => {
    const stream = new OutgoingStream(start);
    stream.relay(packet(10, 0), 8, 0);
    expect(numbers(stream.relay(packet(40_000, 5_000_000), 8, 20))).toEqual([101, 10_160, true]);
    expect(numbers(stream.relay(packet(7, 7, 2), 8, 40))).toEqual([102, 10_320, true]);
  });
});

describe('between passing on and playing', () => {
  it('numbers go on, a pause is a pause of the timestamps, and the change is marked', () => {
    const stream = new OutgoingStream(start);
    stream.relay(packet(10, 0), 8, 0);
    expect(numbers(stream.local(8, payload, 20))).toEqual([101, 10_160, true]);
    expect(numbers(stream.local(8, payload, 40))).toEqual([102, 10_320, false]);
    // A second of nothing, then the other side again.
    expect(numbers(stream.relay(packet(60, 8000), 8, 1060))).toEqual([103, 10_480 + 8000, true]);
  });

  it('[RFC4733-2.5.1.1] an event’s packets have the timestamp of its start; the voice after it has its own time', () => {
    const stream = new OutgoingStream(start);
    stream.local(8, payload, 0);
    const event = [0, 1, 2].map((index) =>
      numbers(stream.localEvent(101, payload, index === 0, 20 + index * 20)),
    );
    expect(event).toEqual([
      [101, 10_160, true],
      [102, 10_160, false],
      [103, 10_160, false],
    ]);
    expect(numbers(stream.local(8, payload, 80))).toEqual([104, 10_160 + 3 * 160, false]);
  });
});
