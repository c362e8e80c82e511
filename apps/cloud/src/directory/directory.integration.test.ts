import { DirectoryIndex, DirectoryPart } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { linkCall, openClient, openConnector, signIn, userSnapshot } from '../testing/peers.ts';

const server = useTestServer();

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  await admin.apply(tenantFile('other'));
  const cloud = await startCloud(url, admin.secrets);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const index = async () => DirectoryIndex.parse(await (await anna.get('/api/directory')).json());
  const people = async () => {
    const { parts } = await index();
    const read = parts.map(async (part) =>
      DirectoryPart.parse(await (await anna.get(`/api/directory/parts/${part}`)).json()),
    );
    return (await Promise.all(read)).flatMap((part) => part.people);
  };
  return { url, admin, cloud, anna, index, people };
}

test('[C2] everybody of the own company is read in parts; a change has another part and is told', async () => {
  const { admin, cloud, anna, index, people } = await world();
  const window = await openClient(cloud.url, anna);
  await window.snapshot();
  const before = await index();
  expect(before).toMatchObject({
    country: 'DE',
    people: 3,
    numbering: { callingCode: '49', international: '00', national: '0' },
  });
  expect((await people()).map(({ name, number = 'none' }) => `${name} ${number}`).toSorted()).toEqual([
    'Ada Admin none',
    'Anna Berger 101',
    'Ben Carter 102',
  ]);

  await admin.apply(
    tenantFile('acme', {
      users: tenantFile('acme').users.map((user) =>
        user.name === 'Ben Carter' ? { ...user, name: 'Ben Carter-Dahl' } : user,
      ),
    }),
  );
  await window.event('directory.changed');
  const after = await index();
  expect(after.parts).not.toEqual(before.parts);
  expect((await people()).map(({ name }) => name)).toContain('Ben Carter-Dahl');
  const gone = before.parts.find((part) => !after.parts.includes(part));
  expect((await anna.get(`/api/directory/parts/${gone}`)).status).toBe(404);
});

test('[C4] whoever calls with a public number of a colleague has the name, however it is written', async () => {
  const { url, admin, cloud, anna } = await world();
  await server.query(
    url,
    `UPDATE lines SET main_number = '089 7007-102' WHERE number = '102' AND tenant_id = 'acme'`,
  );
  const connector = await openConnector(cloud.url, (await admin.createKey('acme')).key, {
    'user.snapshot': () => userSnapshot('e' as never),
  });
  await connector.event('clients.snapshot');
  const window = await openClient(cloud.url, anna);
  await window.snapshot();
  const userId = await admin.userId('anna@acme.example');
  const benId = await admin.userId('ben@acme.example');
  const ways = ['+49897007102', '004989 7007 102', '0897007102', '102'];
  for (const [at, number] of ways.entries()) {
    const call = linkCall({ direction: 'incoming', remote: { number, name: 'as the network says' } });
    connector.tell('call.changed', { userId, revision: { epoch: connector.epoch, rev: at + 1 }, call });
    expect(await window.event('call.changed')).toMatchObject({
      call: { remote: { number, name: 'Ben Carter', userId: benId } },
    });
  }
});
