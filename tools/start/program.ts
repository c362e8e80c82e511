import { fork, type ChildProcess } from 'node:child_process';
import { countFailure, restartDelay } from './back-off.ts';
import type { LogFile } from './log-file.ts';

/** What a program says over its channel when it serves. */
export type ReadyMessage = Readonly<Record<string, unknown>> & { readonly type: 'ready' };

export interface ProgramSpec {
  readonly name: string;
  /** Absolute path of its `main.ts`. */
  readonly entry: string;
  /** Its environment; `before` is what it said when it served last, so that a restart takes the same ports. */
  readonly env: (before: ReadyMessage | undefined) => NodeJS.ProcessEnv;
  readonly log: LogFile;
  /** One line for the terminal. */
  readonly say: (line: string) => void;
  /** Called with each new process. */
  readonly onPid: (pid: number) => void;
  /** Milliseconds that it has to end after SIGTERM. */
  readonly stopWithin?: number;
}

/** A program that is kept running until it is stopped. */
export interface Program {
  readonly name: string;
  pid(): number | undefined;
  /** SIGTERM, and SIGKILL after a grace time. Resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL, at once. */
  kill(): void;
}

/** A program that did not come to serve. The message is for people. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
}

/** Milliseconds that a program has to serve after its start, and to end after SIGTERM. */
const READY_WITHIN = 30_000;
const STOP_WITHIN = 6_000;

/**
 * ```
 *  starting ──ready──► serving ──exit──► waiting ──back-off──► starting
 *      └─ exit, the first time: ProgramFailed        any ──stop──► stopping ──exit──► gone
 * ```
 */
type State =
  | { readonly name: 'starting'; readonly child: ChildProcess; readonly since: number }
  | { readonly name: 'serving'; readonly child: ChildProcess; readonly since: number }
  | { readonly name: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly name: 'stopping'; readonly child: ChildProcess }
  | { readonly name: 'gone' };

/**
 * Starts a program. `ready` resolves when it serves; from then on it is started again whenever it ends. `ready` rejects
 * with {@link ProgramFailed} when it ends or says nothing the first time.
 */
export function keepRunning(spec: ProgramSpec): {
  readonly program: Program;
  readonly ready: Promise<ReadyMessage>;
} {
  const { name, log, say } = spec;
  const first = Promise.withResolvers<ReadyMessage>();
  const { promise: gone, resolve: onGone } = Promise.withResolvers<void>();
  let state: State = { name: 'gone' };
  let ready: ReadyMessage | undefined;
  let failures = 0;

  const start = (): void => {
    const child = fork(spec.entry, [], {
      env: spec.env(ready),
      // Its own process group: the terminal's Ctrl-C reaches us alone, and we end the programs in order.
      detached: true,
      stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
    });
    const since = performance.now();
    state = { name: 'starting', child, since };
    if (child.pid !== undefined) {
      spec.onPid(child.pid);
    }
    const patience = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN);
    child.on('message', (message) => {
      if (state.name !== 'starting' || state.child !== child || !isReady(message)) {
        return;
      }
      clearTimeout(patience);
      state = { name: 'serving', child, since };
      const again = ready !== undefined;
      ready = message;
      if (again) {
        say(`${name} is back.`);
      } else {
        first.resolve(message);
      }
    });
    let ended = false;
    const onEnd = (how: string): void => {
      if (!ended) {
        ended = true;
        clearTimeout(patience);
        handleEnd(how, performance.now() - since);
      }
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) => onEnd(signal === null ? `code ${code}` : signal));
  };

  const handleEnd = (how: string, uptime: number): void => {
    if (state.name === 'stopping') {
      state = { name: 'gone' };
      onGone();
      first.reject(new ProgramFailed(`${name} was stopped before it served.`));
    } else if (ready === undefined) {
      state = { name: 'gone' };
      onGone();
      const words = log.lastWords();
      const told = words === '' ? `${name} did not start (${how}).` : words;
      first.reject(new ProgramFailed(`${told}\nIts log: ${log.path}`));
    } else {
      failures = countFailure(failures, uptime);
      const wait = restartDelay(failures, Math.random());
      const seconds = (wait / 1000).toFixed(1);
      say(`${name} ended unexpectedly (${how}); starting it again in ${seconds} s. Its log: ${log.path}`);
      state = { name: 'waiting', timer: setTimeout(start, wait) };
    }
  };

  const program: Program = {
    name,
    pid: () => ('child' in state ? state.child.pid : undefined),
    stop() {
      switch (state.name) {
        case 'starting':
        case 'serving': {
          const { child } = state;
          state = { name: 'stopping', child };
          child.kill('SIGTERM');
          const grace = setTimeout(() => {
            say(`${name} does not end by itself; it is killed.`);
            child.kill('SIGKILL');
          }, spec.stopWithin ?? STOP_WITHIN);
          return gone.finally(() => clearTimeout(grace));
        }
        case 'waiting':
          clearTimeout(state.timer);
          state = { name: 'gone' };
          onGone();
          return gone;
        case 'stopping':
        case 'gone':
          return gone;
        default:
          return state satisfies never;
      }
    },
    kill() {
      if ('child' in state) {
        state.child.kill('SIGKILL');
      }
    },
  };
  start();
  return { program, ready: first.promise };
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
