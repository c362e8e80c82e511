import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { once } from 'node:events';
import * as tls from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '@offhook/sip';
import type { TlsOptions } from './api.ts';
import { selfSigned, TestCa, type Issued } from './certificates.test-support.ts';
import { openNodeEndpoint } from './open.ts';
import { SERVER_NAME, SocketBench, type TestSocket } from './sockets.test-support.ts';

/** What a person reads when a certificate is not right: for TLS and for WebSocket over TLS alike. */

const bench = new SocketBench();
afterEach(() => bench.close());

let ca: TestCa;
let otherCa: TestCa;
const certificates: Record<string, Issued> = {};

beforeAll(async () => {
  [ca, otherCa] = await Promise.all([TestCa.create('Company CA'), TestCa.create('Other CA')]);
  const names = [`dns:${SERVER_NAME}`] as const;
  Object.assign(certificates, {
    good: await ca.issue({ names }),
    expired: await ca.issue({ names, valid: [-10, -1] }),
    early: await ca.issue({ names, valid: [1, 10] }),
    wrongName: await ca.issue({ names: ['dns:other.example', 'dns:*.example'] }),
    wildcard: await ca.issue({ names: ['dns:*.example.com'] }),
    sipDomain: await ca.issue({ commonName: 'host', names: [`url:sip:${SERVER_NAME}`, 'dns:host.example'] }),
    address: await ca.issue({ names: ['ip:127.0.0.1'] }),
    selfSigned: await selfSigned({ names }),
    otherCa: await otherCa.issue({ names }),
    client: await ca.issue({ names: ['dns:connector.example'] }),
    strangeClient: await otherCa.issue({ names: ['dns:connector.example'] }),
  });
});

const secure = ['tls', 'wss'] as const;
const issued = (name: string): Issued => {
  const found = certificates[name];
  if (found === undefined) throw new Error(`no certificate ${name}`);
  return found;
};

/** A target that was given as an address and a port. */
const nameless = ({ target: { transport, address, port } }: TestSocket): Target => ({
  transport,
  address,
  port,
});

/** A client that trusts the company's CA and sends one request to a server with a certificate. */
async function attempt(
  transport: (typeof secure)[number],
  server: TlsOptions,
  client: TlsOptions = { ca: [ca.certificate] },
) {
  const there = await bench.open(transport, { tls: server });
  const ownCertificate = client.certificate === undefined ? issued('client') : {};
  // Listening needs a certificate; what is shown when dialling is the client's own.
  const here = await bench.open(transport, { tls: { ...ownCertificate, ...client } });
  here.socket.send(there.target, Buffer.from('request'));
  return { here, there };
}

describe.each(secure)('the certificate of a %s server', (transport) => {
  it.each([
    ['expired', /has expired: renew it/],
    ['early', /not valid yet: compare the clocks/],
    ['wrongName', /is for other\.example, \*\.example, not for pbx\.example/],
    ['selfSigned', /self-signed certificate: give that certificate here as the CA/],
    ['otherCa', /from a CA that is not known here/],
  ])('[RFC5922-7.3] %s: nothing is sent, and the reason is told in words', async (name, words) => {
    const { here, there } = await attempt(transport, issued(name));
    const { text } = await here.ear.next('failed');
    expect(text).toMatch(words);
    expect(text).toContain(SERVER_NAME);
    await here.ear.next('closed');
    expect(there.ear.of('received')).toEqual([]);
  });

  it('[RFC5922-7.1] is accepted for the SIP domain in its subjectAltName', async () => {
    const { there } = await attempt(transport, issued('sipDomain'));
    expect((await there.ear.next('received')).text).toBe('request');
  });

  it('is accepted when it is self-signed and given as the CA', async () => {
    const own = issued('selfSigned');
    const { there } = await attempt(transport, own, { ca: [own.certificate] });
    expect((await there.ear.next('received')).text).toBe('request');
  });

  it('is checked against the address where there is no name', async () => {
    const there = await bench.open(transport, { tls: issued('address') });
    const wrong = await bench.open(transport, { tls: issued('good') });
    const here = await bench.open(transport, { tls: { ...issued('client'), ca: [ca.certificate] } });
    here.socket.send(nameless(there), Buffer.from('request'));
    expect((await there.ear.next('received')).text).toBe('request');
    here.socket.send(nameless(wrong), Buffer.from('request'));
    expect((await here.ear.next('failed')).text).toContain('not for 127.0.0.1');
  });

  it('[RFC5922-7.2] with a wildcard counts only where the operator lets it', async () => {
    const there = await bench.open(transport, { tls: issued('wildcard') });
    const target = { ...there.target, serverName: 'pbx.example.com' };
    const trust = { ...issued('client'), ca: [ca.certificate] };
    const strict = await bench.open(transport, { tls: trust });
    strict.socket.send(target, Buffer.from('request'));
    expect((await strict.ear.next('failed')).text).toContain('RFC 5922');
    const lenient = await bench.open(transport, { tls: { ...trust, allowWildcards: true } });
    lenient.socket.send(target, Buffer.from('request'));
    expect((await there.ear.next('received')).text).toBe('request');
  });

  it('[RFC5923-5] is checked anew for another name at the same address', async () => {
    const { here, there } = await attempt(transport, issued('good'));
    await there.ear.next('received');
    here.socket.send({ ...there.target, serverName: 'other.example' }, Buffer.from('request'));
    expect((await here.ear.next('failed')).text).toContain('not for other.example');
    here.socket.send(there.target, Buffer.from('again'));
    expect((await there.ear.next('received')).text).toBe('again');
  });
});

