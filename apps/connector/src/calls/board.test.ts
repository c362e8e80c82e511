import { NO_ABILITIES, type DeviceConnection } from '@offhook/call-model';
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

beforeEach(() => {
  virtual = new VirtualClock(50);
  set = 0;
  records = [];
  ends = [];
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
      forget: () => {},
      finish: (record) => {
        records.push(record);
        return Promise.resolve();
      },
    },
    abilities: () => NO_ABILITIES,
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
