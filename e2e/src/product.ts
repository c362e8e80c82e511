import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expectLinesRegistered } from './connector.ts';

/** The repository's root. */
export const repository = path.resolve(import.meta.dirname, '..', '..');
const starter = path.join(repository, 'tools', 'start', 'main.ts');

/** What `tools/start` says when everything serves. */
export interface ProductFacts {
  readonly url: string;
  readonly pbxUrl: string;
  readonly pbxSip: string;
  readonly connectorUrl: string;
  readonly accounts: readonly { readonly name: string; readonly email: string; readonly password: string }[];
  readonly pids: Readonly<Record<'start' | 'pbx' | 'cloud' | 'connector', number>> & {
    /** Absent where `DATABASE_URL` names another. */
    readonly database?: number;
  };
}

/** The whole product, running on free ports in a data folder of its own. */
export interface Product extends AsyncDisposable {
  readonly facts: ProductFacts;
  readonly dataDir: string;
  /** What the terminal shows so far. */
  output(): string;
  passwordOf(email: string): string;
  /** SIGINT as Ctrl-C sends it; resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** `kill -9`; resolves when the starter (not its programs) is gone. */
  killStarter(): Promise<void>;
  /** Ends it and, where `startProduct` made it, removes the data folder. */
  close(): Promise<void>;
}

export interface ProductOptions {
  readonly dataDir?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A data folder that the embedded PostgreSQL's user can traverse, too. */
export function makeDataDir(): string {
  return mkdtempSync(path.join(tmpdir(), 'offhook-e2e-'));
}

/** Rejects with the terminal's output when the product does not come to serve. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? makeDataDir();
  const child = fork(starter, ['--port', '0', '--data-dir', dataDir], {
    env: { ...process.env, ...options.env },
    // As from a terminal of its own: a signal to the tests' process group is not for it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));

  const facts = await readyOf(child, ended, () => `${output}\n${logsOf(dataDir)}`);
  await expectLinesRegistered(facts.connectorUrl);
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    if (options.dataDir === undefined) {
      rmSync(dataDir, { recursive: true, force: true });
    }
  };
  return {
    facts,
    dataDir,
    output: () => output,
    passwordOf: (email) => {
      const account = facts.accounts.find((each) => each.email === email);
      if (account === undefined) {
        throw new Error(`There is no demo account ${email}.`);
      }
      return account.password;
    },
    interrupt: () => {
      child.kill('SIGINT');
      return ended;
    },
    killStarter: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function readyOf(
  child: ChildProcess,
  ended: Promise<number | null>,
  explain: () => string,
): Promise<ProductFacts> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready') {
        resolve(message as unknown as ProductFacts);
      }
    });
    void ended.then((code) => reject(new Error(`./start ended with code ${code}:\n${explain()}`)));
  });
}

/** Ends of all logs in the data folder, for the report of a test that failed. */
export function logsOf(dataDir: string): string {
  const folder = path.join(dataDir, 'logs');
  if (!existsSync(folder)) {
    return '';
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => `-- ${name}\n${readFileSync(path.join(folder, name), 'utf8').slice(-2_000)}`)
    .join('\n');
}
