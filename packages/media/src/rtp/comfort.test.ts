import { createVoiceCodec, G722Decoder, G722Encoder, levelDbfs, toneSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { ComfortClock, silenceFrame } from './comfort.ts';

describe('silenceFrame', () => {
  it.each(['G722', 'PCMA', 'PCMU'] as const)('%s: 20 ms that a fresh decoder hears as silence', (codec) => {
    const frame = silenceFrame(codec);
    expect(frame.byteLength).toBe(160);
    const voice = createVoiceCodec(codec);
    for (let count = 0; count < 50; count += 1) expect(levelDbfs(voice.decode(frame))).toBeLessThan(-70);
  });

  it.each([
    ['a low tone', [200]],
    ['a loud 1 kHz tone', [1000]],
    ['the high band', [6000]],
    ['both bands', [300, 900, 3100, 5000]],
    ['a key', [697, 1209]],
  ])('[G.722] comes to rest within 40 ms behind %s, and stays there', (_, frequencies) => {
    for (const level of [-1, -6, -20, -40]) {
      const decoder = new G722Decoder();
      decoder.decode(new G722Encoder().encode(toneSamples(16_000, frequencies, 0.31, level)));
      decoder.decode(silenceFrame('G722'));
      decoder.decode(silenceFrame('G722'));
      for (let count = 0; count < 100; count += 1) {
        expect(levelDbfs(decoder.decode(silenceFrame('G722')))).toBeLessThan(-55);
      }
    }
  });
});

describe('ComfortClock', () => {
  it('is due at once, then each 20 ms however late it is asked', () => {
    const clock = new ComfortClock();
    expect(clock.due(1000)).toEqual([1000]);
    expect(clock.due(1010)).toEqual([]);
    expect(clock.due(1021)).toEqual([1020]);
    expect(clock.due(1083)).toEqual([1040, 1060, 1080]);
  });

  it('waits for 100 ms behind voice', () => {
    const clock = new ComfortClock();
    clock.postpone(0);
    clock.postpone(20);
    expect(clock.due(119)).toEqual([]);
    expect(clock.due(120)).toEqual([120]);
  });

  it('does not make good more than 100 ms', () => {
    const clock = new ComfortClock();
    clock.due(0);
    expect(clock.due(10_000)).toEqual([10_000]);
  });
});
