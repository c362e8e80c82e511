import type { NaptrRecord, SrvRecord } from 'node:dns';
import type { Transport } from '@offhook/sip';
import { describe, expect, it } from 'vitest';
import type { Dns } from './dns.ts';
import { resolveTargets, type Means, type Query } from './resolve.ts';

interface Zone {
  readonly naptr?: Readonly<Record<string, readonly NaptrRecord[]>>;
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
}

/** A DNS of a few records that notes what it was asked. Names ending in `.down` cannot be asked for. */
function fakeDns(zone: Zone): Dns & { readonly asked: string[] } {
  const asked: string[] = [];
  const look = <T>(kind: string, records: Readonly<Record<string, readonly T[]>> = {}) => {
    return (name: string): Promise<readonly T[]> => {
      asked.push(`${kind} ${name}`);
      return name.endsWith('.down')
        ? Promise.reject(new Error('ETIMEOUT'))
        : Promise.resolve(records[name] ?? []);
    };
  };
  return {
    asked,
    naptr: look('NAPTR', zone.naptr),
    srv: look('SRV', zone.srv),
    addresses: look('A', zone.addresses),
  };
}

const naptr = (order: number, preference: number, service: string, replacement: string): NaptrRecord => ({
  order,
  preference,
  service,
  replacement,
  flags: 's',
  regexp: '',
});
const srv = (name: string, port: number, priority = 0): SrvRecord => ({ name, port, priority, weight: 1 });

const both = ['0.0.0.0', '::'];
const meansOf = (...transports: Transport[]): Means =>
  transports.flatMap((transport) => both.map((address) => ({ transport, address })));
const everything = meansOf('udp', 'tcp', 'tls', 'ws', 'wss');

/** `tcp 192.0.2.1:5060` for each target, in order. */
async function find(query: Partial<Query>, dns: Dns, means: Means = everything): Promise<string[]> {
  const whole = { host: 'example.com', port: undefined, transport: undefined, ...query };
  const targets = await resolveTargets(whole, means, dns, () => 0);
  return targets.map(({ transport, address, port }) => `${transport} ${address} ${port}`);
}

/** The example of RFC 3263 section 4.1. */
const example: Zone = {
  naptr: {
    'example.com': [
      naptr(50, 50, 'SIPS+D2T', '_sips._tcp.example.com'),
      naptr(90, 50, 'SIP+D2T', '_sip._tcp.example.com'),
      naptr(100, 50, 'SIP+D2U', '_sip._udp.example.com'),
    ],
  },
  srv: {
    '_sips._tcp.example.com': [srv('secure.example.com', 5061)],
    '_sip._tcp.example.com': [srv('server2.example.com', 5060, 1), srv('server1.example.com', 5060, 0)],
    '_sip._udp.example.com': [srv('server1.example.com', 5060)],
  },
  addresses: {
    'server1.example.com': ['192.0.2.1', '2001:db8::1'],
    'server2.example.com': ['192.0.2.2'],
    'secure.example.com': ['192.0.2.3'],
    'example.com': ['192.0.2.80'],
  },
};

describe('numeric hosts and ports', () => {
  it('[RFC3263-4.2] need no DNS', async () => {
    const dns = fakeDns({});
    expect(await find({ host: '192.0.2.7' }, dns)).toEqual(['udp 192.0.2.7 5060']);
    expect(await find({ host: '2001:db8::7', port: 5070, transport: 'tcp' }, dns)).toEqual([
      'tcp 2001:db8::7 5070',
    ]);
    expect(await find({ host: '192.0.2.7', secure: true }, dns)).toEqual(['tls 192.0.2.7 5061']);
    expect(dns.asked).toEqual([]);
  });

  it('[RFC3263-4.2] a port means addresses only, over the default transport', async () => {
    const dns = fakeDns(example);
    expect(await find({ port: 5070 }, dns)).toEqual(['udp 192.0.2.80 5070']);
    expect(await find({ port: 5070, secure: true }, dns)).toEqual(['tls 192.0.2.80 5070']);
    expect(await find({ port: 5070 }, dns, meansOf('tcp'))).toEqual(['tcp 192.0.2.80 5070']);
    expect(new Set(dns.asked)).toEqual(new Set(['A example.com']));
  });

  it.each([
    ['udp', 5060],
    ['tcp', 5060],
    ['tls', 5061],
    ['ws', 80],
    ['wss', 443],
  ] as const)('[RFC3261-19.1.2] %s has the default port %i', async (transport, port) => {
    expect(await find({ host: '192.0.2.7', transport }, fakeDns({}))).toEqual([
      `${transport} 192.0.2.7 ${port}`,
    ]);
  });
});

