import { describe, expect, it } from 'vitest';
import { hostCandidates, isUsableCandidate, reachableAddresses } from './candidates.ts';

describe('isUsableCandidate', () => {
  it.each([
    'candidate:1 1 udp 2122194687 127.0.0.1 38839 typ host generation 0 ufrag CIof network-id 3',
    'a=candidate:1 1 UDP 2122194687 fd00::2 38839 typ host',
    'candidate:3 1 udp 1686052607 203.0.113.7 61000 typ srflx raddr 0.0.0.0 rport 0',
  ])('takes %s', (line) => {
    expect(isUsableCandidate(line)).toBe(true);
  });

  it.each([
    ['mDNS', 'candidate:1 1 udp 2113937151 d91ca625-7fad-4a2d-b78d-eb4a789f11f6.local 56403 typ host'],
    ['a host name', 'candidate:1 1 udp 2113937151 evil.example 56403 typ host'],
    ['TCP', 'candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active'],
    ['RTCP', 'candidate:1 2 udp 2113937151 192.0.2.1 56403 typ host'],
    ['port 0', 'candidate:1 1 udp 2113937151 192.0.2.1 0 typ host'],
    ['nothing', ''],
    ['nonsense', 'candidate:nonsense'],
  ])('passes over %s', (_, line) => {
    expect(isUsableCandidate(line)).toBe(false);
  });
});

const info = (address: string, family: 'IPv4' | 'IPv6', internal = false) => ({
  address,
  family,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  ...(family === 'IPv6' ? { scopeid: 0 } : {}),
});

describe('reachableAddresses', () => {
  it('names the addresses of the interfaces, IPv4 first, without link-local ones, and loopback last', () => {
    const interfaces = {
      lo: [info('127.0.0.1', 'IPv4', true), info('::1', 'IPv6', true)],
      eth0: [info('fe80::1', 'IPv6'), info('fd00::2', 'IPv6'), info('192.0.2.2', 'IPv4')],
      usb0: [info('169.254.1.1', 'IPv4')],
    } as Parameters<typeof reachableAddresses>[0];
    expect(reachableAddresses(interfaces)).toEqual(['192.0.2.2', 'fd00::2', '127.0.0.1']);
    expect(reachableAddresses({})).toEqual(['127.0.0.1']);
  });
});

describe('hostCandidates', () => {
  it('[RFC8445-5.1.2.1] gives falling priorities, and loopback the lowest of a host', () => {
    const lines = hostCandidates(
      ['192.0.2.2', 'fd00::2', '127.0.0.1'].map((address) => ({ address, port: 4 })),
    );
    expect(lines[0]).toBe('1 1 UDP 2130706431 192.0.2.2 4 typ host');
    const priorities = lines.map((line) => Number(line.split(' ')[3]));
    expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
    expect(priorities[2]).toBe(126 * 2 ** 24 + 2 ** 8 + 255);
  });
});
