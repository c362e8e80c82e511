import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { EndpointEvent } from '@offhook/sip';
import type { NodeEndpoint } from './api.ts';
import { openNodeEndpoint } from './open.ts';

interface Party {
  readonly sip: NodeEndpoint;
  /** The next event of a type, whether it came already or comes later. */
  next<T extends EndpointEvent['type']>(type: T): Promise<Extract<EndpointEvent, { type: T }>>;
}

const open: NodeEndpoint[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()));
});

async function openParty(): Promise<Party> {
  const events: EndpointEvent[] = [];
  let wake: (() => void) | undefined;
  const sip = await openNodeEndpoint({
    product: 'Test',
    listen: [
      { transport: 'udp', address: '127.0.0.1', port: 0 },
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
    ],
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

describe.each(['udp', 'tcp'] as const)('a call over %s', (transport) => {
  it('[RFC3665-3.1] is set up, put on hold by the callee, and ended', async () => {
    const [alice, bob] = await Promise.all([openParty(), openParty()]);
    const to = `sip:bob@127.0.0.1:${portOf(bob)};transport=${transport}`;
    const from = `sip:alice@127.0.0.1:${portOf(alice)}`;
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
