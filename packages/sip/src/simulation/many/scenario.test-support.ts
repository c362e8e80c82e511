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
  /** Straight to where the callee is bound, or to the registrar, which asks for credentials and redirects. */
  readonly route: 'lookup' | 'redirect';
  /** The caller leaves the offer to the callee. */
  readonly isDelayedOffer: boolean;
  readonly calleePlan: CalleePlan;
  readonly callerPlan: CallerPlan;
  /** After the answer, by each side's own clock: also before the other side has heard of it. */
  readonly actions: readonly Action[];
  /** By both sides at the same instant, after the caller has heard of the answer. */
  readonly together: readonly { readonly after: number; readonly kind: 'reoffer' | 'update' }[];
  readonly hangUp: { readonly by: Side | 'both'; readonly after: number };
  /** Offers before the answer, by each side as soon as it knows that it may. */
  readonly early: readonly { readonly by: Side; readonly after: number }[];
  readonly sessionTimer?: SessionTimerPlan;
  /** Somebody else calls one side, to take the place of the other. */
  readonly replacement?: { readonly after: number; readonly at: Side; readonly call: Scenario };
  readonly transfer?: TransferPlan;
  /** How an offer of the other side is met in the middle of the call. */
  readonly acceptsReoffers: boolean;
  /** How long the application thinks before it answers an offer. */
  readonly thinking: number;
}

export type Ringing =
  | 'none'
  | 'ring'
  | 'early_media'
  | 'reliable'
  /** The description of the 2xx comes in a reliable 183 already. */
  | 'reliable_media';

/** One side has the other call a third user. */
export interface TransferPlan {
  readonly by: Side;
  readonly after: number;
  /** The transferor wants to know how it goes on (RFC 4488). */
  readonly isReported: boolean;
  /** From the other side to the third user. */
  readonly call: Scenario;
  /** From the transferor to the third user before: then the call takes the place of this one. */
  readonly consultation?: Scenario;
}

export interface SessionTimerPlan {
  readonly by: Side | 'both';
  /** Seconds. */
  readonly expires: number;
  readonly refresher?: 'local' | 'remote';
}

export type CalleePlan =
  | { readonly kind: 'accept'; readonly after: number; readonly ringing: Ringing }
  | { readonly kind: 'refuse'; readonly after: number; readonly status: number }
  | { readonly kind: 'end'; readonly after: number }
  | { readonly kind: 'silent'; readonly ringing: Ringing };

export type CallerPlan =
  | { readonly kind: 'wait'; readonly atMost: number | undefined }
  | { readonly kind: 'cancel'; readonly after: number }
  | { readonly kind: 'time_out'; readonly after: number };

/** After which time without an answer the caller's endpoint gives up. */
export function patienceOf(plan: CallerPlan): number | undefined {
  switch (plan.kind) {
    case 'wait':
      return plan.atMost;
    case 'time_out':
      return plan.after;
    case 'cancel':
      return undefined;
  }
}

export interface Action {
  readonly by: Side;
  readonly after: number;
  readonly kind: 'reoffer' | 'update' | 'info';
}

export interface ScenarioOptions {
  readonly profile: Profile;
  readonly features: ReadonlySet<Feature>;
  /** Calls begin within this time. */
  readonly within: number;
}

export function drawScenario(callId: string, random: SeededRandom, options: ScenarioOptions): Scenario {
  const { features, within } = options;
  const caller = random.pick(userNames);
  const callee = random.pick(userNames.filter((name) => name !== caller));
  const startsAt = random.integer(0, within);
  const call = drawCall({ callId, startsAt, caller, callee }, random, options);
  const third = userNames.find((name) => name !== caller && name !== callee) ?? caller;
  if (features.has('transfer') && random.chance(0.12))
    return { ...call, transfer: drawTransfer(call, third, random, options) };
  if (!features.has('replaces') || !random.chance(0.1)) return call;
  const at = drawSide(random);
  const parties = {
    callId: `${callId}-replacing`,
    startsAt: 0,
    caller: third,
    callee: at === 'caller' ? caller : callee,
  };
  const replacing = drawCall(parties, random, options);
  return {
    ...call,
    replacement: { after: random.integer(0, 3_000), at, call: { ...replacing, route: 'lookup' } },
  };
}

