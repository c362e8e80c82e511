import { expect, test } from 'vitest';
import { LocalAddresses } from './local.ts';

const local = new LocalAddresses([
  { transport: 'udp', address: '192.0.2.1', port: 1 },
  { transport: 'udp', address: '192.0.2.2', port: 2 },
  { transport: 'udp', address: '2001:db8::1', port: 3 },
  { transport: 'udp', address: '2001:db8::2', port: 4 },
  { transport: 'tcp', address: '192.0.2.1', port: 5 },
  { transport: 'ws', address: '2001:db8::1', port: 6 },
]);

test.each([
  ['udp', '198.51.100.1', 1],
  ['udp', '2001:db8::99', 3],
  ['tcp', '198.51.100.1', 5],
  ['tcp', '2001:db8::99', 5],
  ['ws', '198.51.100.1', 6],
  ['ws', '2001:db8::99', 6],
  ['tls', '198.51.100.1', undefined],
] as const)(
  '[RFC3261-18.1.1] towards %s %s: the first address of its family, else the first',
  (transport, address, port) => {
    expect(local.towards({ transport, address })?.port).toBe(port);
  },
);
