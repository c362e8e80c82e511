import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointEvent, Transport } from '@offhook/sip';
import type { NodeEndpoint, NodeEndpointOptions, TlsOptions } from './api.ts';
import { TestCa } from './certificates.test-support.ts';
import { openNodeEndpoint } from './open.ts';

interface Party {
  readonly sip: NodeEndpoint;
  /** The next event of a type, whether it came already or comes later. */
  next<T extends EndpointEvent['type']>(type: T): Promise<Extract<EndpointEvent, { type: T }>>;
}

const open: NodeEndpoint[] = [];

/** Each party is a server and a client of its own, for the name and the addresses of this machine. */
let tls: TlsOptions;

beforeAll(async () => {
  const ca = await TestCa.create('Test CA');
  const certificate = await ca.issue({ names: ['ip:127.0.0.1', 'ip:::1', 'dns:localhost'] });
  tls = { ...certificate, ca: [ca.certificate] };
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()));
});

const udpAndTcp = ['udp', 'tcp'] as const;

async function openParty(
  options: { address?: string; transports?: readonly Transport[] } & Partial<NodeEndpointOptions> = {},
): Promise<Party> {
  const events: EndpointEvent[] = [];
  let wake: (() => void) | undefined;
  const { address = '127.0.0.1', transports = udpAndTcp, ...more } = options;
  const sip = await openNodeEndpoint({
    product: 'Test',
    listen: transports.map((transport) => ({ transport, address, port: 0 })),
    tls,
    ...more,
    onEvent: (event) => {
      events.push(event);
      wake?.();
    },
  });
  open.push(sip);
  return {
    sip,
    next: async <T extends EndpointEvent['type']>(type: T) => {
      for (;;) {
        const at = events.findIndex((event) => event.type === type);
        if (at >= 0) return events.splice(at, 1)[0] as Extract<EndpointEvent, { type: T }>;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

const body = (text: string) => ({ contentType: 'application/sdp', bytes: Buffer.from(text) });

const portOf = (party: Party): number => party.sip.bound[0]?.port ?? 0;

describe.each([
  ['udp', '127.0.0.1'],
  ['tcp', '127.0.0.1'],
  ['tls', '127.0.0.1'],
  ['ws', '127.0.0.1'],
  ['wss', '127.0.0.1'],
  ['udp', '::1'],
  ['tcp', '::1'],
  ['tls', '::1'],
  ['ws', '::1'],
  ['wss', '::1'],
] as const)('a call over %s from %s', (transport, address) => {
  it('[RFC3665-3.1] is set up, put on hold by the callee, and ended', async () => {
    const party = () => openParty({ address, transports: [transport] });
    const [alice, bob] = await Promise.all([party(), party()]);
    const host = address.includes(':') ? `[${address}]` : address;
    const scheme = transport === 'tls' || transport === 'wss' ? 'sips' : 'sip';
    const parameter = { udp: '', tcp: ';transport=tcp', tls: '', ws: ';transport=ws', wss: ';transport=ws' };
    const to = `${scheme}:bob@${host}:${portOf(bob)}${parameter[transport]}`;
    const from = `${scheme}:alice@${host}:${portOf(alice)}`;
    const call = alice.sip.run((sip, now) => sip.invite({ to, from, offer: body('offer') }, now));
    const incoming = await bob.next('session.incoming');
    expect(incoming.flow.transport).toBe(transport);
    bob.sip.run((sip, now) => sip.ring(incoming.session, now));
    expect((await alice.next('session.progress')).response.status).toBe(180);
    bob.sip.run((sip, now) => sip.accept(incoming.session, body('answer'), now));
    expect((await alice.next('session.accepted')).session).toBe(call);
    await bob.next('session.confirmed');

    bob.sip.run((sip, now) => sip.reoffer(incoming.session, body('hold'), now));
    const reoffer = await alice.next('session.reoffer');
    expect(Buffer.from(reoffer.offer?.bytes ?? []).toString()).toBe('hold');
    alice.sip.run((sip, now) => sip.acceptOffer(call, body('held'), now));
    expect(await bob.next('session.reoffer_result')).toMatchObject({ ok: true, status: 200 });

    alice.sip.run((sip, now) => sip.end(call, now));
    expect((await alice.next('session.ended')).end).toEqual({ by: 'local' });
    expect((await bob.next('session.ended')).end).toEqual({ by: 'remote' });
    expect(alice.sip.counts()).toMatchObject({ sessions: 0, dialogs: 0, malformed: 0, stray: 0 });
    expect(bob.sip.counts()).toMatchObject({ sessions: 0, dialogs: 0, malformed: 0, stray: 0 });
  });
});

describe('what is not a call', () => {
  it('[RFC3261-18.3] a malformed request over UDP is answered 400, and the endpoint goes on', async () => {
    const bob = await openParty();
    const socket = createSocket('udp4');
    try {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const { port } = socket.address();
      const bad = [
        'OPTIONS sip:bob@127.0.0.1 SIP/2.0',
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKbad;rport`,
        'From: <sip:a@127.0.0.1>;tag=1',
        'To: <sip:bob@127.0.0.1>',
        'Call-ID: bad',
        'CSeq: one OPTIONS',
        '',
        '',
      ].join('\r\n');
      socket.send(bad, portOf(bob), '127.0.0.1');
      const [answer] = (await once(socket, 'message')) as [Buffer];
      expect(answer.toString()).toMatch(/^SIP\/2\.0 400 /);
      socket.send(bad.replace('one OPTIONS', '1 OPTIONS'), portOf(bob), '127.0.0.1');
      const [second] = (await once(socket, 'message')) as [Buffer];
      expect(second.toString()).toMatch(/^SIP\/2\.0 200 /);
      expect(bob.sip.counts()).toMatchObject({ malformed: 1 });
    } finally {
      socket.close();
    }
  });

  it('[RFC5626-4.4.1] a double CRLF over TCP is answered with one; octets that are no SIP close it', async () => {
    const bob = await openParty();
    const socket = createConnection(portOf(bob), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('\r\n\r\n');
    const [pong] = (await once(socket, 'data')) as [Buffer];
    expect(pong.toString()).toBe('\r\n');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect(bob.sip.counts()).toMatchObject({ malformed: 1 });
  });

  it('[RFC3261-17.1.4] an INVITE to a closed TCP port ends with the transport, at once', async () => {
    const alice = await openParty();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const to = `sip:nobody@127.0.0.1:${port};transport=tcp`;
    alice.sip.run((sip, now) => sip.invite({ to, from: to, offer: body('offer') }, now));
    expect((await alice.next('session.ended')).end).toMatchObject({ by: 'transport' });
    expect(alice.sip.counts()).toMatchObject({ sessions: 0, transactions: 0, timers: 0 });
  });
});
