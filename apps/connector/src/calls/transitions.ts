import type { EndCause } from '@offhook/contract';
import type { Now } from '../clock.ts';
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
  return change(
    call,
    {
      phase: { name: 'ended', cause, answeredAt, endedAt: now.instant },
      opening: undefined,
      orphanedSince: undefined,
    },
    ...effects,
    { kind: 'media.close' },
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
});

/** Starts the hold or retrieve that waits, when the dialog is free for an offer of ours. */
export function startOrder(call: Call, phase: Talking, now: Now, ...effects: CallEffect[]): Step {
  const free = phase.confirmed && phase.exchange.name === 'idle';
  if (phase.order === undefined || !free) return to(call, phase, ...effects);
  return to(
    call,
    { ...phase, exchange: { name: 'offering', giveUpAt: now.at + call.times.setup } },
    ...effects,
    {
      kind: 'media.create_pbx_offer',
      direction: phase.order.kind === 'hold' ? 'sendonly' : 'sendrecv',
    },
  );
}
