import { createReadStream } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { AdminLimits, ProvisioningResult, type Subscriber } from '@offhook/contract';
import { JsonFileError, JsonReader, readElement } from '@offhook/subscribers';
import * as z from 'zod';
import type { Unused } from './convert.ts';
import { InputError } from './mapping.ts';

export type SendOptions = {
  /** Of the cloud, `https://phone.example.com`. */
  url: string;
  /** An API key that may provision. */
  key: string;
  /** A file of the format `offhook-subscribers`. */
  input: string;
  dryRun: boolean;
  /** Where it is noted how far it came. */
  progressFile: string;
  onBatch: (sent: number) => void;
  fetch: typeof fetch;
  /** In [0, 1). */
  random: () => number;
  wait: (milliseconds: number) => Promise<void>;
};

export type Sent = {
  created: number;
  changed: number;
  unchanged: number;
  refused: Unused[];
  /** Rows that were passed over, as an earlier run had sent them. */
  resumedAfter: number;
};

/** The service does not take the key. */
export class KeyRefused extends Error {}
/** The service did not answer for long, or not as described; the next run goes on where this one ended. */
export class Unreachable extends Error {}

const Progress = z.object({ file: z.string(), url: z.string(), sent: z.number().int().nonnegative() });

const ATTEMPTS = 8;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
const TIMEOUT = 60_000;

/**
 * Send subscribers to the provisioning API, 500 at a time. The same batch twice changes nothing, so that whatever was on its way when the line broke is
 * sent again. People are matched by their address.
 * @throws InputError, KeyRefused, Unreachable
 */
export async function send(options: SendOptions): Promise<Sent> {
  const { input, dryRun, onBatch } = options;
  const file = await hashOf(input);
  const resumedAfter = dryRun ? 0 : await progressOf(options, file);
  const sent: Sent = { created: 0, changed: 0, unchanged: 0, refused: [], resumedAfter };
  let batch: { row: number; subscriber: Subscriber }[] = [];
  let last = resumedAfter;
  const flush = async () => {
    if (batch.length > 0) {
      const result = await post(
        options,
        batch.map(({ subscriber }) => subscriber),
      );
      for (const [index, { row, subscriber }] of batch.entries()) {
        const one = result.results[index];
        if (one === undefined || one.outcome === 'refused') {
          sent.refused.push({ row, code: one?.problem ?? 'not_an_object', value: subscriber.email });
        } else sent[one.outcome] += 1;
      }
    }
    batch = [];
    if (!dryRun) await note(options, { file, url: options.url, sent: last });
    onBatch(last);
  };
  for await (const { row, element } of elementsOf(input)) {
    if (row <= resumedAfter) continue;
    const { subscriber, problem } = readElement(element);
    last = row;
    if (subscriber === undefined) sent.refused.push({ row, ...problem });
    else batch.push({ row, subscriber });
    if (batch.length >= AdminLimits.provisioningBatch) await flush();
  }
  await flush();
  if (!dryRun) await rm(options.progressFile, { force: true });
  return sent;
}

/** The file is read to its end before anything is sent, so that half a file, or another one, sends nothing. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const reader = new JsonReader();
  const decoder = new TextDecoder();
  try {
    for await (const bytes of createReadStream(path)) {
      hash.update(bytes as Buffer);
      reader.push(decoder.decode(bytes as Buffer, { stream: true }));
    }
    reader.push(decoder.decode());
    reader.end();
  } catch (error) {
    if (error instanceof JsonFileError) {
      throw new InputError(`${path}: ${error.message} “convert” makes such a file.`, { cause: error });
    }
    throw new InputError(`${path} cannot be read: ${String(error)}`, { cause: error });
  }
  return hash.digest('hex');
}

async function* elementsOf(path: string) {
  const reader = new JsonReader();
  const decoder = new TextDecoder();
  for await (const bytes of createReadStream(path)) {
    yield* reader.push(decoder.decode(bytes as Buffer, { stream: true }));
  }
  yield* reader.push(decoder.decode());
}

/** How far an earlier run came with the same file to the same place. */
async function progressOf({ progressFile, url }: SendOptions, file: string): Promise<number> {
  const text = await readFile(progressFile, 'utf8').catch(() => undefined);
  if (text === undefined) return 0;
  try {
    const progress = Progress.parse(JSON.parse(text));
    return progress.file === file && progress.url === url ? progress.sent : 0;
  } catch {
    return 0;
  }
}

async function note({ progressFile }: SendOptions, progress: z.infer<typeof Progress>): Promise<void> {
  await writeFile(`${progressFile}.part`, JSON.stringify(progress), { mode: 0o600 });
  await rename(`${progressFile}.part`, progressFile);
}

async function post(options: SendOptions, users: Subscriber[]): Promise<ProvisioningResult> {
  const { url, key, dryRun, random, wait } = options;
  const target = new URL('/api/provisioning/v1/users/batch', url);
  let reason = '';
  let retryAfter = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) {
      // Full jitter: many who lost the same service do not come back in step.
      await wait(Math.max(retryAfter, random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt)));
    }
    retryAfter = 0;
    let response: Response;
    try {
      response = await options.fetch(target, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ users, dryRun }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch (error) {
      reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      continue;
    }
    if (response.ok) {
      const parsed = ProvisioningResult.safeParse(await response.json().catch(() => undefined));
      if (parsed.success) return parsed.data;
      throw new Unreachable(`${target.origin} answers, but not as Offhook does. Is the address right?`);
    }
    const said = await response.text().catch(() => '');
    if (response.status === 401 || response.status === 403) {
      throw new KeyRefused(
        `${target.origin} does not take this key (${response.status}). Make one for provisioning in the portal, and check that it was not revoked.`,
      );
    }
    if (response.status !== 429 && response.status < 500) {
      throw new Unreachable(
        `${target.origin} refused the request (${response.status}): ${said.slice(0, 500)}`,
      );
    }
    reason = `status ${response.status}`;
    retryAfter = Math.min(LONGEST_WAIT, (Number(response.headers.get('retry-after')) || 0) * 1_000);
  }
  throw new Unreachable(
    `${target.origin} did not answer after ${ATTEMPTS} attempts (${reason}). Run the same command again later: it goes on where it ended.`,
  );
}
