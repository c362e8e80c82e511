import type { EndCause } from '@offhook/contract';
import type { Now } from '../clock.ts';
import { hindranceOf } from './causes.ts';
import { answerDirection, holds } from './direction.ts';
import type { Call, CallEffect, Phase, Step, Talking } from './model.ts';

/** Nothing changes. */
export const stay = (call: Call, ...effects: CallEffect[]): Step => ({ call, effects });

export const change = (call: Call, changes: Partial<Call>, ...effects: CallEffect[]): Step => ({
  call: { ...call, ...changes },
  effects,
});

export const to = (call: Call, phase: Phase, ...effects: CallEffect[]): Step =>
  change(call, { phase }, ...effects);

/** Ends the call. What the SIP session still needs is said by the effects before this. */
export function end(call: Call, cause: EndCause, now: Now, ...effects: CallEffect[]): Step {
  const answeredAt = call.phase.name === 'talking' ? call.phase.answeredAt : undefined;
  const { pending } = call;
  const hindrance = hindranceOf(cause);
  return change(
    call,
    {
      phase: { name: 'ended', cause, answeredAt, endedAt: now.instant },
      opening: undefined,
      orphanedSince: undefined,
      accepting: undefined,
      pending: undefined,
    },
    ...effects,
    { kind: 'media.close' },
    ...(pending === undefined
      ? []
      : ([
          {
            kind: 'refuse',
            requestId: pending.requestId,
            code: 'pull_failed',
            ...(hindrance === undefined ? {} : { hindrance }),
          },
        ] as const)),
  );
}

/** The request that was to make the call fails; nobody else has heard of it. */
export const abandon = (call: Call, ...effects: CallEffect[]): Step =>
  change(call, { phase: { name: 'abandoned' }, opening: undefined }, ...effects, { kind: 'media.close' });

/** The first moment at which both sides talk. */
export const talking = (answeredAt: number, confirmed: boolean, heldByRemote: boolean): Talking => ({
  name: 'talking',
  answeredAt,
  held: false,
  heldByRemote,
  confirmed,
  exchange: { name: 'idle' },
  order: undefined,
  transfer: undefined,
  move: undefined,
  leaving: undefined,
});

/** Starts what waits for the dialog to be free: first what the other side wants, then what this user wants. */
export function proceed(call: Call, phase: Talking, now: Now, ...effects: CallEffect[]): Step {
  const { exchange, move, order, transfer } = phase;
  if (!phase.confirmed || exchange.name !== 'idle') return to(call, phase, ...effects);
  const giveUpAt = now.at + call.times.setup;
  if (move?.name === 'offered') {
    const { offer } = move;
    const remoteHolds = offer === undefined ? phase.heldByRemote : holds(offer);
    return to(
      call,
      {
        ...phase,
        exchange: { name: 'answering', dialog: 'next', delayed: offer === undefined, remoteHolds, giveUpAt },
      },
      ...effects,
      answerTo(offer, phase.held),
    );
  }
  if (move?.name === 'referred') {
    return to(
      call,
      { ...phase, exchange: { name: 'offering', dialog: 'next', giveUpAt } },
      ...effects,
      offerWith(phase.held),
    );
  }
  if (move?.name === 'meeting') {
    return to(
      call,
      { ...phase, exchange: { name: 'offering', dialog: 'next', giveUpAt } },
      ...effects,
      offerWith(false),
    );
  }
  // A second offer of ours would take the place of the one that waits for its answer.
  if (move !== undefined) return to(call, phase, ...effects);
  if (order !== undefined) {
    return to(
      call,
      { ...phase, exchange: { name: 'offering', dialog: 'this', giveUpAt } },
      ...effects,
      offerWith(order.kind === 'hold' || (order.kind === 'refresh' && phase.held)),
    );
  }
  if (transfer?.name !== 'waiting') return to(call, phase, ...effects);
  const { requestId, target, within } = transfer;
  return to(
    call,
    { ...phase, transfer: { name: 'sent', requestId, giveUpAt: now.at + within } },
    ...effects,
    { kind: 'sip.refer', target },
  );
}

/**
 * Milliseconds in which the other side must have said what became of our REFER. A person may have to come to the telephone
 * before it can.
 */
export const REPORT_TIME = 60_000;

/** Our answer to this offer, or our offer where there is none. */
export const answerTo = (offer: string | undefined, held: boolean): CallEffect =>
  offer === undefined
    ? offerWith(held)
    : { kind: 'media.answer_pbx_offer', offer, direction: answerDirection(offer, held) };

const offerWith = (held: boolean): CallEffect => ({
  kind: 'media.create_pbx_offer',
  direction: held ? 'sendonly' : 'sendrecv',
});
