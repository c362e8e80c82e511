import { readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { openPostgres } from '@offhook/embedded-postgres';
import { startProcess } from '@offhook/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Account } from './src/account.ts';
import { browserOffer } from './src/browser-offer.ts';
import { processesWith } from './src/process-table.ts';
import { makeDataDir, repository, startProduct } from './src/product.ts';
import { until } from './src/until.ts';

const ANNA = 'anna@demo.example';
const starter = path.join(repository, 'tools', 'start', 'main.ts');

let dataDir: string;
beforeEach(() => {
  dataDir = makeDataDir();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('./start', () => {
  it('[start-life] keeps the data over Ctrl-C and over kill -9, and leaves no process', async () => {
    const first = await startProduct({ dataDir });
    const password = first.passwordOf(ANNA);
    expect(first.output()).toContain(password);
    expect(first.output()).toContain(first.facts.url);
    const anna = await Account.signIn(first.facts.url, ANNA, password);
    const call = await anna.place('606', browserOffer);
    await until(
      'the call in the history',
      () => anna.history(),
      (entries) => entries.length === 1,
    );
    call[Symbol.dispose]();
    expect(await first.interrupt()).toBe(0);
    expect(processesWith(dataDir)).toEqual([]);

    const second = await startProduct({ dataDir });
    expect(second.passwordOf(ANNA)).toBe(password);
    const again = await Account.signIn(second.facts.url, ANNA, password);
    expect(await again.history()).toMatchObject([{ remote: { number: '606' }, cause: 'rejected' }]);
    await second.killStarter();

    const third = await startProduct({ dataDir });
    const oncemore = await Account.signIn(third.facts.url, ANNA, password);
    expect(await oncemore.history()).toHaveLength(1);
    expect(await third.interrupt()).toBe(0);
    expect(processesWith(dataDir)).toEqual([]);
  });

  it('[start-twice] a second start on the same data folder says so and changes nothing', async () => {
    await using product = await startProduct({ dataDir });
    const second = startProcess(process.execPath, [starter, '--port', '0', '--data-dir', dataDir]);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output()).toContain(`already running on ${dataDir} (process ${product.facts.pids.start})`);
    expect(second.output()).toContain(product.facts.url);
    const response = await fetch(new URL('/healthz', product.facts.url));
    expect(response.status).toBe(200);
  });

  it('[start-port-taken] a taken port is one clear line, exit code 1, and nothing is left running', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const started = startProcess(process.execPath, [starter, '--port', '0', '--data-dir', dataDir], {
      env: { ...process.env, OFFHOOK_PBX_HTTP_PORT: String(port) },
    });
    const end = await started.ended;
    server.close();
    expect(end).toEqual({ code: 1, signal: null });
    const lines = started.output().trim().split('\n');
    expect(lines).toEqual([expect.stringMatching(`^Port ${port} .*OFFHOOK_PBX_HTTP_PORT`)]);
    expect(processesWith(dataDir)).toEqual([]);
  });

  it('[start-restart] a program that dies is started again, and the others go on', async () => {
    await using product = await startProduct({ dataDir });
    const { cloud, connector, pbx } = product.facts.pids;
    process.kill(cloud, 'SIGKILL');
    await until(
      'the cloud to be back',
      () => product.output(),
      (text) => text.includes('cloud is back.'),
    );
    const response = await fetch(new URL('/healthz', product.facts.url));
    expect(response.status).toBe(200);
    // Signal 0 asks whether a process is there.
    expect(() => process.kill(connector, 0)).not.toThrow();
    expect(() => process.kill(pbx, 0)).not.toThrow();
  });

  it('[start-database-url] runs on a PostgreSQL that is there already, and starts none', async () => {
    const database = await openPostgres({ dataDir: path.join(dataDir, 'elsewhere') });
    try {
      await using product = await startProduct({ env: { DATABASE_URL: database.url } });
      expect(product.facts.pids.database).toBeUndefined();
      expect(readdirSync(product.dataDir)).not.toContain('postgres');
      const anna = await Account.signIn(product.facts.url, ANNA, product.passwordOf(ANNA));
      expect(await anna.history()).toEqual([]);
    } finally {
      await database.close();
    }
  });
});
