import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { announcement } from './announcement.ts';
import { takeLock, type Lock } from './lock.ts';
import { helpText, readOptions, type StartOptions } from './options.ts';
import { findTakenPorts } from './ports.ts';
import { killParts, startProduct, stopParts, type Parts } from './product.ts';

/** Runs the whole product as children of this process until a signal comes. See `helpText`. */
const repository = path.resolve(import.meta.dirname, '..', '..');

// A terminal that is closed must not end us before the programs are ended.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const reading = readOptions(process.argv.slice(2), process.env, { repository, cwd: process.cwd() });
switch (reading.kind) {
  case 'help':
    process.stdout.write(helpText);
    break;
  case 'refused':
    console.error(reading.text);
    process.exitCode = 1;
    break;
  case 'run':
    process.exitCode = await run(reading.options);
    // The channel to whoever started us would keep us alive.
    if (process.connected) {
      process.disconnect?.();
    }
    break;
  default:
    reading satisfies never;
}

/** Gives the exit code, when everything that was started is gone again. */
async function run(options: StartOptions): Promise<number> {
  mkdirSync(options.dataDir, { recursive: true });
  const lock = await takeLock(options.dataDir);
  if ('takenBy' in lock) {
    const where = lock.takenBy.url === undefined ? '' : ` at ${lock.takenBy.url}`;
    console.error(
      `Offhook is already running on ${options.dataDir} (process ${lock.takenBy.pid})${where}. ` +
        'End it there with Ctrl-C, or choose another folder with --data-dir.',
    );
    return 1;
  }
  const parts: Parts = {};
  try {
    return await serve(options, lock, parts);
  } finally {
    lock.release();
  }
}

async function serve(options: StartOptions, lock: Lock, parts: Parts): Promise<number> {
  const taken = await findTakenPorts(options);
  if (taken.length > 0) {
    console.error(taken.join('\n'));
    return 1;
  }
  const ending = new AbortController();
  const ended = new Promise<void>((resolve) => {
    ending.signal.addEventListener('abort', () => resolve());
  });
  listenForTheEnd(ending, parts);

  /** Process ids by program. */
  const pids = new Map<string, number>();
  let url: string | undefined;
  const note = () => {
    const programs = Array.from(pids, ([entry, pid]) => ({ entry, pid }));
    lock.note({ programs, ...(url === undefined ? {} : { url }) });
  };
  const began = performance.now();
  const starting = startProduct(repository, options, parts, {
    say: (line) => console.log(line),
    onPid: (pid, entry) => {
      pids.set(entry, pid);
      note();
    },
    signal: ending.signal,
  });
  try {
    const facts = await Promise.race([starting, ended]);
    if (facts === undefined) {
      return 0;
    }
    url = facts.url;
    note();
    const running = Object.entries(parts).map(([name, part]) => [name, part.pid()] as const);
    const told = { ...facts, pids: { start: process.pid, ...Object.fromEntries(running) } };
    console.log(announcement(facts, options, performance.now() - began));
    if (options.readyFile !== undefined) {
      writeWhole(options.readyFile, JSON.stringify(told, undefined, 2));
    }
    process.send?.({ type: 'ready', ...told });
    await ended;
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    ending.abort();
    await stopParts(parts);
    // When it was interrupted, something may have come up meanwhile.
    await starting.catch(() => {});
    await stopParts(parts);
  }
}

/** The first signal asks for an orderly end; the second ends everything at once. */
function listenForTheEnd(ending: AbortController, parts: Parts): void {
  const end = () => {
    if (ending.signal.aborted) {
      killParts(parts);
      process.exit(130);
    }
    console.log('\nStopping … (Ctrl-C again ends everything at once)');
    ending.abort();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  process.on('disconnect', () => {
    if (!ending.signal.aborted) {
      end();
    }
  });
}

function writeWhole(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
