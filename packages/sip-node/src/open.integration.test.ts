import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { EndpointEvent, Target } from '@offhook/sip';
import { freePort } from '@offhook/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { NodeEndpoint, NodeEndpointOptions, SipTrace } from './api.ts';
import { TestCa } from './certificates.test-support.ts';
import type { Dns } from './dns.ts';
import { openNodeEndpoint } from './open.ts';

/** The endpoint with its sockets, names, keep-alives and limits together. */

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface Party {
  readonly sip: NodeEndpoint;
  readonly events: EndpointEvent[];
  readonly port: number;
}

/** How long a test waits for what has to come; a machine may be busy. */
const patience = { timeout: 20_000 };

const local = { address: '127.0.0.1', port: 0 } as const;
const udp = { transport: 'udp', ...local } as const;
const tcp = { transport: 'tcp', ...local } as const;

async function open(options: Partial<NodeEndpointOptions> = {}): Promise<Party> {
  const events: EndpointEvent[] = [];
  const sip = await openNodeEndpoint({
    product: 'Test',
    listen: [udp, tcp],
    onEvent: (event) => events.push(event),
    ...options,
  });
  closers.push(() => sip.close());
  return { sip, events, port: sip.bound[0]?.port ?? 0 };
}

const ask = (party: Party, to: string, more: { target?: Target; headers?: [string, string][] } = {}) =>
  party.sip.run((sip, now) => sip.request({ method: 'OPTIONS', to, from: 'sip:a@127.0.0.1', ...more }, now));

/** The result of the first request that is answered, or not. */
async function result(party: Party) {
  const response = () => party.events.find((event) => event.type === 'response');
  await expect.poll(response, patience).toBeDefined();
  return response()?.result;
}

async function datagrams(): Promise<{ socket: Socket; port: number; heard: string[] }> {
  const socket = createSocket('udp4');
  const heard: string[] = [];
  socket.on('message', (bytes) => heard.push(bytes.toString()));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => void socket.close());
  return { socket, port: socket.address().port, heard };
}

/** A domain whose services are these ports, the first one preferred. */
function domainOf(service: string, ports: readonly number[]): Dns {
  return {
    naptr: () => Promise.resolve([]),
    srv: (name) =>
      Promise.resolve(
        name === `${service}.pbx.example`
          ? ports.map((port, priority) => ({ name: 'node.pbx.example', port, priority, weight: 0 }))
          : [],
      ),
    addresses: () => Promise.resolve(['127.0.0.1']),
  };
}

describe('fail-over', () => {
  it('[RFC3263-4.3] a server whose port is closed is left for the next one at once, over TCP', async () => {
    const bob = await open();
    const alice = await open({ dns: domainOf('_sip._tcp', [await freePort(), bob.port]) });
    ask(alice, 'sip:pbx.example;transport=tcp');
    expect(await result(alice)).toMatchObject({ kind: 'response', response: { status: 200 } });
  });

  it('[RFC3263-4.3] a server that says nothing is left after the short time, over UDP', async () => {
    const bob = await open();
    const silent = await datagrams();
    const alice = await open({
      dns: domainOf('_sip._udp', [silent.port, bob.port]),
      timers: { failoverTimeout: 100 },
    });
    ask(alice, 'sip:pbx.example');
    expect(await result(alice)).toMatchObject({ kind: 'response', response: { status: 200 } });
    expect(silent.heard).toHaveLength(1);
    alice.events.length = 0;
    ask(alice, 'sip:pbx.example');
    expect(await result(alice)).toMatchObject({ kind: 'response' });
    expect(silent.heard).toHaveLength(1);
  });

  it('a name with more addresses than are tried, and with more records than are used, is counted', async () => {
    const bob = await open();
    const many = {
      ...domainOf('', []),
      addresses: () => Promise.resolve(Array<string>(20).fill('127.0.0.1')),
    };
    const alice = await open({ dns: many });
    ask(alice, `sip:pbx.example:${bob.port}`);
    expect(await result(alice)).toMatchObject({ kind: 'response', response: { status: 200 } });
    const crowd = await open({ dns: domainOf('_sip._udp', Array<number>(20).fill(bob.port)) });
    ask(crowd, 'sip:pbx.example');
    expect(await result(crowd)).toMatchObject({ kind: 'response', response: { status: 200 } });
    expect([alice, crowd].map(({ sip }) => sip.counts().limits.targets_per_name)).toEqual([1, 2]);
  });

  it('a name that nobody knows ends the request in words', async () => {
    const nobody = { ...domainOf('', []), addresses: () => Promise.resolve([]) };
    const alice = await open({ dns: nobody });
    ask(alice, 'sip:nowhere.example');
    expect(await result(alice)).toMatchObject({
      kind: 'transport',
      text: 'nothing found for sip:nowhere.example',
    });
  });
});

