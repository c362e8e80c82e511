import { OffhookError, type CallRecord, type RecordId } from '@offhook/contract';
import { VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { Scene } from '../testing/scene.ts';
import { recordOfLeg } from '../testing/views.ts';
import { clockOn, pass, settle } from '../testing/virtual-clock.ts';
import { RecordSender } from './records.ts';

const record = (name: string): CallRecord => recordOfLeg(Scene.ringing().ask('reject').call, id.record(name));

/** `answer` says for each batch what the cloud does with it. */
function setUp(
  count: number,
  answer: (batch: RecordId[]) => { accepted?: RecordId[]; refused?: RecordId[] },
) {
  const time = new VirtualClock();
  const waiting = Array.from({ length: count }, (_, index) => record(`r${String(index)}`));
  const batches: RecordId[][] = [];
  const link = {
    up: true,
    request: async (_method: string, params: { records: CallRecord[] }) => {
      await Promise.resolve();
      const batch = params.records.map(({ recordId }) => recordId);
      batches.push(batch);
      return { accepted: [], refused: [], ...answer(batch) };
    },
  };
  const spool = {
    next: (most: number, except: ReadonlySet<RecordId> = new Set()) =>
      waiting.filter(({ recordId }) => !except.has(recordId)).slice(0, most),
    remove: (ids: readonly RecordId[]) => {
      for (const recordId of ids) {
        waiting.splice(
          waiting.findIndex((one) => one.recordId === recordId),
          1,
        );
      }
    },
  };
  const sender = new RecordSender({
    link: link as never,
    spool,
    clock: clockOn(time),
    random: () => 0.5,
    log: quiet,
  });
  return { time, waiting, batches, link, sender };
}

describe('records on their way to the cloud', () => {
  test('go in batches of the contract’s size, and leave the spool when the cloud has them', async () => {
    const { sender, batches, waiting } = setUp(250, (accepted) => ({ accepted }));
    sender.wake();
    sender.wake();
    await settle();
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(waiting).toEqual([]);
  });

  test('that are long, as those of conferences, go fewer at a time: a batch keeps within a frame', async () => {
    const { sender, batches, waiting } = setUp(20, (accepted) => ({ accepted }));
    const members = Array.from({ length: 16 }, () => ({ number: '9'.repeat(128), name: 'ü'.repeat(200) }));
    for (const [index, one] of waiting.entries()) waiting[index] = { ...one, members };
    sender.wake();
    await settle();
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThan(20);
    expect(batches.flat()).toHaveLength(20);
  });

  test('that are refused for good leave the spool, too', async () => {
    const { sender, waiting } = setUp(3, (refused) => ({ refused }));
    sender.wake();
    await settle();
    expect(waiting).toEqual([]);
  });

  test('stay while the cloud fails, and are sent again later', async () => {
    let failing = true;
    const { sender, waiting, time, batches } = setUp(2, (accepted) => {
      if (failing) throw new OffhookError('unavailable');
      return { accepted };
    });
    sender.wake();
    await settle();
    expect(waiting).toHaveLength(2);
    sender.wake();
    await settle();
    expect(batches).toHaveLength(1);
    failing = false;
    time.advance(250);
    await settle();
    expect(waiting).toEqual([]);
    expect(time.pending).toBe(0);
  });

  test('that the cloud neither takes nor refuses are not sent in a tight loop', async () => {
    const { sender, batches, time } = setUp(2, () => ({}));
    sender.wake();
    await settle();
    expect(batches).toHaveLength(1);
    time.advance(250);
    await settle();
    expect(batches).toHaveLength(2);
    sender.pause();
    expect(time.pending).toBe(0);
  });

  test('one at which the cloud fails again and again is set aside; the others go on, and it is not lost', async () => {
    let failing = true;
    const { sender, waiting, time, batches } = setUp(5, (batch) => {
      if (failing && batch.includes(id.record('r2'))) throw new OffhookError('internal');
      return { accepted: batch };
    });
    sender.wake();
    await pass(time, 60_000, 100);
    expect(waiting.map(({ recordId }) => recordId)).toEqual(['r2']);
    expect(sender.aside).toBe(1);
    // The whole batch three times, then one by one, and with the bad one out of the way together again.
    expect(batches.map((batch) => batch.length)).toEqual([5, 5, 5, 1, 1, 1, 1, 1, 2]);
    failing = false;
    await pass(time, 600_000, 1_000);
    expect(waiting).toEqual([]);
    expect(sender.aside).toBe(0);
    expect(time.pending).toBe(0);
  });

  test('one that was set aside is tried again on a new link', async () => {
    let failing = true;
    const { sender, waiting, time } = setUp(1, (accepted) => {
      if (failing) throw new OffhookError('internal');
      return { accepted };
    });
    sender.wake();
    await pass(time, 60_000, 100);
    expect(sender.aside).toBe(1);
    failing = false;
    sender.pause();
    expect(time.pending).toBe(0);
    sender.wake();
    await settle();
    expect(waiting).toEqual([]);
  });

  test('a cloud that fails for a moment sets nothing aside', async () => {
    let failures = 2;
    const { sender, waiting, time } = setUp(1, (accepted) => {
      failures -= 1;
      if (failures >= 0) throw new OffhookError('internal');
      return { accepted };
    });
    sender.wake();
    await pass(time, 10_000, 100);
    expect(waiting).toEqual([]);
    expect(sender.aside).toBe(0);
  });

  test('one that the cloud cannot read does not hold up the others', async () => {
    const { sender, waiting, batches } = setUp(3, (batch) => {
      if (batch.includes(id.record('r1'))) throw new OffhookError('bad_request');
      return { accepted: batch };
    });
    sender.wake();
    await settle();
    expect(waiting).toEqual([]);
    expect(batches).toEqual([['r0', 'r1', 'r2'], ['r0'], ['r1'], ['r2']]);
  });
});
