import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../log.ts';

const FILE = 'sip-port';

/**
 * Opens at a free port that stays the same from one life to the next: the PBX may still hold our Contact of before, and
 * callers would wait at a port that nobody listens on. The port is kept in `directory`; where another program has it now,
 * a new one is taken. Rejects as `open` does.
 *
 * @param open with 0 for any free port
 */
export async function openAtKeptPort<T>(
  options: { readonly directory: string; readonly log: Log },
  open: (port: number) => Promise<T>,
  portOf: (opened: T) => number,
): Promise<T> {
  const file = path.join(options.directory, FILE);
  const kept = await read(file);
  const opened = await open(kept).catch((error: unknown) => {
    if (kept === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    options.log.warn({ port: kept }, 'the SIP port of before is taken by another program: taking a new one');
    return open(0);
  });
  const port = portOf(opened);
  if (port !== kept) {
    await writeFile(file, `${String(port)}\n`, { mode: 0o600 }).catch((error: unknown) => {
      options.log.warn({ err: error }, 'the SIP port cannot be kept for the next start');
    });
  }
  return opened;
}

/** 0 where none is kept. */
async function read(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const port = /^\d{1,5}\s*$/u.test(text) ? Number(text) : 0;
  return port <= 65_535 ? port : 0;
}
