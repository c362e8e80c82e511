import { decodeImaAdpcm } from './ima-adpcm.ts';

/** Sound from or for a WAV file: RIFF/WAVE. Written as 16-bit PCM; mono IMA ADPCM is read, too. */
export interface WavAudio {
  /** Hz. */
  readonly sampleRate: number;
  /** 1 or more; samples of the channels take turns. */
  readonly channels: number;
  readonly samples: Int16Array;
}

/** A WAV file that is not one, or of a kind that is not read here. */
export class WavError extends Error {
  readonly code: 'not_wav' | 'unsupported';

  constructor(code: WavError['code'], message: string) {
    super(message);
    this.name = 'WavError';
    this.code = code;
  }
}

const PCM = 1;
const IMA_ADPCM = 0x11;
const EXTENSIBLE = 0xfffe;

/** Throws {@link WavError}. A data chunk that claims more than there is ends where the file ends. */
export function readWav(bytes: Uint8Array): WavAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') {
    throw new WavError('not_wav', 'This is not a RIFF/WAVE file.');
  }
  let format: WavFormat | undefined;
  let frames: number | undefined;
  let offset = 12;
  while (offset + 8 <= bytes.byteLength) {
    const name = tag(view, offset);
    const start = offset + 8;
    const length = Math.min(view.getUint32(offset + 4, true), bytes.byteLength - start);
    if (name === 'fmt ' && length >= 16) format = readFormat(view, start);
    // The last ADPCM block may be filled up: the fact chunk says how many samples are meant.
    if (name === 'fact' && length >= 4) frames = view.getUint32(start, true);
    if (name === 'data') {
      if (format === undefined) throw new WavError('not_wav', 'The WAV file has no format before its data.');
      const { channels, sampleRate, adpcmBlock } = format;
      const samples =
        adpcmBlock === undefined
          ? samplesOf(view, start, length >> 1)
          : decodeImaAdpcm(bytes.subarray(start, start + length), adpcmBlock).subarray(0, frames);
      return { channels, sampleRate, samples };
    }
    // Chunks start at even places.
    offset = start + length + (length & 1);
  }
  throw new WavError('not_wav', 'The WAV file has no data.');
}

interface WavFormat {
  readonly channels: number;
  readonly sampleRate: number;
  /** Octets of one block of IMA ADPCM; undefined for PCM. */
  readonly adpcmBlock: number | undefined;
}

function readFormat(view: DataView, start: number): WavFormat {
  const kind = view.getUint16(start, true);
  const bits = view.getUint16(start + 14, true);
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const block = view.getUint16(start + 12, true);
  if (kind === IMA_ADPCM && bits === 4 && channels === 1) return { channels, sampleRate, adpcmBlock: block };
  if ((kind !== PCM && kind !== EXTENSIBLE) || bits !== 16 || channels === 0) {
    throw new WavError('unsupported', 'Only WAV files of 16-bit PCM or of mono IMA ADPCM can be read.');
  }
  return { channels, sampleRate, adpcmBlock: undefined };
}

function samplesOf(view: DataView, start: number, count: number): Int16Array {
  const samples = new Int16Array(count);
  for (let index = 0; index < count; index += 1) samples[index] = view.getInt16(start + 2 * index, true);
  return samples;
}

export function writeWav(audio: WavAudio): Uint8Array {
  const dataBytes = audio.samples.length * 2;
  const bytes = new Uint8Array(44 + dataBytes);
  const view = new DataView(bytes.buffer);
  putTag(view, 0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  putTag(view, 8, 'WAVE');
  putTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, audio.channels, true);
  view.setUint32(24, audio.sampleRate, true);
  view.setUint32(28, audio.sampleRate * audio.channels * 2, true);
  view.setUint16(32, audio.channels * 2, true);
  view.setUint16(34, 16, true);
  putTag(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  for (const [index, sample] of audio.samples.entries()) view.setInt16(44 + 2 * index, sample, true);
  return bytes;
}

function tag(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}

function putTag(view: DataView, offset: number, text: string): void {
  for (const [index, character] of text.split('').entries())
    view.setUint8(offset + index, character.charCodeAt(0));
}
