import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const ready = z.object({ type: z.literal('ready'), sip: z.string(), url: z.url() });

function start(env: Readonly<Record<string, string>> = {}): ChildProcess {
  return fork(MAIN, {
    env: { ...process.env, OFFHOOK_PBX_SIP_PORT: '0', OFFHOOK_PBX_HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

async function end(child: ChildProcess): Promise<{ code: unknown; errors: string }> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  // Not the child's `close`: it does not come after a disconnect.
  const [[code]] = await Promise.all([once(child, 'exit'), child.stderr && once(child.stderr, 'close')]);
  return { code, errors };
}

describe('the program', () => {
  it.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)(
    'says when it serves, and ends in order on %s, also during a call',
    async (signal) => {
      const child = start();
      const [message] = await once(child, 'message');
      const { sip, url } = ready.parse(message);
      expect(sip).toMatch(/^127\.0\.0\.1:\d+$/);
      const registered = async (): Promise<boolean> => {
        const { phones } = z
          .object({ phones: z.array(z.object({ registration: z.string() })) })
          .parse(await (await fetch(new URL('/api/phones', url))).json());
        return phones.every(({ registration }) => registration === 'registered');
      };
      await expect.poll(registered, { timeout: 10_000 }).toBe(true);
      await fetch(new URL('/api/phones/101/call', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: '601' }),
      });
      const ended = end(child);
      if (signal === 'disconnect') child.disconnect();
      else child.kill(signal);
      expect(await ended).toEqual({ code: 0, errors: '' });
    },
  );

  it('a taken port is one clear sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    for (const name of ['OFFHOOK_PBX_SIP_PORT', 'OFFHOOK_PBX_HTTP_PORT']) {
      const { code, errors } = await end(start({ [name]: String(port) }));
      expect(code).toBe(1);
      expect(errors).toMatch(new RegExp(`^Port ${port} of 127.0.0.1 is taken: [^\\n]+\\n$`));
    }
    taken.close();
  });

  it('a mistake in the environment is said in words', async () => {
    const { code, errors } = await end(start({ OFFHOOK_PBX_SIP_PORT: 'many' }));
    expect(code).toBe(1);
    expect(errors).toBe('OFFHOOK_PBX_SIP_PORT must be a port number\n');
  });
});
