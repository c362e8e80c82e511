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
  it('what is none says so', () => {
    expect(codeOf(() => readWav(new Uint8Array(5)))).toBe('not_wav');
    expect(codeOf(() => readWav(writeWav(stereo).subarray(0, 36)))).toBe('not_wav');
    const eightBit = writeWav(stereo);
    eightBit[34] = 8;
    expect(codeOf(() => readWav(eightBit))).toBe('unsupported');
  });
});
