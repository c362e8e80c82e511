import type { CallService } from '@offhook/contract';
import {
  counterpartOf,
  isActiveHere,
  isRingingHere,
  mixedWith,
  permits,
  type KnownCall,
  type PhoneState,
} from '@offhook/phone-core';
import { serviceButtons } from './service-buttons.ts';

/** One card of the stage: a call, or a conference that shows as several calls of which the first has the buttons. */
export type StageItem = readonly [KnownCall, ...KnownCall[]];

/** All calls as cards, the one that matters most first. */
export function stageOf(state: PhoneState): readonly StageItem[] {
  const items: StageItem[] = [];
  const placed = new Set<string>();
  for (const call of state.calls) {
    if (placed.has(call.callId)) continue;
    const others = conferenceWith(state, call);
    for (const one of [call, ...others]) placed.add(one.callId);
    items.push([call, ...others]);
  }
  return items.sort(([a], [b]) => urgency(state, a) - urgency(state, b) || a.startedAt - b.startedAt);
}

/** What belongs to the same conversation as this call: what this window mixes with it, or other legs of a conference. */
function conferenceWith(state: PhoneState, call: KnownCall): readonly KnownCall[] {
  const mixed = mixedWith(state, call);
  if (mixed !== undefined) return [mixed];
  if (!isInConference(call)) return [];
  return state.calls.filter(
    (one) => one.callId !== call.callId && isInConference(one) && one.position === call.position,
  );
}

function isInConference(call: KnownCall): boolean {
  return call.members !== undefined && call.state.name === 'connected';
}

export function isConference(state: PhoneState, call: KnownCall): boolean {
  return isInConference(call) || mixedWith(state, call) !== undefined;
}

function urgency(state: PhoneState, call: KnownCall): number {
  if (isRingingHere(state, call)) return 0;
  if (isActiveHere(call)) return isAboutToWait(state, call) ? 3 : 1;
  if (call.state.name === 'ended') return 6;
  if (call.position === 'desk_phone' && call.state.name !== 'held') return 2;
  if (call.position === 'here') return 3;
  return call.state.name === 'held' ? 5 : 4;
}

/** Answered beside a conversation, and not on hold yet: what the person talks in keeps its place. */
function isAboutToWait(state: PhoneState, call: KnownCall): boolean {
  return call.waits === true && state.calls.some(isTalkedIn);
}

function isTalkedIn(call: KnownCall): boolean {
  return call.waits !== true && call.state.name === 'connected' && isActiveHere(call);
}

/**
 * Which of the permitted services a card draws. Services of two calls stand at the one that waits: where both permit one, the
 * other leaves it out. Swap takes a waiting call back, so that Retrieve beside it would be the same again.
 */
export function drawnServices(state: PhoneState, call: KnownCall): readonly CallService[] {
  const counterpart = counterpartOf(state, call);
  return call.permitted.filter((service) => {
    const { place } = serviceButtons[service];
    // In a conference that this window mixes each member has a Hold of their own.
    if (service === 'hold') return mixedWith(state, call) === undefined;
    if (service === 'retrieve') return !permits(call, 'alternate');
    if (place !== 'pair') return place !== 'nowhere';
    if (counterpart === undefined) return service === 'alternate' || service === 'reconnect';
    const otherDraws = permits(counterpart, service) && isBefore(counterpart, call);
    return !otherDraws;
  });
}

/** Of two calls that permit the same, the one that waits has the button; of two that wait alike, the older. */
function isBefore(a: KnownCall, b: KnownCall): boolean {
  if (isWaiting(a) !== isWaiting(b)) return isWaiting(a);
  return a.startedAt < b.startedAt;
}

function isWaiting(call: KnownCall): boolean {
  return call.state.name === 'held';
}
