import { parseRtp, type RtpPacket } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { carrying, seams } from '../testing/call.ts';
import { OutgoingStream } from './outgoing-stream.ts';

const VOICE = Uint8Array.from({ length: 160 }, (_, index) => index);

/** A stream driven by a clock of its own: ticks each 10 ms, voice each 20 ms while `talking`. */
function simulation() {
  const stream = new OutgoingStream({ ssrc: 7, sequenceNumber: 100, timestamp: 1000 });
  stream.setFormat({ codec: 'PCMA', payloadType: 8, telephoneEvent: 101 });
  const sent: RtpPacket[] = [];
  const at: number[] = [];
  let now = 0;
  let index = 0;
  const keep = (datagram: Uint8Array | undefined): void => {
    const parsed = datagram && parseRtp(datagram);
    if (parsed === undefined) return;
    sent.push(parsed);
    at.push(now);
  };
  return {
    stream,
    sent,
    at,
    run: (ms: number, talking: boolean): void => {
      for (const end = now + ms; now < end; now += 10) {
        if (now % 20 === 0) {
          const ssrc = 1;
          const source = {
            payloadType: 0,
            marker: false,
            sequenceNumber: index,
            timestamp: index * 160,
            ssrc,
          };
          if (talking) keep(stream.forward({ ...source, payload: VOICE }, 'voice', now));
          index += 1;
        }
        for (const datagram of stream.tick(now)) keep(datagram);
      }
    },
    skip: (ms: number): void => {
      now += ms;
    },
  };
}

describe('OutgoingStream', () => {
  it('fills silence with a packet each 20 ms, and steps aside for voice', () => {
    const { sent, run } = simulation();
    run(200, false);
    expect(sent).toHaveLength(10);
    run(200, true);
    run(300, false);
    expect(carrying(sent, [VOICE])).toHaveLength(10);
    // From 100 ms after the last voice on.
    expect(sent.length).toBe(10 + 10 + 11);
    expect(seams(sent)).toEqual([]);
  });

  it('is not disturbed by voice that comes in bursts', () => {
    const { sent, run, skip } = simulation();
    run(100, true);
    skip(80);
    run(100, true);
    expect(carrying(sent, [VOICE])).toHaveLength(sent.length);
  });

  it('does not make good at once what a stop of the process left out', () => {
    const { sent, run, skip } = simulation();
    run(40, false);
    skip(60_000);
    run(40, false);
    expect(sent.length).toBeLessThan(10);
    // The receiver's clock has moved on by the minute.
    expect((sent.at(-1)?.timestamp ?? 0) - (sent[0]?.timestamp ?? 0)).toBeGreaterThan(59 * 8000);
  });

  it('[RFC4733-2.5] spaces digits: 100 ms each, 70 ms apart, no voice before the last end packet', () => {
    const { stream, sent, at, run } = simulation();
    run(100, true);
    expect(stream.sendDtmf('90')).toBe(true);
    run(500, true);
    const events = sent.flatMap((packet, index) =>
      packet.payloadType === 101 ? [{ packet, at: at[index] }] : [],
    );
    expect(events).toHaveLength(14);
    const starts = events.filter(({ packet }) => packet.marker).map((event) => event.at ?? 0);
    expect(starts).toHaveLength(2);
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBe(170);
    const [first, second] = events
      .filter(({ packet }) => packet.marker)
      .map(({ packet }) => packet.timestamp);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(170 * 8 - 160);
    const firstIndex = sent.findIndex((packet) => packet.payloadType === 101);
    const lastIndex = sent.findLastIndex((packet) => packet.payloadType === 101);
    expect(sent.slice(firstIndex, lastIndex + 1).every((packet) => packet.payloadType === 101)).toBe(true);
    expect(carrying(sent.slice(lastIndex), [VOICE]).length).toBeGreaterThan(5);
    expect(seams(sent)).toEqual([]);
  });

  it('sends digits also while nobody speaks', () => {
    const { stream, sent, run } = simulation();
    run(100, false);
    stream.sendDtmf('#');
    run(300, false);
    expect(sent.filter((packet) => packet.payloadType === 101)).toHaveLength(7);
    expect(seams(sent)).toEqual([]);
  });

  it('refuses digits where the receiver takes none, and more than it can hold', () => {
    const deaf = simulation().stream;
    deaf.setFormat({ codec: 'PCMA', payloadType: 8, telephoneEvent: undefined });
    expect(deaf.sendDtmf('1')).toBe(false);
    const { stream } = simulation();
    for (let request = 0; request < 4; request += 1) expect(stream.sendDtmf('1'.repeat(32))).toBe(true);
    expect(stream.sendDtmf('1')).toBe(false);
  });

  it('goes on with its numbers when the receiver chooses another codec', () => {
    const { stream, sent, run } = simulation();
    run(100, true);
    stream.setFormat({ codec: 'G722', payloadType: 9, telephoneEvent: 96 });
    run(300, false);
    stream.sendDtmf('1');
    run(300, true);
    expect(new Set(sent.map((packet) => packet.payloadType))).toEqual(new Set([8, 9, 96]));
    expect(seams(sent)).toEqual([]);
  });

  it('sends nothing without a receiver, and drops digits that wait then', () => {
    const { stream, sent, run } = simulation();
    stream.sendDtmf('123');
    stream.setFormat(undefined);
    run(1000, true);
    expect(sent).toEqual([]);
    stream.setFormat({ codec: 'PCMA', payloadType: 8, telephoneEvent: 101 });
    run(1000, true);
    expect(sent.filter((packet) => packet.payloadType === 101)).toEqual([]);
  });

  it('[RFC3550-6.4.1] counts packets and payload octets', () => {
    const { stream, run } = simulation();
    run(200, true);
    expect(stream.sent).toMatchObject({ packets: 10, bytes: 1600 });
  });
});
