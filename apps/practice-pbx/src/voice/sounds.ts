import { dtmfSamples, toneSamples } from '@offhook/audio';
import type { Sound } from '../switch/model.ts';
import type { Recordings } from './recordings.ts';
import { KeyToneSource, RecordingSource, toneSource } from './source.ts';
import type { SampleSource } from './source.ts';

type Rate = 8000 | 16_000;

const TONE_HZ = 1000;
const TONE_DBFS = -18;
/** As in most of Europe (ITU-T E.180): 425 Hz, one second in five. */
const RINGING_HZ = 425;
const RINGING_DBFS = -24;

/** A sound of the PBX from its beginning; undefined for the echo, which is made of what comes in. */
export function soundSource(sound: Sound, rate: Rate, recordings: Recordings): SampleSource | undefined {
  switch (sound) {
    case 'music':
      return new RecordingSource(recordings.music(rate), true);
    case 'announcement':
      return new RecordingSource(recordings.announcement(rate), false);
    case 'emergency':
      return new RecordingSource(recordings.announcement(rate), true);
    case 'tone':
      return toneSource(rate, TONE_HZ, TONE_DBFS);
    case 'ringback':
      return new RecordingSource(ringing(rate), true);
    case 'confirm':
      return new RecordingSource(confirmation(rate), false);
    case 'digits':
      return new KeyToneSource(rate);
    case 'echo':
      return undefined;
    default:
      return sound satisfies never;
  }
}

function ringing(rate: Rate): Int16Array {
  const samples = new Int16Array(5 * rate);
  samples.set(toneSamples(rate, [RINGING_HZ], 1, RINGING_DBFS));
  return samples;
}

/** The tones of 1 and 3: nobody takes them for a fault. */
function confirmation(rate: Rate): Int16Array {
  const [first, second] = [dtmfSamples(rate, '1', 0.2), dtmfSamples(rate, '3', 0.3)];
  const samples = new Int16Array(first.length + second.length);
  samples.set(first);
  samples.set(second, first.length);
  return samples;
}
