import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openPostgres } from '@offhook/embedded-postgres';
import { startApp, type RunningApp } from '../src/app.ts';
import { PracticePbx } from '../src/practice-pbx.ts';
import { makeDataDir, repository } from '../src/product.ts';
import { until } from '../src/until.ts';

/** A cloud that nobody has used yet, beside a practice PBX; mails land in its outbox. */
export interface FreshCloud extends AsyncDisposable {
  readonly url: string;
  /** The printed link with which the first provider account is made. */
  readonly firstProvider: string;
  readonly pbx: PracticePbx;
  readonly pbxSip: number;
  /** The newest link that was mailed to an address, once it is there. */
  linkFor(email: string): Promise<string>;
  /** Runs the line that the portal shows, in the product's folder, and pastes the key where it is asked for. */
  runStartLine(line: string, apiKey: string): void;
}

interface OutboxMail {
  readonly to: string;
  readonly text?: string;
}

/** Everything on free ports and in a folder of its own. @param world the practice PBX's configuration */
export async function openFreshCloud(world: object): Promise<FreshCloud> {
  await using stack = new AsyncDisposableStack();
  const dataDir = makeDataDir();
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const inside = (...names: string[]) => path.join(dataDir, ...names);
  const started = async (app: string, env: NodeJS.ProcessEnv): Promise<RunningApp> => {
    const running = await startApp(app, env);
    stack.defer(running.stop);
    return running;
  };

  writeFileSync(inside('exchange.json'), JSON.stringify(world));
  const exchange = await started('practice-pbx', {
    OFFHOOK_PBX_SIP_PORT: '0',
    OFFHOOK_PBX_HTTP_PORT: '0',
    OFFHOOK_PBX_CSTA_PORT: '0',
    OFFHOOK_PBX_CONFIG: inside('exchange.json'),
  });
  const database = await openPostgres({ dataDir: inside('postgres') });
  stack.defer(() => database.close());
  writeFileSync(inside('key'), randomBytes(32).toString('base64'), { mode: 0o600 });
  const cloud = await started('cloud', {
    DATABASE_URL: database.url,
    OFFHOOK_SECRET_KEY_FILE: inside('key'),
    OFFHOOK_PORT: '0',
    OFFHOOK_WEB_ROOT: path.join(repository, 'apps', 'phone', 'dist'),
    OFFHOOK_ADMIN_ROOT: path.join(repository, 'apps', 'admin', 'dist'),
    OFFHOOK_MAIL_OUTBOX: '1',
  });
  const url = String(cloud.ready['url']);
  mkdirSync(inside('spool'));

  const opened = stack.move();
  return {
    url,
    firstProvider: String(cloud.ready['firstProvider']),
    pbx: new PracticePbx(String(exchange.ready['url'])),
    pbxSip: Number(String(exchange.ready['sip']).split(':').at(-1)),
    linkFor: async (email) => {
      const look = async () => {
        const response = await fetch(new URL('/api/outbox', url));
        const { mails } = (await response.json()) as { readonly mails: readonly OutboxMail[] };
        const links = mails
          .filter(({ to }) => to === email)
          .map(({ text = '' }) => /https?:\/\/\S+#[\w-]+/u.exec(text)?.[0] ?? '');
        return links.find((link) => link !== '') ?? '';
      };
      return until(`a mail with a link for ${email}`, look, (link) => link !== '');
    },
    runStartLine: (line, apiKey) => {
      const child = spawn(line, {
        shell: true,
        cwd: repository,
        // A group of its own: the line starts programs that start others.
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
        env: {
          ...process.env,
          OFFHOOK_CONNECTOR_DATA_DIR: inside('spool'),
          OFFHOOK_CONNECTOR_HTTP_PORT: '0',
        },
      });
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      opened.defer(async () => {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
        await ended;
      });
      child.stdin.write(`${apiKey}\n`);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
