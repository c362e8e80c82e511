import { parseRtp, type RtpPacket } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { seams } from '../testing/call.ts';
import { StreamRewriter } from './stream-rewriter.ts';

const payload = new Uint8Array(160);

function packet(index: number, more: Partial<RtpPacket> = {}): RtpPacket {
  return {
    payloadType: 8,
    marker: false,
    sequenceNumber: (65_530 + index) & 0xffff,
    timestamp: (4_294_967_000 + 160 * index) >>> 0,
    ssrc: 1,
    payload,
    ...more,
  };
}

function rewriter() {
  const stream = new StreamRewriter({ ssrc: 0xfeedbeef, sequenceNumber: 65_533, timestamp: 4_294_966_900 });
  const sent: RtpPacket[] = [];
  const keep = (datagram: Uint8Array | undefined): RtpPacket | undefined => {
    const parsed = datagram && parseRtp(datagram);
    if (parsed !== undefined) sent.push(parsed);
    return parsed;
  };
  return {
    sent,
    voice: (from: RtpPacket, now: number) => keep(stream.forward(from, 9, 'voice', now)),
    event: (from: RtpPacket, now: number) => keep(stream.forward(from, 101, 'event', now)),
    silence: (now: number) => {
      const timestamp = stream.timestampAt(now);
      return keep(stream.insert({ payloadType: 9, payload, timestamp, marker: false }, now));
    },
  };
}

describe('StreamRewriter', () => {
  it('[RFC3550-5.1] begins where it was told, with its own SSRC and payload type, and crosses both wraps', () => {
    const { sent, voice } = rewriter();
    for (let index = 0; index < 20; index += 1) voice(packet(index), index * 20);
    expect(sent[0]).toMatchObject({
      ssrc: 0xfeedbeef,
      payloadType: 9,
      sequenceNumber: 65_533,
      timestamp: 4_294_966_900,
      marker: true,
    });
    expect(sent.at(-1)).toMatchObject({ sequenceNumber: 16, marker: false });
    expect(seams(sent)).toEqual([]);
  });

  it('[RFC3550-6.4.1] leaves loss and reordering of the source for the receiver to see', () => {
    const { sent, voice } = rewriter();
    for (const index of [0, 1, 4, 3, 5]) voice(packet(index), index * 20);
    expect(sent.map(({ sequenceNumber }) => (sequenceNumber - 65_533) & 0xffff)).toEqual([0, 1, 4, 3, 5]);
    expect(sent.map(({ timestamp }) => (timestamp - 4_294_966_900) >>> 0)).toEqual([0, 160, 640, 480, 800]);
  });

  it('goes on with the next number and the time that passed when the source is another one', () => {
    const { sent, voice } = rewriter();
    voice(packet(0), 0);
    voice(packet(1), 20);
    const first = voice(packet(700, { ssrc: 2 }), 100);
    voice(packet(701, { ssrc: 2 }), 120);
    expect(first?.marker).toBe(true);
    // 80 ms after the last packet.
    expect(((first?.timestamp ?? 0) - (sent[1]?.timestamp ?? 0)) >>> 0).toBe(640);
    expect(seams(sent)).toEqual([]);
  });

  it('takes a jump of the numbers of the same source for a restart, and not for loss', () => {
    const { sent, voice } = rewriter();
    voice(packet(0), 0);
    voice(packet(20_000), 20);
    expect(seams(sent)).toEqual([]);
  });

  it('does not follow a source whose timestamps leap', () => {
    const { sent, voice } = rewriter();
    voice(packet(0), 0);
    voice(packet(1, { timestamp: 5 }), 20);
    voice(packet(2, { timestamp: 165 }), 40);
    expect(seams(sent)).toEqual([]);
  });

  it('goes on without a seam around insertions, and keeps the clock of the source where it fits', () => {
    const { sent, voice, silence } = rewriter();
    voice(packet(0), 0);
    voice(packet(1), 20);
    silence(120);
    silence(140);
    const back = voice(packet(8), 160);
    expect(((back?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)) >>> 0).toBe(8 * 160);
    expect(back?.marker).toBe(true);
    voice(packet(9), 180);
    expect(seams(sent)).toEqual([]);
  });

  it('drops what arrives behind an insertion: its number is taken', () => {
    const { sent, voice, silence } = rewriter();
    voice(packet(0), 0);
    voice(packet(3), 60);
    silence(160);
    expect(voice(packet(2), 165)).toBeUndefined();
    expect(voice(packet(4), 170)).toBeDefined();
    expect(sent).toHaveLength(4);
  });

  it('[RFC4733-2.5.1.1] keeps the one timestamp of a long event', () => {
    const { sent, voice, event } = rewriter();
    voice(packet(0), 0);
    const at = packet(1).timestamp;
    for (let index = 1; index < 200; index += 1) event(packet(index, { timestamp: at }), index * 20);
    const after = voice(packet(200), 4000);
    expect(new Set(sent.slice(1, -1).map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(after?.sequenceNumber).toBe((65_533 + 200) & 0xffff);
  });
});
