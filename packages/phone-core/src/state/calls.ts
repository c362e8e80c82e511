import type { Call, CallId, EndCause, Revision, Snapshot } from '@offhook/contract';
import { isActiveHere } from './selectors.ts';
import type { CallAttempt, KnownCall, PhoneState } from './state.ts';

/*
 * The order of facts. A connector numbers what it states about a user: (epoch, rev). An event of the same epoch with
 * a rev that we hold already is passed over; a snapshot that is older than a call's last event does not
 * undo that event; a new epoch means that the connector was restarted and its calls are gone.
 */

/** The truth about all calls, unless the connector could not be asked: then we keep what we have. */
export function withSnapshot(state: PhoneState, snapshot: Snapshot, now: number): PhoneState {
  const next: PhoneState = {
    ...state,
    connector: snapshot.connector,
    line: snapshot.line,
    abilities: snapshot.abilities,
    settings: { ...state.settings, held: snapshot.settings },
    ownPresence: { ...state.ownPresence, held: snapshot.presence },
  };
  if (!snapshot.calls.known) return next;
  const { revision, list } = snapshot.calls;
  const sameEpoch = state.revision?.epoch === revision.epoch;
  const listed = new Set(list.map((call) => call.callId));
  const kept = state.calls.flatMap((call) => {
    if (listed.has(call.callId)) return [call];
    if (call.state.name === 'ended' || (sameEpoch && call.rev > revision.rev)) return [call];
    return gone(call, sameEpoch || state.revision === undefined ? 'completed' : 'connector_lost', now);
  });
  const calls = list.reduce<readonly KnownCall[]>((calls, call) => {
    const known = calls.find((one) => one.callId === call.callId);
    if (known === undefined) return isNews(state, call) ? insert(calls, call, revision.rev) : calls;
    if (sameEpoch && known.rev > revision.rev) return calls;
    return replace(calls, call, revision.rev);
  }, kept);
  const activities = Object.fromEntries(
    Object.entries(state.activities).filter(([callId]) => calls.some((call) => call.callId === callId)),
  );
  const attempts = withoutStated(state.attempts, calls);
  return {
    ...next,
    calls,
    attempts,
    activities,
    revision: sameEpoch ? later(state.revision, revision) : revision,
  };
}

export function withCallChanged(state: PhoneState, revision: Revision, call: Call, now: number): PhoneState {
  const sameEpoch = state.revision === undefined || state.revision.epoch === revision.epoch;
  if (sameEpoch && revision.rev <= (state.revision?.rev ?? -1)) return state;
  const survivors = sameEpoch
    ? state.calls
    : state.calls.flatMap((one) => (one.state.name === 'ended' ? [one] : gone(one, 'connector_lost', now)));
  const known = survivors.some((one) => one.callId === call.callId);
  if (known) return { ...state, revision, calls: replace(survivors, call, revision.rev) };
  if (!isNews(state, call)) return { ...state, revision, calls: survivors };
  const calls = insert(survivors, call, revision.rev);
  return { ...state, revision, calls, attempts: withoutStated(state.attempts, calls) };
}

/**
 * An answer to a request carries the call as it was then, without a revision. It counts where no event about the
 * call came since the request was sent.
 *
 * @param revWhenAsked the call's rev when the request was sent; undefined where it was not known.
 */
export function withCallResult(state: PhoneState, call: Call, revWhenAsked: number | undefined): PhoneState {
  const known = state.calls.find((one) => one.callId === call.callId);
  if (known === undefined) {
    if (!isNews(state, call) || revWhenAsked !== undefined) return state;
    const calls = insert(state.calls, call, state.revision?.rev ?? 0);
    return { ...state, calls, attempts: withoutStated(state.attempts, calls) };
  }
  if (known.rev !== revWhenAsked) return state;
  return { ...state, calls: replace(state.calls, call, known.rev) };
}

/** What is left where nobody is signed in: the calls that this window speaks in. */
export function withConversationsOnly(state: PhoneState): PhoneState {
  const calls = state.calls.filter((call) => call.position === 'here' && call.state.name !== 'ended');
  return { ...state, calls };
}

/** The end of an ended call's last moment on the screen. */
export function withoutCall(state: PhoneState, callId: CallId): PhoneState {
  const { [callId]: _activity, ...activities } = state.activities;
  const { [callId]: _voice, ...voices } = state.voices;
  return { ...state, activities, voices, calls: state.calls.filter((call) => call.callId !== callId) };
}

/** A call that ended before this window had heard of it is for the history alone, unless this window waits for it. */
function isNews(state: PhoneState, call: Call): boolean {
  const awaited = state.attempts.some((attempt) => attempt.correlationId === call.correlationId);
  return call.state.name !== 'ended' || awaited;
}

/** An attempt is over as soon as its call is known: the call speaks for itself, also of its end. */
function withoutStated(
  attempts: readonly CallAttempt[],
  calls: readonly KnownCall[],
): readonly CallAttempt[] {
  return attempts.filter((attempt) => !calls.some((call) => call.correlationId === attempt.correlationId));
}

/** A call that the connector no longer has. One that only rang leaves without a word: the history has it. */
function gone(call: KnownCall, cause: EndCause, now: number): readonly KnownCall[] {
  if (call.direction === 'incoming' && call.state.name === 'ringing') return [];
  const answeredAt = 'answeredAt' in call.state ? call.state.answeredAt : undefined;
  const ended = { name: 'ended', endedAt: now, cause } as const;
  const state = answeredAt === undefined ? ended : { ...ended, answeredAt };
  return [{ ...call, state, permitted: [], media: 'none' }];
}

function insert(calls: readonly KnownCall[], call: Call, rev: number): readonly KnownCall[] {
  const later = calls.findIndex((one) => one.startedAt > call.startedAt);
  const at = later < 0 ? calls.length : later;
  // One that is news although it has ended was waited for by this window.
  const wasHere = call.position === 'here' || call.state.name === 'ended';
  return [...calls.slice(0, at), { ...call, rev, wasHere }, ...calls.slice(at)];
}

function replace(calls: readonly KnownCall[], call: Call, rev: number): readonly KnownCall[] {
  return calls.map((one) => {
    if (one.callId !== call.callId) return one;
    const wasHere = call.state.name === 'ended' ? one.wasHere : call.position === 'here';
    return { ...call, rev, wasHere, ...(isWaiting(calls, one, call) ? { waits: true as const } : {}) };
  });
}

/**
 * Answered by the other side while this window talks in another call: the connector puts it on hold at once. It is so until it
 * has been on hold and is taken.
 */
function isWaiting(calls: readonly KnownCall[], before: KnownCall, call: Call): boolean {
  if (call.position !== 'here' || (call.state.name !== 'connected' && call.state.name !== 'held'))
    return false;
  if (before.state.name === 'calling' || before.state.name === 'ringing') {
    const others = calls.filter((other) => other.callId !== call.callId && isActiveHere(other));
    return call.direction === 'outgoing' && others.some(({ state }) => state.name === 'connected');
  }
  return before.waits === true && (call.state.name === 'held' || before.state.name === 'connected');
}

function later(a: Revision | undefined, b: Revision): Revision {
  return a !== undefined && a.rev > b.rev ? a : b;
}
