import type { VoicePath, VoiceStats } from '../ports.ts';

/** 0 to 100. */
export type Percent = number;

/** What a call was like between two looks at its peer connection. Undefined: it could not be told. */
export interface Measures {
  readonly roundTripMs: number | undefined;
  /** Of what the other side says. */
  readonly jitterMs: number | undefined;
  readonly lossDown: Percent | undefined;
  /** As the other end of the path tells it. */
  readonly lossUp: Percent | undefined;
  /** Of the sound that was heard: made up for what was missing. */
  readonly concealed: Percent | undefined;
  /** Whether anything came at all. */
  readonly packetsCame: boolean;
  /** Root mean square of what the microphone gave, 0 to 1; undefined without one. */
  readonly sourceLevel: number | undefined;
  /** The same of what the other side said. */
  readonly heardLevel: number | undefined;
  readonly bufferMs: number | undefined;
  readonly codec: string | undefined;
  readonly path: VoicePath | undefined;
}

/** Counters begin anew with a new path: then there is nothing to compare yet. */
export function measuresBetween(before: VoiceStats, now: VoiceStats): Measures | undefined {
  const { received, sent, source } = now;
  if (before.connection !== now.connection) return undefined;
  const packets = grown(before.received?.packets, received?.packets);
  const lost = grown(before.received?.lost, received?.lost);
  const samples = grown(before.received?.samples, received?.samples);
  const concealed = grown(before.received?.concealed, received?.concealed);
  const toldSent = grown(before.sent?.packets, sent?.packets);
  const toldLost = grown(before.sent?.lost, sent?.lost);
  const emitted = grown(before.received?.emitted, received?.emitted);
  const delay = grown(before.received?.bufferSeconds, received?.bufferSeconds);
  return {
    roundTripMs: now.roundTripMs,
    jitterMs: received?.jitterMs,
    lossDown: share(lost, sum(lost, packets)),
    lossUp: share(toldLost, toldSent),
    concealed: share(concealed, samples),
    packetsCame: (packets ?? 0) > 0,
    sourceLevel: level(before.source, source),
    heardLevel: level(before.received, received),
    bufferMs: delay === undefined || !emitted ? undefined : Math.round((delay / emitted) * 1_000),
    codec: now.codec,
    path: now.path,
  };
}

/** Late packets can make a count of losses smaller: nothing was lost then. */
function grown(before: number | undefined, now: number | undefined): number | undefined {
  return before === undefined || now === undefined ? undefined : Math.max(0, now - before);
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function share(part: number | undefined, whole: number | undefined): Percent | undefined {
  if (part === undefined || whole === undefined || whole === 0) return undefined;
  return Math.min(100, (100 * part) / whole);
}

interface Energy {
  readonly energy: number | undefined;
  readonly seconds: number | undefined;
}

/** `totalAudioEnergy` grows by the square of the level times its duration (W3C webrtc-stats). */
function level(before: Energy | undefined, now: Energy | undefined): number | undefined {
  const energy = grown(before?.energy, now?.energy);
  const seconds = grown(before?.seconds, now?.seconds);
  if (energy === undefined || !seconds) return undefined;
  return Math.sqrt(energy / seconds);
}
