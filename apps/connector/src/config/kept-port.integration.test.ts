import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { quiet } from '../testing/log.ts';
import { openAtKeptPort } from './kept-port.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'offhook-kept-port-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const openServer = (): Promise<Server> => openAtKeptPort({ directory, log: quiet }, listen, portOf);

test('the next life has the same port', async () => {
  const first = await openServer();
  const port = portOf(first);
  await close(first);
  const second = await openServer();
  expect(portOf(second)).toBe(port);
  await close(second);
});

test('another program has the port meanwhile: a new one is taken, and kept from then on', async () => {
  const other = await listen(0);
  await writeFile(path.join(directory, 'sip-port'), String(portOf(other)));
  const server = await openServer();
  const port = portOf(server);
  expect(port).not.toBe(portOf(other));
  await close(server);
  await close(other);
  const next = await openServer();
  expect(portOf(next)).toBe(port);
  await close(next);
});

test.each(['', 'nonsense', '99999'])('a damaged note (%j) is passed over', async (text) => {
  await writeFile(path.join(directory, 'sip-port'), text);
  const server = await openServer();
  expect(portOf(server)).toBeGreaterThan(0);
  await close(server);
});
