import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createMetrics } from '../operations/metrics.ts';
import { parseProxies } from './addresses.ts';
import { createApp } from './app.ts';
import { createExportSlots, sendFile } from './exports.ts';

const PIECE = 'x'.repeat(16 * 1024);
const MIB = 1024 * 1024;

async function served(pieces: () => AsyncIterable<string>) {
  const app = await createApp({
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    publicOrigin: undefined,
    isProxy: parseProxies(undefined),
  });
  onTestFinished(() => app.close());
  const slots = createExportSlots({ all: 1, each: 1 });
  app.get('/file', (_request, reply) => sendFile(reply, 'file', 'csv', slots.take('a', pieces())));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/file`;
}

test('a file without end is made no faster than it is taken, and its making ends with the client', async () => {
  let made = 0;
  const ended = Promise.withResolvers<void>();
  const url = await served(async function* () {
    try {
      for (;;) {
        // As a page of the database does, it lets others come in between.
        await new Promise(setImmediate);
        made += PIECE.length;
        yield PIECE;
      }
    } finally {
      ended.resolve();
    }
  });
  const taken = await new Promise<number>((done, failed) => {
    get(url, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes < 20 * MIB) return;
        response.destroy();
        done(bytes);
      });
    }).on('error', failed);
  });
  await ended.promise;
  // What lies in the buffers of both ends of the socket, and no more.
  expect(made - taken).toBeLessThan(16 * MIB);
  // And others may have the place; that one has it again ends with its client, too.
  const again = await new Promise<number | undefined>((done, failed) => {
    get(url, (response) => {
      done(response.statusCode);
      response.destroy();
    }).on('error', failed);
  });
  expect(again).toBe(200);
});

test('an error in the middle breaks the connection off: nobody takes a part for the whole', async () => {
  const url = await served(async function* () {
    yield PIECE;
    throw new Error('the database went away');
  });
  const response = await fetch(url);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
});
