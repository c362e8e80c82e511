/**
 * Music on hold, made here so that it belongs to nobody: eight bars of arpeggios over C – A minor – F – G, played
 * on something between a music box and a vibraphone.
 */
const BEAT_SECONDS = 0.36;
/** Frequencies follow equal temperament from A4 = 440 Hz; numbers are MIDI keys. */
const BARS: readonly (readonly number[])[] = [
  [60, 64, 67, 72, 76, 72, 67, 64],
  [57, 60, 64, 69, 72, 69, 64, 60],
  [53, 57, 60, 65, 69, 72, 69, 65],
  [55, 59, 62, 67, 71, 74, 71, 67],
  [60, 67, 72, 76, 79, 76, 72, 67],
  [57, 64, 69, 72, 76, 72, 69, 64],
  [53, 60, 65, 69, 72, 69, 65, 60],
  [55, 62, 67, 71, 67, 62, 59, 55],
];
/** Peak of one note; up to four sound at once. */
const NOTE_PEAK = 4200;
/** A note dies away to a third in this time. */
const DECAY_SECONDS = 0.45;
const ATTACK_SECONDS = 0.008;

/** The whole tune, to be played over and over: its end rings on into its beginning. */
export function holdMusic(sampleRate: number): Int16Array {
  const notes = BARS.flat();
  const beat = Math.round(sampleRate * BEAT_SECONDS);
  const total = beat * notes.length;
  const mixed = new Float64Array(total);
  const sounds = new Map([...new Set(notes)].map((key) => [key, soundOf(key, sampleRate)]));
  for (const [index, key] of notes.entries()) {
    for (const [at, value] of sounds.get(key)?.entries() ?? []) {
      const place = (index * beat + at) % total;
      mixed[place] = (mixed[place] ?? 0) + value;
    }
  }
  return Int16Array.from(mixed, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
}

/** One note until nobody hears it any more. */
function soundOf(key: number, sampleRate: number): Float64Array {
  const step = (2 * Math.PI * 440 * 2 ** ((key - 69) / 12)) / sampleRate;
  return Float64Array.from({ length: Math.round(sampleRate * DECAY_SECONDS * 4) }, (_, at) => {
    const seconds = at / sampleRate;
    const envelope = Math.min(1, seconds / ATTACK_SECONDS) * Math.exp(-seconds / DECAY_SECONDS);
    const overtone = 0.25 * Math.sin(2 * step * at) * Math.exp(-seconds / 0.15);
    return NOTE_PEAK * envelope * (Math.sin(step * at) + overtone);
  });
}
