import { expect, test } from 'vitest';
import { openAdmin, startCloud } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';

const server = useTestServer();

test('nodes that start together migrate once', async () => {
  const url = await server.createEmptyDatabase();
  const databases = Array.from({ length: 4 }, () => openDatabase({ url, onIdleError: () => {} }));
  const applied = await Promise.all(databases.map((database) => migrate(database.pool)));
  await Promise.all(databases.map((database) => database.close()));
  expect(applied.flat()).toEqual(migrations.map((migration) => migration.name));
});

test('databases of one server share its roles, also when they are made at the same time', async () => {
  const urls = await Promise.all([1, 2, 3].map(() => server.createEmptyDatabase()));
  const databases = urls.map((url) => openDatabase({ url, onIdleError: () => {} }));
  const applied = await Promise.all(databases.map((database) => migrate(database.pool)));
  await Promise.all(databases.map((database) => database.close()));
  expect(applied).toEqual(urls.map(() => migrations.map((migration) => migration.name)));
});

test('an older version does not touch a database of a newer one', async () => {
  const url = await server.createDatabase();
  const { secrets } = await openAdmin(url);
  await server.query(url, `INSERT INTO migrations (name) VALUES ('9999-future')`);
  await expect(startCloud(url, secrets)).rejects.toThrow('migrated by a newer version (9999-future)');
});
