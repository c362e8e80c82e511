import { describe, expect, it } from 'vitest';
import { RtpStream } from './rtp-stream.ts';
import { buildRtp, isRtcp, parseRtp, sequenceDistance, timestampDistance } from './rtp.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('[RFC3550-5.1] the RTP header', () => {
  it('reads every field', () => {
    expect(parseRtp(hex('80e5fffe00027100cafebabe050a00a0'))).toEqual({
      payloadType: 101,
      marker: true,
      sequenceNumber: 0xfffe,
      timestamp: 0x27100,
      ssrc: 0xcafebabe,
      payload: hex('050a00a0'),
    });
  });
  it('is written as it is read', () => {
    const bytes = hex('8009000100000002cafebabe0102030405');
    const packet = parseRtp(bytes);
    expect(packet && buildRtp(packet)).toEqual(bytes);
  });
  it('passes over the CSRC list, the header extension and the padding', () => {
    const packet = parseRtp(hex('b1000001000000020000000311111111bede0001aabbccdd0102000003'));
    expect(packet?.payload).toEqual(hex('0102'));
  });
  it('an empty payload is a packet', () => {
    expect(parseRtp(hex('800000010000000200000003'))?.payload).toHaveLength(0);
  });
  it.each([
    ['too short', '8000000100000002000000'],
    ['version 1', '400000010000000200000003aa'],
    ['CSRC list beyond the end', '8f0000010000000200000003aa'],
    ['extension header beyond the end', '900000010000000200000003be'],
    ['extension beyond the end', '900000010000000200000003bede0009aa'],
    ['padding of nought', 'a00000010000000200000003aa00'],
    ['padding beyond the start', 'a00000010000000200000003aaff'],
    ['nothing', ''],
  ])('%s is no packet', (_, text) => {
    expect(parseRtp(hex(text))).toBeUndefined();
  });
  it('more than a frame is no packet', () => {
    const bytes = new Uint8Array(1501);
    bytes[0] = 0x80;
    expect(parseRtp(bytes)).toBeUndefined();
    expect(parseRtp(bytes.subarray(0, 1500))).toBeDefined();
  });
  it('no octets whatever throw', () => {
    let state = 7;
    for (let round = 0; round < 5000; round += 1) {
      const bytes = Uint8Array.from({ length: round % 40 }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state >>> 24;
      });
      if (bytes.length > 0 && round % 2 === 0) bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f);
      const packet = parseRtp(bytes);
      expect(packet === undefined || packet.payload.length <= bytes.length).toBe(true);
    }
  });
});

describe('[RFC5761-4] RTCP on the same port', () => {
  it.each([200, 201, 202, 203, 206])('packet type %i is RTCP and not RTP', (type) => {
    const bytes = Uint8Array.of(0x80, type, 0, 6, ...Array.from({ length: 24 }, () => 0));
    expect(isRtcp(bytes)).toBe(true);
    expect(parseRtp(bytes)).toBeUndefined();
  });
  it('a marked packet of a dynamic payload type is RTP', () => {
    expect(isRtcp(hex('80e5fffe00027100cafebabe050a00a0'))).toBe(false);
  });
});

describe('[RFC3550-A.1] numbers on a circle', () => {
  it('distances go through the wrap', () => {
    expect(sequenceDistance(2, 0xffff)).toBe(3);
    expect(sequenceDistance(0xffff, 2)).toBe(-3);
    expect(timestampDistance(5, 0xffff_fffb)).toBe(10);
    expect(timestampDistance(0xffff_fffb, 5)).toBe(-10);
  });
});

describe('RtpStream', () => {
  it('[RFC3550-5.1] counts packets by one and time by the ticks sent, through the wrap', () => {
    const stream = new RtpStream({ ssrc: 1, sequenceNumber: 0xffff, timestamp: 0xffff_ffff });
    const packets = [1, 2].map(() => parseRtp(stream.voice(8, new Uint8Array(160), 160)));
    expect(packets.map((packet) => [packet?.sequenceNumber, packet?.timestamp])).toEqual([
      [0xffff, 0xffff_ffff],
      [0, 159],
    ]);
  });
  it('[RFC4733-2.6.2] events share the sequence numbers and keep their own timestamp', () => {
    const stream = new RtpStream({ ssrc: 1, sequenceNumber: 5, timestamp: 1000 });
    const event = parseRtp(stream.at(stream.timestamp, 101, new Uint8Array(4), true));
    stream.skip(160);
    const voice = parseRtp(stream.voice(8, new Uint8Array(160), 160));
    expect(event).toMatchObject({ sequenceNumber: 5, timestamp: 1000, marker: true });
    expect(voice).toMatchObject({ sequenceNumber: 6, timestamp: 1160, marker: false });
  });
});
