import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Import } from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { createSecretBox } from '../secrets/secret-box.ts';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { person, signIn } from '../testing/peers.ts';
import { openImports } from './testing.test-support.ts';

const server = useTestServer();
const PEOPLE = 6_000;

test('kill -9 in the middle of reading, applying and undoing loses nothing and does nothing twice', async () => {
  const databaseUrl = await server.createDatabase();
  const key = randomBytes(32);
  const admin = await openAdmin(databaseUrl, createSecretBox([key]));
  await admin.apply(tenantFile('acme'));
  const env = { ...process.env, DATABASE_URL: databaseUrl, SECRET_KEY: key.toString('base64') };
  const start = async () => {
    const child = fork(new URL('killed.test-support.ts', import.meta.url), [], { env });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    const kill = async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    };
    return { url, kill };
  };
  const people = async () =>
    Number(
      (
        await server.query<{ n: string }>(
          databaseUrl,
          `SELECT count(*) AS n FROM users WHERE tenant_id = 'acme'`,
        )
      )[0]?.n,
    );

  let cloud = await start();
  const { cookie } = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const imports = () => openImports(cloud.url, person(cloud.url, cookie));
  const rows = Array.from(
    { length: PEOPLE },
    (_, i) => `p${i}@acme.example;Person ${i};${10_000 + i};secret-${i}`,
  );
  const { importId } = await imports().upload(['E-Mail;Name;Rufnummer;Kennwort', ...rows].join('\n'));

  /** Kill the cloud once it is on its way through this state, and start another one. */
  const killWithin = async (state: Import['state']) => {
    const half = await imports().settled(
      importId,
      (found) => found.state === state && found.progress.done > 0 && found.progress.done < PEOPLE,
    );
    expect(half.state).toBe(state);
    await cloud.kill();
    const there = await people();
    cloud = await start();
    return there;
  };

  expect(await killWithin('reading')).toBe(3);
  expect(await imports().settled(importId)).toMatchObject({
    state: 'preview',
    counts: { new: PEOPLE, refused: 0 },
  });

  await imports().act(importId, 'apply', {});
  expect(await killWithin('applying')).toBe(3);
  expect(await imports().settled(importId)).toMatchObject({ state: 'applied', counts: { new: PEOPLE } });
  expect(await people()).toBe(PEOPLE + 3);

  await imports().act(importId, 'undo');
  expect(await killWithin('undoing')).toBe(PEOPLE + 3);
  expect(await imports().settled(importId)).toMatchObject({ state: 'undone', counts: { refused: 0 } });
  expect(await people()).toBe(3);
  const acts = await server.query<{ action: string }>(
    databaseUrl,
    `SELECT action FROM audit_log WHERE action LIKE 'import.%' ORDER BY audit_id`,
  );
  expect(acts).toEqual([{ action: 'import.apply' }, { action: 'import.undo' }]);
});
