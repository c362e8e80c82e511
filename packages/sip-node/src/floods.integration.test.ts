import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import * as tls from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { NodeEndpoint, NodeEndpointOptions, TlsOptions } from './api.ts';
import { TestCa } from './certificates.test-support.ts';
import { openNodeEndpoint } from './open.ts';
import { SERVER_NAME } from './sockets.test-support.ts';

/** Who floods is answered 503 with Retry-After, and then not heard, over whatever it comes. */

const closers: (() => Promise<void> | void)[] = [];
let serverTls: TlsOptions;
beforeAll(async () => {
  const ca = await TestCa.create('Test CA');
  serverTls = await ca.issue({ names: [`dns:${SERVER_NAME}`] });
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** How long a test waits for what has to come; a machine may be busy. */
const patience = { timeout: 20_000 };
/** Practically no refill, so that a slow machine sees the same. */
const flood = { messagesPerSecond: 0.001, burst: 5, refusals: 3, dropMs: 600_000 };
const answered = ['200', '200', '200', '200', '200', '503', '503', '503'];
const statuses = (text: string): string[] => text.match(/(?<=^SIP\/2\.0 )\d+/gm) ?? [];

const optionsNo = (branch: number, transport: string): string =>
  [
    'OPTIONS sip:bob@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/${transport.toUpperCase()} 127.0.0.1;branch=z9hG4bK${branch};rport`,
    'From: <sip:a@127.0.0.1>;tag=1',
    'To: <sip:bob@127.0.0.1>',
    `Call-ID: ${branch}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

async function open(
  transport: NodeEndpointOptions['listen'][number]['transport'],
  more: Partial<NodeEndpointOptions> = {},
): Promise<NodeEndpoint> {
  const sip = await openNodeEndpoint({
    product: 'Test',
    listen: [{ transport, address: '127.0.0.1', port: 0 }],
    tls: serverTls,
    onEvent: () => undefined,
    ...more,
  });
  closers.push(() => sip.close());
  return sip;
}

const portOf = ({ bound }: NodeEndpoint): number => bound[0]?.port ?? 0;

async function datagrams(address = '127.0.0.1') {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const heard: string[] = [];
  socket.on('message', (bytes) => heard.push(bytes.toString()));
  socket.bind(0, address);
  await once(socket, 'listening');
  closers.push(() => void socket.close());
  return { socket, heard };
}

interface Peer {
  write(text: string): void;
  heard(): string;
  readonly closed: Promise<unknown>;
}

function streamPeer(make: (port: number) => ReturnType<typeof connect>) {
  return (port: number): Promise<Peer> => {
    const socket = make(port);
    closers.push(() => void socket.destroy());
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
    return Promise.resolve({
      write: (message) => void socket.write(message),
      heard: () => text,
      closed: new Promise((closed) => socket.once('close', closed)),
    });
  };
}

function webSocketPeer(scheme: 'ws' | 'wss') {
  return async (port: number): Promise<Peer> => {
    const socket = new WebSocket(`${scheme}://127.0.0.1:${port}`, 'sip', { rejectUnauthorized: false });
    closers.push(() => socket.terminate());
    let text = '';
    socket.on('error', () => undefined);
    socket.on('message', (bytes: Buffer) => (text += bytes.toString()));
    const closed = new Promise((done) => socket.once('close', done));
    await Promise.race([once(socket, 'open'), closed]).catch(() => undefined);
    return { write: (message) => socket.send(message), heard: () => text, closed };
  };
}

const peers = {
  tcp: streamPeer((port) => connect(port, '127.0.0.1')),
  tls: streamPeer((port) => tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })),
  ws: webSocketPeer('ws'),
  wss: webSocketPeer('wss'),
};

describe('a source that floods', () => {
  it('[RFC3261-21.5.4] over udp is answered 503 with Retry-After, then not at all', async () => {
    const sip = await open('udp', { flood });
    const { socket, heard } = await datagrams();
    const send = (at: number) => socket.send(optionsNo(at, 'udp'), portOf(sip), '127.0.0.1');
    // One after the other: the loopback may lose what comes at once.
    for (const at of answered.keys()) {
      send(at);
      await expect.poll(() => heard.length, patience).toBe(at + 1);
    }
    for (let at = 0; at < 12; at += 1) send(100 + at);
    await expect.poll(() => sip.counts().limits.flood_dropped, patience).toBe(12);
    expect(heard.flatMap(statuses)).toEqual(answered);
    expect(heard.at(-1)).toMatch(/^Retry-After: \d+\r$/m);
    expect(sip.counts().limits).toMatchObject({ flood_refused: 3, flood_dropped: 12 });
  });

  it.each(['tcp', 'tls', 'ws', 'wss'] as const)(
    '[RFC3261-21.5.4] over %s is answered 503 with Retry-After, loses its connection and gets no other',
    async (transport) => {
      const sip = await open(transport, { flood });
      const peer = await peers[transport](portOf(sip));
      for (const at of answered.keys()) {
        peer.write(optionsNo(at, transport));
        await expect.poll(() => statuses(peer.heard()).length, patience).toBe(at + 1);
      }
      peer.write(optionsNo(100, transport));
      await peer.closed;
      expect(statuses(peer.heard())).toEqual(answered);
      expect(peer.heard()).toMatch(/^Retry-After: \d+\r$/m);
      const again = await peers[transport](portOf(sip));
      await again.closed;
      expect(sip.counts()).toMatchObject({
        connections: 0,
        limits: { flood_refused: 3, flood_dropped: 1, connections_of_flooders: 1 },
      });
    },
  );

  it('may do so where the operator wants it', async () => {
    const sip = await open('udp', { flood: false });
    const { socket, heard } = await datagrams();
    for (let at = 0; at < 20; at += 1) {
      socket.send(optionsNo(at, 'udp'), portOf(sip), '127.0.0.1');
      await expect.poll(() => heard.length, patience).toBe(at + 1);
    }
    expect(new Set(heard.flatMap(statuses))).toEqual(new Set(['200']));
  });
});

describe('sources that are remembered', () => {
  it('are so many and no more', async () => {
    const listen = [{ transport: 'udp', address: '::', port: 0 }] as const;
    const sip = await open('udp', { listen, flood: { sources: 1 } });
    const [four, six] = [await datagrams(), await datagrams('::1')];
    four.socket.send(optionsNo(1, 'udp'), portOf(sip), '127.0.0.1');
    six.socket.send(optionsNo(2, 'udp'), portOf(sip), '::1');
    await expect.poll(() => sip.counts().limits.flood_sources, patience).toBe(1);
  });
});
