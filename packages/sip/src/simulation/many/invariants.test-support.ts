import type { EndReason } from '../../endpoint/api.ts';
import type { Invariant, WorldEnd } from './judge.test-support.ts';
import type { CallRecord, Leg } from './record.test-support.ts';
import { isLive, isQuiet } from './record.test-support.ts';
import { patienceOf } from './scenario.test-support.ts';
import { refreshedAt } from './wire.test-support.ts';
import type { CallWire } from './wire.test-support.ts';

const T1 = 500;
export const sixtyFourT1 = 64 * T1;
/** A phone rings for ten minutes at most. */
const longestRinging = 600_000;

/**
 * What is always true, whatever the network does. The network's doings are known message for message, so nothing is
 * excused by "it was a bad network": what may go wrong is what a message that was really lost explains.
 */
export const invariants: readonly Invariant[] = [
  {
    name: 'never_throws',
    says: 'Neither an input nor a command that the state permits throws.',
  },
  {
    name: 'nobody_waits_for_ever',
    says: 'What an application has asked for comes to an end in the time that RFC 3261 gives it.',
  },
  {
    name: 'deadlines_ahead',
    says: 'After every input the deadline is not in the past, and there is one exactly as long as there are timers.',
    step: ({ hosts, now }, fault) => {
      for (const { life, sip } of hosts) {
        if (life.endedAt !== undefined) continue;
        const deadline = sip.deadline();
        if (deadline !== undefined && deadline < now) fault(`${life.host} is ${now - deadline} ms late`);
        const { timers } = sip.counts();
        if ((deadline === undefined) !== (timers === 0)) {
          fault(`${life.host} has ${timers} timers and ${deadline === undefined ? 'no' : 'a'} deadline`);
        }
      }
    },
  },
  {
    name: 'sessions_match',
    says: 'An endpoint has exactly the sessions whose end it has not told.',
    step: ({ hosts }, fault) => {
      for (const { life, sip, openSessions } of hosts) {
        const { sessions } = sip.counts();
        if (life.endedAt === undefined && sessions !== openSessions) {
          fault(`${life.host} has ${sessions} sessions, and its application knows ${openSessions}`);
        }
      }
    },
  },
  {
    name: 'counts_bounded',
    says: 'No count is negative, nothing of ours is malformed or refused, and dialogs and timers belong to something, and sessions have something that moves them.',
    step: ({ hosts }, fault) => {
      for (const { life, sip } of hosts) {
        const counts = sip.counts();
        const { transactions, dialogs, sessions, registrations, timers, malformed } = counts;
        const { limits, ...numbers } = counts;
        const others = counts.subscriptions + counts.notifiers + counts.referrals + counts.referrers;
        // Of a callee that was restarted while it rang the caller knows two dialogs.
        const isRight =
          Math.min(...Object.values(numbers)) >= 0 &&
          malformed === 0 &&
          Math.max(...Object.values(limits)) === 0 &&
          (sessions === 0 || transactions + dialogs + timers > 0) &&
          dialogs <= 3 * sessions + others &&
          timers <= 2 * transactions + 10 * (sessions + registrations + others) + 10;
        if (!isRight) fault(`${life.host} counts ${JSON.stringify(counts)}`);
      }
    },
  },
  {
    name: 'registered_means_bound',
    says: 'Who is told to be registered is bound at the registrar, and a registration goes on until it is ended.',
    step: ({ hosts }, fault) => {
      for (const { life, sip, boundAs } of hosts) {
        const { registrations, timers, transactions } = sip.counts();
        if (boundAs !== undefined && (registrations !== 1 || timers + transactions === 0)) {
          fault(`${life.host} is registered as ${boundAs}, and has ${registrations} registrations`);
        }
      }
    },
  },
  {
    name: 'one_end',
    says: 'A session ends once, and nothing is told of it afterwards or of a session that never began.',
    step: ({ told }, fault) => {
      for (const { event, leg, isOutOfTurn, life } of told) {
        if (isOutOfTurn) fault(`${life.host} is told ${event.type} out of turn`, leg?.record);
      }
    },
  },
  {
    name: 'one_call',
    says: 'An INVITE makes one call, however often it comes while its transaction lives.',
    step: ({ told }, fault) => {
      for (const { leg, isSecondTime, life } of told) {
        if (isSecondTime) fault(`${life.host} is called a second time by one INVITE`, leg?.record);
      }
    },
  },
  {
    name: 'replaces_the_right_one',
    says: 'A call that is to take the place of another is offered as such, with the session that it means.',
    step: ({ told }, fault) => {
      for (const { event, leg, life } of told) {
        if (event.type !== 'session.incoming' || leg === undefined) continue;
        const wanted = leg.record.replaces?.session;
        if (event.replaces !== wanted) {
          fault(`${life.host} is to replace ${wanted}, and is told ${event.replaces}`, leg.record);
        }
      }
    },
  },
  {
    name: 'one_final_response',
    says: 'A request has one final response, and no other response after it while its transaction lives.',
    step: ({ wire }, fault) => {
      for (const { event, life, record } of wire) {
        if (event.kind !== 'response_sent') continue;
        const { final } = event.before;
        if (final !== undefined && final !== event.status) {
          fault(`${life.host} answers ${event.method} ${event.status} after ${final}`, record);
        }
      }
    },
  },
  {
    name: 'numbers_rise',
    says: 'Each new request of a dialog has a higher CSeq number than the one before it.',
    step: ({ wire }, fault) => {
      for (const { event, life, record } of wire) {
        if (event.kind !== 'request_sent' || !event.isNew || event.method === 'CANCEL') continue;
        const { number: before } = event.before;
        if (before !== undefined && event.number <= before) {
          fault(`${life.host} sends ${event.method} ${event.number} after ${before}`, record);
        }
      }
    },
  },
  {
    name: 'cancel_and_ack_in_place',
    says: 'CANCEL follows a provisional response to its INVITE, and ACK an INVITE with its number.',
    step: ({ wire }, fault) => {
      for (const { event, life, record } of wire) {
        if (event.kind !== 'request_sent') continue;
        const { method, number, before } = event;
        if (method !== 'CANCEL' && method !== 'ACK') continue;
        if (!before.hasInvite) fault(`${life.host} sends ${method} ${number} without an INVITE`, record);
        else if (method === 'CANCEL' && !before.hasProvisional) {
          fault(`${life.host} cancels before anybody has answered`, record);
        }
      }
    },
  },
  {
    name: 'bye_is_the_last',
    says: 'After its BYE a host begins nothing more in that dialog; ACK alone may follow, or the BYE again where it was refused.',
    step: ({ wire }, fault) => {
      for (const { event, life, record } of wire) {
        if (event.kind !== 'request_sent' || !event.isNew) continue;
        const isOther = ['BYE', 'NOTIFY', 'SUBSCRIBE'].includes(event.method);
        if (event.before.byeSentAt !== undefined && !isOther) {
          fault(`${life.host} sends ${event.method} after its BYE`, record);
        }
      }
    },
  },
  {
    name: 'ended_is_silent',
    says: 'When the end of a session was told its host begins no request for it, but the BYE to another answer.',
    step: ({ wire, now }, fault) => {
      for (const { event, life, record, leg } of wire) {
        if (event.kind !== 'request_sent' || !event.isNew || leg?.ended === undefined) continue;
        const isAllowed = ['BYE', 'NOTIFY', 'SUBSCRIBE'].includes(event.method);
        // What it sent in the step of its end came before it.
        if (leg.ended.at < now && !isAllowed)
          fault(`${life.host} sends ${event.method} after the end`, record);
      }
    },
  },
  {
    name: 'bye_ends',
    says: 'Whoever hears BYE in an answered call, or CANCEL before the answer, is told the end at once.',
    step: ({ calls }, fault) => {
      for (const record of calls) {
        for (const leg of record.legs) {
          const wire = record.wires.get(leg.life);
          if (!isLive(leg) || wire === undefined) continue;
          const hasBye = leg.remoteTag !== undefined && wire.byesHeard.has(leg.remoteTag);
          if (hasBye && leg.answeredAt !== undefined) fault(`${leg.life.host} lives on after BYE`, record);
          if (leg.side === 'callee' && leg.answeredAt === undefined && wire.cancelHeardAt !== undefined) {
            fault(`${leg.life.host} lives on after CANCEL`, record);
          }
        }
      }
    },
  },
  {
    name: 'answer_fits_offer',
    says: 'The answer that an application is given is the answer to its own last offer.',
    step: ({ told }, fault) => {
      for (const { event, leg, life } of told) {
        const isAccepted = event.type === 'session.reoffer_result' && event.ok;
        if (!isAccepted || leg === undefined) continue;
        const [offer, answer] = leg.agreed.at(-1)?.split(' → ') ?? [];
        if (offer === undefined || answer?.startsWith(`${offer} `) !== true) {
          fault(`${life.host} is given ${answer} for ${offer}`, leg.record);
        }
      }
    },
  },
  {
    name: 'both_agree',
    says: 'Whenever nothing is open on either side of an answered call, both have agreed on the same descriptions.',
    step: ({ calls }, fault) => {
      for (const record of calls) {
        const [caller, callee] = partners(record);
        if (caller === undefined || callee === undefined) continue;
        if (record.isForked || !isLive(caller) || !isLive(callee) || !isQuiet(caller) || !isQuiet(callee))
          continue;
        if (caller.agreed.join() !== callee.agreed.join()) {
          fault(`caller: ${caller.agreed.join()}; callee: ${callee.agreed.join()}`, record);
        }
      }
    },
  },
  {
    name: 'differ_by_what_was_open',
    says: 'What one side had agreed at the end and the other not is one exchange, and the other knew that it was open.',
    call: (record, _end, fault) => {
      const [caller, callee] = partners(record);
      if (caller === undefined || callee === undefined || record.isForked) return;
      const [less, more] = caller.agreed.length <= callee.agreed.length ? [caller, callee] : [callee, caller];
      const common = more.agreed.slice(0, less.agreed.length);
      const hasOpen =
        less.life.endedAt !== undefined ||
        less.answeredAt === undefined ||
        less.ended?.open.offered !== undefined ||
        less.ended?.open.awaits !== undefined;
      const allowed = hasOpen ? 1 : 0;
      if (common.join() !== less.agreed.join() || more.agreed.length - less.agreed.length > allowed) {
        fault(`caller: ${caller.agreed.join()}; callee: ${callee.agreed.join()}`, record);
      }
    },
  },
  {
    name: 'nobody_answers_alone',
    says: 'A caller is told of an answer only when the callee has given one.',
    call: (record, _end, fault) => {
      const [caller] = record.legs;
      if (caller?.answeredAt === undefined) return;
      const hasAnswered = record.legs.some(
        ({ side, answeredAt }) => side === 'callee' && answeredAt !== undefined,
      );
      if (!hasAnswered) fault('answered by nobody', record);
    },
  },
  {
    name: 'ends_explained',
    says: 'The reason that a session ends with is what really happened: to its application, or on the wire.',
    call: (record, _end, fault) => {
      for (const leg of record.legs) {
        const { ended, life } = leg;
        if (ended === undefined) {
          if (life.endedAt === undefined) fault(`${life.host} never hears of the end`, record);
          continue;
        }
        const wire = record.wires.get(life);
        const isExplained = wire !== undefined && explains(ended.end, ended.at, leg, wire);
        if (!isExplained)
          fault(`${life.host} ends ${JSON.stringify(brief(ended.end))} without a cause`, record);
      }
    },
  },
  {
    name: 'successes_acknowledged',
    says: 'Every 2xx to an INVITE that is heard in time is acknowledged, and again each time it comes again.',
    call: (record, _end, fault) => {
      for (const [life, wire] of record.wires) {
        // Whoever was restarted may have had no time for it.
        if (life.endedAt !== undefined) continue;
        for (const [key, success] of wire.successes) {
          const invite = [...wire.requests.values()].find(
            ({ method, number }) => method === 'INVITE' && key.startsWith(`${number} `),
          );
          const isInTime = invite !== undefined && success.firstHeardAt - invite.firstSentAt < sixtyFourT1;
          if (!isInTime) continue;
          if (success.acksSent < 1 + success.repeats) {
            fault(`${life.host} sends ${success.acksSent} ACKs for ${1 + success.repeats} 2xx`, record);
          }
        }
      }
    },
  },
  {
    name: 'transfers_told_truly',
    says: 'A transferor is told the outcome once, and a call that is reported as answered was answered, and none other.',
    call: (record, _end, fault) => {
      const { transfer } = record;
      if (transfer === undefined) return;
      const outcomes = transfer.states.flatMap((state) => (state.name === 'ended' ? [state.outcome] : []));
      const isLast = transfer.states.at(-1)?.name === 'ended';
      if (outcomes.length > 1 || (outcomes.length === 1 && !isLast)) {
        fault(`told ${transfer.states.map(({ name }) => name).join()}`, record);
      }
      const [outcome] = outcomes;
      if (outcome?.kind !== 'reported') return;
      const [caller] = transfer.call?.legs ?? [];
      if (outcome.status < 300 !== (caller?.answeredAt !== undefined)) {
        fault(
          `told ${outcome.status} of a call that was ${caller?.answeredAt === undefined ? 'not ' : ''}answered`,
          record,
        );
      }
    },
  },
  {
    name: 'goes_as_planned',
    says: 'Where no link is cut and no host restarts, a call goes as both sides have planned it.',
    call: (record, end, fault) => {
      if (!end.isFriendly) return;
      for (const text of deviations(record)) fault(text, record);
    },
  },
  {
    name: 'nothing_left',
    says: 'When all calls are over no session, dialog, transaction, registration, timer or binding is left.',
    world: ({ hosts, bindings }, fault) => {
      for (const { life, sip } of hosts) {
        const counts = sip.counts();
        const { sessions, dialogs, transactions, registrations, timers } = counts;
        const others = counts.subscriptions + counts.notifiers + counts.referrals + counts.referrers;
        if (sessions + dialogs + transactions + registrations + timers + others > 0) {
          fault(`${life.host} is left with ${JSON.stringify(counts)}`);
        }
      }
      if (bindings > 0) fault(`the registrar is left with ${bindings} bindings`);
    },
  },
  {
    name: 'settles_in_time',
    says: 'The last timer is over 64·T1 after the last exchange has ended, and an exchange takes 64·T1 at most.',
    world: ({ settledIn }, fault) => {
      if (settledIn > 3 * sixtyFourT1) fault(`it took ${settledIn} ms`);
    },
  },
];

