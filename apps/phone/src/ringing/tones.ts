/** Sounds that the phone makes itself, through Web Audio: nothing to load, nothing to license. */
export type ToneName = 'ring' | 'waiting' | 'ringback' | 'busy';

interface Note {
  readonly frequencies: readonly number[];
  /** Seconds from the start of the pattern. */
  readonly at: number;
  readonly seconds: number;
  readonly gain: number;
  /** `bell` dies away, `tone` stays level. */
  readonly shape: 'bell' | 'tone';
}

interface Pattern {
  readonly notes: readonly Note[];
  /** Seconds after which it begins again. */
  readonly period: number;
  /** How often; endless where absent. */
  readonly times?: number;
}

const bell = (frequency: number, at: number, gain = 0.22): Note => ({
  frequencies: [frequency, frequency * 2.01],
  at,
  seconds: 0.9,
  gain,
  shape: 'bell',
});

const tone = (at: number, seconds: number): Note => ({
  frequencies: [425],
  at,
  seconds,
  gain: 0.08,
  shape: 'tone',
});

/** Ring-back and busy follow ITU-T E.180 as most of Europe uses it: 425 Hz, 1 s on 4 s off, and 0.48 s on and off. */
const patterns: Record<ToneName, Pattern> = {
  ring: {
    notes: [bell(659.3, 0), bell(830.6, 0.16), bell(987.8, 0.32), bell(830.6, 0.7), bell(987.8, 0.86)],
    period: 2.8,
  },
  waiting: { notes: [bell(880, 0, 0.1), bell(880, 0.22, 0.1)], period: 5 },
  ringback: { notes: [tone(0, 1)], period: 5 },
  busy: { notes: [tone(0, 0.48)], period: 0.96, times: 3 },
};

/** DTMF pairs in hertz (ITU-T Q.23). */
const dtmfRows: Record<string, number> = {
  '1': 697,
  '2': 697,
  '3': 697,
  '4': 770,
  '5': 770,
  '6': 770,
  '7': 852,
  '8': 852,
  '9': 852,
  '*': 941,
  '0': 941,
  '#': 941,
};
const dtmfColumns: Record<string, number> = {
  '1': 1209,
  '4': 1209,
  '7': 1209,
  '*': 1209,
  '2': 1336,
  '5': 1336,
  '8': 1336,
  '0': 1336,
  '3': 1477,
  '6': 1477,
  '9': 1477,
  '#': 1477,
};

export class Tones {
  #context: AudioContext | undefined;

  get context(): AudioContext | undefined {
    return this.#context;
  }

  /** Browsers let a page sound only after a gesture: to be called in one. */
  unlock(): void {
    this.#context ??= createContext();
    if (this.#context?.state === 'suspended') void this.#context.resume();
  }

  /** Plays until the returned function is called; silent where the browser does not let the page sound. */
  play(name: ToneName): () => void {
    this.#context ??= createContext();
    const context = this.#context;
    if (context === undefined) return () => {};
    const master = context.createGain();
    master.connect(context.destination);
    const { notes, period, times = Number.POSITIVE_INFINITY } = patterns[name];
    let round = 0;
    const playRound = (): void => {
      // A context that is not allowed to sound would play everything at once later on.
      if (context.state === 'running') for (const note of notes) schedule(context, master, note);
      round += 1;
      if (round >= times) window.clearInterval(timer);
    };
    const timer = window.setInterval(playRound, period * 1_000);
    playRound();
    return () => {
      window.clearInterval(timer);
      master.gain.setTargetAtTime(0, context.currentTime, 0.01);
      window.setTimeout(() => master.disconnect(), 100);
    };
  }

  /** What a person hears of a key that they press. */
  key(digit: string): void {
    const [row, column] = [dtmfRows[digit], dtmfColumns[digit]];
    const context = this.#context;
    if (row === undefined || column === undefined || context?.state !== 'running') return;
    schedule(context, context.destination, {
      frequencies: [row, column],
      at: 0,
      seconds: 0.12,
      gain: 0.06,
      shape: 'tone',
    });
  }
}

function createContext(): AudioContext | undefined {
  try {
    return new AudioContext();
  } catch {
    return undefined;
  }
}

function schedule(context: AudioContext, target: AudioNode, note: Note): void {
  const start = context.currentTime + note.at;
  const end = start + note.seconds;
  const envelope = context.createGain();
  envelope.connect(target);
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(note.gain, start + 0.008);
  if (note.shape === 'bell') envelope.gain.exponentialRampToValueAtTime(0.0005, end);
  else envelope.gain.setValueAtTime(note.gain, end - 0.01);
  envelope.gain.linearRampToValueAtTime(0, end + 0.01);
  note.frequencies.forEach((frequency, overtone) => {
    const oscillator = context.createOscillator();
    const level = context.createGain();
    oscillator.frequency.value = frequency;
    level.gain.value = note.shape === 'bell' && overtone > 0 ? 0.25 : 1;
    oscillator.connect(level).connect(envelope);
    oscillator.start(start);
    oscillator.stop(end + 0.05);
  });
}

export const tones = new Tones();
