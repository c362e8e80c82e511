import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/** How a process ended: one of the two is set. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program under test, with all that it prints. */
export interface TestProcess extends AsyncDisposable {
  readonly pid: number;
  /** Standard output and standard error so far, as they came. The last 4 MB at most. */
  output(): string;
  /** Resolves with the first match in the output, past or future. Rejects with the output when it ends or time is up. */
  waitFor(pattern: RegExp, within?: number): Promise<RegExpExecArray>;
  readonly ended: Promise<ProcessEnd>;
  send(signal: NodeJS.Signals): void;
  /** A line to its standard input, which must have been asked for; nothing when it has ended. */
  type(line: string): void;
  /** SIGTERM, after `grace` milliseconds SIGKILL; resolves when it is gone. */
  stop(grace?: number): Promise<ProcessEnd>;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Gives it a standard input, for {@link TestProcess.type}. */
  readonly input?: boolean;
}

const OUTPUT_CHARACTERS = 4 * 1024 * 1024;

export function startProcess(
  program: string,
  args: readonly string[],
  { input = false, ...options }: ProcessOptions = {},
): TestProcess {
  const child = spawn(program, args, { ...options, stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  let text = '';
  let end: ProcessEnd | undefined;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) {
      listener();
    }
  };
  const take = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-OUTPUT_CHARACTERS);
    tell();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  // What is typed while it ends is lost, and no error.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<ProcessEnd>((resolve) => {
    const finish = (how: ProcessEnd) => {
      end ??= how;
      tell();
      resolve(end);
    };
    child.once('error', (error) => {
      text += `\n${error.message}`;
      finish({ code: 127, signal: null });
    });
    // `close` and not `exit`: by then all output has been read.
    child.once('close', (code, signal) => finish({ code, signal }));
  });

  const stop = async (grace = 5_000): Promise<ProcessEnd> => {
    if (end === undefined) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), grace);
      await ended;
      clearTimeout(timer);
    }
    return await ended;
  };

  return {
    pid: child.pid ?? 0,
    output: () => text,
    ended,
    send: (signal) => void child.kill(signal),
    type: (line) => {
      if (child.stdin === null) {
        throw new Error(`${program} has no standard input.`);
      }
      child.stdin.write(`${line}\n`);
    },
    stop,
    waitFor: (pattern, within = 30_000) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          act();
        };
        const look = () => {
          const match = pattern.exec(text);
          if (match !== null) {
            settle(() => resolve(match));
          } else if (end !== undefined) {
            settle(() => reject(new Error(`${program} ended before it printed ${pattern}:\n${text}`)));
          }
        };
        const timer = setTimeout(
          () =>
            settle(() => reject(new Error(`${program} did not print ${pattern} in ${within} ms:\n${text}`))),
          within,
        );
        listeners.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Where a program is that the machine may have; undefined where it has not. */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/sbin',
  ];
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * A port that is free for UDP and TCP on 127.0.0.1 at this moment, for foreign programs that cannot be told to choose one and
 * say which. Ours are told 0.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await freeTcpPort();
    if (await isFreeForUdp(port)) {
      return port;
    }
  }
  throw new Error('No port is free for both UDP and TCP.');
}

function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isFreeForUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
