import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runs, signal, waitUntil } from './process-table.ts';

/** What a running `./start` notes in its data folder, for the next one. */
export interface LockNote {
  readonly pid: number;
  /** Set as soon as the phone serves. */
  readonly url?: string;
  readonly programs: readonly { readonly pid: number; readonly entry: string }[];
}

export interface Lock {
  /** Replaces what is noted. */
  note(facts: Omit<LockNote, 'pid'>): void;
  release(): void;
}

/** Part of the command line of every `./start`. */
const STARTER = path.join('tools', 'start', 'main.ts');

/**
 * Takes the data folder for this process, or tells who has it. A lock whose process is gone is taken over: programs that
 * it left behind are given `patience` milliseconds to end themselves, then ended.
 */
export async function takeLock(
  dataDir: string,
  patience = 4_000,
): Promise<Lock | { readonly takenBy: LockNote }> {
  const file = path.join(dataDir, 'start.lock');
  for (;;) {
    const mine: LockNote = { pid: process.pid, programs: [] };
    if (createWhole(file, mine)) {
      return {
        note: (facts) => replaceWhole(file, { ...facts, pid: process.pid }),
        release: () => rmSync(file, { force: true }),
      };
    }
    const holder = read(file);
    if (holder !== undefined && holder.pid !== process.pid && runs(holder.pid, STARTER)) {
      return { takenBy: holder };
    }
    await endLeftovers(holder?.programs ?? [], patience);
    // Of two that find the same stale lock one moves it away; whoever moved a fresh one by mistake puts it back.
    const aside = `${file}.${process.pid}`;
    try {
      renameSync(file, aside);
    } catch {
      continue;
    }
    const moved = read(aside);
    if (moved !== undefined && moved.pid !== holder?.pid && runs(moved.pid, STARTER)) {
      linkSync(aside, file);
    }
    rmSync(aside, { force: true });
  }
}

/** The programs of a start that was killed see their channel close and end themselves; those that hang are ended. */
async function endLeftovers(programs: LockNote['programs'], patience: number): Promise<void> {
  const alive = () => programs.filter(({ pid, entry }) => runs(pid, entry));
  if (!(await waitUntil(() => alive().length === 0, patience))) {
    for (const { pid } of alive()) {
      signal(pid, 'SIGKILL');
    }
    await waitUntil(() => alive().length === 0, 2_000);
  }
}

/** Creates the file with its whole content at once; false where it exists. */
function createWhole(file: string, note: LockNote): boolean {
  const draft = `${file}.new.${process.pid}`;
  writeFileSync(draft, JSON.stringify(note));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replaceWhole(file: string, note: LockNote): void {
  const draft = `${file}.new.${process.pid}`;
  writeFileSync(draft, JSON.stringify(note));
  renameSync(draft, file);
}

function read(file: string): LockNote | undefined {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8')) as Partial<LockNote>;
    return typeof note.pid === 'number' ? { programs: [], ...note, pid: note.pid } : undefined;
  } catch {
    return undefined;
  }
}
