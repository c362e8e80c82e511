import { afterAll, describe, expect, it } from 'vitest';
import { LiveEvents } from './events.ts';
import { quietFace } from './face.test-support.ts';
import { createServer } from './server.ts';

const quiet = quietFace();
const server = createServer(quiet, new LiveEvents(quiet));
afterAll(() => server.close());

const ask = (method: 'GET' | 'POST', url: string, headers: Record<string, string>) =>
  server.inject({ method, url, headers }).then(({ statusCode }) => statusCode);

describe('who may use the page', () => {
  it.each(['127.0.0.1:8471', '[::1]:8471', 'localhost:8471', 'LOCALHOST'])('opens it as %s', async (host) => {
    expect(await ask('GET', '/api/trace', { host })).toBe(200);
  });

  it.each(['pbx.attacker.example:8471', '127.0.0.1.attacker.example'])(
    'refuses it as "%s", a name that somebody else points here',
    async (host) => {
      expect(await ask('GET', '/api/trace', { host })).toBe(403);
    },
  );

  it('lets no page of another site press a button', async () => {
    const headers = { host: 'localhost:8471', origin: 'https://attacker.example' };
    expect(await ask('POST', '/api/phones/201/hangup', headers)).toBe(403);
    expect(await ask('POST', '/api/phones/201/hangup', { host: 'localhost:8471' })).toBe(404);
  });
});
