import { describe, expect, it } from 'vitest';
import type { Flow, Target, Transport } from '@offhook/sip';
import { localAddresses, socketFor, type OpenSocket } from './sockets.ts';

function socket(transport: Transport, address: string, port: number, shown = address): OpenSocket {
  return {
    address: shown,
    socket: {
      transport,
      local: { address, port },
      connections: 0,
      send: () => undefined,
      end: () => undefined,
      close: () => Promise.resolve(),
    },
  };
}

const udp4 = socket('udp', '192.0.2.1', 5060);
const udp6 = socket('udp', '2001:db8::1', 5060);
const second4 = socket('udp', '192.0.2.1', 5070);
const tcp4 = socket('tcp', '192.0.2.1', 5060);
const all = [udp4, udp6, second4, tcp4];

const to = (transport: Transport, address: string): Target => ({ transport, address, port: 5060 });

describe('the socket for a target', () => {
  it('is one of its transport and family', () => {
    expect(socketFor(all, to('udp', '192.0.2.9'))).toBe(udp4.socket);
    expect(socketFor(all, to('udp', '2001:db8::9'))).toBe(udp6.socket);
    expect(socketFor(all, to('tcp', '192.0.2.9'))).toBe(tcp4.socket);
    expect(socketFor(all, to('tcp', '2001:db8::9'))).toBe(tcp4.socket);
    expect(socketFor(all, to('tls', '192.0.2.9'))).toBeUndefined();
  });

  it('is the one that a flow came in by', () => {
    const flow: Flow = { ...to('udp', '192.0.2.9'), localAddress: '192.0.2.1', localPort: 5070 };
    expect(socketFor(all, flow)).toBe(second4.socket);
  });

  it('may be a dual-stack one for either family', () => {
    const dual = socket('udp', '::', 5060);
    for (const address of ['192.0.2.9', '2001:db8::9']) {
      expect(socketFor([dual], to('udp', address))).toBe(dual.socket);
    }
  });
});

describe('our addresses', () => {
  it('[RFC4007-11.2] show no zone', () => {
    const linkLocal = socket('udp', 'fe80::1%eth0', 5060);
    expect(localAddresses([linkLocal])).toEqual([{ transport: 'udp', address: 'fe80::1', port: 5060 }]);
  });

  it('are two, one of each family, for a dual-stack socket', () => {
    const families = localAddresses([socket('udp', '::', 5060, '2001:db8::1')]).map(({ address }) =>
      address.includes(':'),
    );
    expect(families).toEqual([true, false]);
  });
});
