import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { ConnectorId, type TenantId } from '@offhook/contract';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { listenForChanges, notifyChange, notifyDirectory, type Change } from './changes.ts';

const server = useTestServer();

/** A way to the database that can fall silent without a word, as behind a firewall that has forgotten it. */
async function silentWay(url: string) {
  const { user, database, host, port } = new Client(url);
  const pairs = new Set<Socket[]>();
  const way = createServer((near) => {
    const far = connect(`${host}/.s.PGSQL.${port}`);
    const pair = [near, far];
    pairs.add(pair);
    for (const socket of pair) socket.on('error', () => {});
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((listening) => {
    way.listen(0, '127.0.0.1', listening);
  });
  onTestFinished(() => {
    way.close();
    for (const socket of [...pairs].flat()) socket.destroy();
  });
  const { port: near } = way.address() as AddressInfo;
  return {
    url: `postgres://${user ?? ''}@127.0.0.1:${near}/${database ?? ''}`,
    count: () => pairs.size,
    /** Whoever is connected now hears nothing more. */
    fallSilent: () => {
      for (const [near, far] of pairs) {
        near?.unpipe();
        far?.unpipe();
        far?.resume();
      }
    },
  };
}

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const way = await silentWay(url);
  const heard: Change[] = [];
  const occasions: string[] = [];
  const listener = listenForChanges({
    url: way.url,
    onChange: (change) => heard.push(change),
    onListening: (occasion) => occasions.push(occasion),
    log: { warn: () => {} },
    timings: { probeEvery: 50, answerWithin: 200 },
  });
  onTestFinished(() => listener.close());
  const tell = () =>
    admin.database.inTenant('acme' as TenantId, (trx) =>
      notifyChange(trx, { kind: 'directory', tenantId: 'acme' as TenantId, connectorIds: [] }),
    );
  await vi.waitUntil(() => occasions.length === 1);
  return { admin, way, heard, occasions, tell, listener };
}

test('a connection that falls silent is noticed and made anew; the gap is told', async () => {
  const { way, heard, occasions, tell } = await world();
  expect(occasions).toEqual(['first']);
  await tell();
  await vi.waitUntil(() => heard.length === 1);
  way.fallSilent();
  await tell(); // Lost: for that the gap is told.
  await vi.waitUntil(() => occasions.length === 2, { timeout: 20_000 });
  expect(occasions).toEqual(['first', 'again']);
  await tell();
  await vi.waitUntil(() => heard.length === 2);
  expect(way.count()).toBe(2);
});

test('every connector of a large change is told, notice by notice', async () => {
  const { heard, admin } = await world();
  const connectorIds = Array.from({ length: 250 }, (_, index) =>
    ConnectorId.parse(`con_${'x'.repeat(50)}${index}`),
  );
  await admin.database.inTenant('acme' as TenantId, (trx) =>
    notifyDirectory(trx, 'acme' as TenantId, connectorIds),
  );
  await vi.waitUntil(() => heard.length === 3);
  expect(heard.flatMap((change) => (change.kind === 'directory' ? change.connectorIds : []))).toEqual(
    connectorIds,
  );
});

test('it ends also while its connection is silent', async () => {
  const { way, listener } = await world();
  way.fallSilent();
  const begun = performance.now();
  await listener.close();
  expect(performance.now() - begun).toBeLessThan(5_000);
});
