import type { CorrelationId } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { callOf, connected, revision, snapshotOf } from '../testing/fake-world.ts';
import { withAttempt } from './local.ts';
import { withCallChanged, withCallResult, withSnapshot } from './calls.ts';
import { initialState, type PhoneState } from './state.ts';

const NOW = 1_000;
const ended = { name: 'ended', endedAt: 5, cause: 'busy' } as const;
const held = { name: 'held', answeredAt: 1 } as const;

function names(state: PhoneState): Record<string, string> {
  return Object.fromEntries(state.calls.map((call) => [call.callId, call.state.name]));
}

const withCalls = (...ids: string[]) =>
  withSnapshot(
    initialState,
    snapshotOf(
      ids.map((id) => callOf({ id })),
      revision(10),
    ),
    NOW,
  );

describe('events', () => {
  it('of the same epoch with a rev that is held already are passed over', () => {
    const state = withCalls('a');
    for (const rev of [9, 10]) {
      expect(withCallChanged(state, revision(rev), callOf({ id: 'a', state: held }), NOW)).toBe(state);
    }
    const next = withCallChanged(state, revision(11), callOf({ id: 'a', state: held }), NOW);
    expect(names(next)).toEqual({ a: 'held' });
  });

  it('of a new epoch end the calls of the old one: the connector was restarted', () => {
    const next = withCallChanged(withCalls('a'), revision(1, 'e2'), callOf({ id: 'b' }), NOW);
    expect(names(next)).toEqual({ a: 'ended', b: 'connected' });
    expect(next.calls[0]?.state).toMatchObject({ cause: 'connector_lost', endedAt: NOW, answeredAt: 1 });
    expect(next.revision).toEqual(revision(1, 'e2'));
  });

  it('about a call that this window never knew and that has ended show nothing', () => {
    const next = withCallChanged(withCalls(), revision(11), callOf({ id: 'a', state: ended }), NOW);
    expect(next.calls).toEqual([]);
    expect(next.revision).toEqual(revision(11));
  });

  it('count before any snapshot came, e.g. when the connector could not be asked', () => {
    const state = withSnapshot(initialState, snapshotOf('unknown'), NOW);
    expect(names(withCallChanged(state, revision(3), callOf({ id: 'a' }), NOW))).toEqual({ a: 'connected' });
  });

  it('keep the calls in the order in which they began', () => {
    let state = withCallChanged(initialState, revision(1), callOf({ id: 'late', startedAt: 9 }), NOW);
    state = withCallChanged(state, revision(2), callOf({ id: 'early', startedAt: 3 }), NOW);
    expect(state.calls.map((call) => call.callId)).toEqual(['early', 'late']);
  });
});

const ringing = { name: 'ringing' } as const;
const waiting = (state: PhoneState) => state.calls.filter(({ waits }) => waits).map((call) => call.callId);

const changed = (state: PhoneState, rev: number, id: string, to: Parameters<typeof callOf>[0]) =>
  withCallChanged(state, revision(rev), callOf({ id, ...to }), NOW);

const answered = (state: PhoneState) =>
  changed(changed(state, 12, 'b', { state: ringing }), 13, 'b', { state: connected });

describe('a call that is answered beside a conversation', () => {
  it('waits until it is taken', () => {
    let state = answered(withCalls('a'));
    expect(waiting(state)).toEqual(['b']);
    state = changed(state, 14, 'b', { state: held });
    expect(waiting(state)).toEqual(['b']);
    state = changed(state, 15, 'a', { state: held });
    expect(waiting(state)).toEqual(['b']);
    state = changed(state, 16, 'b', { state: connected });
    expect(waiting(state)).toEqual([]);
    expect(waiting(changed(state, 17, 'b', { state: held }))).toEqual([]);
  });

  it('does not wait where nobody talks here, nor where this person has answered it', () => {
    expect(waiting(answered(withCalls()))).toEqual([]);
    expect(waiting(answered(changed(withCalls('a'), 11, 'a', { state: held })))).toEqual([]);
    const away = changed(withCalls('a'), 11, 'a', { position: 'desk_phone' });
    expect(waiting(answered(away))).toEqual([]);
    const rings = changed(withCalls('a'), 11, 'b', {
      state: ringing,
      direction: 'incoming',
      position: 'nowhere',
    });
    expect(waiting(changed(rings, 12, 'b', { state: connected, direction: 'incoming' }))).toEqual([]);
  });
});

const over = (id: string) => callOf({ id, state: ended, position: 'nowhere', permitted: [] });
const wasHere = (state: PhoneState) => state.calls.map((call) => call.wasHere);

