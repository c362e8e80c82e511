import type { SeededRandom } from '@offhook/testkit';
import type { Feature, Profile } from './profile.test-support.ts';

export const userNames = ['alice', 'bob', 'carol'] as const;
export type UserName = (typeof userNames)[number];
export type Side = 'caller' | 'callee';

/** What both sides of one call mean to do; times in milliseconds. */
export interface Scenario {
  readonly callId: string;
  readonly startsAt: number;
  readonly caller: UserName;
  readonly callee: UserName;
  /** The caller leaves the offer to the callee. */
  readonly isDelayedOffer: boolean;
  readonly calleePlan: CalleePlan;
  readonly callerPlan: CallerPlan;
  /** After the answer, by each side's own clock: also before the other side has heard of it. */
  readonly actions: readonly Action[];
  /** By both sides at the same instant, after the caller has heard of the answer. */
  readonly together: readonly { readonly after: number; readonly kind: 'reoffer' }[];
  readonly hangUp: { readonly by: Side | 'both'; readonly after: number };
  /** How an offer of the other side is met in the middle of the call. */
  readonly acceptsReoffers: boolean;
  /** How long the application thinks before it answers an offer. */
  readonly thinking: number;
}

export type Ringing = 'none' | 'ring' | 'early_media';

export type CalleePlan =
  | { readonly kind: 'accept'; readonly after: number; readonly ringing: Ringing }
  | { readonly kind: 'refuse'; readonly after: number; readonly status: number }
  | { readonly kind: 'end'; readonly after: number }
  | { readonly kind: 'silent'; readonly ringing: Ringing };

export type CallerPlan =
  | { readonly kind: 'wait'; readonly atMost: number | undefined }
  | { readonly kind: 'cancel'; readonly after: number }
  | { readonly kind: 'time_out'; readonly after: number };

export interface Action {
  readonly by: Side;
  readonly after: number;
  readonly kind: 'reoffer' | 'info';
}

export interface ScenarioOptions {
  readonly profile: Profile;
  readonly features: ReadonlySet<Feature>;
  /** Calls begin within this time. */
  readonly within: number;
}

export function drawScenario(callId: string, random: SeededRandom, options: ScenarioOptions): Scenario {
  const { profile, features, within } = options;
  const [caller, callee] = drawPair(random);
  const calleePlan = drawCallee(random, features);
  return {
    callId,
    startsAt: random.integer(0, within),
    caller,
    callee,
    isDelayedOffer: features.has('delayed_offer') && random.chance(0.2),
    calleePlan,
    callerPlan: drawCaller(calleePlan, random, profile),
    actions: [...drawReoffers(random, features), ...drawInfos(random, features)],
    together:
      features.has('glare') && random.chance(0.25)
        ? Array.from({ length: random.integer(1, 3) }, () => ({
            after: random.pick([0, random.integer(0, 3_000)]),
            kind: 'reoffer' as const,
          }))
        : [],
    hangUp: {
      by: features.has('glare') && random.chance(0.15) ? 'both' : drawSide(random),
      after: random.pick([0, random.integer(0, 500), random.integer(0, 3_000), random.integer(0, 20_000)]),
    },
    acceptsReoffers: random.chance(0.8),
    thinking: random.pick([0, 0, random.integer(0, 400)]),
  };
}

const drawSide = (random: SeededRandom): Side => random.pick(['caller', 'callee'] as const);

function drawPair(random: SeededRandom): readonly [UserName, UserName] {
  const caller = random.pick(userNames);
  return [caller, random.pick(userNames.filter((name) => name !== caller))];
}

const drawDelay = (random: SeededRandom): number =>
  random.pick([0, random.integer(0, 300), random.integer(0, 5_000)]);

function drawRinging(random: SeededRandom, features: ReadonlySet<Feature>): Ringing {
  if (features.has('early_media') && random.chance(0.2)) return 'early_media';
  return random.chance(0.75) ? 'ring' : 'none';
}

function drawCallee(random: SeededRandom, features: ReadonlySet<Feature>): CalleePlan {
  const after = drawDelay(random);
  const ringing = drawRinging(random, features);
  const dice = random.fraction();
  if (dice < 0.7) return { kind: 'accept', after, ringing };
  if (dice < 0.86) return { kind: 'refuse', after, status: random.pick([404, 480, 486, 603, 302]) };
  if (dice < 0.93) return { kind: 'end', after };
  return { kind: 'silent', ringing };
}

function drawCaller(callee: CalleePlan, random: SeededRandom, profile: Profile): CallerPlan {
  const dice = random.fraction();
  if (dice < 0.15 && callee.kind !== 'silent') {
    // As near to the callee's decision as the network lets two people come.
    return { kind: 'cancel', after: Math.max(0, callee.after + random.integer(-100, 250)) };
  }
  if (dice < 0.25) return { kind: 'cancel', after: drawDelay(random) };
  if (dice < 0.32 || callee.kind === 'silent') return { kind: 'time_out', after: drawDelay(random) + 1 };
  return { kind: 'wait', atMost: profile.callersGiveUp ? 60_000 : undefined };
}

function drawReoffers(random: SeededRandom, features: ReadonlySet<Feature>): Action[] {
  if (!features.has('reoffer')) return [];
  return Array.from({ length: random.pick([0, 0, 1, 2, 3]) }, () => {
    const by = drawSide(random);
    const after = random.integer(0, 2_000);
    // Held, and soon taken back.
    const retrieve = { by, after: after + random.integer(1, 1_500), kind: 'reoffer' as const };
    return [{ by, after, kind: 'reoffer' as const }, ...(random.chance(0.5) ? [retrieve] : [])];
  }).flat();
}

function drawInfos(random: SeededRandom, features: ReadonlySet<Feature>): Action[] {
  if (!features.has('info')) return [];
  return Array.from({ length: random.pick([0, 0, 1]) }, () => ({
    by: drawSide(random),
    after: random.integer(0, 2_000),
    kind: 'info' as const,
  }));
}