function drawTransfer(
  { callId, caller, callee }: Scenario,
  third: UserName,
  random: SeededRandom,
  options: ScenarioOptions,
): TransferPlan {
  const by = drawSide(random);
  const [transferor, transferee] = by === 'caller' ? [caller, callee] : [callee, caller];
  const draw = (suffix: string, from: UserName): Scenario => ({
    ...drawCall({ callId: `${callId}-${suffix}`, startsAt: 0, caller: from, callee: third }, random, options),
    route: 'lookup',
  });
  const isConsulted = random.chance(0.5);
  return {
    by,
    after: random.pick([0, random.integer(0, 3_000)]),
    isReported: random.chance(0.8),
    call: draw('transferred', transferee),
    ...(isConsulted && { consultation: draw('consultation', transferor) }),
  };
}

function drawCall(
  parties: Pick<Scenario, 'callId' | 'startsAt' | 'caller' | 'callee'>,
  random: SeededRandom,
  { profile, features }: ScenarioOptions,
): Scenario {
  const calleePlan = drawCallee(random, features);
  const sessionTimer = drawSessionTimer(random, features);
  const longest = sessionTimer === undefined ? 20_000 : 300_000;
  return {
    ...parties,
    route: features.has('redirect') && random.chance(0.25) ? 'redirect' : 'lookup',
    isDelayedOffer: features.has('delayed_offer') && random.chance(0.2),
    calleePlan,
    callerPlan: drawCaller(calleePlan, random, profile),
    actions: [...drawReoffers(random, features), ...drawInfos(random, features)],
    together:
      features.has('glare') && random.chance(0.25)
        ? Array.from({ length: random.integer(1, 3) }, () => ({
            after: random.pick([0, random.integer(0, 3_000)]),
            kind: drawOffer(random, features),
          }))
        : [],
    early: features.has('update')
      ? Array.from({ length: random.pick([0, 1, 2]) }, () => ({
          by: drawSide(random),
          after: random.pick([0, random.integer(0, 2_000)]),
        }))
      : [],
    ...(sessionTimer !== undefined && { sessionTimer }),
    hangUp: {
      by: features.has('glare') && random.chance(0.15) ? 'both' : drawSide(random),
      after: random.pick([0, random.integer(0, 500), random.integer(0, 3_000), random.integer(0, longest)]),
    },
    acceptsReoffers: random.chance(0.8),
    thinking: random.pick([0, 0, random.integer(0, 400)]),
  };
}

const drawSide = (random: SeededRandom): Side => random.pick(['caller', 'callee'] as const);

const drawOffer = (random: SeededRandom, features: ReadonlySet<Feature>): 'reoffer' | 'update' =>
  features.has('update') && random.chance(0.4) ? 'update' : 'reoffer';

function drawSessionTimer(
  random: SeededRandom,
  features: ReadonlySet<Feature>,
): SessionTimerPlan | undefined {
  if (!features.has('session_timer') || !random.chance(0.3)) return undefined;
  const refresher = random.pick(['local', 'remote', 'any'] as const);
  return {
    by: random.pick(['caller', 'callee', 'both'] as const),
    // Below 90 a peer refuses with 422, and we ask for no less ourselves.
    expires: random.integer(90, 120),
    ...(refresher !== 'any' && { refresher }),
  };
}

const drawDelay = (random: SeededRandom): number =>
  random.pick([0, random.integer(0, 300), random.integer(0, 5_000)]);

function drawRinging(random: SeededRandom, features: ReadonlySet<Feature>): Ringing {
  if (features.has('early_media') && random.chance(0.2)) return 'early_media';
  if (features.has('prack') && random.chance(0.4)) return random.pick(['reliable', 'reliable_media']);
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
    const kind = drawOffer(random, features);
    const retrieve = { by, after: after + random.integer(1, 1_500), kind };
    return [{ by, after, kind }, ...(random.chance(0.5) ? [retrieve] : [])];
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
