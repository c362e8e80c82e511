import type { DeviceReport } from '@offhook/call-model';
import type { SeededRandom } from '@offhook/testkit';
import { Desk, MOBILE } from './desk.ts';
import type { Told } from './fake-exchange.ts';
import { ANNA, BEN, CARLA } from './lines.ts';

/** What an exchange that is out of order does to its events. */
export interface Disorder {
  readonly lost: number;
  readonly twice: number;
  /** How many events one can be overtaken by. */
  readonly late: number;
}

const NUMBERS = ['101', '102', '103', '5101', '200', '201', MOBILE] as const;
const USERS = [ANNA, BEN, CARLA] as const;

/** A few calls at random: each of their events is told to the book sooner or later, twice or never. */
export function liveAtRandom(random: SeededRandom, disorder: Disorder): Desk {
  const desk = new Desk({
    style: random.pick(['bare', 'plus', 'switching_function'] as const),
    others: [MOBILE],
  });
  const waiting: Told[] = [];
  const steps = random.integer(3, 14);
  for (let step = 0; step < steps; step += 1) {
    act(desk, random);
    for (const told of desk.told.splice(0)) {
      if (random.chance(disorder.lost)) continue;
      waiting.push(told);
      if (random.chance(disorder.twice)) waiting.push(told);
    }
    deliver(desk, random, waiting, disorder, false);
    // Snapshots are made while events are under way.
    if (random.chance(0.5)) desk.grant();
    desk.now += random.integer(1, 1_000);
  }
  deliver(desk, random, waiting, disorder, true);
  desk.grant();
  return desk;
}

function deliver(
  desk: Desk,
  random: SeededRandom,
  waiting: Told[],
  { late }: Disorder,
  isLast: boolean,
): void {
  const keep = isLast ? 0 : random.integer(0, late);
  while (waiting.length > keep) {
    const [told] = waiting.splice(random.integer(0, Math.min(late, waiting.length - 1)), 1);
    if (told !== undefined) desk.hear(told);
  }
}

function act(desk: Desk, random: SeededRandom): void {
  const { exchange } = desk;
  const calls = [...exchange.calls.values()];
  if (calls.length === 0 || (calls.length < 3 && random.chance(0.3))) {
    const from = random.pick(NUMBERS);
    const to = random.pick(NUMBERS.filter((number) => number !== from));
    const call = exchange.dial(from, to);
    if (random.chance(0.9)) exchange.ring(call, to);
    return;
  }
  const call = random.pick(calls);
  if (call.parts.size === 0) {
    exchange.calls.delete(call.id);
    return;
  }
  const number = random.pick([...call.parts.keys()]);
  const state = call.parts.get(number);
  switch (random.integer(0, 7)) {
    case 0:
    case 1:
      if (state === 'alerting') exchange.answer(call, number);
      return;
    case 2:
      if (state === 'connected') exchange.hold(call, number);
      return;
    case 3:
      if (state === 'hold') exchange.retrieve(call, number);
      return;
    case 4:
      exchange.clear(call, number);
      return;
    case 5:
      if (state === 'connected' && call.parts.size === 2) {
        exchange.move(call, number, random.pick(NUMBERS), random.chance(0.5));
      } else if (state === 'alerting') exchange.divert(call, number, random.pick(NUMBERS));
      return;
    case 6: {
      const other = calls.find((one) => one !== call && one.parts.has(number));
      if (other !== undefined && state !== 'alerting') exchange.join(call, other, number, random.chance(0.5));
      return;
    }
    case 7:
      if (state === 'connected' && number.length === 3) exchange.park(call, number, '*71');
  }
}

/**
 * Of all users, in words; without what only events can tell: since when, what the call was called first, and calls that have left the
 * devices that are watched.
 */
export function truthOf(desk: Desk): string[] {
  return USERS.flatMap((userId) =>
    desk
      .report(userId)
      .connections.filter(({ place }) => place === 'line' || place === 'desk_phone')
      .map((one) => `${userId} ${described(one)}`),
  ).toSorted((left, right) => left.localeCompare(right));
}

function described(one: DeviceReport['connections'][number]): string {
  const { place, state, remote, members = [], heldByRemote = false } = one;
  const others = members.map(({ number }) => number).toSorted((left, right) => left.localeCompare(right));
  return [place, state, members.length > 0 ? 'conference' : remote.number, heldByRemote, ...others].join(' ');
}

/**
 * What somebody sees who comes to the same exchange now and knows nothing but what no snapshot says: who has called whom, and which
 * calls were answered once.
 */
export function freshTruth(desk: Desk): string[] {
  const fresh = new Desk({}, desk.exchange);
  fresh.audit();
  for (const call of fresh.book.calls.values()) {
    const known = desk.book.calls.get(call.id);
    for (const [userId, share] of known?.shares ?? [])
      if (call.shares.has(userId)) call.shares.set(userId, share);
    for (const member of call.members.values()) {
      const { answeredAt = member.answeredAt, parkedBy } = known?.members.get(member.key) ?? member;
      call.members.set(member.key, { ...member, answeredAt, parkedBy });
    }
  }
  return truthOf(fresh);
}
