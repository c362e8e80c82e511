import type { UserId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { partsOf } from './parts.ts';
import type { DirectoryUser } from './search.ts';

const user = (id: number, name = `Person ${id}`): DirectoryUser => ({
  userId: `usr-${id}` as UserId,
  name,
  email: `p${id}@demo.example`,
  number: `${1000 + id}`,
  devices: [`${1000 + id}`],
  connectorId: undefined,
});
const users = Array.from({ length: 5_000 }, (_, id) => user(id));

test('everybody is in one part, and parts are small', () => {
  const parts = partsOf(users);
  const all = parts.ids.flatMap((id) => parts.people(id) ?? []);
  expect(new Set(all.map(({ userId }) => userId)).size).toBe(users.length);
  expect(all).toHaveLength(users.length);
  expect(parts.ids).toHaveLength(16);
  for (const id of parts.ids) expect(parts.people(id)?.length).toBeLessThan(500);
  expect(all.find(({ userId }) => userId === 'usr-7')).toEqual({
    userId: 'usr-7',
    name: 'Person 7',
    email: 'p7@demo.example',
    number: '1007',
  });
});

test('a change of one person, or another order, leaves the other parts what they were', () => {
  const before = new Set(partsOf(users).ids);
  const renamed = partsOf(users.map((one, at) => (at === 7 ? user(7, 'Somebody else') : one)));
  expect(renamed.ids.filter((id) => !before.has(id))).toHaveLength(1);
  const hired = partsOf([...users, user(5_001)]);
  expect(hired.ids.filter((id) => !before.has(id))).toHaveLength(1);
  expect(partsOf([]).ids).toEqual([]);
});