describe.each(secure)('client certificates over %s', (transport) => {
  const required = { clientCertificate: 'required' } as const;

  it('[RFC3261-26.3.1] a good one is accepted where it is required', async () => {
    const { there } = await attempt(
      transport,
      { ...issued('good'), ...required, ca: [ca.certificate] },
      { ...issued('client'), ca: [ca.certificate] },
    );
    expect((await there.ear.next('received')).text).toBe('request');
  });

  it('none, where one is required: both sides are told', async () => {
    const there = await bench.open(transport, {
      tls: { ...issued('good'), ...required, ca: [ca.certificate] },
    });
    const here = await openNodeEndpoint({
      product: 'Test',
      listen: [{ transport, address: '127.0.0.1', port: 0, accept: false }],
      tls: { ca: [ca.certificate] },
      onEvent: (event) => events.push(event),
    });
    const events: unknown[] = [];
    try {
      here.run((sip, now) =>
        sip.request({ method: 'OPTIONS', to: 'sip:a@b', from: 'sip:b@a', target: there.target }, now),
      );
      expect((await there.ear.next('rejected')).text).toContain('showed no client certificate');
      await expect.poll(() => events, { timeout: 20_000 }).toHaveLength(1);
      expect(events).toMatchObject([{ type: 'response', result: { kind: 'transport' } }]);
      expect(JSON.stringify(events)).toContain('demands a client certificate');
    } finally {
      await here.close();
    }
  });

  it.each(['required', 'optional'] as const)(
    'a strange one is refused where it is %s',
    async (clientCertificate) => {
      const { here, there } = await attempt(
        transport,
        { ...issued('good'), clientCertificate, ca: [ca.certificate] },
        { ...issued('strangeClient'), ca: [ca.certificate] },
      );
      expect((await there.ear.next('rejected')).text).toContain('CA that is not known here');
      await here.ear.next('closed');
      expect(there.ear.of('received')).toEqual([]);
    },
  );

  it('none is needed where it is optional', async () => {
    const there = await bench.open(transport, {
      tls: { ...issued('good'), clientCertificate: 'optional', ca: [ca.certificate] },
    });
    const socket = tls.connect({ port: there.target.port, ca: ca.certificate, servername: SERVER_NAME });
    await once(socket, 'secureConnect');
    expect(there.ear.of('rejected')).toEqual([]);
    socket.destroy();
  });
});

describe.each(secure)('who does not speak TLS to %s', (transport) => {
  it('a plain peer that we dial is named as such', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write('SIP/2.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const here = await bench.open(transport, { tls: { ...issued('client'), ca: [ca.certificate] } });
    const { port } = server.address() as AddressInfo;
    here.socket.send({ ...here.target, port }, Buffer.from('request'));
    expect((await here.ear.next('failed')).text).toContain('does not speak TLS');
    server.close();
  });

  it('a plain peer that dials us is turned away, and told to the operator', async () => {
    const there = await bench.open(transport, { tls: issued('good') });
    const socket = connect(there.target.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('OPTIONS sip:a SIP/2.0\r\n\r\n');
    expect((await there.ear.next('rejected')).text).toContain('does not speak TLS');
    socket.destroy();
    expect(there.socket.connections).toBe(0);
  });

  it('[RFC8996-4] versions older than 1.2 are not spoken, on either side', async () => {
    const there = await bench.open(transport, { tls: issued('good') });
    const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const client = tls.connect({
      port: there.target.port,
      ca: ca.certificate,
      servername: SERVER_NAME,
      ...old,
    });
    client.on('error', () => undefined);
    expect((await there.ear.next('rejected')).text).toContain('1.2 is the least');
    const { certificate, key } = issued('good');
    const server = tls.createServer({ cert: certificate, key, ...old }).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    const here = await bench.open(transport, { tls: { ...issued('client'), ca: [ca.certificate] } });
    const { port } = server.address() as AddressInfo;
    here.socket.send({ ...here.target, port }, Buffer.from('request'));
    expect((await here.ear.next('failed')).text).toContain('1.2 is the least');
    server.close();
  });
});

describe('what is wrong on our side', () => {
  const listen = [{ transport: 'tls', address: '127.0.0.1', port: 0 }] as const;
  const open = (options: { tls?: TlsOptions }) =>
    openNodeEndpoint({ product: 'Test', listen, onEvent: () => undefined, ...options });

  it('is said when sockets are opened: no certificate', async () => {
    await expect(open({})).rejects.toThrow('set `tls.certificate` and `tls.key`');
  });

  it('is said when sockets are opened: no PEM, or a key of another certificate', async () => {
    const { certificate, key } = issued('good');
    await expect(open({ tls: { certificate: 'no PEM', key } })).rejects.toThrow('all have to be PEM');
    await expect(open({ tls: { certificate, key: issued('client').key } })).rejects.toThrow(
      "the key the certificate's",
    );
  });
});
