import { bell, ringNotes, type Note } from './ring-notes.ts';
import { playAt } from '../browser/outputs.ts';
import type { RingTone } from '../sound/preferences.ts';

/** Sounds that the phone makes itself, through Web Audio: nothing to load, nothing to license. */
export type ToneName = 'ring' | 'waiting' | 'ringback' | 'busy';

interface Pattern {
  readonly notes: readonly Note[];
  /** Seconds after which it begins again. */
  readonly period: number;
  /** How often; endless where absent. */
  readonly times?: number;
}

const tone = (at: number, seconds: number): Note => ({
  frequencies: [425],
  at,
  seconds,
  gain: 0.08,
  shape: 'tone',
});

/** Ring-back and busy follow ITU-T E.180 as most of Europe uses it: 425 Hz, 1 s on 4 s off, and 0.48 s on and off. */
const patterns: Record<Exclude<ToneName, 'ring'>, Pattern> = {
  waiting: { notes: [bell(880, 0, 0.1), bell(880, 0.22, 0.1)], period: 5 },
  ringback: { notes: [tone(0, 1)], period: 5 },
  busy: { notes: [tone(0, 0.48)], period: 0.96, times: 3 },
};

/** Where and how things sound; ids as in `setSinkId`. */
export interface SoundsAt {
  readonly speaker: string;
  /** One, or two that ring together. */
  readonly ringers: readonly string[];
  /** 0 to 100. */
  readonly ringVolume: number;
  readonly ringTone: RingTone;
}

const systemSound: SoundsAt = { speaker: '', ringers: [''], ringVolume: 70, ringTone: 'bells' };

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
  #soundsAt: () => SoundsAt = () => systemSound;
  #keys: { readonly speaker: string; readonly line: AudioNode; readonly close: () => void } | undefined;

  get context(): AudioContext | undefined {
    return this.#context;
  }

  /** Asked anew for each sound. */
  follow(soundsAt: () => SoundsAt): void {
    this.#soundsAt = soundsAt;
  }

  /** Browsers let a page sound only after a gesture: to be called in one. */
  unlock(): void {
    this.#context ??= createContext();
    if (this.#context?.state === 'suspended') void this.#context.resume();
  }

  /** Plays until the returned function is called; silent where the browser does not let the page sound. */
  play(name: ToneName): () => void {
    const { speaker, ringers, ringVolume, ringTone } = this.#soundsAt();
    return name === 'ring'
      ? this.#play(ringPattern(ringTone), ringers, ringGain(ringVolume))
      : this.#play(patterns[name], [speaker], 1);
  }

  /** One round of the ring tone at one device, to try it. */
  try(deviceId: string, as: 'ring' | 'voice'): () => void {
    const { ringVolume, ringTone } = this.#soundsAt();
    const gain = as === 'ring' ? ringGain(ringVolume) : 1;
    return this.#play({ ...ringPattern(as === 'ring' ? ringTone : 'bells'), times: 1 }, [deviceId], gain);
  }

  #play({ notes, period, times = Number.POSITIVE_INFINITY }: Pattern, at: readonly string[], gain: number) {
    this.#context ??= createContext();
    const context = this.#context;
    if (context === undefined) return () => {};
    const master = context.createGain();
    master.gain.value = gain;
    const lines = at.map((deviceId) => openLine(context, master, deviceId));
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
      window.setTimeout(() => {
        master.disconnect();
        for (const close of lines) close();
      }, 100);
    };
  }

  /** Kept open: a key that waits for its device would be heard too late, or not at all. */
  #speakerLine(context: AudioContext): AudioNode {
    const { speaker } = this.#soundsAt();
    if (this.#keys?.speaker === speaker) return this.#keys.line;
    this.#keys?.close();
    const line = context.createGain();
    const close = openLine(context, line, speaker);
    this.#keys = { speaker, line, close };
    return line;
  }

  /** What a person hears of a key that they press. */
  key(digit: string): void {
    const [row, column] = [dtmfRows[digit], dtmfColumns[digit]];
    const context = this.#context;
    if (row === undefined || column === undefined || context?.state !== 'running') return;
    const line = this.#speakerLine(context);
    schedule(context, line, {
      frequencies: [row, column],
      at: 0,
      seconds: 0.12,
      gain: 0.06,
      shape: 'tone',
    });
  }
}

function ringPattern(ringTone: RingTone): Pattern {
  return { notes: ringNotes[ringTone], period: 2.8 };
}

/** Loudness as people hear it goes with the square; the louder half is louder than the phone's own tones. */
function ringGain(volume: number): number {
  return 2 * (volume / 100) ** 2;
}

/** An audio context plays at one device; another one is reached through an element of its own. */
function openLine(context: AudioContext, source: AudioNode, deviceId: string): () => void {
  if (deviceId === '') {
    source.connect(context.destination);
    return () => undefined;
  }
  const destination = context.createMediaStreamDestination();
  source.connect(destination);
  const player = new Audio();
  player.srcObject = destination.stream;
  void (async () => {
    await playAt(player, deviceId);
    // Not allowed to sound before the first gesture, as everything else.
    await player.play().catch(() => undefined);
  })();
  return () => {
    player.pause();
    player.srcObject = null;
  };
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
