import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { toCallId, toDeviceId, toMonitorCrossRefId } from '@offhook/csta';
import type { CstaEvent } from '@offhook/csta';
import { Bench, closed } from './bench.test-support.ts';
import { selfSigned } from './certificates.test-support.ts';
import type { CstaTrace } from './trace.ts';

const bench = new Bench();
afterEach(() => bench.close());

const device = toDeviceId('101');
const getDoNotDisturb = { name: 'GetDoNotDisturb', device } as const;
const event = {
  name: 'EstablishedEvent',
  monitorCrossRefID: toMonitorCrossRefId('1'),
  establishedConnection: { callID: toCallId('1'), deviceID: device },
} as const satisfies CstaEvent;

describe('a client and a server', () => {
  it('[ECMA-323-J] a session, requests, events and the end, over real sockets', async () => {
    const server = await bench.serve();
    const traces: CstaTrace[] = [];
    const client = bench.open(server.listener.port, { onTrace: (trace) => traces.push(trace) });
    await client.statuses.find(({ name }) => name === 'ready');
    const outcome = client.link.request(getDoNotDisturb);
    const refused = client.link.request({ name: 'SnapshotDevice', snapshotObject: toDeviceId('999') });
    const { link, invokeId } = await server.asked.find(({ request }) => request.name === 'GetDoNotDisturb');
    link.event(event);
    link.answer(invokeId, { name: 'GetDoNotDisturbResponse', doNotDisturbOn: true });
    const other = await server.asked.find(({ request }) => request.name === 'SnapshotDevice');
    link.refuse(other.invokeId, 'operation.invalidDeviceID');
    expect(await outcome).toEqual({
      ok: true,
      response: { name: 'GetDoNotDisturbResponse', doNotDisturbOn: true },
    });
    expect(await refused).toMatchObject({
      ok: false,
      failure: { code: 'refused', error: { code: 'operation.invalidDeviceID' } },
    });
    expect(client.events.entries).toEqual([event]);
    expect(link.edition).toBe(4);
    await client.link.stop();
    expect(await server.ended.find(() => true)).toBe('stopped');
    expect(traces.map(({ direction }) => direction).slice(0, 4)).toEqual(['out', 'in', 'out', 'in']);
    expect(new TextDecoder().decode(traces[0]?.document)).toContain('<StartApplicationSession ');
    expect(await client.link.request(getDoNotDisturb)).toEqual({ ok: false, failure: { code: 'not_ready' } });
  });

  it('requests and answers may be made inside of callbacks, and what a callback throws stops nothing', async () => {
    const thrown: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    bench.onClose(() => {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const server = await bench.serve({
      onStarted: () => {
        throw new Error('of the owner');
      },
      onRequest: (link, invokeId) => {
        link.event(event);
        link.answer(invokeId, { name: 'GetDoNotDisturbResponse', doNotDisturbOn: false });
      },
    });
    const client = bench.open(server.listener.port, {
      onStatus: ({ name }) => {
        if (name === 'ready') void client.link.request(getDoNotDisturb).then(resolve);
      },
    });
    expect(await promise).toMatchObject({ ok: true });
    expect(thrown).toMatchObject([{ message: 'of the owner' }]);
  });

  it('over TLS, with a certificate that is known', async () => {
    const certificate = await selfSigned({ type: 'ip', value: '127.0.0.1' });
    const server = await bench.serve({ tls: certificate });
    const client = bench.open(server.listener.port, { tls: { ca: [certificate.certificate] } });
    await client.statuses.find(({ name }) => name === 'ready');
    const stranger = bench.open(server.listener.port, { tls: {} });
    const down = await stranger.statuses.find(({ name }) => name === 'down');
    expect(down).toMatchObject({ code: 'unreachable', text: expect.stringContaining('self-signed') });
    const misnamed = bench.open(server.listener.port, {
      tls: { ca: [certificate.certificate], serverName: 'other.example' },
    });
    expect(await misnamed.statuses.find(({ name }) => name === 'down')).toMatchObject({
      text: expect.stringContaining('another name'),
    });
  });

  it('over TLS, only clients that show a certificate where one is needed', async () => {
    const own = await selfSigned({ type: 'ip', value: '127.0.0.1' });
    const ca = [own.certificate];
    const server = await bench.serve({ tls: { ...own, ca, needsClientCertificate: true } });
    const nameless = bench.open(server.listener.port, { tls: { ca } });
    await nameless.statuses.find(({ name }) => name === 'down');
    const known = bench.open(server.listener.port, { tls: { ca, ...own } });
    await known.statuses.find(({ name }) => name === 'ready');
    expect(nameless.statuses.entries.some(({ name }) => name === 'ready')).toBe(false);
  });

  it('certificates that are none are told when links are set up', async () => {
    const tls = { certificate: 'x', key: 'y' };
    await expect(bench.serve({ tls })).rejects.toThrow('have to be PEM');
    await expect(bench.serve({ tls: {} })).rejects.toThrow('needs a certificate');
    expect(() => bench.open(1, { tls })).toThrow('have to be PEM');
  });
});

describe('a link that is lost', () => {
  it('a server that hangs: nothing comes any more, and the heartbeat finds it out', async () => {
    const server = await bench.serve();
    const client = bench.open(server.listener.port, {
      client: { applicationId: 'test', heartbeatMs: 20, answerMs: 100, backoff: { firstMs: 20, mostMs: 40 } },
    });
    const link = await server.started.find(() => true);
    await client.statuses.find(({ name }) => name === 'ready');
    link.mute();
    expect(link.event(event)).toBe(true);
    await client.statuses.find((status) => status.name === 'down' && status.code === 'silent');
    expect(client.events.entries).toEqual([]);
  });

  it.each([
    ['cut by the server', (link: { cut(): void }) => link.cut(), 'closed'],
    [
      '[ECMA-323-J] wrong frames',
      (link: { sendRaw(octets: Uint8Array): void }) => link.sendRaw(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')),
      'wrong_frame',
    ],
    [
      'a session that is ended',
      (link: { terminate(reason: string): void }) => link.terminate('maintenance'),
      'session_ended',
    ],
  ])('%s: open requests fail, and it comes back', async (_what, happen, code) => {
    const server = await bench.serve();
    const client = bench.open(server.listener.port);
    const outcome = client.statuses
      .find(({ name }) => name === 'ready')
      .then(() => client.link.request(getDoNotDisturb));
    const { link } = await server.asked.find(() => true);
    happen(link);
    expect(await outcome).toEqual({ ok: false, failure: { code: 'link_lost' } });
    expect(await client.statuses.find(({ name }) => name === 'down')).toMatchObject({ code });
    await server.started.find((other) => other.id === 2);
  });

  it('a server that comes later is found', async () => {
    const first = await bench.serve();
    const { port } = first.listener;
    await first.listener.close();
    const client = bench.open(port);
    expect(await client.statuses.find(({ name }) => name === 'down')).toMatchObject({
      code: 'unreachable',
      text: expect.stringContaining('nobody listens there'),
    });
    await bench.serve({ port });
    await client.statuses.find(({ name }) => name === 'ready');
  });

  it('link_time: a server that never finishes its handshake is given up', async () => {
    const mute = createServer();
    await new Promise<void>((listening) => {
      mute.listen(0, '127.0.0.1', listening);
    });
    bench.onClose(() => new Promise((done) => mute.close(done)));
    mute.on('connection', (socket) => bench.onClose(() => socket.destroy()));
    const place = mute.address();
    if (place === null || typeof place === 'string') throw new Error('no port');
    const client = bench.open(place.port, {
      tls: {},
      client: { applicationId: 'test', connectMs: 50, backoff: { firstMs: 60_000, mostMs: 60_000 } },
    });
    expect(await client.statuses.find(({ name }) => name === 'down')).toMatchObject({ code: 'unreachable' });
    expect(client.link.limits.link_time).toBe(1);
  });
});

describe('peers that misbehave', () => {
  it('[ECMA-323-J] a client that does not speak CSTA is let go', async () => {
    const server = await bench.serve();
    const socket = await bench.dial(server.listener.port, false);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await closed(socket.resume());
    expect(server.ended.entries).toEqual(['wrong_frame']);
    expect(server.listener.links).toEqual([]);
  });

  it('session_start_time: a client that says nothing is let go', async () => {
    const server = await bench.serve({ session: { startMs: 50 } });
    const socket = await bench.dial(server.listener.port, false);
    await closed(socket.resume());
    expect(server.ended.entries).toEqual(['session_start_time']);
    expect(server.listener.limits.session_start_time).toBe(1);
  });

  it('links: no more are taken than there is room for', async () => {
    const server = await bench.serve({ links: 1 });
    await bench.dial(server.listener.port, true);
    const other = await bench.dial(server.listener.port, false);
    await closed(other.resume());
    expect(server.listener.limits.links).toBe(1);
    expect(server.listener.links).toHaveLength(1);
  });

  it('link_queue: a client that does not read is let go', async () => {
    const server = await bench.serve({ queuedBytes: 100_000 });
    const socket = await bench.dial(server.listener.port, true);
    socket.pause();
    const link = await server.started.find(() => true);
    const large = { ...event, userData: { string: 'x'.repeat(50_000) } };
    // Each turn of the loop lets the socket take what it can: in the end it takes nothing.
    while (link.event(large)) await new Promise((turn) => setImmediate(turn));
    expect(await server.ended.find(() => true)).toBe('closed');
    expect(server.listener.limits.link_queue).toBe(1);
  });
});
