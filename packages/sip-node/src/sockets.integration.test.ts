import { connect } from 'node:net';
import type { Flow, Target } from '@offhook/sip';
import { afterEach, describe, expect, it } from 'vitest';
import { resolveTargets } from './resolve.ts';
import { defaultStreamLimits, TcpTable, type StreamLimits } from './tcp.ts';
import { openUdp } from './udp.ts';

type Heard =
  | { kind: 'received'; flow: Flow; text: string }
  | { kind: 'failed'; target: Target; text: string }
  | { kind: 'closed'; flow: Flow };

/** Remembers what a socket said, and waits for what it will say. */
function ear() {
  const heard: Heard[] = [];
  const waiting: { wants: (heard: Heard) => boolean; take: (heard: Heard) => void }[] = [];
  const hear = (one: Heard): void => {
    heard.push(one);
    for (const { wants, take } of waiting) if (wants(one)) take(one);
  };
  return {
    received: (flow: Flow, bytes: Uint8Array) =>
      hear({ kind: 'received', flow, text: Buffer.from(bytes).toString() }),
    failed: (target: Target, text: string) => hear({ kind: 'failed', target, text }),
    closed: (flow: Flow) => hear({ kind: 'closed', flow }),
    next<K extends Heard['kind']>(kind: K): Promise<Extract<Heard, { kind: K }>> {
      const wants = (one: Heard): boolean => one.kind === kind;
      return new Promise((take) => {
        const already = heard.find(wants);
        if (already !== undefined) take(already as Extract<Heard, { kind: K }>);
        else waiting.push({ wants, take: (one) => take(one as Extract<Heard, { kind: K }>) });
      });
    },
  };
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((socket) => socket.close()));
});

async function tcp(limits: Partial<StreamLimits> = {}) {
  const listener = ear();
  const table = await TcpTable.open('127.0.0.1', 0, listener, { ...defaultStreamLimits, ...limits });
  open.push(table);
  const target: Target = { transport: 'tcp', address: '127.0.0.1', port: table.local.port };
  return { listener, table, target };
}

describe('UDP', () => {
  it('carries datagrams both ways and says where they came from', async () => {
    const [left, right] = [ear(), ear()];
    const a = await openUdp('127.0.0.1', 0, left);
    const b = await openUdp('127.0.0.1', 0, right);
    open.push(a, b);
    a.send({ transport: 'udp', address: '127.0.0.1', port: b.local.port }, Buffer.from('there'));
    const { flow, text } = await right.next('received');
    expect({ text, port: flow.port, localPort: flow.localPort }).toEqual({
      text: 'there',
      port: a.local.port,
      localPort: b.local.port,
    });
    b.send(flow, Buffer.from('back'));
    expect((await left.next('received')).text).toBe('back');
  });

  it('says EADDRINUSE for a taken port', async () => {
    const a = await openUdp('127.0.0.1', 0, ear());
    open.push(a);
    await expect(openUdp('127.0.0.1', a.local.port, ear())).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('TCP', () => {
  it('[RFC3261-18.2.2] answers over the connection that the request came over', async () => {
    const server = await tcp();
    const client = await tcp();
    client.table.send(server.target, Buffer.from('request'));
    const { flow } = await server.listener.next('received');
    server.table.send(flow, Buffer.from('response'));
    expect((await client.listener.next('received')).text).toBe('response');
    expect(server.table.connections).toBe(1);
    expect(client.table.connections).toBe(1);
  });

  it('uses a standing connection for the next request', async () => {
    const server = await tcp();
    const client = await tcp();
    client.table.send(server.target, Buffer.from('one'));
    client.table.send(server.target, Buffer.from('two'));
    await server.listener.next('received');
    expect(client.table.connections).toBe(1);
  });

  it('says so when nobody listens', async () => {
    const gone = await tcp();
    await gone.table.close();
    const client = await tcp();
    client.table.send(gone.target, Buffer.from('request'));
    expect((await client.listener.next('failed')).text).toContain('ECONNREFUSED');
  });

  it('says so when the one connection that may be used is gone', async () => {
    const client = await tcp();
    client.table.send({ ...client.target, connectionId: 'gone' }, Buffer.from('response'));
    expect((await client.listener.next('failed')).text).toContain('closed');
  });

  it('ends the connection of a peer that does not read', async () => {
    const server = await tcp({ queuedBytes: 64 * 1024 });
    const peer = connect(server.table.local.port, '127.0.0.1');
    peer.on('error', () => undefined);
    peer.write('hello');
    const { flow } = await server.listener.next('received');
    peer.pause();
    const block = Buffer.alloc(32 * 1024);
    for (let sent = 0; sent < 64 * 1024 * 1024 && server.table.connections > 0; sent += block.length) {
      server.table.send(flow, block);
      if (sent % (1024 * 1024) === 0) await new Promise((turn) => setImmediate(turn));
    }
    expect((await server.listener.next('failed')).text).toContain('does not read');
    await server.listener.next('closed');
    peer.destroy();
  });

  it('opens no connection beyond its limit', async () => {
    const server = await tcp();
    const client = await tcp({ connections: 0 });
    client.table.send(server.target, Buffer.from('request'));
    expect((await client.listener.next('failed')).text).toContain('too many');
  });
});

describe('where requests go', () => {
  it('[RFC3261-19.1.2] takes the default port of the transport', async () => {
    const query = { host: '192.0.2.7', port: undefined, transport: undefined };
    expect(await resolveTargets(query, ['tcp'])).toEqual([
      { transport: 'tcp', address: '192.0.2.7', port: 5060 },
    ]);
  });

  it('has nowhere to go for a transport that is not open here', async () => {
    const query = { host: '192.0.2.7', port: 5061, transport: 'tls' as const };
    expect(await resolveTargets(query, ['udp', 'tcp'])).toEqual([]);
  });

  it('looks names up and keeps the name for certificate checks', async () => {
    const query = { host: 'localhost', port: 5060, transport: undefined };
    const targets = await resolveTargets(query, ['udp']);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(target).toMatchObject({ transport: 'udp', serverName: 'localhost' });
  });
});
