import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** Logs of this many earlier starts are kept beside the present one. */
const KEPT = 3;

/** A program's log below the data folder. The program writes to the descriptor itself, so that it loses nothing when we die. */
export interface LogFile {
  readonly path: string;
  readonly descriptor: number;
  /** Adds a line of our own. */
  readonly write: (line: string) => void;
  /** The last lines that were written for people, not as JSON: what a program says when it cannot start. */
  lastWords(): string;
  close(): void;
}

/** Moves `name.log` to `name.log.1`, that to `name.log.2` and so on, and opens a new one. */
export function openLog(folder: string, name: string): LogFile {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.log`);
  for (let age = KEPT; age > 0; age -= 1) {
    const younger = age === 1 ? file : `${file}.${age - 1}`;
    if (existsSync(younger)) {
      renameSync(younger, `${file}.${age}`);
    }
  }
  const descriptor = openSync(file, 'a+', 0o600);
  return {
    path: file,
    descriptor,
    write: (line) => void writeSync(descriptor, `${new Date().toISOString()} ${line}\n`),
    lastWords: () => plainLines(tail(descriptor)).slice(-5).join('\n'),
    close: () => closeSync(descriptor),
  };
}

function tail(descriptor: number): string {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, 16_384));
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  return bytes.toString('utf8');
}

/** Pure: the lines of `text` that are no JSON, no stack trace and not empty. */
export function plainLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('{') && !/^\s+at /u.test(line));
}
