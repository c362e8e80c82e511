import type { UserCall } from '@offhook/call-model';
import { LinkCall, type CallRecord } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { CallWay } from './way.ts';

const ringing: Pick<UserCall, 'leg' | 'answeredAt'> = { leg: undefined, answeredAt: undefined };
const talking = { ...ringing, answeredAt: 2_000 };

function view(rest: Partial<LinkCall>): LinkCall {
  return LinkCall.parse({
    callId: 'c',
    correlationId: 'c',
    direction: 'incoming',
    remote: { number: '400' },
    state: { name: 'ringing' },
    startedAt: 1_000,
    muted: false,
    media: 'none',
    rings: [],
    position: { at: 'nowhere' },
    permitted: { owner: [], others: [] },
    ...rest,
  });
}

describe('[D7] what a record tells of the call’s way', () => {
  test('where it rang, where it went, with whom it was before, who was in it: each once, in order', () => {
    const way = new CallWay();
    way.seen(view({ rings: ['clients', 'desk_phone'] }), ringing, 1_000);
    way.seen(view({ rings: ['clients', 'desk_phone'] }), ringing, 1_500);
    way.seen(view({ position: { at: 'desk_phone' } }), talking, 2_000);
    way.seen(view({ position: { at: 'client', clientId: 'cli_1' as never } }), talking, 3_000);
    const members = [{ number: '201' }, { number: '202' }];
    const room = {
      position: { at: 'client', clientId: 'cli_1' as never },
      remote: { number: '700' },
    } as const;
    way.seen(view({ ...room, members }), talking, 4_000);
    way.seen(view({ ...room, members: [{ number: '203' }] }), talking, 5_000);
    expect(way.told()).toEqual({
      members: [...members, { number: '203' }],
      steps: [
        { kind: 'rang', at: 1_000, where: 'clients' },
        { kind: 'rang', at: 1_000, where: 'desk_phone' },
        { kind: 'at', at: 2_000, where: 'desk_phone' },
        { kind: 'at', at: 3_000, where: 'client' },
        { kind: 'with', at: 4_000, party: { number: '400' } },
      ],
    } satisfies Partial<CallRecord>);
  });

  test('a call that was connected already when it was first seen may go on from an earlier one', () => {
    const found = new CallWay();
    found.seen(view({ position: { at: 'desk_phone' } }), talking, 2_000);
    expect(found.told()).toMatchObject({ foundRunning: true });
    const seen = new CallWay();
    seen.seen(view({ rings: ['desk_phone'] }), ringing, 1_000);
    seen.seen(view({ position: { at: 'desk_phone' } }), talking, 2_000);
    expect(seen.told()).not.toHaveProperty('foundRunning');
    // Two that are the same call: the one that was seen first knows how it began.
    found.absorb(seen);
    expect(found.told()).toEqual({
      steps: [
        { kind: 'rang', at: 1_000, where: 'desk_phone' },
        { kind: 'at', at: 2_000, where: 'desk_phone' },
        { kind: 'at', at: 2_000, where: 'desk_phone' },
      ],
    });
  });

  test('is bounded, however often the call moves', () => {
    const way = new CallWay();
    for (let turn = 0; turn < 100; turn += 1) {
      const at = turn % 2 === 0 ? 'desk_phone' : 'alternative';
      way.seen(view({ position: { at }, members: [{ number: String(turn) }] }), talking, turn);
    }
    expect(way.told().steps).toHaveLength(24);
    expect(way.told().members).toHaveLength(16);
  });
});
