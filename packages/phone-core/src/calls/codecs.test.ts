import { expect, it } from 'vitest';
import { orderCodecs } from './codecs.ts';

const codec = (mimeType: string, clockRate = 8_000) => ({ mimeType, clockRate });

it('G.722, PCMA and PCMU come first, all kept; telephone-event goes along; Opus stays behind', () => {
  const chrome = [
    codec('audio/opus', 48_000),
    codec('audio/red', 48_000),
    codec('audio/G722'),
    codec('audio/PCMU'),
    codec('audio/PCMA'),
    codec('audio/CN'),
    codec('audio/telephone-event', 48_000),
    codec('audio/telephone-event'),
  ];
  expect(orderCodecs(chrome).map((one) => `${one.mimeType}/${one.clockRate}`)).toEqual([
    'audio/G722/8000',
    'audio/PCMA/8000',
    'audio/PCMU/8000',
    'audio/telephone-event/48000',
    'audio/telephone-event/8000',
    'audio/opus/48000',
  ]);
});