/** The two sides that talk: of a callee with several lives the one whose dialog the caller is in. */
export function partners(record: CallRecord): readonly [Leg | undefined, Leg | undefined] {
  const [caller, ...callees] = record.legs;
  // A life's tag is in no hand but that of its own endpoint, so lives are told apart by who has answered.
  const answered = callees.filter(({ answeredAt }) => answeredAt !== undefined);
  return [caller, answered.length === 1 ? answered[0] : undefined];
}

const brief = (end: EndReason): unknown =>
  end.by === 'refused' ? { by: end.by, status: end.response.status } : end;

function explains(end: EndReason, at: number, leg: Leg, wire: CallWire): boolean {
  switch (end.by) {
    case 'local':
      return leg.endingAt !== undefined && leg.endingAt <= at;
    case 'remote':
      if (end.reason?.includes('cause=481') === true) {
        return wire.finals.some(({ status }) => status === 481) && isPeerGone(leg, at);
      }
      return wire.byesHeard.size > 0 || wire.cancelHeardAt !== undefined;
    case 'refused':
      return wire.finals.some(({ status, method }) => method === 'INVITE' && status === end.response.status);
    case 'timeout':
      return explainsTimeout(end.which, at, leg, wire);
    case 'replaced': {
      // The leg that has taken its place, in the same life of the same host.
      const other = leg.record.replacedBy?.legs.find(
        ({ life, session }) => life === leg.life && session === end.session,
      );
      return other?.answeredAt !== undefined && other.answeredAt <= at;
    }
    case 'transport':
      return false;
  }
}

