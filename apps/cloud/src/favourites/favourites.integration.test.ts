import type { UserId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { openClient, signIn } from '../testing/peers.ts';

const server = useTestServer();

const is = (userId: UserId) => ({ userId });

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  await admin.apply(tenantFile('other'));
  const cloud = await startCloud(url, admin.secrets);
  const client = async (name: 'anna' | 'ben') => {
    const opened = await openClient(
      cloud.url,
      await signIn(cloud.url, `${name}@acme.example`, `${name}-password`),
    );
    await opened.snapshot();
    return opened;
  };
  const ids = {
    anna: await admin.userId('anna@acme.example'),
    ben: await admin.userId('ben@acme.example'),
    ada: await admin.userId('admin@acme.example'),
    stranger: await admin.userId('ben@other.example'),
  };
  return { url, admin, cloud, client, ids };
}

test('[H5] favourites are kept in their order, follow to every window and are nobody else’s', async () => {
  const { client, ids } = await world();
  const [anna, second, ben] = [await client('anna'), await client('anna'), await client('ben')];
  expect(await anna.call('favourites.get', {})).toMatchObject({ people: [] });
  await anna.call('favourites.place', { userId: ids.ben });
  expect(await anna.call('favourites.place', { userId: ids.ada })).toMatchObject({
    people: [is(ids.ben), is(ids.ada)],
  });
  await second.event('favourites.changed');
  expect(await second.call('favourites.get', {})).toMatchObject({ people: [is(ids.ben), is(ids.ada)] });

  const moved = await second.call('favourites.place', { userId: ids.ada, before: ids.ben });
  expect(moved).toMatchObject({ people: [is(ids.ada), is(ids.ben)] });
  // Again, and before somebody who is no favourite: at the end, and once.
  const last = await anna.call('favourites.place', { userId: ids.ada, before: ids.anna });
  expect(last).toMatchObject({ people: [is(ids.ben), is(ids.ada)] });
  expect(await ben.call('favourites.get', {})).toEqual({ people: [] });
  await ben.call('ping', {});
  expect(ben.pending()).not.toContain('favourites.changed');

  expect(await anna.call('favourites.remove', { userId: ids.ben })).toMatchObject({ people: [is(ids.ada)] });
  expect(await anna.call('favourites.remove', { userId: ids.ben })).toMatchObject({ people: [is(ids.ada)] });
  // Taken back by an undo, at the old place.
  const undone = await anna.call('favourites.place', { userId: ids.ben, before: ids.ada });
  expect(undone).toMatchObject({ people: [is(ids.ben), is(ids.ada)] });

  await expect(anna.call('favourites.place', { userId: ids.stranger })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(anna.call('favourites.place', { userId: 'nobody' as UserId })).rejects.toMatchObject({
    code: 'not_found',
  });

  // With what is needed to call them.
  const { people } = await anna.call('favourites.get', {});
  expect(people[0]).toEqual({
    userId: ids.ben,
    name: 'Ben Carter',
    email: 'ben@acme.example',
    number: '102',
  });
});

test('[H5] two windows that star at the same time lose nothing', async () => {
  const { client, ids } = await world();
  const [anna, second] = [await client('anna'), await client('anna')];
  await Promise.all([
    anna.call('favourites.place', { userId: ids.ben }),
    second.call('favourites.place', { userId: ids.ada }),
    anna.call('favourites.place', { userId: ids.anna }),
  ]);
  const { people } = await second.call('favourites.get', {});
  expect(people.map(({ userId }) => userId).toSorted()).toEqual([ids.ben, ids.ada, ids.anna].toSorted());
});
