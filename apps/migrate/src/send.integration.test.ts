import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProvisioningBatch } from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { exitCodes, run } from './cli.ts';

type Answer = (batch: ProvisioningBatch, response: ServerResponse) => void;

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const asCreated: Answer = ({ users }, response) =>
  void response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ results: users.map(({ email }) => ({ email, outcome: 'created' })) }));

const withStatus =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_batch, response) =>
    void response.writeHead(status, headers).end('{}');

const asCut: Answer = (_batch, response) => void response.destroy();

/** A service that answers as it is told, one answer after the other, the last one for ever. */
async function service(...answers: Answer[]) {
  const batches: ProvisioningBatch[] = [];
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const batch = ProvisioningBatch.parse(JSON.parse(await readBody(request)));
      keys.push(request.headers.authorization);
      batches.push(batch);
      (answers.length > 1 ? answers.shift() : answers[0])?.(batch, response);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, batches, keys, sizes: () => batches.map(({ users }) => users.length) };
}

async function sender(people: number, url: string) {
  const folder = await mkdtemp(join(tmpdir(), 'migrate-send-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [input, keyFile] = [join(folder, 'subscribers.json'), join(folder, 'key')];
  const subscribers = Array.from({ length: people }, (_, n) => ({
    email: `p${n}@x.example`,
    name: `P ${n}`,
  }));
  await writeFile(input, JSON.stringify({ format: 'offhook-subscribers', version: 1, subscribers }));
  await writeFile(keyFile, 'ohk_a-key\n');
  const waits: number[] = [];
  const send = async (...more: string[]) => {
    let [out, err] = ['', ''];
    const code = await run(['send', '--in', input, '--url', url, '--key-file', keyFile, ...more], {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      fetch,
      random: () => 0.5,
      wait: async (milliseconds) => void waits.push(milliseconds),
    });
    return { code, out, err };
  };
  const hasProgress = () =>
    stat(`${input}.progress`).then(
      () => true,
      () => false,
    );
  return { send, waits, input, hasProgress };
}

test('everybody is sent, 500 at a time, with the key', async () => {
  const { url, sizes, keys, batches } = await service(asCreated);
  const { send, hasProgress } = await sender(1_201, url);
  const { code, out } = await send();
  expect(code).toBe(exitCodes.fine);
  expect(out).toContain('1201 created, 0 changed, 0 unchanged, 0 refused.');
  expect(sizes()).toEqual([500, 500, 201]);
  expect(new Set(keys)).toEqual(new Set(['Bearer ohk_a-key']));
  expect(batches[2]?.users.at(-1)).toEqual({ email: 'p1200@x.example', name: 'P 1200' });
  expect(await hasProgress()).toBe(false);
});

test('a service that is busy, failing or cut off is asked again, later and later, not before it says', async () => {
  const { url, sizes } = await service(
    withStatus(503),
    asCut,
    withStatus(429, { 'retry-after': '30' }),
    asCreated,
  );
  const { send, waits } = await sender(3, url);
  expect((await send()).code).toBe(exitCodes.fine);
  expect(sizes()).toEqual([3, 3, 3, 3]);
  expect(waits).toEqual([1_000, 2_000, 30_000]);
});

test('after a break the same command goes on where it ended', async () => {
  const broken = await service(asCreated, withStatus(503));
  const { send, hasProgress, waits } = await sender(1_200, broken.url);
  const first = await send();
  expect(first.code).toBe(exitCodes.unreachable);
  expect(first.err).toContain('it goes on where it ended');
  expect(waits).toHaveLength(7);
  expect(await hasProgress()).toBe(true);
  const asked = broken.batches.length;
  const again = await send();
  expect(again.code).toBe(exitCodes.unreachable);
  expect(broken.batches[asked]?.users[0]?.email).toBe('p500@x.example');
});

test('a dry run asks and notes nothing', async () => {
  const { url, batches } = await service(asCreated);
  const { send, hasProgress } = await sender(2, url);
  const { code, out } = await send('--dry-run');
  expect(code).toBe(exitCodes.fine);
  expect(out).toContain('2 would be created');
  expect(batches[0]?.dryRun).toBe(true);
  expect(await hasProgress()).toBe(false);
});

test('who is refused is listed with the reason', async () => {
  const { url } = await service(({ users }, response) => {
    const results = users.map(({ email }, index) =>
      index === 1 ? { email, outcome: 'refused', problem: 'number_taken' } : { email, outcome: 'unchanged' },
    );
    response.end(JSON.stringify({ results }));
  });
  const { send } = await sender(3, url);
  const { code, err } = await send();
  expect(code).toBe(exitCodes.someUnused);
  expect(err).toContain('row 2, “p1@x.example”: number_taken: Somebody else has this number already.');
});

test.each([401, 403])('a key that is refused (%i) is said, and not tried again', async (status) => {
  const { url, sizes } = await service(withStatus(status));
  const { send } = await sender(1, url);
  const { code, err } = await send();
  expect(code).toBe(exitCodes.keyRefused);
  expect(err).toContain('does not take this key');
  expect(err).not.toContain('ohk_');
  expect(sizes()).toEqual([1]);
});

test('half a file sends nobody', async () => {
  const { url, sizes } = await service(asCreated);
  const { send, input } = await sender(1_000, url);
  await writeFile(
    input,
    '{"format":"offhook-subscribers","version":1,"subscribers":[{"email":"a@x.example","name":"A"}',
  );
  const { code, err } = await send();
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('“convert” makes such a file');
  expect(sizes()).toEqual([]);
});

test('the key is never sent in the clear over a network', async () => {
  const { send } = await sender(1, 'http://phone.example.com');
  const { code, err } = await send();
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('must begin with https://');
});
