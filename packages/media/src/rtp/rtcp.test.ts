import { isRtcp } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { buildRtcp, parseRtcp } from './rtcp.ts';

const reception = { ssrc: 9, fractionLost: 64, cumulativeLost: 3, highestSequence: 0x1_0005, jitter: 40 };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('buildRtcp', () => {
  it('[RFC3550-6.4.1] a sender report with a reception block, and the name', () => {
    const report = buildRtcp({
      ssrc: 7,
      cname: 'ab',
      sender: { wallClock: 500, timestamp: 0x01020304, packets: 5, bytes: 800 },
      reception: { ...reception, lastSenderReport: { middle: 0xaabbccdd, agoMs: 1000 } },
      goodbye: false,
    });
    expect(hex(report)).toBe(
      [
        '81c8000c00000007', // sender report, one block, 12 words more
        '83aa7e8080000000', // half a second past 1 January 1970
        '010203040000000500000320',
        '00000009400000030001000500000028aabbccdd00010000',
        '81ca000300000007', // source description, one chunk
        '0102616200000000', // the name, and zeros up to the word behind it
      ].join(''),
    );
    expect(isRtcp(report)).toBe(true);
    expect(report.byteLength % 4).toBe(0);
  });

  it('[RFC3550-6.4.2] a receiver report where nothing was sent', () => {
    const report = buildRtcp({ ssrc: 7, cname: 'abc', goodbye: false });
    expect(hex(report)).toBe('80c900010000000781ca0003000000070103616263000000');
  });

  it('[RFC3550-6.6] a goodbye at the end', () => {
    const report = buildRtcp({ ssrc: 7, cname: 'abc', goodbye: true, reception });
    expect(hex(report).endsWith('81cb000100000007')).toBe(true);
    expect(parseRtcp(report)).toEqual({ goodbye: true });
  });

  it.each(['', 'a', 'ab', 'abc', 'abcd', 'x'.repeat(300)])(
    '[RFC3550-6.5] keeps to whole words: name "%s"',
    (cname) => {
      const report = buildRtcp({ ssrc: 7, cname, goodbye: false });
      expect(parseRtcp(report)).toEqual({ goodbye: false });
      expect(report.at(-1)).toBe(0);
    },
  );
});

describe('parseRtcp', () => {
  it('[RFC3550-6.4.1] finds the middle of the NTP time of a sender report', () => {
    const sender = { wallClock: 500, timestamp: 1, packets: 1, bytes: 1 };
    const report = buildRtcp({ ssrc: 7, cname: 'abc', sender, goodbye: false });
    expect(parseRtcp(report)).toEqual({ senderReport: 0x7e808000, goodbye: false });
  });

  it('[RFC3550-A.2] gives undefined, never an exception, for what is cut off or no RTCP', () => {
    const sender = { wallClock: 500, timestamp: 1, packets: 1, bytes: 1 };
    const whole = buildRtcp({ ssrc: 7, cname: 'abc', sender, reception, goodbye: true });
    const ends = [52, 68, 76];
    for (let size = 0; size < whole.byteLength; size += 1) {
      expect(parseRtcp(whole.subarray(0, size)) === undefined).toBe(!ends.includes(size));
    }
    expect(parseRtcp(Uint8Array.from([0x80, 8, 0, 0]))).toBeUndefined();
    expect(parseRtcp(Uint8Array.from([0x00, 200, 0, 0]))).toBeUndefined();
  });
});
