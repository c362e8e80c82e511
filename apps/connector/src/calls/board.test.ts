import { NO_ABILITIES, type Abilities, type DeviceConnection } from '@offhook/call-model';
import type { CallRecord } from '@offhook/contract';
import { VirtualClock } from '@offhook/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { id } from '../testing/ids.ts';
import { EPOCH, settle } from '../testing/virtual-clock.ts';
import { CallBoard } from './board.ts';

const anna = id.user('anna');
const atDesk: DeviceConnection = {
  place: 'desk_phone',
  platformCall: 'p1',
  state: 'connected',
  direction: 'incoming',
  remote: { number: '400' },
  since: EPOCH,
};

let virtual: VirtualClock;
/** How far somebody has set the time of day. */
let set: number;
let records: CallRecord[];
/** The ends that were told, and what was ending still at that moment. */
let ends: { readonly ending: number }[];
let board: CallBoard;
let can: Abilities;
let forgotten: string[];

beforeEach(() => {
  virtual = new VirtualClock(50);
  set = 0;
  records = [];
  ends = [];
  can = NO_ABILITIES;
  forgotten = [];
  const clock: Clock = {
    now: () => ({ at: virtual.now, instant: EPOCH + virtual.now + set }),
    after: (delay, callback) => {
      const timer = virtual.after(delay, callback);
      return () => {
        timer.cancel();
      };
    },
  };
  let ids = 0;
  board = new CallBoard({
    epoch: id.epoch('epoch-1'),
    clock,
    newId: () => `id-${String((ids += 1))}`,
    publish: ({ name, data }) => {
      if (name === 'call.changed' && data.call.state.name === 'ended') ends.push({ ending: board.ending });
    },
    records: {
      begin: () => {},
      forget: (recordId) => {
        forgotten.push(recordId);
      },
      finish: (record) => {
        records.push(record);
        return Promise.resolve();
      },
    },
    abilities: () => can,
  });
});

const call = () => {
  const [first] = board.snapshot(anna).calls;
  if (first === undefined) throw new Error('no call');
  return first;
};

describe('the time that a call may be on its way', () => {
  test.each([-3_600_000, 3_600_000])('[CM-15] is the same when the clock is set by %i ms', async (by) => {
    board.reported(anna, { connections: [atDesk] });
    board.beginHandOver(anna, call().callId, 'client', 6_000);
    board.reported(anna, { connections: [] });
    set = by;
    virtual.advance(5_000);
    board.reported(anna, { connections: [] });
    expect(board.snapshot(anna).calls).toHaveLength(1);
    virtual.advance(1_000);
    await settle();
    expect(board.snapshot(anna).calls).toEqual([]);
    expect(records).toHaveLength(1);
    expect(virtual.pending).toBe(0);
  });
});

describe('what a connector that stops waits for', () => {
  test('is the record of a call that has ended, and no call that goes on at the desk phone', async () => {
    board.reported(anna, { connections: [atDesk, { ...atDesk, place: 'alternative', platformCall: 'p2' }] });
    expect(board.ending).toBe(0);
    board.reported(anna, { connections: [atDesk] });
    expect(board.ending).toBe(1);
    expect(ends).toEqual([]);
    await settle();
    expect(records).toHaveLength(1);
    // Nothing is ending any more when the end is told: that is when the one who waits looks again.
    expect(ends).toEqual([{ ending: 0 }]);
  });
});

describe('an INVITE that is turned away', () => {
  const desk = { place: true, answer: true, control: true, hangUp: true, pull: true, push: true };
  const facts = {
    userId: anna,
    callId: id.call('turned-away'),
    correlationId: id.correlation('turned-away'),
    direction: 'incoming',
    remote: { number: '400' },
    startedAt: EPOCH,
  } as const;

  test('is recorded at once by a connector that stops', () => {
    can = { ...NO_ABILITIES, desk };
    board.turnedAway(facts, 'unreachable', false);
    expect(records).toHaveLength(1);
  });

  test('is recorded at once where no platform tells of the call', () => {
    board.turnedAway(facts, 'busy', true);
    expect(records).toMatchObject([{ callId: 'turned-away', cause: 'busy' }]);
    expect(virtual.pending).toBe(0);
  });

  test('is no second record where the platform tells of its call a moment later', async () => {
    can = { ...NO_ABILITIES, desk };
    board.turnedAway(facts, 'busy', true);
    virtual.advance(300);
    board.reported(anna, { connections: [{ ...atDesk, state: 'alerting', since: EPOCH + 300 }] });
    board.reported(anna, { connections: [] });
    await settle();
    virtual.advance(5_000);
    expect(records).toHaveLength(1);
    expect(records).not.toMatchObject([{ callId: 'turned-away' }]);
    expect(forgotten).toHaveLength(1);
  });

  test('is recorded where the platform tells of other calls alone', () => {
    can = { ...NO_ABILITIES, desk };
    board.turnedAway(facts, 'busy', true);
    board.reported(anna, { connections: [{ ...atDesk, remote: { number: '401' } }] });
    virtual.advance(5_000);
    expect(records).toMatchObject([{ callId: 'turned-away', cause: 'busy', endedAt: EPOCH }]);
  });
});
