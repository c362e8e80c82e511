import { open, readFile, rename, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { convert, loadMapping, requireReadable, subscriberFile } from './convert.ts';
import { InputError } from './mapping.ts';
import { conversionReport, unusedLine } from './report.ts';
import { KeyRefused, send, Unreachable } from './send.ts';

export const USAGE = `Usage:
  offhook-migrate convert --platform openscape-voice|openscape-4000 --in export.csv --mapping mapping.json
                          --out subscribers.json [--report report.txt]
      turns an export (delimited text or XML, as the mapping says) into the import's JSON
  offhook-migrate send --in subscribers.json --url https://phone.example.com --key-file key.txt
                       [--dry-run] [--report report.txt]
      sends such a file to the provisioning API; after a break the same command goes on where it ended
Exit codes: 0 everything was used · 1 a fault of the program · 2 wrong use: arguments, mapping or file
            3 done, but some records were of no use (see the report) · 4 the service did not answer · 5 the key is refused`;

export const exitCodes = {
  fine: 0,
  fault: 1,
  usage: 2,
  someUnused: 3,
  unreachable: 4,
  keyRefused: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What the program does to the world around it, for tests. */
export type Surroundings = {
  out: (text: string) => void;
  err: (text: string) => void;
  fetch: typeof fetch;
  random: () => number;
  wait: (milliseconds: number) => Promise<void>;
};

/** Run the program with these arguments. */
export async function run(args: readonly string[], around: Surroundings): Promise<ExitCode> {
  try {
    const [command, ...rest] = args;
    if (command === 'convert') return await runConvert(rest, around);
    if (command === 'send') return await runSend(rest, around);
    throw new InputError(USAGE);
  } catch (error) {
    if (error instanceof InputError) {
      around.err(`${error.message}\n`);
      return exitCodes.usage;
    }
    if (error instanceof KeyRefused || error instanceof Unreachable) {
      around.err(`${error.message}\n`);
      return error instanceof KeyRefused ? exitCodes.keyRefused : exitCodes.unreachable;
    }
    around.err(
      `A fault of this program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCodes.fault;
  }
}

type Options = Record<string, { type: 'string' | 'boolean' }>;

function options(args: readonly string[], known: Options, needed: readonly string[]) {
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ args: [...args], options: known, strict: true }));
  } catch (error) {
    throw new InputError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, {
      cause: error,
    });
  }
  const missing = needed.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw new InputError(`${missing.map((name) => `--${name}`).join(', ')} is missing.\n\n${USAGE}`);
  }
  const text = (name: string): string => {
    const value = values[name];
    return typeof value === 'string' ? value : '';
  };
  return { text, has: (name: string) => values[name] !== undefined };
}

const platforms = ['openscape-voice', 'openscape-4000'];

async function runConvert(args: readonly string[], around: Surroundings): Promise<ExitCode> {
  const string = { type: 'string' } as const;
  const known = { platform: string, in: string, mapping: string, out: string, report: string };
  const { text, has } = options(args, known, ['platform', 'in', 'mapping', 'out']);
  if (!platforms.includes(text('platform'))) {
    throw new InputError(`--platform is one of ${platforms.join(', ')}.`);
  }
  await requireReadable(text('in'));
  const conversion = convert(text('in'), await loadMapping(text('mapping')));
  await writeWhole(
    text('out'),
    subscriberFile(`offhook-migrate, ${text('platform')}`, conversion.subscribers),
  );
  const { report } = conversion;
  const lines = [...conversionReport(text('in'), conversion)];
  if (has('report')) await writeWhole(text('report'), lines);
  around.out(lines[0] ?? '');
  if (report.unusedCount > 0) {
    around.err(has('report') ? `What was of no use is in ${text('report')}.\n` : lines.slice(1).join(''));
  }
  return report.unusedCount > 0 ? exitCodes.someUnused : exitCodes.fine;
}

async function runSend(args: readonly string[], around: Surroundings): Promise<ExitCode> {
  const string = { type: 'string' } as const;
  const known = {
    in: string,
    url: string,
    'key-file': string,
    'dry-run': { type: 'boolean' } as const,
    report: string,
  };
  const { text, has } = options(args, known, ['in', 'url', 'key-file']);
  const url = checkedUrl(text('url'));
  const key = (
    await readFile(text('key-file'), 'utf8').catch((error: unknown) => {
      throw new InputError(`The key file ${text('key-file')} cannot be read.`, { cause: error });
    })
  ).trim();
  if (!/^[\x21-\x7e]+$/u.test(key))
    throw new InputError(`The key file ${text('key-file')} holds no API key.`);
  const dryRun = has('dry-run');
  const sent = await send({
    url,
    key,
    input: text('in'),
    dryRun,
    progressFile: `${text('in')}.progress`,
    onBatch: (count) => around.err(`${count} sent\n`),
    fetch: around.fetch,
    random: around.random,
    wait: around.wait,
  });
  const { created, changed, unchanged, refused, resumedAfter } = sent;
  const would = dryRun ? 'would be ' : '';
  const resumed = resumedAfter > 0 ? ` The first ${resumedAfter} had been sent before.` : '';
  const summary = `${created} ${would}created, ${changed} ${would}changed, ${unchanged} unchanged, ${refused.length} refused.${resumed}\n`;
  const lines = [summary, ...refused.map((one) => `${unusedLine(one)}\n`)];
  around.out(summary);
  if (has('report')) await writeWhole(text('report'), lines);
  else around.err(lines.slice(1).join(''));
  return refused.length > 0 ? exitCodes.someUnused : exitCodes.fine;
}

/** The key goes there: never in the clear over a network. */
function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) throw new InputError(`--url “${text}” is no address. Write https://phone.example.com.`);
  const isOwn = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isOwn)) {
    throw new InputError(`--url must begin with https://, as the key is sent there.`);
  }
  return url.origin;
}

/** A file for its owner alone (it may hold passwords), there whole or not at all. */
async function writeWhole(path: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600).catch((error: unknown) => {
    throw new InputError(`${path} cannot be written.`, { cause: error });
  });
  try {
    let waiting = '';
    for await (const piece of pieces) {
      waiting += piece;
      if (waiting.length < 64 * 1024) continue;
      await file.write(waiting);
      waiting = '';
    }
    await file.write(waiting);
    await file.close();
    await rename(part, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(part, { force: true });
    throw error;
  }
}
