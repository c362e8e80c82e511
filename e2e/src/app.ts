import { fork } from 'node:child_process';
import path from 'node:path';
import { repository } from './product.ts';

/** One of the apps as a process of its own. */
export interface RunningApp {
  /** What it said over its channel when it served. */
  readonly ready: Readonly<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
  /** `kill -9`; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts an app and waits until it serves. Rejects with its last output when it does not. */
export async function startApp(app: string, env: NodeJS.ProcessEnv): Promise<RunningApp> {
  const child = fork(path.join(repository, 'apps', app, 'src', 'main.ts'), [], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = await new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Readonly<Record<string, unknown>>));
    void ended.then(() => reject(new Error(`${app} ended before it served:\n${output}`)));
  });
  return {
    ready,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
