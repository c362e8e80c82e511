import type { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemDns } from './dns.ts';
import { labels, nameServer, number, recordTypes, text } from './name-server.test-support.ts';

/** Against a name server of a few lines: what Node's resolver really says. */

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Ends with its test. */
async function serve(answers: Parameters<typeof nameServer>[0]): Promise<Resolver> {
  const server = await nameServer(answers);
  closers.push(() => server.close());
  return server.resolver;
}

describe('the resolver of the system', () => {
  it('[RFC3263-4.1] reads NAPTR and SRV records', async () => {
    const naptr = [number(50, 10), text('s'), text('SIPS+D2T'), text(''), labels('_sips._tcp.example.com')];
    const resolver = await serve({
      'example.com': { type: recordTypes.naptr, records: [Buffer.concat(naptr)] },
      '_sip._udp.example.com': {
        type: recordTypes.srv,
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
    const dns = systemDns(await serve({ 'bare.example': {} }));
    expect(await dns.srv('_sip._udp.nowhere.example')).toEqual([]);
    expect(await dns.naptr('bare.example')).toEqual([]);
    expect(await dns.srv(`${'x'.repeat(64)}.example`)).toEqual([]);
  });

  it.each([2, 5])('a server that fails with code %i has not said that there is nothing', async (code) => {
    const dns = systemDns(await serve({ 'broken.example': { code } }));
    await expect(dns.naptr('broken.example')).rejects.toThrow('queryNaptr');
  });

  it('addresses come from the hosts file too', async () => {
    const dns = systemDns(await serve({}));
    expect((await dns.addresses('localhost')).some((address) => ['127.0.0.1', '::1'].includes(address))).toBe(
      true,
    );
  });
});
