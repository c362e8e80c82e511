import type { SeededRandom } from '@offhook/testkit';

/** What both sides of one simulated call mean to do; times in milliseconds. */
export interface Scenario {
  readonly callId: string;
  readonly startsAt: number;
  /** The caller leaves the offer to the callee. */
  readonly isDelayedOffer: boolean;
  readonly callee: CalleePlan;
  readonly caller: CallerPlan;
  /** After the answer, by each side's own clock. */
  readonly reoffers: readonly { readonly by: Side; readonly after: number }[];
  readonly infos: readonly { readonly by: Side; readonly after: number }[];
  readonly hangUp: { readonly by: Side; readonly after: number };
  /** How an offer of the other side is met in the middle of the call. */
  readonly acceptsReoffers: boolean;
  /** How long the application thinks before it answers an offer. */
  readonly thinking: number;
}

export type Side = 'caller' | 'callee';

export type CalleePlan =
  | { readonly kind: 'accept'; readonly after: number; readonly rings: boolean }
  | { readonly kind: 'refuse'; readonly after: number; readonly status: number }
  | { readonly kind: 'end'; readonly after: number }
  | { readonly kind: 'silent' };

export type CallerPlan =
  | { readonly kind: 'wait' }
  | { readonly kind: 'cancel'; readonly after: number }
  | { readonly kind: 'time_out'; readonly after: number };

export function drawScenario(index: number, random: SeededRandom): Scenario {
  const callee = drawCallee(random);
  const soon = (most: number): number => random.integer(0, most);
  const side = (): Side => random.pick(['caller', 'callee'] as const);
  return {
    callId: `call-${index}`,
    startsAt: random.integer(0, 60_000),
    isDelayedOffer: random.chance(0.2),
    callee,
    caller: drawCaller(callee, random),
    reoffers: Array.from({ length: random.pick([0, 0, 1, 2, 3]) }, () => ({
      by: side(),
      after: soon(2_000),
    })),
    infos: Array.from({ length: random.pick([0, 0, 1]) }, () => ({ by: side(), after: soon(2_000) })),
    hangUp: { by: side(), after: random.pick([0, soon(500), soon(3_000), soon(20_000)]) },
    acceptsReoffers: random.chance(0.8),
    thinking: random.pick([0, 0, soon(400)]),
  };
}

function drawCallee(random: SeededRandom): CalleePlan {
  const after = random.pick([0, random.integer(0, 300), random.integer(0, 5_000)]);
  const dice = random.fraction();
  if (dice < 0.65) return { kind: 'accept', after, rings: random.chance(0.8) };
  if (dice < 0.85) return { kind: 'refuse', after, status: random.pick([404, 480, 486, 603, 302]) };
  if (dice < 0.92) return { kind: 'end', after };
  return { kind: 'silent' };
}

function drawCaller(callee: CalleePlan, random: SeededRandom): CallerPlan {
  const dice = random.fraction();
  const after = random.pick([0, random.integer(0, 300), random.integer(0, 5_000)]);
  if (dice < 0.2) return { kind: 'cancel', after };
  if (dice < 0.3 || callee.kind === 'silent') return { kind: 'time_out', after: after + 1 };
  return { kind: 'wait' };
}
