import { isIP } from 'node:net';
import type { networkInterfaces } from 'node:os';
import type { Endpoint } from '../rtp/source-latch.ts';

/**
 * Whether a browser's candidate is of use: UDP with a numeric address. A name in `.local` (mDNS) can be resolved only in
 * the browser's own network segment and would hold up a resolver thread for seconds; where it would have worked,
 * the browser's checks come to us anyway and make a peer-reflexive candidate (RFC 8445 section 7.3.1.3).
 */
export function isUsableCandidate(line: string): boolean {
  const [, component, protocol, , address, port] = line.replace(/^a=/, '').trim().split(/ +/);
  if (component !== '1' || protocol?.toLowerCase() !== 'udp') return false;
  return isIP(address ?? '') !== 0 && /^[1-9]\d{0,4}$/.test(port ?? '');
}

/**
 * Addresses at which browsers may find us, best first: those of the interfaces (IPv4 before IPv6, no link-local ones),
 * then loopback for a browser on the same machine.
 */
export function reachableAddresses(interfaces: ReturnType<typeof networkInterfaces>): readonly string[] {
  const all = Object.values(interfaces).flatMap((infos) => infos ?? []);
  const outward = all.filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
  const family = (name: string): string[] =>
    outward.filter((info) => info.family === name).map((info) => info.address);
  return [...new Set([...family('IPv4'), ...family('IPv6'), '127.0.0.1'])];
}

/** All addresses of this machine. */
export function ownAddresses(interfaces: ReturnType<typeof networkInterfaces>): readonly string[] {
  return Object.values(interfaces).flatMap((infos) => (infos ?? []).map(({ address }) => address));
}

/** Our candidates as attribute values, in order of priority (RFC 8445 section 5.1.2.1). */
export function hostCandidates(endpoints: readonly Endpoint[]): readonly string[] {
  return endpoints.map(({ address, port }, index) => {
    const localPreference = /^(127\.|::1$)/.test(address) ? 1 : 65_535 - index;
    const priority = 126 * 2 ** 24 + localPreference * 2 ** 8 + 255;
    return `${index + 1} 1 UDP ${priority} ${address} ${port} typ host`;
  });
}
