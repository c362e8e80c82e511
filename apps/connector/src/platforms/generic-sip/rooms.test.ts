import { OffhookError } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { anna } from '../../testing/scene.ts';
import { SipExchange, type ExchangeOptions } from './exchange.test-support.ts';

const open = (options: ExchangeOptions = {}): Promise<SipExchange> =>
  SipExchange.open({ mainNumber: '101', ...options });

/** What a request came to, once so much time has passed. */
async function after<T>(
  exchange: SipExchange,
  milliseconds: number,
  work: Promise<T>,
): Promise<T | OffhookError> {
  const settled = work.catch((error: unknown) => OffhookError.from(error));
  await exchange.pass(milliseconds);
  return settled;
}

const ROOM = /^sip:\*90\*\d{8}@pbx\.example$/u;
const phases = (exchange: SipExchange) => exchange.legs.map(({ call }) => call.phase);

/** The held side, the one that talks, and what came of joining them. */
async function join(exchange: SipExchange, how = (): void => {}) {
  const held = await exchange.atClient('200', 'held');
  const active = await exchange.atClient('201', 'talking');
  how();
  const outcome = await after(exchange, 7_000, exchange.platform.calls.conference(held, active));
  return outcome instanceof OffhookError ? outcome.code : outcome;
}

describe('a conference in a room of the PBX', () => {
  test('the leg that talks goes there, its other side after it, then the held one; one call is left', async () => {
    using exchange = await open();
    expect(await join(exchange)).toBe('joined');
    const [held, room] = exchange.legs;
    expect(exchange.dialled).toHaveLength(3);
    expect(exchange.referred).toEqual([expect.stringMatching(ROOM), exchange.referred[0]]);
    expect(exchange.referred[0]).toBe(room?.handle?.room);
    expect(held?.call.phase).toMatchObject({ name: 'ended', cause: 'transferred' });
    expect(room?.call).toMatchObject({
      phase: { name: 'talking', move: undefined, order: undefined },
      room: { members: [{ number: '201' }, { number: '200' }] },
    });
    // The session that was left has ended, and the room’s goes on.
    expect(exchange.counts().sessions).toBe(1);
  });

  test('a third and a fourth are sent to the same room, whichever of the two calls waits', async () => {
    using exchange = await open();
    await join(exchange);
    const { calls } = exchange.platform;
    const room = {
      line: exchange.line,
      remoteNumber: '201',
      leg: exchange.legs[1]?.handle,
      connection: undefined,
    };
    const third = await exchange.atClient('202', 'talking');
    expect(await after(exchange, 3_000, calls.conference(room, third))).toBe('joined');
    const fourth = await exchange.atClient('203', 'held');
    expect(await after(exchange, 3_000, calls.conference(fourth, room))).toBe('joined');
    expect(new Set(exchange.referred).size).toBe(1);
    expect(exchange.legs[1]?.call.room?.members.map(({ number }) => number)).toEqual([
      '201',
      '200',
      '202',
      '203',
    ]);
    expect(exchange.counts().sessions).toBe(1);
  });

  test.each(['refuse', 'silent'] as const)(
    'where the room does %s, both calls are as before and the client mixes',
    async (how) => {
      using exchange = await open();
      expect(await join(exchange, () => exchange.behave(how))).toBe('mix');
      expect(exchange.referred).toEqual([]);
      expect(phases(exchange)).toMatchObject([
        { name: 'talking', held: true, move: undefined },
        { name: 'talking', held: false, move: undefined },
      ]);
      expect(exchange.counts().sessions).toBe(2);
    },
  );

  test('where the first does not follow, we go back to them, and the client mixes', async () => {
    using exchange = await open();
    const before: string[] = [];
    const outcome = await join(exchange, () => {
      before.push(exchange.legs[1]?.sipCallId ?? '');
      exchange.comesToNothing.set(0, 486);
    });
    expect(outcome).toBe('mix');
    expect(exchange.referred).toHaveLength(1);
    expect(phases(exchange)).toMatchObject([
      { name: 'talking', held: true },
      { name: 'talking', held: false, move: undefined, order: undefined, exchange: { name: 'idle' } },
    ]);
    expect(exchange.legs[1]?.sipCallId).toBe(before[0]);
    expect(exchange.legs[1]?.call.room).toBeUndefined();
    expect(exchange.counts().sessions).toBe(2);
    expect(
      await after(exchange, 500, exchange.legs[1]?.request(anna, { method: 'hold' }) ?? Promise.reject()),
    ).not.toBeInstanceOf(OffhookError);
  });

  test('where the second does not follow, they stay on hold, and the user is told', async () => {
    using exchange = await open();
    expect(await join(exchange, () => exchange.comesToNothing.set(1, 486))).toBe('conference_failed');
    expect(phases(exchange)).toMatchObject([
      { name: 'talking', held: true, transfer: undefined },
      { name: 'talking', held: false },
    ]);
    expect(exchange.legs[1]?.call.room?.members).toEqual([{ number: '201' }]);
    expect(exchange.counts().sessions).toBe(2);
  });

  test('whoever hangs up on the way there leaves the held one as they are', async () => {
    using exchange = await open();
    const held = await exchange.atClient('200', 'held');
    const active = await exchange.atClient('201', 'talking');
    exchange.behave('silent');
    const joined = after(exchange, 3_000, exchange.platform.calls.conference(held, active));
    await exchange.legs[1]?.request(anna, { method: 'hangUp' });
    expect(await joined).toMatchObject({ code: 'conference_failed' });
    expect(phases(exchange)).toMatchObject([{ name: 'talking', held: true }, { name: 'ended' }]);
  });

  test.each([{}, { conference: '700' }])(
    'where there is no code for a room of one’s own (%j), the client mixes',
    async (codes) => {
      using exchange = await open({ codes });
      expect(await join(exchange)).toBe('mix');
      expect(exchange.dialled).toEqual(['200', '201']);
    },
  );

  test('of a PBX that knows no REFER the client mixes, and no transfer is offered any more', async () => {
    using exchange = await open({ referStatus: 501 });
    expect(await join(exchange)).toBe('mix');
    expect(exchange.platform.abilities(exchange.line.userId).transfer).toBe(false);
    expect(exchange.counts().sessions).toBe(2);
  });
});
