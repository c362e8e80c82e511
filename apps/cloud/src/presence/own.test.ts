import type { ClientId, ConnectorId, UserId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { createOwnFacts } from './own.ts';

const anna = 'anna' as UserId;
const ben = 'ben' as UserId;
const [one, two] = ['one' as ClientId, 'two' as ClientId];
const office = 'office' as ConnectorId;
const facts = () => createOwnFacts({ client: 5_000, link: 20_000 });
const clients = (state: 'none' | 'idle' | 'active') => [
  { kind: 'clients', userId: anna, clients: state } as const,
];
const talking = { userId: anna, activity: 'talking' } as const;

test('[PR-13] one client in use counts before those that are not, and only a change is a fact', () => {
  const own = facts();
  expect(own.joined(anna, one, 's1')).toEqual(clients('active'));
  expect(own.joined(anna, two, 's2')).toEqual([]);
  expect(own.idle(anna, one, 's1', true)).toEqual([]);
  expect(own.idle(anna, two, 's2', true)).toEqual(clients('idle'));
  expect(own.idle(anna, two, 's2', true)).toEqual([]);
  expect(own.idle(anna, one, 's1', false)).toEqual(clients('active'));
});

test('[PR-14] a client that left counts for some seconds more, and another socket of it takes its place', () => {
  const own = facts();
  own.joined(anna, one, 's1');
  own.left(anna, one, 's1', 1_000);
  expect(own.nextAt()).toBe(6_000);
  expect(own.advance(5_999)).toEqual([]);
  // A reload: nothing happened for anybody.
  expect(own.joined(anna, one, 's2')).toEqual([]);
  expect(own.nextAt()).toBeUndefined();
  // The old socket is missed late.
  own.left(anna, one, 's1', 6_000);
  expect(own.idle(anna, one, 's1', true)).toEqual([]);
  expect(own.nextAt()).toBeUndefined();
  own.left(anna, one, 's2', 7_000);
  expect(own.advance(12_000)).toEqual(clients('none'));
  expect(own.isEmpty()).toBe(true);
  expect(own.all()).toEqual([]);
});

test('[PR-14] clients are forgotten each in its time', () => {
  const own = facts();
  own.joined(anna, one, 's1');
  own.joined(ben, two, 's2');
  own.left(ben, two, 's2', 0);
  own.left(anna, one, 's1', 1_000);
  expect(own.advance(5_000)).toEqual([{ kind: 'clients', userId: ben, clients: 'none' }]);
  expect(own.nextAt()).toBe(6_000);
  expect(own.advance(6_000)).toEqual(clients('none'));
});

test('[PR-15] a link that went down is believed for some seconds more, then it is gone', () => {
  const own = facts();
  own.linkUp(office, 'l1', 1);
  own.activities(office, 'l1', { users: [talking], more: false });
  expect(own.linkDown(office, 'l1', 0)).toMatchObject([{ live: false, whole: true, activities: [talking] }]);
  expect(own.nextAt()).toBe(20_000);
  expect(own.advance(19_999)).toEqual([]);
  expect(own.advance(20_000)).toEqual([{ kind: 'link.gone', connectorId: office }]);
});

test('[PR-15] one that is back keeps what was known until it has said everything anew, in however many pages', () => {
  const own = facts();
  own.linkUp(office, 'l1', 1);
  own.activities(office, 'l1', { users: [talking], more: false });
  own.linkDown(office, 'l1', 0);
  expect(own.linkUp(office, 'l2', 2)).toMatchObject([{ live: true, whole: true, activities: [talking] }]);
  const ringing = { userId: ben, activity: 'ringing' } as const;
  expect(own.activities(office, 'l2', { users: [ringing], more: true })).toEqual([]);
  // Between two pages.
  expect(own.activity(office, 'l2', { userId: ben, activity: 'talking' })).toHaveLength(1);
  expect(own.activities(office, 'l2', { users: [], more: false })).toMatchObject([
    { whole: true, activities: [{ userId: ben, activity: 'talking' }] },
  ]);
  // What a link says that has been replaced is nothing.
  expect(own.activity(office, 'l1', talking)).toEqual([]);
  expect(own.linkDown(office, 'l1', 0)).toEqual([]);
});

test('[PR-16] lines of which a new connector said nothing are unknown until it has said everything', () => {
  const own = facts();
  expect(own.linkUp(office, 'l1', 1)).toMatchObject([{ whole: false, activities: [] }]);
  expect(own.activity(office, 'l1', { userId: ben, activity: 'idle' })).toHaveLength(1);
  expect(own.activities(office, 'l1', { users: [], more: false })).toMatchObject([
    { whole: true, activities: [] },
  ]);
  expect(own.activity(office, 'l1', { userId: anna, activity: 'idle' })).toEqual([]);
  expect(own.activity(office, 'l1', talking)).toEqual([
    { kind: 'activity', connectorId: office, ...talking },
  ]);
});
