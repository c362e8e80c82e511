import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { bindingAnswer, bindingRequest, readStun } from './stun/message.ts';
import type { EndpointEvent } from '@offhook/sip';
import { afterEach, describe, expect, it } from 'vitest';
import type { NodeEndpoint, NodeEndpointOptions } from './api.ts';
import { defaultDatagramKeepAlive } from './datagram-keep-alive.ts';
import { openNodeEndpoint } from './open.ts';
import { SocketBench } from './sockets.test-support.ts';

/** STUN on the sockets of SIP (RFC 5626 sections 3.5.2, 4.4.2 and 8). */

const bench = new SocketBench();
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await bench.close();
});

const patience = { timeout: 20_000 };
const id = Buffer.from('0102030405060708090a0b0c', 'hex');

async function datagrams(address: string) {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  closers.push(() => void socket.close());
  return socket;
}

describe('a UDP socket', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['::', '127.0.0.1'],
  ])('[RFC5626-8] bound to %s answers a Binding request from %s', async (bound, from) => {
    const here = await bench.open('udp', { address: bound });
    const peer = await datagrams(from);
    peer.send(bindingRequest(id), here.target.port, from);
    const [answer] = (await once(peer, 'message')) as [Buffer];
    expect(readStun(answer)).toEqual({
      kind: 'success',
      transactionId: id,
      mapped: { address: from, port: peer.address().port },
    });
    expect([here.ear.stunAnswered, here.ear.heard.length]).toEqual([1, 0]);
  });

  it('[RFC5626-8] between SIP messages, and without an answer to what is broken', async () => {
    const here = await bench.open('udp');
    const peer = await datagrams('127.0.0.1');
    const send = (bytes: Uint8Array) => peer.send(bytes, here.target.port, '127.0.0.1');
    send(bindingRequest(id).subarray(0, 24));
    send(Buffer.from('OPTIONS sip:a SIP/2.0\r\n\r\n'));
    expect((await here.ear.next('received')).text).toContain('OPTIONS');
    send(bindingRequest(id));
    const [answer] = (await once(peer, 'message')) as [Buffer];
    expect(readStun(answer)).toMatchObject({ kind: 'success' });
    expect(here.ear.stunAnswered).toBe(1);
  });

  it.each(['refuse', 'drop'] as const)(
    '[RFC3261-21.5.4] a source with verdict `%s` has no answer',
    async (verdict) => {
      const here = await bench.open('udp');
      const peer = await datagrams('127.0.0.1');
      here.ear.verdict = verdict;
      peer.send(bindingRequest(id), here.target.port, '127.0.0.1');
      // On the loopback what is sent later comes later.
      peer.send(Buffer.from('OPTIONS sip:a SIP/2.0\r\n\r\n'), here.target.port, '127.0.0.1');
      await here.ear.next('received');
      expect(here.ear.stunAnswered).toBe(0);
    },
  );
});

describe('registrars that are pinged', () => {
  it('are so many and no more', async () => {
    const keepAlive = { ...defaultDatagramKeepAlive, everyMs: 25_000, peers: 1 };
    const { socket, ear, target } = await bench.open('udp', { keepAlive });
    const register = Buffer.from('REGISTER sip:pbx.example SIP/2.0\r\n\r\n');
    for (const address of ['127.0.0.1', '127.0.0.2', '127.0.0.1'])
      socket.send({ ...target, address }, register);
    expect(ear.limits).toEqual({ keep_alive_peers: 1 });
  });
});

describe('Binding requests of a source that floods', () => {
  it('[RFC3261-21.5.4] count as messages, and are not answered beyond its burst', async () => {
    const flood = { messagesPerSecond: 0.001, burst: 3, refusals: 2, dropMs: 600_000 };
    const { sip, port } = await open({ flood });
    const peer = await datagrams('127.0.0.1');
    let answers = 0;
    peer.on('message', () => (answers += 1));
    for (let sent = 0; sent < 10; sent += 1) peer.send(bindingRequest(id), port, '127.0.0.1');
    await expect
      .poll(() => sip.counts(), patience)
      .toMatchObject({ limits: { flood_refused: 2, flood_dropped: 5 } });
    await expect.poll(() => answers, patience).toBe(3);
    expect(sip.counts()).toMatchObject({ stunAnswered: 3, received: 0, malformed: 0 });
  });
});

async function open(options: Partial<NodeEndpointOptions> = {}) {
  const events: EndpointEvent[] = [];
  const sip: NodeEndpoint = await openNodeEndpoint({
    product: 'Test',
    listen: [{ transport: 'udp', address: '127.0.0.1', port: 0 }],
    onEvent: (event) => events.push(event),
    ...options,
  });
  closers.push(() => sip.close());
  return { sip, events, port: sip.bound[0]?.port ?? 0 };
}

