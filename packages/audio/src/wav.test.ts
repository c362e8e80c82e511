import { describe, expect, it } from 'vitest';
import { WavError, readWav, writeWav } from './wav.ts';

const stereo = { sampleRate: 16_000, channels: 2, samples: Int16Array.of(1, -1, 32_767, -32_768) };

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return error instanceof WavError ? error.code : String(error);
  }
  return 'read';
}

describe('WAV files', () => {
  it('are read as they were written', () => {
    expect(readWav(writeWav(stereo))).toEqual(stereo);
  });
  it('other chunks before the data are passed over, also of odd length', () => {
    const plain = writeWav(stereo);
    const extra = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1');
    const bytes = Buffer.concat([plain.subarray(0, 36), extra, plain.subarray(36)]);
    expect(readWav(bytes)).toEqual(stereo);
  });
  it('a data chunk without its end gives what is there', () => {
    expect(readWav(writeWav(stereo).subarray(0, 48)).samples).toEqual(Int16Array.of(1, -1));
  });
  it('IMA ADPCM is read: each block begins with a sample, then low nibble before high nibble', () => {
    // Two blocks of 6 octets; step 7 at first. Nibbles 4, 0 then c, 8: by the table of the IMA, sum of the parts of
    // the step; the fact chunk leaves the last of ten samples away.
    const header = Buffer.alloc(60);
    header.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
    header.writeUInt32LE(20, 16);
    header.writeUInt16LE(0x11, 20);
    header.writeUInt16LE(1, 22);
    header.writeUInt32LE(8000, 24);
    header.writeUInt16LE(6, 32);
    header.writeUInt16LE(4, 34);
    header.write('fact', 40, 'latin1');
    header.writeUInt32LE(4, 44);
    header.writeUInt32LE(9, 48);
    header.write('data', 52, 'latin1');
    header.writeUInt32LE(12, 56);
    const bytes = Buffer.concat([header, Buffer.from('640000000484e803000000ff', 'hex')]);
    const wav = readWav(bytes);
    expect(wav).toMatchObject({ sampleRate: 8000, channels: 1 });
    expect([...wav.samples]).toEqual([100, 107, 108, 117, 116, 1000, 1000, 1000, 989]);
    expect(readWav(bytes.subarray(0, 63)).samples).toHaveLength(0);
  });
  it('what is none says so', () => {
    expect(codeOf(() => readWav(new Uint8Array(5)))).toBe('not_wav');
    expect(codeOf(() => readWav(writeWav(stereo).subarray(0, 36)))).toBe('not_wav');
    const eightBit = writeWav(stereo);
    eightBit[34] = 8;
    expect(codeOf(() => readWav(eightBit))).toBe('unsupported');
  });
});
