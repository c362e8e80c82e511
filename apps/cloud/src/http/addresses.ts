import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Is this the address of a proxy of ours, whose `X-Forwarded-For` is believed? */
export type IsProxy = (address: string) => boolean;

const bare = (address: string) => address.replace(/^::ffff:(?=\d+\.)/u, '');

/**
 * @param list addresses and networks, comma separated: `127.0.0.1, 10.0.0.0/8`
 * @throws Error in words for the administrator
 */
export function parseProxies(list: string | undefined): IsProxy {
  const proxies = new BlockList();
  for (const entry of (list ?? '').split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const bits = Number(prefix);
    if (
      isIP(address) === 0 ||
      (prefix !== undefined && !(bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32)))
    ) {
      throw new Error(`“${entry}” is neither an address nor a network such as 10.0.0.0/8.`);
    }
    if (prefix === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, bits, family);
  }
  return (address) => {
    const plain = bare(address);
    const family = isIP(plain);
    return family !== 0 && proxies.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** Who sent a request: the first address, seen from here, that is no proxy of ours. */
export function addressOf(request: IncomingMessage, isProxy: IsProxy): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const hops = forwarded.map((hop) => hop.trim()).filter((hop) => isIP(hop) !== 0);
  let address = bare(request.socket.remoteAddress ?? '');
  while (isProxy(address)) {
    const next = hops.pop();
    if (next === undefined) break;
    address = bare(next);
  }
  return address;
}
