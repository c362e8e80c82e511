import type { Measures } from './measures.ts';

/**
 * What is wrong with the sound of a call, for the shell to put into words, the most telling first.
 * `nothing_arrives` no packets come · `microphone_silent` the own microphone gives nothing · `gaps_up` the other side may hear gaps ·
 * `gaps_down` this person may · `delay` both wait for each other · `nothing_heard` packets come and are silent.
 */
export const troubleKinds = [
  'nothing_arrives',
  'microphone_silent',
  'gaps_up',
  'gaps_down',
  'delay',
  'nothing_heard',
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** `unknown`: too early to tell. */
export type Verdict = 'unknown' | 'good' | TroubleKind;

/** What the person does about the sound themselves: silence that is wanted is no trouble. */
export interface Circumstances {
  readonly muted: boolean;
  /** Either side holds: neither sends as usual. */
  readonly held: boolean;
}

/** How often a running call is looked at. */
export const LOOK_EVERY_MS = 2_000;

interface Rule {
  /** Whether it is so now, was so until now and still is, or is over; undefined: this look cannot tell. */
  readonly test: (measures: Measures, here: Circumstances, on: boolean) => boolean | undefined;
  /** Looks in a row until it is said, and until it is taken back: words that flicker help nobody. */
  readonly enter: number;
  readonly leave: number;
}

/** Root mean square. A room is far louder, even after noise suppression; a headset muted by its own switch gives about nothing. */
const SILENCE = 1e-4;

const above = (value: number | undefined, on: boolean, limits: readonly [enter: number, leave: number]) =>
  value === undefined ? undefined : value > limits[on ? 1 : 0];

const rules: Readonly<Record<TroubleKind, Rule>> = {
  nothing_arrives: {
    test: ({ packetsCame }, { held }) => (held ? false : !packetsCame),
    enter: 3,
    leave: 1,
  },
  microphone_silent: {
    test: ({ sourceLevel }, { muted, held }) => {
      if (muted || held) return false;
      return sourceLevel === undefined ? undefined : sourceLevel < SILENCE;
    },
    enter: 5,
    leave: 1,
  },
  gaps_up: { test: ({ lossUp }, _here, on) => above(lossUp, on, [5, 2]), enter: 2, leave: 5 },
  gaps_down: {
    test: ({ concealed, lossDown }, { held }, on) =>
      held ? undefined : above(concealed ?? lossDown, on, [4, 1.5]),
    enter: 2,
    leave: 5,
  },
  delay: { test: ({ roundTripMs }, _here, on) => above(roundTripMs, on, [400, 300]), enter: 3, leave: 5 },
  nothing_heard: {
    test: ({ heardLevel, packetsCame }, { held }) => {
      if (held || !packetsCame) return false;
      return heardLevel === undefined ? undefined : heardLevel < SILENCE;
    },
    enter: 10,
    leave: 1,
  },
};

interface Seen {
  readonly on: boolean;
  /** Looks in a row that said the opposite. */
  readonly against: number;
}

/** What was seen of one call. Each trouble is a machine of its own: `off ─enter looks─► on ─leave looks─► off`. */
export interface Judgement {
  readonly looks: number;
  readonly seen: Readonly<Record<TroubleKind, Seen>>;
}

const off: Seen = { on: false, against: 0 };

export const noJudgement: Judgement = {
  looks: 0,
  seen: {
    nothing_arrives: off,
    microphone_silent: off,
    gaps_up: off,
    gaps_down: off,
    delay: off,
    nothing_heard: off,
  },
};

export function judge(before: Judgement, measures: Measures, here: Circumstances): Judgement {
  const next = (kind: TroubleKind): Seen => {
    const { on, against } = before.seen[kind];
    const rule = rules[kind];
    const says = rule.test(measures, here, on);
    if (says === undefined || says === on) return says === undefined ? before.seen[kind] : { on, against: 0 };
    const needed = on ? rule.leave : rule.enter;
    return against + 1 >= needed ? { on: !on, against: 0 } : { on, against: against + 1 };
  };
  return {
    looks: before.looks + 1,
    seen: {
      nothing_arrives: next('nothing_arrives'),
      microphone_silent: next('microphone_silent'),
      gaps_up: next('gaps_up'),
      gaps_down: next('gaps_down'),
      delay: next('delay'),
      nothing_heard: next('nothing_heard'),
    },
  };
}

export function verdictOf({ looks, seen }: Judgement): Verdict {
  const trouble = troubleKinds.find((kind) => seen[kind].on);
  if (trouble !== undefined) return trouble;
  return looks === 0 ? 'unknown' : 'good';
}