/** A registrar of our own that grants everything, and answers STUN by itself. */
async function registrar() {
  const party = await open();
  const registers: string[] = [];
  const { sip, events } = party;
  const answered = new Set<EndpointEvent>();
  const answer = (): void => {
    for (const event of events) {
      if (event.type !== 'request' || answered.has(event)) continue;
      answered.add(event);
      registers.push(event.request.method);
      sip.run((endpoint, now) =>
        endpoint.respond(event.requestId, 200, now, { headers: [['Expires', '600']] }),
      );
    }
  };
  return { ...party, registers, answer };
}

const register = (sip: NodeEndpoint, port: number) =>
  sip.run((endpoint, now) =>
    endpoint.register(
      {
        registrar: `sip:127.0.0.1:${port}`,
        aor: 'sip:alice@127.0.0.1',
        contactUser: 'alice',
        expires: 600,
        credentials: { username: 'alice', password: 'secret' },
      },
      now,
    ),
  );

const states = (events: readonly EndpointEvent[]) =>
  events.flatMap((event) => (event.type === 'registration.changed' ? [event.state] : []));

describe('a registration over UDP with STUN', () => {
  const keepAlive = { datagrams: { every: 5, method: 'stun', retransmit: 2 } } as const;

  it('[RFC5626-4.4.2] stands as long as the registrar answers', async () => {
    const pbx = await registrar();
    const alice = await open({ keepAlive: { ...keepAlive, expectPong: 'always' } });
    register(alice.sip, pbx.port);
    await expect.poll(() => (pbx.answer(), pbx.sip.counts().stunAnswered), patience).toBeGreaterThan(20);
    expect(states(alice.events).map(({ name }) => name)).toEqual(['registering', 'registered']);
    expect([pbx.registers.length, alice.sip.counts().flowsFailed]).toEqual([1, 0]);
  });

  it('[RFC5626-4.4.2] is made anew after the answers have stopped', async () => {
    const pbx = await datagrams('127.0.0.1');
    let answersLeft = 3;
    let registers = 0;
    pbx.on('message', (bytes, from) => {
      const message = readStun(bytes);
      if (message?.kind === 'request') {
        const answer = answersLeft > 0 ? bindingAnswer(message, from) : undefined;
        answersLeft -= 1;
        if (answer !== undefined) pbx.send(answer, from.port, from.address);
      } else if (bytes.toString().startsWith('REGISTER ')) {
        registers += 1;
        pbx.send(granted(bytes.toString()), from.port, from.address);
      }
    });
    const alice = await open({ keepAlive });
    register(alice.sip, pbx.address().port);
    await expect.poll(() => registers, patience).toBe(2);
    expect(states(alice.events).slice(0, 4)).toMatchObject([
      { name: 'registering' },
      { name: 'registered' },
      { name: 'failed', why: { kind: 'transport', text: expect.stringContaining('keep-alives') } },
      { name: 'registering' },
    ]);
    expect(alice.sip.counts().flowsFailed).toBe(1);
  });

  it('[RFC5626-4.4.2] is made anew when the registrar sees us at another address', async () => {
    const pbx = await datagrams('127.0.0.1');
    let seen = 0;
    let registers = 0;
    pbx.on('message', (bytes, from) => {
      const message = readStun(bytes);
      if (message?.kind === 'request') {
        seen += 1;
        const answer = bindingAnswer(message, { address: '192.0.2.9', port: seen < 4 ? 1_000 : 2_000 });
        if (answer !== undefined) pbx.send(answer, from.port, from.address);
      } else if (bytes.toString().startsWith('REGISTER ')) {
        registers += 1;
        pbx.send(granted(bytes.toString()), from.port, from.address);
      }
    });
    const alice = await open({ keepAlive: { ...keepAlive, expectPong: 'always' } });
    register(alice.sip, pbx.address().port);
    await expect.poll(() => registers, patience).toBe(2);
    await expect.poll(() => seen, patience).toBeGreaterThan(8);
    expect([alice.sip.counts().flowsFailed, registers]).toEqual([1, 2]);
  });
});

/** 200 to a REGISTER, for ten minutes. */
function granted(request: string): string {
  const copied = request.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq|Contact):/i.test(line));
  const lines = copied.map((line) => (line.startsWith('To:') ? `${line};tag=1` : line));
  return ['SIP/2.0 200 OK', ...lines, 'Expires: 600', 'Content-Length: 0', '', ''].join('\r\n');
}
