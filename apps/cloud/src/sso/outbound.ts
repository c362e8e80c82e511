import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP } from 'node:net';
import type { SsoInputReason } from '@offhook/contract';

/**
 * Requests to addresses that an administrator of a tenant typed in. They must not reach what only this machine reaches: the address is
 * looked at after its name was resolved, and the connection goes to what was looked at, so a name cannot resolve to something else in between.
 * No redirect is followed; time and size are bounded.
 */
export type Outbound = {
  fetch: (url: string, options: OutboundOptions) => Promise<Response>;
  /** May a browser be sent there, or a request? @returns why not */
  refusalOf: (url: string) => AddressRefusal | undefined;
};
export type AddressRefusal = Extract<SsoInputReason, `address_${string}`>;
export type OutboundOptions = {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | null | undefined;
};

export class OutboundError extends Error {
  override name = 'OutboundError';
}

const TIMEOUT = 10_000;
const BODY_BYTES = 512 * 1024;

/** What the public internet does not route (IANA special-purpose registries). */
const notPublic = new BlockList();
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
])
  addNetwork(notPublic, network);
// 6to4 and Teredo carry IPv4 addresses within.
for (const network of ['2001::/23', '2001:db8::/32', '2002::/16']) addNetwork(notPublic, network);
const publicV6 = new BlockList();
addNetwork(publicV6, '2000::/3');

function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/');
  list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublic.check(address, 'ipv4');
  return isIP(address) === 6 && publicV6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127\.[\d.]+$/u.test(host);

/** @param allowPrivate addresses of the own network are reached, and loopback without TLS */
export function createOutbound({ allowPrivate }: { allowPrivate: boolean }): Outbound {
  const refusalOf = (text: string): AddressRefusal | undefined => {
    const url = URL.parse(text);
    if (url === null) return 'address_invalid';
    if (url.username !== '' || url.password !== '') return 'address_credentials';
    const plain = url.protocol === 'http:' && allowPrivate && isLoopback(url.hostname);
    if (url.protocol !== 'https:' && !plain) return 'address_not_https';
    const host = url.hostname.replaceAll(/^\[|\]$/gu, '');
    const isPrivate = isIP(host) !== 0 ? !isPublicAddress(host) : isLoopback(host);
    return isPrivate && !allowPrivate ? 'address_private' : undefined;
  };

  /** As `dns.lookup`, of which only what may be reached is left. */
  const lookup = (
    hostname: string,
    options: LookupOptions,
    callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      if (!allowPrivate && !found.every(({ address }) => isPublicAddress(address)))
        return callback(new OutboundError(`${hostname} is in a private network.`), []);
      const [first] = found;
      if (first === undefined) return callback(new OutboundError(`${hostname} has no address.`), []);
      if (options.all === true) return callback(null, found);
      return callback(null, first.address, first.family);
    });
  };

  const send = async (url: URL, options: OutboundOptions, signal: AbortSignal): Promise<Response> => {
    const { body: given } = options;
    const body =
      given instanceof URLSearchParams || typeof given === 'string'
        ? given.toString()
        : given instanceof Uint8Array
          ? given
          : undefined;
    const response = await new Promise<IncomingMessage>((done, failed) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
        url,
        { method: options.method ?? 'GET', headers: { ...options.headers }, lookup, signal, agent: false },
        done,
      );
      request.on('error', failed);
      request.end(body);
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > BODY_BYTES) throw new OutboundError(`The answer has more than ${BODY_BYTES} bytes.`);
      chunks.push(chunk);
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers))
      for (const one of [value ?? []].flat()) headers.append(name, one);
    const status = response.statusCode ?? 0;
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(empty ? null : Buffer.concat(chunks), { status, headers });
  };

  return {
    refusalOf,
    fetch: async (address, options) => {
      const refusal = refusalOf(address);
      if (refusal !== undefined) throw new OutboundError(`The address is refused: ${refusal}.`);
      const timeout = AbortSignal.timeout(TIMEOUT);
      const signal =
        options.signal === undefined || options.signal === null
          ? timeout
          : AbortSignal.any([timeout, options.signal]);
      return send(new URL(address), options, signal);
    },
  };
}