function explainsTimeout(
  which: Extract<EndReason, { by: 'timeout' }>['which'],
  at: number,
  leg: Leg,
  wire: CallWire,
): boolean {
  switch (which) {
    case 'transaction':
      return [...wire.requests.values()].some(
        ({ firstSentAt, final }) =>
          firstSentAt <= at - sixtyFourT1 && (final === undefined || final.at >= at),
      );
    case 'no_answer': {
      if (leg.side === 'callee') return at - leg.startedAt >= longestRinging;
      const patience = patienceOf(leg.record.scenario.callerPlan);
      return patience !== undefined && at - leg.startedAt >= patience;
    }
    case 'no_ack':
      return [...wire.answers.values()].some(
        ({ method, number, final }) =>
          method === 'INVITE' &&
          final !== undefined &&
          final.status < 300 &&
          final.at <= at - sixtyFourT1 &&
          (wire.acksHeard.get(number) ?? Infinity) >= at,
      );
    case 'no_prack': {
      const isOldEnough = at - leg.startedAt >= sixtyFourT1;
      return (
        isOldEnough && !wire.pracksHeardAt.some((heardAt) => heardAt > at - sixtyFourT1 && heardAt <= at)
      );
    }
    case 'session_expired': {
      const plan = leg.record.scenario.sessionTimer;
      // Who does not refresh ends the call up to 32 s, or a third, before its time (RFC 4028 section 10).
      const least = plan === undefined ? Infinity : (plan.expires * 2_000) / 3;
      return at - refreshedAt(wire) >= least;
    }
  }
}

