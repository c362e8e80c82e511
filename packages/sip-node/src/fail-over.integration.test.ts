import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import type { EndpointEvent, Transport } from '@offhook/sip';
import { freePort } from '@offhook/testkit';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NodeEndpoint, NodeEndpointOptions, SipTrace, TlsOptions } from './api.ts';
import { TestCa } from './certificates.test-support.ts';
import { systemDns, type Dns } from './dns.ts';
import { labels, nameServer, number, recordTypes, text } from './name-server.test-support.ts';
import { openNodeEndpoint } from './open.ts';

/** From a name to the server that answers (RFC 3263), with real sockets and a real resolver. */

const closers: (() => Promise<void> | void)[] = [];
let ca: TestCa;
/** For the domain, for one of its hosts, and for nobody here. */
let trust: TlsOptions;
let certificates: { domain: TlsOptions; host: TlsOptions };

beforeAll(async () => {
  ca = await TestCa.create('Company CA');
  trust = { ca: [ca.certificate] };
  certificates = {
    domain: await ca.issue({ names: ['dns:pbx.example'] }),
    host: await ca.issue({ names: ['dns:node.pbx.example'] }),
  };
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** How long a test waits for what has to come; a machine may be busy. */
const patience = { timeout: 20_000 };

interface Party {
  readonly sip: NodeEndpoint;
  readonly events: EndpointEvent[];
  readonly port: number;
  /** Start lines of what came in and went out. */
  readonly trace: string[];
}

const at = (transport: Transport, address = '127.0.0.1') => ({ transport, address, port: 0 });

async function open(
  transports: readonly Transport[],
  options: Partial<NodeEndpointOptions> = {},
): Promise<Party> {
  const events: EndpointEvent[] = [];
  const trace: string[] = [];
  const sip = await openNodeEndpoint({
    product: 'Test',
    listen: transports.map((transport) => at(transport)),
    onEvent: (event) => events.push(event),
    onTrace: ({ direction, transport, bytes }: SipTrace) =>
      trace.push(
        `${direction} ${transport} ${
          Buffer.from(bytes)
            .toString()
            .split(/ sip| SIP/)[0] ?? ''
        }`,
      ),
    ...options,
  });
  closers.push(() => sip.close());
  return { sip, events, port: sip.bound[0]?.port ?? 0, trace };
}

function ask(party: Party, to: string, method = 'OPTIONS'): void {
  party.sip.run((sip, now) => sip.request({ method, to, from: 'sip:a@127.0.0.1' }, now));
}

/** The result of the only request under way. */
async function result(party: Party) {
  const response = () => party.events.find((event) => event.type === 'response');
  await expect.poll(response, patience).toBeDefined();
  const found = response();
  party.events.length = 0;
  return found?.result;
}

const status = (code: number) => ({ kind: 'response', response: { status: code } });

/** Services of `pbx.example`: hosts and ports, the preferred first. */
function domainOf(service: string, ports: readonly number[], addresses = ['127.0.0.1']): Dns {
  return {
    naptr: () => Promise.resolve([]),
    srv: (name) =>
      Promise.resolve(
        name === `${service}.pbx.example`
          ? ports.map((port, priority) => ({ name: 'node.pbx.example', port, priority, weight: 0 }))
          : [],
      ),
    addresses: () => Promise.resolve(addresses),
  };
}

/** Answers MESSAGE with a status, as the application of a server that is overloaded does. */
async function answering(code: number, headers: [string, string][] = []): Promise<Party> {
  const party: Party = await open(['udp'], {
    onEvent: (event) => {
      if (event.type !== 'request') return;
      party.sip.run((sip, now) => sip.respond(event.requestId, code, now, { headers }));
    },
  });
  return party;
}

describe('fail-over', () => {
  it('[RFC3263-4.3] a server that answers 503 is left for the next, and rests as long as it says', async () => {
    const busy = await answering(503, [['Retry-After', '600']]);
    const free = await answering(200);
    const alice = await open(['udp'], { dns: domainOf('_sip._udp', [busy.port, free.port]) });
    ask(alice, 'sip:pbx.example', 'MESSAGE');
    expect(await result(alice)).toMatchObject(status(200));
    ask(alice, 'sip:pbx.example', 'MESSAGE');
    expect(await result(alice)).toMatchObject(status(200));
    expect([busy, free].map(({ trace }) => trace.filter((line) => line.startsWith('in')).length)).toEqual([
      1, 2,
    ]);
  });

  it('[RFC3263-4.3] any other refusal is the answer', async () => {
    const [closed, free] = [await answering(500), await answering(200)];
    const alice = await open(['udp'], { dns: domainOf('_sip._udp', [closed.port, free.port]) });
    ask(alice, 'sip:pbx.example', 'MESSAGE');
    expect(await result(alice)).toMatchObject(status(500));
    expect(free.trace).toEqual([]);
  });

  it('[RFC3263-4.3] a server whose connection breaks off before it has answered is left, over TCP', async () => {
    const rude = createServer((socket) => socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    closers.push(() => void rude.close());
    const bob = await open(['tcp']);
    const ports = [(rude.address() as AddressInfo).port, bob.port];
    const alice = await open(['tcp'], { dns: domainOf('_sip._tcp', ports) });
    ask(alice, 'sip:pbx.example');
    expect(await result(alice)).toMatchObject(status(200));
  });

  it('[RFC3263-4.3] from an address of IPv6 where nobody listens to one of IPv4', async () => {
    const bob = await open(['tcp']);
    const alice = await open([], {
      listen: [at('tcp', '::1'), at('tcp')],
      dns: domainOf('_sip._tcp', [bob.port], ['::1', '127.0.0.1']),
    });
    ask(alice, 'sip:pbx.example');
    expect(await result(alice)).toMatchObject(status(200));
    expect(alice.trace).toEqual(['out tcp OPTIONS', 'out tcp OPTIONS', 'in tcp SIP/2.0 200 OK\r\nVia:']);
  });

  it.each(['udp', 'tcp', 'tls'] as const)(
    '[RFC3263-4.2] over %s to an address of IPv6 alone',
    async (transport) => {
      const listen = [at(transport, '::1')];
      const bob = await open([], { listen, tls: certificates.domain });
      const service = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' }[transport];
      const dns = domainOf(service, [bob.port], ['::1']);
      const alice = await open([], { listen, dns, tls: { ...certificates.domain, ca: [ca.certificate] } });
      ask(alice, `${transport === 'tls' ? 'sips' : 'sip'}:pbx.example`);
      expect(await result(alice)).toMatchObject(status(200));
    },
  );

  it('[RFC3261-17.1.2.2] a silent server alone is given up after the transaction’s time, which can be short', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    closers.push(() => void silent.close());
    const alice = await open(['udp'], { timers: { transactionTimeout: 150 } });
    ask(alice, `sip:127.0.0.1:${silent.address().port}`);
    expect(await result(alice)).toEqual({ kind: 'timeout' });
  });
});

const srv = (priority: number, port: number, name = 'localhost') =>
  Buffer.concat([number(priority, 0, port), labels(name)]);
const naptr = (order: number, service: string, replacement: string) =>
  Buffer.concat([number(order, 0), text('s'), text(service), text(''), labels(replacement)]);

async function dnsWith(answers: Parameters<typeof nameServer>[0]): Promise<Dns> {
  const server = await nameServer(answers);
  closers.push(() => server.close());
  return systemDns(server.resolver);
}

describe('names of a real name server', () => {
  it('[RFC3263-4.1] NAPTR chooses the transport, SRV the servers, of which the second lives', async () => {
    const bob = await open(['tcp']);
    const dns = await dnsWith({
      'pbx.example': {
        type: recordTypes.naptr,
        records: [
          naptr(20, 'SIP+D2U', '_sip._udp.pbx.example'),
          naptr(10, 'SIP+D2T', '_sip._tcp.servers.example'),
        ],
      },
      '_sip._tcp.servers.example': {
        type: recordTypes.srv,
        records: [srv(2, bob.port), srv(1, await freePort())],
      },
      '_sip._udp.pbx.example': { type: recordTypes.srv, records: [srv(1, await freePort())] },
    });
    const alice = await open(['udp', 'tcp'], { dns });
    ask(alice, 'sip:pbx.example');
    expect(await result(alice)).toMatchObject(status(200));
    expect(alice.trace).toEqual(['out tcp OPTIONS', 'out tcp OPTIONS', 'in tcp SIP/2.0 200 OK\r\nVia:']);
  });

  it('[RFC3263-4.1] without NAPTR the SRV of a transport that we have', async () => {
    const bob = await open(['tcp']);
    const dns = await dnsWith({
      '_sip._tcp.pbx.example': { type: recordTypes.srv, records: [srv(1, bob.port)] },
    });
    const alice = await open(['udp', 'tcp'], { dns });
    ask(alice, 'sip:pbx.example');
    expect(await result(alice)).toMatchObject(status(200));
    expect(alice.trace[0]).toBe('out tcp OPTIONS');
  });
});

describe('TLS by a domain', () => {
  const dialOnly = [{ ...at('tls'), accept: false }];

  it('[RFC5922-4] asks for the domain (SNI) and checks the certificate for it, whatever host SRV names', async () => {
    const asked: string[] = [];
    const { certificate = '', key = '' } = certificates.domain;
    const context = tls.createSecureContext({ cert: certificate, key });
    const server = tls.createServer({
      SNICallback: (name, done) => {
        asked.push(name);
        done(null, name === 'pbx.example' ? context : undefined);
      },
    });
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket) => {
      socket.once('data', (bytes: Buffer) => {
        const lines = bytes.toString().split('\r\n');
        const copied = lines.filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line));
        const answer = copied.map((line) => (line.startsWith('To:') ? `${line};tag=1` : line));
        socket.write(['SIP/2.0 200 OK', ...answer, 'Content-Length: 0', '', ''].join('\r\n'));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const dns = domainOf('_sips._tcp', [port]);
    const alice = await open([], { listen: dialOnly, dns, tls: trust });
    ask(alice, 'sips:pbx.example');
    expect(await result(alice)).toMatchObject(status(200));
    expect(asked).toEqual(['pbx.example']);
  });

  it('[RFC3263-4.3] a server with a certificate of another name is left for one with the right one', async () => {
    const wrong = await open(['tls'], { tls: certificates.host });
    const right = await open(['tls'], { tls: certificates.domain });
    const dns = domainOf('_sips._tcp', [wrong.port, right.port]);
    const alice = await open([], { listen: dialOnly, dns, tls: trust });
    ask(alice, 'sips:pbx.example');
    expect(await result(alice)).toMatchObject(status(200));
    expect([wrong.trace, right.trace.length]).toEqual([[], 2]);
  });

  it('[RFC5922-7.3] where it is the only one, the request ends with the reason in words', async () => {
    const wrong = await open(['tls'], { tls: certificates.host });
    const dns = domainOf('_sips._tcp', [wrong.port]);
    const alice = await open([], { listen: dialOnly, dns, tls: trust });
    ask(alice, 'sips:pbx.example');
    expect(await result(alice)).toMatchObject({
      kind: 'transport',
      text: expect.stringContaining('the certificate is for node.pbx.example, not for pbx.example'),
    });
  });

  it('to our own port for plain TCP ends in words, on both sides', async () => {
    const plain = await open(['tcp']);
    const alice = await open([], { listen: dialOnly, tls: trust });
    ask(alice, `sips:127.0.0.1:${plain.port}`);
    expect(await result(alice)).toMatchObject({
      kind: 'transport',
      text: expect.stringMatching(/does not speak TLS|during the TLS handshake/),
    });
    await expect.poll(() => plain.sip.counts(), patience).toMatchObject({ connections: 0, malformed: 1 });
  });
});

describe('an INVITE that may not fit into a packet', () => {
  const offer = {
    contentType: 'application/sdp',
    bytes: Buffer.from(`v=0\r\n${'a=x-long:y\r\n'.repeat(200)}`),
  };

  async function call(callee: Party) {
    const alice = await open(['udp', 'tcp']);
    const to = `sip:bob@127.0.0.1:${callee.port}`;
    const session = alice.sip.run((sip, now) => sip.invite({ to, from: 'sip:a@127.0.0.1', offer }, now));
    const incoming = () => callee.events.find((event) => event.type === 'session.incoming');
    await expect.poll(incoming, patience).toBeDefined();
    const found = incoming();
    if (found === undefined) throw new Error('no call came in');
    callee.sip.run((sip, now) => sip.accept(found.session, offer, now));
    const confirmed = () => callee.events.some(({ type }) => type === 'session.confirmed');
    await expect.poll(confirmed, patience).toBe(true);
    alice.sip.run((sip, now) => sip.end(session, now));
    await expect.poll(() => callee.events.at(-1)?.type, patience).toBe('session.ended');
    return { alice, flow: found.flow, offered: found.offer };
  }

  it('[RFC3261-18.1.1] arrives over TCP, and the whole call is good', async () => {
    const { flow, offered } = await call(await open(['udp', 'tcp']));
    expect([flow.transport, offered?.bytes.length]).toEqual(['tcp', offer.bytes.length]);
  });

  it('[RFC3261-18.1.1] arrives over UDP where TCP is refused, once, and the whole call is good', async () => {
    const bob = await open(['udp']);
    const { alice, flow, offered } = await call(bob);
    expect([flow.transport, offered?.bytes.length]).toEqual(['udp', offer.bytes.length]);
    expect(bob.trace.filter((line) => line === 'in udp INVITE').length).toBe(1);
    // The peer is not asked for TCP again by the next one.
    alice.trace.length = 0;
    alice.sip.run((sip, now) =>
      sip.invite({ to: `sip:bob@127.0.0.1:${bob.port}`, from: 'sip:a@127.0.0.1', offer }, now),
    );
    expect(alice.trace).toEqual(['out udp INVITE']);
  });
});