describe('where an ended call was', () => {
  it('is remembered of this window’s own, and not of another’s', () => {
    const calls = [callOf({ id: 'a' }), callOf({ id: 'b', position: 'other_client' })];
    let state = withSnapshot(initialState, snapshotOf(calls, revision(10)), NOW);
    state = withCallChanged(state, revision(11), over('a'), NOW);
    state = withCallChanged(state, revision(12), over('b'), NOW);
    expect(wasHere(state)).toEqual([true, false]);
  });

  it('is not this window where the call went elsewhere before', () => {
    let state = withCalls('a');
    const moved = callOf({ id: 'a', position: 'desk_phone' });
    state = withCallChanged(state, revision(11), moved, NOW);
    expect(wasHere(withCallChanged(state, revision(12), over('a'), NOW))).toEqual([false]);
  });
});

describe('an attempt', () => {
  const correlationId = 'correlation-a' as CorrelationId;
  const waiting = withAttempt(withCalls(), {
    correlationId,
    kind: 'here',
    to: '102',
    name: undefined,
    consultationFor: undefined,
    phase: { name: 'placing' },
  });

  it.each([
    ['an event', () => withCallChanged(waiting, revision(11), callOf({ id: 'a' }), NOW)],
    ['a snapshot', () => withSnapshot(waiting, snapshotOf([callOf({ id: 'a' })], revision(11)), NOW)],
    ['an answer', () => withCallResult(waiting, callOf({ id: 'a' }), undefined)],
  ])('is over when %s tells of its call', (_how, next) => {
    expect(next()).toMatchObject({ attempts: [], calls: [{ callId: 'a' }] });
  });

  it('whose call has ended meanwhile shows that end', () => {
    const next = withCallChanged(waiting, revision(11), callOf({ id: 'a', state: ended }), NOW);
    expect(next).toMatchObject({
      attempts: [],
      calls: [{ callId: 'a', state: { cause: 'busy' }, wasHere: true }],
    });
  });

  it('is left alone by other calls', () => {
    expect(withCallChanged(waiting, revision(11), callOf({ id: 'b' }), NOW).attempts).toHaveLength(1);
  });
});

describe('snapshots', () => {
  it('that do not know the calls keep them: calls go on without the cloud', () => {
    const next = withSnapshot(withCalls('a'), snapshotOf('unknown'), NOW);
    expect(names(next)).toEqual({ a: 'connected' });
    expect(next.connector).toBe('offline');
  });

  it('end what they no longer hold', () => {
    const next = withSnapshot(withCalls('a', 'b'), snapshotOf([callOf({ id: 'b' })], revision(12)), NOW);
    expect(names(next)).toEqual({ a: 'ended', b: 'connected' });
    expect(next.calls[0]?.state).toMatchObject({ cause: 'completed' });
    expect(next.calls[0]?.permitted).toEqual([]);
  });

  it('take a call away without a word that only rang: the history tells of it', () => {
    const ringing = callOf({
      id: 'a',
      state: { name: 'ringing' },
      direction: 'incoming',
      position: 'nowhere',
    });
    const state = withSnapshot(initialState, snapshotOf([ringing], revision(10)), NOW);
    expect(withSnapshot(state, snapshotOf([], revision(11)), NOW).calls).toEqual([]);
  });

  it('of a new epoch say that the connector was restarted', () => {
    const next = withSnapshot(withCalls('a'), snapshotOf([], revision(0, 'e2')), NOW);
    expect(next.calls[0]?.state).toMatchObject({ name: 'ended', cause: 'connector_lost' });
    expect(next.revision).toEqual(revision(0, 'e2'));
  });

  it('that were overtaken by an event do not undo it', () => {
    let state = withCallChanged(withCalls('a'), revision(12), callOf({ id: 'a', state: held }), NOW);
    state = withCallChanged(state, revision(13), callOf({ id: 'b' }), NOW);
    const next = withSnapshot(state, snapshotOf([callOf({ id: 'a' })], revision(11)), NOW);
    expect(names(next)).toEqual({ a: 'held', b: 'connected' });
    expect(next.revision).toEqual(revision(13));
  });

  it('show no call that had ended before', () => {
    expect(withSnapshot(initialState, snapshotOf([callOf({ state: ended })]), NOW).calls).toEqual([]);
  });
});

describe('answers to requests', () => {
  it('bring a call that no event has told of yet', () => {
    expect(names(withCallResult(withCalls(), callOf({ id: 'a' }), undefined))).toEqual({ a: 'connected' });
  });

  it('change a call of which nothing was heard since the request', () => {
    const state = withCalls('a');
    expect(names(withCallResult(state, callOf({ id: 'a', state: held }), 10))).toEqual({ a: 'held' });
  });

  it('do not undo an event that overtook them', () => {
    const state = withCallChanged(withCalls('a'), revision(11), callOf({ id: 'a', state: ended }), NOW);
    expect(withCallResult(state, callOf({ id: 'a', state: connected }), 10)).toBe(state);
    expect(withCallResult(state, callOf({ id: 'a', state: connected }), undefined)).toBe(state);
  });

  it('bring no ended call and none back that has left the screen', () => {
    expect(withCallResult(withCalls(), callOf({ state: ended }), undefined).calls).toEqual([]);
    expect(withCallResult(withCalls(), callOf({ id: 'gone' }), 10).calls).toEqual([]);
  });
});