/** The other side's session was over or lost by then, or it had begun to end it: its endpoint may, e.g. unrefreshed. */
function isPeerGone(leg: Leg, at: number): boolean {
  const others = leg.record.legs.filter((other) => other.side !== leg.side && other.startedAt <= at);
  // A host that was restarted is in the call anew, but not in the dialog that it had.
  if (others.some(({ life }) => life.endedAt !== undefined && life.endedAt <= at)) return true;
  return others.every((other) => {
    const byesSent = other.record.wires.get(other.life)?.byesSent.values() ?? [];
    return Math.min(...byesSent, other.ended?.at ?? Infinity, other.endingAt ?? Infinity) <= at;
  });
}

/** How a call went otherwise than planned, where nothing but loss could disturb it. */
function deviations(record: CallRecord): string[] {
  const found: string[] = [];
  const { calleePlan, callerPlan, hangUp } = record.scenario;
  const [caller, callee] = record.legs;
  const callerEnd = caller?.ended?.end;
  const calleeEnd = callee?.ended?.end;
  const demand = (isRight: boolean, text: string): void => {
    if (!isRight)
      found.push(`${text}: ${JSON.stringify([callerEnd, calleeEnd].map((end) => end && brief(end)))}`);
  };
  if (record.isUnreachable) return ['nobody was bound'];
  if (record.replacedBy !== undefined || record.replaces !== undefined) return [];
  // Whoever transfers a call hangs up when it is done.
  if (record.transfer !== undefined) return [];
  demand(record.legs.length <= 2, 'the callee was called twice');
  if (callerPlan.kind === 'wait') {
    demand(callee !== undefined, 'the callee never heard of it');
    if (calleePlan.kind === 'accept') {
      demand(caller?.answeredAt !== undefined, 'the answer never reached the caller');
      const ends = [callerEnd?.by, calleeEnd?.by];
      const planned =
        hangUp.by === 'both'
          ? // Both at once; the one who hears of it before its own time has come is told so.
            ends.includes('local') && ends.every((by) => by === 'local' || by === 'remote')
          : ends.join() === (hangUp.by === 'caller' ? 'local,remote' : 'remote,local');
      demand(planned, 'who hung up was not told so');
    }
    if (calleePlan.kind === 'refuse') {
      const isTold = callerEnd?.by === 'refused' && callerEnd.response.status === calleePlan.status;
      demand(isTold, 'the refusal never reached the caller');
    }
    if (calleePlan.kind === 'end')
      demand(callerEnd?.by === 'refused', 'the refusal never reached the caller');
  }
  if (caller?.answeredAt === undefined && callerPlan.kind === 'time_out' && calleePlan.kind === 'silent') {
    demand(callerEnd?.by === 'timeout' && callerEnd.which === 'no_answer', 'nobody answered');
  }
  return found;
}

/** For the report of a run. */
export const sentenceOf = (name: string): string =>
  invariants.find((invariant) => invariant.name === name)?.says ?? name;

export type { WorldEnd };