describe('requests that may not fit into a packet', () => {
  const headers: [string, string][] = [['X-Long', 'x'.repeat(2_000)]];

  it('[RFC3261-18.1.1] arrive over TCP', async () => {
    const traces: SipTrace[] = [];
    const bob = await open({ onTrace: (trace) => traces.push(trace) });
    const alice = await open();
    ask(alice, `sip:127.0.0.1:${bob.port}`, { headers });
    expect(await result(alice)).toMatchObject({ kind: 'response', response: { status: 200 } });
    expect(traces.map(({ transport }) => transport)).toEqual(['tcp', 'tcp']);
  });

  it('[RFC3261-18.1.1] arrive over UDP where the peer has no TCP', async () => {
    const traces: SipTrace[] = [];
    const bob = await open({ listen: [udp], onTrace: (trace) => traces.push(trace) });
    const alice = await open();
    ask(alice, `sip:127.0.0.1:${bob.port}`, { headers });
    expect(await result(alice)).toMatchObject({ kind: 'response', response: { status: 200 } });
    expect(traces.map(({ transport }) => transport)).toEqual(['udp', 'udp']);
  });
});

describe('keep-alive', () => {
  it('[RFC5626-4.4.1] one endpoint answers the pings of another, which goes on with the same connection', async () => {
    const pings: string[] = [];
    const bob = await open({ onTrace: ({ bytes }) => pings.push(Buffer.from(bytes).toString()) });
    const alice = await open({ keepAlive: { streams: 10, expectPong: 'always' } });
    ask(alice, `sip:127.0.0.1:${bob.port};transport=tcp`);
    await result(alice);
    await expect.poll(() => pings.filter((text) => text === '\r\n').length, patience).toBeGreaterThan(3);
    expect(alice.sip.counts()).toMatchObject({ connections: 1 });
    expect(bob.sip.counts()).toMatchObject({ connections: 1, malformed: 0 });
  });

  it('[RFC5626-3.5] a registrar over UDP hears CRLFs between registrations', async () => {
    const registrar = await datagrams();
    const alice = await open({ keepAlive: { datagrams: 10 } });
    alice.sip.run((sip, now) =>
      sip.register(
        {
          registrar: `sip:127.0.0.1:${registrar.port}`,
          aor: 'sip:alice@127.0.0.1',
          contactUser: 'alice',
          expires: 600,
          credentials: { username: 'alice', password: 'secret' },
        },
        now,
      ),
    );
    await expect
      .poll(() => registrar.heard.filter((text) => text === '\r\n\r\n').length, patience)
      .toBeGreaterThan(2);
    expect(registrar.heard[0]).toMatch(/^REGISTER /);
  });
});

const optionsNo = (branch: number, transport: string): string =>
  [
    'OPTIONS sip:bob@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/${transport} 127.0.0.1;branch=z9hG4bK${branch};rport`,
    'From: <sip:a@127.0.0.1>;tag=1',
    'To: <sip:bob@127.0.0.1>',
    `Call-ID: ${branch}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

describe('connections that are only made from here', () => {
  it('carry a call both ways over TLS without a certificate of ours, and take nobody in', async () => {
    const ca = await TestCa.create('Test CA');
    const certificate = await ca.issue({ names: ['ip:127.0.0.1'] });
    const bob = await open({ listen: [{ ...tcp, transport: 'tls' }], tls: certificate });
    const alice = await open({
      listen: [{ ...tcp, transport: 'tls', accept: false }],
      tls: { ca: [ca.certificate] },
    });
    const sdp = { contentType: 'application/sdp', bytes: Buffer.from('offer') };
    const to = `sips:bob@127.0.0.1:${bob.port}`;
    alice.sip.run((sip, now) => sip.invite({ to, from: 'sips:alice@127.0.0.1', offer: sdp }, now));
    const incoming = () => bob.events.find((event) => event.type === 'session.incoming');
    await expect.poll(incoming, patience).toBeDefined();
    const session = incoming()?.session;
    if (session === undefined) throw new Error('no call came in');
    bob.sip.run((sip, now) => sip.accept(session, sdp, now));
    await expect.poll(() => bob.events.some(({ type }) => type === 'session.confirmed'), patience).toBe(true);
    bob.sip.run((sip, now) => sip.end(session, now));
    await expect
      .poll(() => alice.events.at(-1))
      .toMatchObject({ type: 'session.ended', end: { by: 'remote' } });
    expect([alice.sip.counts().connections, bob.sip.counts().connections]).toEqual([1, 1]);
    const refused = connect(alice.port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('sockets that are opened together', () => {
  it('[RFC3581-4] an answer leaves by the socket that its request came in by', async () => {
    const bob = await open({ listen: [udp, { ...udp, port: await freePort() }] });
    const { socket } = await datagrams();
    for (const { port } of bob.sip.bound) {
      socket.send(optionsNo(port, 'UDP'), port, '127.0.0.1');
      const [, from] = (await once(socket, 'message')) as [Buffer, { port: number }];
      expect(from.port).toBe(port);
    }
  });

  it('UDP and TCP get one port; TLS gets its own', async () => {
    const ca = await TestCa.create('Test CA');
    const tls = await ca.issue({ names: ['ip:127.0.0.1'] });
    const { sip } = await open({ listen: [udp, tcp, { ...tcp, transport: 'tls' }], tls });
    const [first, second, third] = sip.bound.map(({ port }) => port);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('are all closed when one cannot be opened', async () => {
    const taken = await open({ listen: [tcp] });
    const port = await freePort();
    const listen = [
      { ...udp, port },
      { ...tcp, port: taken.port },
    ];
    await expect(open({ listen })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(open({ listen: [{ ...udp, port }] })).resolves.toBeDefined();
  });
});
