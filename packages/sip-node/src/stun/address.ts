import { isIPv4, isIPv6 } from 'node:net';

/** The 4 or 16 octets of a numeric address, its zone left out; `undefined` for what is none. */
export function addressOctets(address: string): Buffer | undefined {
  const [plain = ''] = address.split('%');
  if (isIPv4(plain)) return Buffer.from(plain.split('.').map(Number));
  if (!isIPv6(plain)) return undefined;
  const [left = '', right] = withoutDots(plain).split('::');
  const [head, tail] = [groups(left), groups(right ?? '')];
  const zeros = Array<number>(8 - head.length - tail.length).fill(0);
  const octets = Buffer.alloc(16);
  for (const [at, group] of [...head, ...zeros, ...tail].entries()) octets.writeUInt16BE(group, 2 * at);
  return octets;
}

/** The one spelling of an address, as Node's sockets give it (RFC 5952). */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const view = Buffer.from(octets);
  const parts = Array.from({ length: 8 }, (_, at) => view.readUInt16BE(2 * at).toString(16));
  return new URL(`http://[${parts.join(':')}]`).hostname.slice(1, -1);
}

const groups = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** `::ffff:192.0.2.1` as `::ffff:c000:201`. */
function withoutDots(address: string): string {
  const colon = address.lastIndexOf(':');
  const last = address.slice(colon + 1);
  if (!last.includes('.')) return address;
  const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number);
  return `${address.slice(0, colon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
