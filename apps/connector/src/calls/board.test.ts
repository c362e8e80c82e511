import { NO_ABILITIES, type DeviceConnection } from '@offhook/call-model';
import type { AnyEvent, CallRecord, connectorEvents } from '@offhook/contract';
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
let said: AnyEvent<typeof connectorEvents>[];
let board: CallBoard;

beforeEach(() => {
  virtual = new VirtualClock(50);
  set = 0;
  records = [];
  said = [];
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
    publish: (event) => said.push(event),
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
