import { once } from 'node:events';
import { request } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { afterEach, describe, expect, it } from 'vitest';
import { SocketBench } from './sockets.test-support.ts';

const bench = new SocketBench();
afterEach(() => bench.close());

const OPTIONS = 'OPTIONS sip:a SIP/2.0\r\n\r\n';

async function dial(port: number, protocols: string[] = ['sip']): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/any/path`, protocols);
  await once(socket, 'open');
  return socket;
}

describe('a WebSocket server', () => {
  it('[RFC7118-4.1] chooses the subprotocol "sip" among those that are offered', async () => {
    const { target } = await bench.open('ws');
    const socket = await dial(target.port, ['mqtt', 'sip']);
    expect(socket.protocol).toBe('sip');
    socket.terminate();
  });

  it.each([[[]], [['mqtt', 'sipx']]])('[RFC7118-4.1] turns away who offers %j', async (protocols) => {
    const { target, ear, socket: server } = await bench.open('ws');
    const socket = new WebSocket(`ws://127.0.0.1:${target.port}`, protocols);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('400');
    expect((await ear.next('rejected')).text).toContain('subprotocol');
    expect(server.connections).toBe(0);
  });

  it('[RFC7118-5] takes text and binary frames, each a whole message, and sends text where it can', async () => {
    const { target, ear, socket: server } = await bench.open('ws');
    const socket = await dial(target.port);
    socket.send(OPTIONS);
    socket.send(Buffer.from(OPTIONS));
    const { flow, text } = await ear.next('received');
    expect(text).toBe(OPTIONS);
    expect((await ear.next('received')).text).toBe(OPTIONS);
    const frames: [string, boolean][] = [];
    socket.on('message', (data: Buffer, isBinary) => frames.push([data.toString('latin1'), isBinary]));
    server.send(flow, Buffer.from('text'));
    server.send(flow, Buffer.from([0xff, 0xfe]));
    await expect
      .poll(() => frames)
      .toEqual([
        ['text', false],
        ['\u00ff\u00fe', true],
      ]);
    socket.terminate();
  });

  it('puts the fragments of a message together', async () => {
    const { target, ear } = await bench.open('ws');
    const socket = await dial(target.port);
    for (const octet of OPTIONS.slice(0, -1)) socket.send(octet, { fin: false });
    socket.send('\n', { fin: true });
    expect((await ear.next('received')).text).toBe(OPTIONS);
    socket.terminate();
  });

  it('closes the connection over a message that is too large', async () => {
    const { target, ear } = await bench.open('ws');
    const socket = await dial(target.port);
    socket.on('error', () => undefined);
    socket.send('x'.repeat(65_536));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
    await ear.next('closed');
    expect(ear.of('received')).toEqual([]);
  });

  it('[RFC5626-3.5.1] answers the double CRLF of a browser with one', async () => {
    const { target } = await bench.open('ws');
    const socket = await dial(target.port);
    socket.send('\r\n\r\n');
    const [pong] = (await once(socket, 'message')) as [Buffer];
    expect(pong.toString()).toBe('\r\n');
    socket.terminate();
  });

  it('[RFC7118-6] pings, and gives up who does not answer', async () => {
    const liveness = { pingMs: 10, pongMs: 20 };
    const { target, ear } = await bench.open('ws', { liveness });
    const silent = new WebSocket(`ws://127.0.0.1:${target.port}`, 'sip', { autoPong: false });
    await once(silent, 'ping');
    expect((await ear.next('failed')).text).toContain('did not answer a keep-alive');
    await ear.next('closed');
    expect(ear.limits).toEqual({ pong_time: 1 });
    const answering = await dial(target.port);
    for (let pings = 0; pings < 3; pings += 1) await once(answering, 'ping');
    expect(ear.of('closed')).toEqual([]);
    answering.terminate();
  });

  it('tells a browser that strays here what this is', async () => {
    const { target } = await bench.open('ws');
    const page = request({ port: target.port, host: '127.0.0.1' }).end();
    const [response] = (await once(page, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(426);
  });
});

describe('a WebSocket client', () => {
  it('[RFC7118-4.1] asks for "sip" and does not stay where it is not spoken', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => false });
    await once(server, 'listening');
    const here = await bench.open('ws');
    const { port } = server.address() as { port: number };
    here.socket.send({ ...here.target, port }, Buffer.from(OPTIONS));
    expect((await here.ear.next('failed')).text).toContain('subprotocol');
    server.close();
    for (const client of server.clients) client.terminate();
  });

  it('[RFC7118-6] fails a flow without a pong', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
    await once(server, 'listening');
    const here = await bench.open('ws', { liveness: { pingMs: 10, pongMs: 20 } });
    const { port } = server.address() as { port: number };
    here.socket.send({ ...here.target, port }, Buffer.from(OPTIONS));
    expect((await here.ear.next('failed')).text).toContain('did not answer a keep-alive');
    server.close();
    for (const client of server.clients) client.terminate();
  });
});
