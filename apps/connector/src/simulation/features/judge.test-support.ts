import { CallService, callForClient, type EndCause } from '@offhook/contract';
import type { FeatureOffice } from './office.test-support.ts';
import { differences, sightOf, truthOf } from './truth.test-support.ts';

/** What is always true, by name. */
export const INVARIANTS = {
  agree: 'What the connector shows of each user is what the exchange has, soon after everything is quiet.',
  forever: 'When everybody has hung up no call is left, neither at the exchange nor at the connector.',
  ended: 'Each call that was told is told to have ended, once and last.',
  order: 'Revisions go forward, and nothing is told of a call after its end.',
  record: 'Each call that was told has one record, unless it was found to be one with another.',
  missed: 'No call is recorded as missed that one of the user’s devices answered.',
  gate: 'What is permitted passes the gate, and nothing else does.',
  answer: 'Each request is answered in time.',
  settings: 'Settings are shown as the exchange has them.',
  leak: 'Nothing is left behind: no session, dialog, timer, bridge, expectation, subscription, monitor.',
  crash: 'Nothing throws.',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly text: string;
}

/** Milliseconds in which each request has to be answered: voice path, hold of the other call and the platform one after the other. */
const ANSWERED_WITHIN = 45_000;
const MISSED: readonly EndCause[] = ['cancelled', 'no_answer', 'answered_elsewhere'];

/** What the connector could not have known, by the faults of the sequence. */
export interface Blindness {
  /** The control link was down, or the exchange, or events were wrong: calls at mobiles, slots and mailboxes are not found again. */
  readonly hadBreak: boolean;
  /** Events have not come, or made no sense: what was over before anybody looked was not seen, and what was lost is found as a new call. */
  readonly missedEvents: boolean;
}

export function judgeAgreement(office: FeatureOffice, { hadBreak }: Blindness): Violation[] {
  return office.exchange.extensions.flatMap((user) => {
    const shown = office.board
      .snapshot(office.userOf(user.name))
      .calls.flatMap((call) => sightOf(call) ?? []);
    return differences(shown, truthOf(office.exchange, user, office.seesAll), hadBreak).map(
      (text): Violation => ({
        invariant: 'agree',
        text: `${user.name}: ${text}`,
      }),
    );
  });
}

export function judgeSettings(office: FeatureOffice): Violation[] {
  return office.exchange.extensions.flatMap(({ name, main }): Violation[] => {
    const settings = office.platform.settings(office.userOf(name));
    const isTrue = office.exchange.disturb.has(main) !== (office.broken === 'settings stay as they were');
    if (settings === undefined || !office.seesAll || settings.doNotDisturb === isTrue) return [];
    return [
      { invariant: 'settings', text: `${name}: do-not-disturb is ${String(isTrue)}, and shown otherwise` },
    ];
  });
}

/** Of every call as it is now, for every client and service. */
export function judgeGate(office: FeatureOffice): Violation[] {
  const violations: Violation[] = [];
  const isOpen = office.broken === 'gate stands open';
  for (const { userId, clientId } of office.clients) {
    for (const call of office.board.snapshot(userId).calls) {
      const { permitted } = callForClient(call, clientId);
      for (const service of CallService.options) {
        const others = [...office.board.calls(userId).calls.keys()];
        const wishes =
          service === 'completeTransfer' || service === 'conference'
            ? others.map((otherCallId) => ({ otherCallId }))
            : [{}];
        const passes = wishes.some(
          (wish) =>
            isOpen || office.board.gate(userId, { callId: call.callId, clientId, service, ...wish }).ok,
        );
        if (passes === permitted.includes(service)) continue;
        const verb = passes ? 'passes' : 'is refused';
        violations.push({
          invariant: 'gate',
          text: `${service} of ${call.callId} ${verb} and is ${passes ? 'not ' : ''}permitted`,
        });
      }
    }
  }
  return violations;
}

export function judgeAnswers(office: FeatureOffice): Violation[] {
  return office.asked.flatMap(({ what, since, outcome }): Violation[] =>
    outcome === undefined && office.clock.now - since > ANSWERED_WITHIN
      ? [{ invariant: 'answer', text: `${what}, asked at ${String(since)}, has no answer` }]
      : [],
  );
}

export function judgeNothingRings(office: FeatureOffice): Violation[] {
  const left: Violation[] = [...office.exchange.calls.values()].map(({ parts }) => ({
    invariant: 'forever',
    text: `the exchange still has ${JSON.stringify([...parts])}`,
  }));
  for (const { name } of office.exchange.extensions) {
    for (const { state, position, remote } of office.board.snapshot(office.userOf(name)).calls) {
      left.push({
        invariant: 'forever',
        text: `${name} still has ${state.name} ${position.at} ${remote.number}`,
      });
    }
  }
  return left;
}

export function judgeStories(office: FeatureOffice, { missedEvents }: Blindness): Violation[] {
  const violations: Violation[] = [];
  const blame = (invariant: Invariant, text: string): void => {
    violations.push({ invariant, text });
  };
  for (const [callId, { told, revisions }] of office.stories) {
    const last = told.at(-1);
    const ends = told.filter(({ state }) => state.name === 'ended').length;
    const words = `${callId} (${last?.remote.number ?? ''})`;
    if (ends !== 1) blame('ended', `${words} was told to have ended ${String(ends)} times`);
    const before = told.findIndex(({ state }) => state.name === 'ended');
    // That nothing more than a call-back is permitted afterwards may change.
    const after = before < 0 ? [] : told.slice(before + 1).filter(({ state }) => state.name !== 'ended');
    if (after.length > 0) blame('order', `${words} was told of after its end`);
    const order = office.broken === 'revisions go back' ? revisions.toReversed() : revisions;
    if (order.some((revision, index) => index > 0 && revision <= (order[index - 1] ?? 0)))
      blame('order', `${words}: revisions go back`);
    const records = office.records.filter((record) => record.callId === callId);
    const wanted = office.forgotten.has(callId) ? 0 : 1;
    if (records.length !== wanted) {
      blame('record', `${words} has ${String(records.length)} records, not ${String(wanted)}`);
    }
  }
  for (const { userId, remote, cause, answeredAt, callId, direction } of office.records) {
    // Whoever gives up while the other side answers has given up.
    const isMissed =
      direction === 'incoming' && answeredAt === undefined && MISSED.includes(cause) && !missedEvents;
    // Only outsiders are in one call each.
    if (
      isMissed &&
      /^7\d{3}$/u.test(remote.number) &&
      office.exchange.answered.has(`${userId} ${remote.number}`)
    ) {
      blame(
        'missed',
        `${callId} of ${userId} with ${remote.number} is recorded as ${cause}, and was answered`,
      );
    }
  }
  return violations;
}

/** When the platform is stopped and everything had time to go. */
export function judgeLeftovers(office: FeatureOffice): Violation[] {
  return Object.entries(office.leftovers()).flatMap(([what, count]): Violation[] =>
    count === 0 ? [] : [{ invariant: 'leak', text: `${String(count)} ${what}` }],
  );
}
