import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import * as tls from 'node:tls';
import type { Transport } from '@offhook/sip';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { StreamOptions, TlsOptions } from './api.ts';
import { TestCa } from './certificates.test-support.ts';
import { openNodeEndpoint } from './open.ts';
import { SERVER_NAME, SocketBench, type TestSocketOptions } from './sockets.test-support.ts';

/** Peers that begin something and never end it, or do it an octet at a time: bounded in time and in memory. */

const bench = new SocketBench();
const closers: (() => Promise<void> | void)[] = [];
let serverTls: TlsOptions;
let ca: string;
let clientHello: Buffer;

beforeAll(async () => {
  const authority = await TestCa.create('Test CA');
  ca = authority.certificate;
  serverTls = { ...(await authority.issue({ names: [`dns:${SERVER_NAME}`] })), ca: [ca] };
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = tls.connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  const [socket] = (await once(server, 'connection')) as [Socket];
  [clientHello] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await bench.close();
});

const open = (transport: Transport, options: TestSocketOptions = {}) =>
  bench.open(transport, { tls: serverTls, ...options });

/** A raw peer that keeps its side open whatever happens, and can end no test by an error. */
async function rawPeer(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  closers.push(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function tlsPeer(port: number): Promise<tls.TLSSocket> {
  const socket = tls.connect({ port, host: '127.0.0.1', ca, servername: SERVER_NAME });
  socket.on('error', () => undefined);
  closers.push(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends an octet each millisecond until the other side closes; how many it was. */
async function drip(socket: Socket, octets: () => number): Promise<number> {
  let sent = 0;
  const pace = setInterval(() => {
    socket.write(Buffer.from([octets()]));
    sent += 1;
  }, 1);
  // A side that keeps itself open hears the end of the other, or the reset that answers its octets.
  socket.resume();
  await Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => undefined);
  clearInterval(pace);
  return sent;
}

/** Octet after octet of something that never ends. */
function endless(start: string, more: string): () => number {
  let text = start;
  return () => {
    if (text === '') text = more;
    const octet = text.charCodeAt(0);
    text = text.slice(1);
    return octet;
  };
}

const OPTIONS = 'OPTIONS sip:a SIP/2.0\r\n\r\n';
const upgradeHead = 'GET / HTTP/1.1\r\nHost: pbx.example\r\n';
const limits = { handshakeMs: 60 };
/** How long a test waits for what has to come; a machine may be busy. */
const patience = { timeout: 20_000 };
const secure = ['tls', 'wss'] as const;
const webSockets = ['ws', 'wss'] as const;

describe.each(secure)('a TLS handshake with %s that never ends', (transport) => {
  it('is broken off: nothing is sent', async () => {
    const { target, ear, socket } = await open(transport, { limits });
    const peer = await rawPeer(target.port);
    peer.resume();
    await once(peer, 'end');
    expect((await ear.next('rejected')).text).toContain('did not finish the TLS handshake in time');
    expect([ear.limits, socket.connections]).toEqual([{ handshake_time: 1 }, 0]);
  });

  it('is broken off: an octet at a time', async () => {
    const { target, ear } = await open(transport, { limits });
    const hello = [...clientHello];
    const sent = await drip(await rawPeer(target.port), () => hello.shift() ?? 0);
    expect((await ear.next('rejected')).text).toContain('did not finish the TLS handshake in time');
    expect(sent).toBeLessThan(clientHello.length);
    expect(ear.limits).toEqual({ handshake_time: 1 });
  });
});

describe.each(webSockets)('a WebSocket handshake with %s that never ends', (transport) => {
  const peerOf = (port: number) => (transport === 'ws' ? rawPeer(port) : tlsPeer(port));

  it('is broken off: nothing is sent', async () => {
    const { target, ear, socket } = await open(transport, { limits });
    const peer = await peerOf(target.port);
    peer.resume();
    await once(peer, 'end');
    expect((await ear.next('rejected')).text).toContain('did not finish the WebSocket handshake in time');
    expect([ear.limits, socket.connections]).toEqual([{ handshake_time: 1 }, 0]);
  });

  it('is broken off: a header an octet at a time', async () => {
    const { target, ear } = await open(transport, { limits });
    await drip(await peerOf(target.port), endless(upgradeHead, 'X-More: x\r\n'));
    expect((await ear.next('rejected')).text).toContain('did not finish the WebSocket handshake in time');
    expect(ear.limits).toEqual({ handshake_time: 1 });
  });

  it('is refused with more headers than it needs', async () => {
    const { target, ear } = await open(transport);
    const peer = await peerOf(target.port);
    peer.write(`${upgradeHead}X-Large: ${'x'.repeat(17 * 1024)}\r\n\r\n`);
    peer.resume();
    await Promise.race([once(peer, 'end'), once(peer, 'close')]);
    expect((await ear.next('rejected')).text).toContain('more headers than a WebSocket needs');
    expect(ear.limits).toEqual({ handshake_bytes: 1 });
  });

  it('is refused without the subprotocol, and no socket is left to a peer that keeps its side open', async () => {
    const { target, ear, socket } = await open(transport, { limits: { connectionsPerSource: 1 } });
    const peer = await peerOf(target.port);
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    peer.write(`${upgradeHead}Connection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`);
    const [answer] = (await once(peer, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    await Promise.race([once(peer, 'end'), once(peer, 'close')]);
    expect((await ear.next('rejected')).text).toContain('subprotocol');
    // Its place is free again.
    const next = await open(transport);
    next.socket.send(target, Buffer.from(OPTIONS));
    expect((await ear.next('received')).text).toContain('OPTIONS');
    expect(socket.connections).toBe(1);
  });
});

describe.each(['tls', 'ws', 'wss'] as const)('peers that connect to %s and say nothing', (transport) => {
  it('count among the connections of their source from the first packet on', async () => {
    const { target, ear, socket } = await open(transport, { limits: { connectionsPerSource: 2 } });
    const peers = await Promise.all([rawPeer(target.port), rawPeer(target.port)]);
    const third = await rawPeer(target.port);
    third.resume();
    await Promise.race([once(third, 'end'), once(third, 'close')]);
    expect([ear.limits, socket.connections]).toEqual([{ connections_per_source: 1 }, 0]);
    const [first] = peers;
    first.destroy();
    const isHeard = () => ear.of('received').length > 0;
    // The server has to hear of it first.
    await expect
      .poll(async () => {
        const next = await open(transport);
        next.socket.send(target, Buffer.from(OPTIONS));
        await expect.poll(() => isHeard() || next.ear.of('closed').length > 0, patience).toBe(true);
        return isHeard();
      }, patience)
      .toBe(true);
    expect(socket.connections).toBe(1);
  });
});

async function openEndpoint(transport: Transport, streams: StreamOptions) {
  const sip = await openNodeEndpoint({
    product: 'Test',
    listen: [{ transport, address: '127.0.0.1', port: 0 }],
    tls: serverTls,
    flood: false,
    streams,
    onEvent: () => undefined,
  });
  closers.push(() => sip.close());
  return { sip, port: sip.bound[0]?.port ?? 0 };
}

describe('an endpoint', () => {
  it('has the time for handshakes that it is given', async () => {
    const { sip, port } = await openEndpoint('tls', { handshakeTimeout: 60 });
    const peer = await rawPeer(port);
    peer.resume();
    await once(peer, 'end');
    expect(sip.counts()).toMatchObject({ rejectedConnections: 1, limits: { handshake_time: 1 } });
  });

  it('has the time for what waits that it is given', async () => {
    const { sip, port } = await openEndpoint('tcp', { queuedTime: 60, queuedBytes: 1e9 });
    const peer = await rawPeer(port);
    const requests = Array.from({ length: 500 }, (_, at) => wholeOptions(at)).join('');
    // Its requests are read, and their answers are not.
    const fill = setInterval(() => peer.write(requests), 1);
    closers.push(() => clearInterval(fill));
    const ended = { connections: 0, malformed: 0, limits: { queued_time: 1 } };
    await expect.poll(() => sip.counts(), patience).toMatchObject(ended);
  });
});

const wholeOptions = (at: number): string =>
  [
    'OPTIONS sip:bob@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK${at}`,
    'From: <sip:a@127.0.0.1>;tag=1',
    'To: <sip:bob@127.0.0.1>',
    `Call-ID: ${at}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

describe('a message over TCP that never ends', () => {
  it.each(['tcp', 'tls'] as const)('costs its peer the connection over %s', async (transport) => {
    const sip = await openNodeEndpoint({
      product: 'Test',
      listen: [{ transport, address: '127.0.0.1', port: 0 }],
      tls: serverTls,
      timers: { messageTimeout: 60 },
      onEvent: () => undefined,
    });
    closers.push(() => sip.close());
    const port = sip.bound[0]?.port ?? 0;
    const peer = await (transport === 'tcp' ? rawPeer(port) : tlsPeer(port));
    await drip(peer, endless('OPTIONS sip:a SIP/2.0\r\n', 'X-More: x\r\n'));
    await expect
      .poll(() => sip.counts())
      .toMatchObject({ connections: 0, limits: { message_time: 1 }, timers: 0 });
  });
});

async function webSocketPeer(url: string): Promise<{ write(text: string): void }> {
  const socket = new WebSocket(url, 'sip', { rejectUnauthorized: false });
  socket.on('error', () => undefined);
  closers.push(() => socket.terminate());
  await once(socket, 'open');
  socket.pause();
  return { write: (text) => socket.send(text) };
}

describe('a peer that never reads', () => {
  const reads = {
    tcp: (port: number) => rawPeer(port),
    tls: (port: number) => tlsPeer(port),
    ws: (port: number) => webSocketPeer(`ws://127.0.0.1:${port}`),
    wss: (port: number) => webSocketPeer(`wss://127.0.0.1:${port}`),
  };

  it.each(['tcp', 'tls', 'ws', 'wss'] as const)(
    'over %s loses its connection when its time is over',
    async (transport) => {
      const { target, ear, socket } = await open(transport, { limits: { queuedMs: 50, queuedBytes: 1e9 } });
      const peer = await reads[transport](target.port);
      peer.write(OPTIONS);
      const { flow } = await ear.next('received');
      // In pieces, until the buffers of the system are full.
      const block = Buffer.alloc(16 * 1024, 'x');
      const fill = setInterval(() => {
        if (ear.of('failed').length === 0) socket.send(flow, block);
      }, 1);
      closers.push(() => clearInterval(fill));
      expect((await ear.next('failed')).text).toContain('does not read');
      clearInterval(fill);
      await ear.next('closed');
      expect([ear.limits, socket.connections]).toEqual([{ queued_time: 1 }, 0]);
    },
  );

  it.each(['tcp', 'tls', 'ws', 'wss'] as const)(
    'over %s loses it at once when too much waits',
    async (transport) => {
      const { target, ear, socket } = await open(transport, { limits: { queuedBytes: 128 * 1024 } });
      const peer = await reads[transport](target.port);
      peer.write(OPTIONS);
      const { flow } = await ear.next('received');
      const block = Buffer.alloc(32 * 1024, 'x');
      for (let sent = 0; sent < 32 * 1024 * 1024; sent += block.length) socket.send(flow, block);
      expect((await ear.next('failed')).text).toContain('does not read');
      await ear.next('closed');
      expect([ear.limits, socket.connections]).toEqual([{ queued_bytes: 1 }, 0]);
    },
  );

  it('and wants ping after ping answered over a WebSocket loses it too', async () => {
    const { target, ear, socket } = await open('ws', { limits: { queuedBytes: 4 * 1024 } });
    const peer = await webSocketTo(target.port);
    peer.pause();
    const fill = setInterval(() => {
      for (let sent = 0; sent < 2_000; sent += 1) peer.ping('x'.repeat(125));
    }, 1);
    closers.push(() => clearInterval(fill));
    expect((await ear.next('failed')).text).toContain('does not read');
    clearInterval(fill);
    expect([ear.limits, socket.connections]).toEqual([{ queued_bytes: 1 }, 0]);
  });
});

async function webSocketTo(port: number): Promise<WebSocket> {
  const peer = new WebSocket(`ws://127.0.0.1:${port}`, 'sip');
  peer.on('error', () => undefined);
  closers.push(() => peer.terminate());
  await once(peer, 'open');
  return peer;
}

describe('pings over a WebSocket', () => {
  it.each([
    ['ping frames', (peer: WebSocket) => peer.ping()],
    ['double CRLFs', (peer: WebSocket) => peer.send('\r\n\r\n')],
  ])('count as messages: %s of a source that is not listened to end its connection', async (_what, ping) => {
    const { target, ear } = await open('ws');
    const peer = await webSocketTo(target.port);
    const answered = Promise.race([once(peer, 'pong'), once(peer, 'message')]);
    ping(peer);
    await answered;
    ear.verdict = 'drop';
    ping(peer);
    await ear.next('closed');
    expect(ear.of('received')).toEqual([]);
  });
});

describe('a WebSocket message', () => {
  it.each([
    ['too large', (peer: WebSocket) => peer.send('x'.repeat(65_536))],
    [
      'in too many pieces',
      (peer: WebSocket) => {
        for (let sent = 0; sent < 1_100; sent += 1) peer.send('x', { fin: false });
      },
    ],
  ])('%s costs its peer the connection', async (_what, send) => {
    const { target, ear } = await open('ws');
    send(await webSocketTo(target.port));
    await ear.next('closed');
    expect(ear.limits).toEqual({ message_bytes: 1 });
    expect(ear.of('received')).toEqual([]);
  });
});