describe('NAPTR', () => {
  it('[RFC3263-4.1] the lowest order among the services that we have decides, then SRV, then addresses', async () => {
    const dns = fakeDns(example);
    expect(await find({}, dns, meansOf('udp', 'tcp'))).toEqual([
      'tcp 192.0.2.1 5060',
      'tcp 2001:db8::1 5060',
      'tcp 192.0.2.2 5060',
    ]);
    expect(await find({}, fakeDns(example), meansOf('udp'))).toEqual([
      'udp 192.0.2.1 5060',
      'udp 2001:db8::1 5060',
    ]);
    expect(await find({}, fakeDns(example))).toEqual(['tls 192.0.2.3 5061']);
  });

  it('[RFC3263-4.1] sips takes no service but one over TLS', async () => {
    expect(await find({ secure: true }, fakeDns(example))).toEqual(['tls 192.0.2.3 5061']);
    expect(await find({ secure: true }, fakeDns(example), meansOf('udp', 'tcp'))).toEqual([]);
    const plain = { ...example, naptr: { 'example.com': example.naptr?.['example.com']?.slice(1) ?? [] } };
    expect(await find({ secure: true }, fakeDns(plain))).toEqual(['tls 192.0.2.3 5061']);
  });

  it('[RFC3263-4.1] of one order all are tried, by preference', async () => {
    const dns = fakeDns({
      ...example,
      naptr: {
        'example.com': [
          naptr(1, 20, 'SIP+D2U', '_sip._udp.example.com'),
          naptr(1, 10, 'sip+d2t', '_sip._tcp.example.com'),
        ],
      },
    });
    const targets = await find({}, dns, meansOf('udp', 'tcp'));
    expect(targets.map((target) => target.split(' ')[0])).toEqual(['tcp', 'tcp', 'tcp', 'udp', 'udp']);
  });

  it('[RFC7118-6] leads to WebSocket servers', async () => {
    const dns = fakeDns({
      naptr: { 'example.com': [naptr(1, 1, 'SIPS+D2W', 'ws-service.example.com')] },
      srv: { 'ws-service.example.com': [srv('edge.example.com', 8443)] },
      addresses: { 'edge.example.com': ['192.0.2.9'] },
    });
    expect(await find({}, dns)).toEqual(['wss 192.0.2.9 8443']);
  });

  it('whose replacement has no SRV, or that nobody answers for, leave the rest to SRV and addresses', async () => {
    const dangling = {
      ...example,
      naptr: { 'example.com': [naptr(1, 1, 'SIP+D2T', 'nowhere.example.com')] },
    };
    expect(await find({}, fakeDns(dangling), meansOf('udp'))).toEqual([
      'udp 192.0.2.1 5060',
      'udp 2001:db8::1 5060',
    ]);
    const broken: Dns = { ...fakeDns(example), naptr: () => Promise.reject(new Error('SERVFAIL')) };
    expect(await find({}, broken, meansOf('tcp'))).toHaveLength(3);
    const noServices: Dns = { ...broken, srv: () => Promise.reject(new Error('SERVFAIL')) };
    expect(await find({}, noServices, meansOf('tcp'))).toEqual(['tcp 192.0.2.80 5060']);
  });
});

