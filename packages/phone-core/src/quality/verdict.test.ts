import { describe, expect, it } from 'vitest';
import type { Measures } from './measures.ts';
import { judge, noJudgement, verdictOf, type Circumstances, type Verdict } from './verdict.ts';

/* [H3] Words for how a call sounds: said when they are true for a while, taken back when they are not for longer. */

const fine: Measures = {
  roundTripMs: 40,
  jitterMs: 3,
  lossDown: 0,
  lossUp: 0,
  concealed: 0,
  packetsCame: true,
  sourceLevel: 0.05,
  heardLevel: 0.05,
  bufferMs: 40,
  codec: 'opus',
  path: undefined,
};
const talking: Circumstances = { muted: false, held: false };

type Look = Partial<Measures> & { readonly here?: Partial<Circumstances> };

/** What is said after each look. */
function verdicts(looks: readonly Look[]): Verdict[] {
  let judgement = noJudgement;
  return looks.map(({ here, ...measures }) => {
    judgement = judge(judgement, { ...fine, ...measures }, { ...talking, ...here });
    return verdictOf(judgement);
  });
}

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

describe('[H3] the verdict', () => {
  it('is good when all is well, and unknown before the first look', () => {
    expect(verdictOf(noJudgement)).toBe('unknown');
    expect(verdicts(times(3, {}))).toEqual(['good', 'good', 'good']);
  });

  it.each([
    ['gaps_up', { lossUp: 9 }, 2],
    ['gaps_down', { concealed: 6 }, 2],
    ['delay', { roundTripMs: 600 }, 3],
    ['microphone_silent', { sourceLevel: 0 }, 5],
    ['nothing_arrives', { packetsCame: false, heardLevel: undefined }, 3],
    ['nothing_heard', { heardLevel: 0 }, 10],
  ] as const)('%s is said once it has been so for a while', (kind, look, enter) => {
    expect(verdicts(times(enter, look))).toEqual([...times(enter - 1, 'good'), kind]);
  });

  it('one bad look between good ones says nothing', () => {
    expect(new Set(verdicts([{ lossUp: 50 }, {}, { lossUp: 50 }, {}, { lossUp: 50 }, {}]))).toEqual(
      new Set(['good']),
    );
  });

  it('is taken back after ten good seconds, and not while it is between the limits', () => {
    const bad = times(2, { lossUp: 9 });
    expect(verdicts([...bad, ...times(9, { lossUp: 3 })]).at(-1)).toBe('gaps_up');
    expect(verdicts([...bad, ...times(4, {}), { lossUp: 3 }, ...times(4, {})]).at(-1)).toBe('gaps_up');
    expect(verdicts([...bad, ...times(5, {})]).at(-1)).toBe('good');
  });

  it('a microphone that is heard again is believed at once', () => {
    expect(verdicts([...times(5, { sourceLevel: 0 }), {}]).at(-1)).toBe('good');
  });

  it('a muted microphone and a held call are silent on purpose', () => {
    const silent = { sourceLevel: 0, heardLevel: 0, packetsCame: false };
    expect(verdicts(times(20, { sourceLevel: 0, here: { muted: true } })).at(-1)).toBe('good');
    expect(verdicts(times(20, { ...silent, here: { held: true } })).at(-1)).toBe('good');
  });

  it('what a browser does not tell changes nothing', () => {
    const mute = { roundTripMs: undefined, lossUp: undefined, concealed: undefined, lossDown: undefined };
    expect(verdicts(times(20, { ...mute, sourceLevel: undefined, heardLevel: undefined })).at(-1)).toBe(
      'good',
    );
  });

  it('of several troubles the most telling one is said', () => {
    expect(verdicts(times(10, { sourceLevel: 0, lossUp: 20, roundTripMs: 900 })).at(-1)).toBe(
      'microphone_silent',
    );
  });
});
