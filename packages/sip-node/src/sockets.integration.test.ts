import { Socket } from 'node:dgram';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transport } from '@offhook/sip';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TlsOptions } from './api.ts';
import { TestCa } from './certificates.test-support.ts';
import { SERVER_NAME, SocketBench, type TestSocketOptions } from './sockets.test-support.ts';

/** What every transport owes, whichever it is. */

const bench = new SocketBench();
let tls: TlsOptions;

beforeAll(async () => {
  const ca = await TestCa.create('Test CA');
  tls = { ...(await ca.issue({ names: [`dns:${SERVER_NAME}`] })), ca: [ca.certificate] };
});
afterEach(() => bench.close());

const open = (transport: Transport, options: TestSocketOptions = {}) =>
  bench.open(transport, { tls, ...options });

const everyTransport = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
const streams = ['tcp', 'tls', 'ws', 'wss'] as const;

/** Sockets and servers that keep the process alive. */
const openHandles = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(?:TCP|TLS|UDP)/.test(name)).length;

describe.each(everyTransport)('%s', (transport) => {
  it('carries messages both ways and says where they came from', async () => {
    const [left, right] = [await open(transport), await open(transport)];
    left.socket.send(right.target, Buffer.from('there'));
    const { flow, text } = await right.ear.next('received');
    expect(text).toBe('there');
    expect(flow).toMatchObject({
      transport,
      address: '127.0.0.1',
      localAddress: '127.0.0.1',
      localPort: right.socket.local.port,
    });
    right.socket.send(flow, Buffer.from('back'));
    const back = await left.ear.next('received');
    expect(back).toMatchObject({ text: 'back', flow: { address: '127.0.0.1', port: right.target.port } });
  });

  it('keeps a message of 60,000 octets whole', async () => {
    const [left, right] = [await open(transport), await open(transport)];
    const message = 'x'.repeat(60_000);
    left.socket.send(right.target, Buffer.from(message));
    let text = '';
    while (text.length < message.length) text += (await right.ear.next('received')).text;
    expect(text).toBe(message);
  });

  it('says EADDRINUSE for a taken port', async () => {
    const { socket } = await open(transport);
    await expect(open(transport, { port: socket.local.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('leaves nothing open, and says nothing any more, after close', async () => {
    const before = openHandles();
    const [left, right] = [await open(transport), await open(transport)];
    left.socket.send(right.target, Buffer.from('there'));
    await right.ear.next('received');
    const notConnected = await open(transport);
    left.socket.send(notConnected.target, Buffer.from('on its way'));
    await bench.close();
    const said = [left, right, notConnected].map(({ ear }) => ear.heard.length);
    for (let turn = 0; turn < 50 && openHandles() > before; turn += 1) await nextTurn();
    expect(openHandles()).toBe(before);
    expect(left.socket.connections + right.socket.connections).toBe(0);
    expect([left, right, notConnected].map(({ ear }) => ear.heard.length)).toEqual(said);
  });
});

describe.each(streams)('connections over %s', (transport) => {
  it('[RFC3261-18.2.2] answers go over the connection that the request came over', async () => {
    const [client, server] = [await open(transport), await open(transport)];
    client.socket.send(server.target, Buffer.from('request'));
    const { flow } = await server.ear.next('received');
    server.socket.send(flow, Buffer.from('response'));
    expect((await client.ear.next('received')).text).toBe('response');
    expect([server.socket.connections, client.socket.connections]).toEqual([1, 1]);
  });

  it('[RFC3261-18.1.1] the next request goes over the connection that stands, in order', async () => {
    const [client, server] = [await open(transport), await open(transport)];
    for (const word of ['one ', 'two ', 'three']) client.socket.send(server.target, Buffer.from(word));
    let text = '';
    while (text.length < 13) text += (await server.ear.next('received')).text;
    expect(text).toBe('one two three');
    expect(client.socket.connections).toBe(1);
  });

  it('a request to a peer that we hear from goes over its connection, also without its name', async () => {
    const [client, server] = [await open(transport), await open(transport)];
    client.socket.send(server.target, Buffer.from('request'));
    await server.ear.next('received');
    const { serverName: _, ...byAddress } = server.target;
    client.socket.send(byAddress, Buffer.from('BYE'));
    expect((await server.ear.next('received')).text).toBe('BYE');
    expect(client.socket.connections).toBe(1);
  });

  it('says so when nobody listens', async () => {
    const gone = await open(transport);
    await gone.socket.close();
    const client = await open(transport);
    client.socket.send(gone.target, Buffer.from('request'));
    expect((await client.ear.next('failed')).text).toContain('ECONNREFUSED');
    await client.ear.next('closed');
    expect(client.socket.connections).toBe(0);
  });

  it('says so when the one connection that may be used is gone', async () => {
    const client = await open(transport);
    client.socket.send({ ...client.target, connectionId: 'gone' }, Buffer.from('response'));
    expect((await client.ear.next('failed')).text).toContain('closed');
  });

  it('ends the connection of a peer that does not read', async () => {
    const client = await open(transport, { limits: { queuedBytes: 256 * 1024 } });
    const server = await open(transport);
    client.socket.send(server.target, Buffer.from('hello'));
    await server.ear.next('received');
    // The peer is in this process too: as long as this loop does not turn, it does not read.
    const block = Buffer.alloc(32 * 1024, 'x');
    for (let sent = 0; sent < 32 * 1024 * 1024; sent += block.length)
      client.socket.send(server.target, block);
    expect((await client.ear.next('failed')).text).toContain('does not read');
    await client.ear.next('closed');
    expect(client.socket.connections).toBe(0);
  });

  it('opens and takes no connection beyond its limits', async () => {
    const server = await open(transport, { limits: { connectionsPerSource: 1 } });
    const full = await open(transport, { limits: { connections: 0 } });
    full.socket.send(server.target, Buffer.from('request'));
    expect((await full.ear.next('failed')).text).toContain('too many');
    const [first, second] = [await open(transport), await open(transport)];
    first.socket.send(server.target, Buffer.from('request'));
    await server.ear.next('received');
    second.socket.send(server.target, Buffer.from('request'));
    await second.ear.next('closed');
    expect(server.socket.connections).toBe(1);
    expect([full.ear.limits, server.ear.limits]).toEqual([{ connections: 1 }, { connections_per_source: 1 }]);
  });

  it('takes no connection of a source that is not listened to', async () => {
    const server = await open(transport);
    server.ear.isAdmitting = false;
    const client = await open(transport);
    client.socket.send(server.target, Buffer.from('request'));
    await client.ear.next('closed');
    expect([server.socket.connections, server.ear.of('received').length]).toEqual([0, 0]);
    expect(server.ear.limits).toEqual({ connections_of_flooders: 1 });
  });

  it('closes a connection that nobody uses, on both sides', async () => {
    const server = await open(transport, { liveness: { firstMs: 30, idleMs: 30, pingMs: undefined } });
    const client = await open(transport, { liveness: { pingMs: undefined } });
    client.socket.send(server.target, Buffer.from('request'));
    const { flow } = await server.ear.next('received');
    expect((await server.ear.next('closed')).flow).toEqual(flow);
    await client.ear.next('closed');
    expect(server.ear.of('failed')).toEqual([]);
    expect([server.socket.connections, client.socket.connections]).toEqual([0, 0]);
    expect(server.ear.limits).toEqual({ idle_time: 1 });
  });

  it('takes so many connections from everybody together', async () => {
    const server = await open(transport, { limits: { connections: 1 } });
    const [first, second] = [await open(transport), await open(transport)];
    first.socket.send(server.target, Buffer.from('request'));
    await server.ear.next('received');
    second.socket.send(server.target, Buffer.from('request'));
    await second.ear.next('closed');
    expect([server.socket.connections, server.ear.limits]).toEqual([1, { connections: 1 }]);
  });

  it('dials anew after the peer has closed', async () => {
    const server = await open(transport);
    const client = await open(transport);
    client.socket.send(server.target, Buffer.from('one'));
    const { flow } = await server.ear.next('received');
    server.socket.end(flow);
    expect((await client.ear.next('failed')).text).toContain('the peer closed the connection');
    await client.ear.next('closed');
    client.socket.send(server.target, Buffer.from('two'));
    expect((await server.ear.next('received')).text).toBe('two');
  });
});

describe.each(['tls', 'ws', 'wss'] as const)('the handshake of %s', (transport) => {
  it('has to end in time', async () => {
    const mute = await open('tcp');
    const client = await open(transport, { limits: { connectTimeoutMs: 50 } });
    client.socket.send({ ...client.target, port: mute.target.port }, Buffer.from('request'));
    expect((await client.ear.next('failed')).text).toContain('in time');
    await client.ear.next('closed');
    expect([client.socket.connections, client.ear.limits]).toEqual([0, { connect_time: 1 }]);
  });
});

describe.each(['tcp', 'tls'] as const)('keep-alive over %s', (transport) => {
  it('[RFC5626-4.4.1] the side that has dialled pings with a double CRLF and goes on when a pong comes', async () => {
    const server = await open(transport);
    server.ear.onReceived = (flow, text) => {
      if (text === '\r\n\r\n') server.socket.send(flow, Buffer.from('\r\n'));
    };
    const client = await open(transport, {
      liveness: { pingMs: 10, pongMs: 5_000, expectPong: 'always' },
    });
    client.socket.send(server.target, Buffer.from('request'));
    for (let pongs = 0; pongs < 3; pongs += 1) expect((await client.ear.next('received')).text).toBe('\r\n');
    expect(client.socket.connections).toBe(1);
    expect(server.ear.of('failed')).toEqual([]);
  });

  it('[RFC5626-4.4.1] a flow without a pong has failed', async () => {
    const server = await open(transport);
    const client = await open(transport, { liveness: { pingMs: 10, pongMs: 20, expectPong: 'always' } });
    client.socket.send(server.target, Buffer.from('request'));
    const { target, text } = await client.ear.next('failed');
    expect(text).toContain('did not answer a keep-alive');
    expect(target.port).toBe(server.target.port);
    await client.ear.next('closed');
    expect([client.socket.connections, client.ear.limits]).toEqual([0, { pong_time: 1 }]);
  });
});

describe('datagrams', () => {
  it('wait in a bounded number until the system takes them, and go on after that', async () => {
    const [here, there] = [await open('udp'), await open('udp')];
    // Loopback takes everything at once, so the system's word that it does not is put into its mouth.
    const waiting = vi.spyOn(Socket.prototype, 'getSendQueueSize').mockReturnValue(16 * 1024 * 1024);
    here.socket.send(there.target, Buffer.from('too much'));
    expect(here.ear.limits).toEqual({ datagram_queue: 1 });
    waiting.mockRestore();
    here.socket.send(there.target, Buffer.from('after'));
    expect((await there.ear.next('received')).text).toBe('after');
    expect([here.ear.limits, here.ear.of('failed')]).toEqual([{ datagram_queue: 1 }, []]);
  });
});

describe('a socket that is both families', () => {
  it.each(everyTransport)('%s: IPv4 through a dual-stack socket is IPv4 to everybody', async (transport) => {
    const server = await open(transport, { address: '::' });
    const client = await open(transport);
    client.socket.send({ ...server.target, address: '127.0.0.1' }, Buffer.from('there'));
    const { flow } = await server.ear.next('received');
    expect(flow.address).toBe('127.0.0.1');
    server.socket.send(flow, Buffer.from('back'));
    expect((await client.ear.next('received')).text).toBe('back');
  });

  it.each(everyTransport)('%s: IPv6 both ways', async (transport) => {
    const [server, client] = [
      await open(transport, { address: '::1' }),
      await open(transport, { address: '::1' }),
    ];
    client.socket.send(server.target, Buffer.from('there'));
    const { flow } = await server.ear.next('received');
    expect(flow.address).toBe('::1');
    server.socket.send(flow, Buffer.from('back'));
    expect((await client.ear.next('received')).text).toBe('back');
  });
});

describe('an accepted connection that never says anything', () => {
  it('is closed', async () => {
    const server = await open('tcp', { liveness: { firstMs: 20 } });
    const peer = connect(server.target.port, '127.0.0.1');
    await server.ear.next('closed');
    expect([server.socket.connections, server.ear.limits]).toEqual([0, { first_octet_time: 1 }]);
    peer.destroy();
  });
});