describe('SRV', () => {
  const { srv: records = {}, addresses = {} } = example;
  const zone = { srv: records, addresses };

  it('[RFC3263-4.1] without NAPTR our transports are asked for, the preferred first', async () => {
    const dns = fakeDns(zone);
    expect(await find({}, dns, meansOf('udp', 'tcp'))).toEqual([
      'udp 192.0.2.1 5060',
      'udp 2001:db8::1 5060',
      'tcp 192.0.2.1 5060',
      'tcp 2001:db8::1 5060',
      'tcp 192.0.2.2 5060',
    ]);
    expect(dns.asked).not.toContain('SRV _sips._tcp.example.com');
  });

  it('[RFC3263-4.2] a transport that is given is the only one, and NAPTR is not asked', async () => {
    const dns = fakeDns(example);
    expect(await find({ transport: 'tls' }, dns)).toEqual(['tls 192.0.2.3 5061']);
    expect(await find({ transport: 'udp' }, dns)).toHaveLength(2);
    expect(dns.asked.filter((what) => what.startsWith('NAPTR'))).toEqual([]);
  });

  it('[RFC2782] a dot says that there is no such service', async () => {
    const dns = fakeDns({ srv: { '_sip._udp.example.com': [srv('.', 0)] }, addresses });
    expect(await find({ transport: 'udp' }, dns)).toEqual([]);
  });

  it('one server without an address does not cost the others', async () => {
    const dns = fakeDns({
      srv: { '_sip._udp.example.com': [srv('gone.down', 5060, 0), srv('server2.example.com', 5062, 1)] },
      addresses,
    });
    expect(await find({}, dns, meansOf('udp'))).toEqual(['udp 192.0.2.2 5062']);
  });
});

describe('addresses', () => {
  it('[RFC3263-4.1] without any service: the default transport and port', async () => {
    const dns = fakeDns({ addresses: { 'example.com': ['2001:db8::80', '192.0.2.80'] } });
    expect(await find({}, dns)).toEqual(['udp 2001:db8::80 5060', 'udp 192.0.2.80 5060']);
    expect(await find({ secure: true }, dns)).toEqual(['tls 2001:db8::80 5061', 'tls 192.0.2.80 5061']);
  });

  it('of a family that we have no socket for are passed over', async () => {
    const dns = fakeDns({ addresses: { 'example.com': ['2001:db8::80', '192.0.2.80'] } });
    expect(await find({}, dns, [{ transport: 'udp', address: '127.0.0.1' }])).toEqual([
      'udp 192.0.2.80 5060',
    ]);
    expect(await find({}, dns, [{ transport: 'udp', address: '::1' }])).toEqual(['udp 2001:db8::80 5060']);
    expect(await find({}, dns, [{ transport: 'udp', address: '::' }])).toHaveLength(2);
  });

  it('[RFC5922-4] the name that was asked for is the one that certificates have to be for', async () => {
    const query = { host: 'example.com', port: undefined, transport: 'tls' as const };
    const [target] = await resolveTargets(query, everything, fakeDns(example));
    expect(target).toMatchObject({ address: '192.0.2.3', serverName: 'example.com' });
  });

  it.each(['pbx', 'localhost', 'phone.local', 'a.localhost'])(
    '%s is known to the machine, not to the DNS',
    async (host) => {
      const dns = fakeDns({ addresses: { [host]: ['127.0.0.1'] } });
      expect(await find({ host }, dns)).toEqual(['udp 127.0.0.1 5060']);
      expect(dns.asked).toEqual([`A ${host}`]);
    },
  );

  it('of a name with hundreds are tried up to a bound', async () => {
    const many = Array.from({ length: 500 }, (_, at) => `192.0.2.${at % 256}`);
    const dns = fakeDns({ addresses: { 'example.com': many } });
    const query = { host: 'example.com', port: undefined, transport: undefined };
    let cut = 0;
    const targets = await resolveTargets(
      query,
      everything,
      dns,
      () => 0,
      () => (cut += 1),
    );
    expect([targets.length, cut]).toEqual([8, 1]);
  });

  it('nobody can be asked for: rejects, and does not say that there are none', async () => {
    await expect(find({ host: 'pbx.down' }, fakeDns({}))).rejects.toThrow('ETIMEOUT');
  });

  it('have nowhere to go over a transport that is not open here', async () => {
    expect(await find({ host: '192.0.2.7', transport: 'tls' }, fakeDns({}), meansOf('udp', 'tcp'))).toEqual(
      [],
    );
  });
});
