import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { systemDns } from './dns.ts';

/** Against a name server of a few lines: what Node's resolver really says. */

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const TYPES = { srv: 33, naptr: 35 };

const labels = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);
const number = (...values: number[]): Buffer =>
  Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 0xff])));

interface Answer {
  /** RFC 1035 section 4.1.1: 0 none, 2 server failure, 3 no such name, 5 refused. */
  readonly code?: number;
  readonly type?: number;
  readonly records?: readonly Buffer[];
}

/** Answers each question by its name. */
async function nameServer(answers: Readonly<Record<string, Answer>>): Promise<Resolver> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12);
    const name = query
      .subarray(13, end)
      .toString('latin1')
      // eslint-disable-next-line no-control-regex -- the lengths of labels are what stands between them
      .replaceAll(/[\u0000-\u001f]/g, '.');
    const { code = 0, type = 0, records = [] } = answers[name] ?? { code: 3 };
    const head = Buffer.concat([
      query.subarray(0, 2),
      number(0x8180 | code, 1, records.length, 0, 0),
      query.subarray(12, end + 5),
    ]);
    const bodies = records.map((data) => Buffer.concat([number(0xc00c, type, 1, 0, 60, data.length), data]));
    socket.send(Buffer.concat([head, ...bodies]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => void socket.close());
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return resolver;
}

describe('the resolver of the system', () => {
  it('[RFC3263-4.1] reads NAPTR and SRV records', async () => {
    const naptr = [number(50, 10), text('s'), text('SIPS+D2T'), text(''), labels('_sips._tcp.example.com')];
    const resolver = await nameServer({
      'example.com': { type: TYPES.naptr, records: [Buffer.concat(naptr)] },
      '_sip._udp.example.com': {
        type: TYPES.srv,
        records: [Buffer.concat([number(1, 2, 5_070), labels('a.example.com')])],
      },
    });
    const dns = systemDns(resolver);
    expect(await dns.naptr('example.com')).toMatchObject([
      { order: 50, preference: 10, flags: 's', service: 'SIPS+D2T', replacement: '_sips._tcp.example.com' },
    ]);
    expect(await dns.srv('_sip._udp.example.com')).toMatchObject([
      { priority: 1, weight: 2, port: 5_070, name: 'a.example.com' },
    ]);
  });

  it('a name that is not there, or has no such record, is an empty answer', async () => {
    const dns = systemDns(await nameServer({ 'bare.example': {} }));
    expect(await dns.srv('_sip._udp.nowhere.example')).toEqual([]);
    expect(await dns.naptr('bare.example')).toEqual([]);
    expect(await dns.srv(`${'x'.repeat(64)}.example`)).toEqual([]);
  });

  it.each([2, 5])('a server that fails with code %i has not said that there is nothing', async (code) => {
    const dns = systemDns(await nameServer({ 'broken.example': { code } }));
    await expect(dns.naptr('broken.example')).rejects.toThrow('queryNaptr');
  });

  it('addresses come from the hosts file too', async () => {
    const dns = systemDns(await nameServer({}));
    expect((await dns.addresses('localhost')).some((address) => ['127.0.0.1', '::1'].includes(address))).toBe(
      true,
    );
  });
});
