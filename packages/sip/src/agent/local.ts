import type { EndpointOptions, Target, Transport } from '../endpoint/api.ts';
import { escapeUser, formatHostPort } from '../message/uri.ts';
import type { Via } from '../message/via.ts';

type LocalAddress = EndpointOptions['local'][number];

/** Our own addresses, as Via and Contact have to show them. */
export class LocalAddresses {
  readonly #addresses: readonly LocalAddress[];
  /** By transport: for IPv4 and for IPv6 peers. */
  readonly #ipv4 = new Map<Transport, LocalAddress>();
  readonly #ipv6 = new Map<Transport, LocalAddress>();

  constructor(addresses: readonly LocalAddress[]) {
    this.#addresses = addresses;
    // The first of the peer's family, else the first at all.
    for (const address of addresses.toReversed()) {
      this.#ipv4.set(address.transport, address);
      this.#ipv6.set(address.transport, address);
    }
    for (const address of addresses.toReversed()) {
      const family = address.address.includes(':') ? this.#ipv6 : this.#ipv4;
      family.set(address.transport, address);
    }
  }

  /** The transport of requests whose URI leaves the choice (RFC 3263 section 4.1: UDP, where we have it). */
  get defaultTransport(): Transport {
    const transports = this.#addresses.map((address) => address.transport);
    return transports.includes('udp') ? 'udp' : (transports[0] ?? 'udp');
  }

  /** Our side of a flow to the target; `undefined` where we have no socket of that transport. */
  towards(target: Pick<Target, 'transport' | 'address'>): LocalAddress | undefined {
    return (target.address.includes(':') ? this.#ipv6 : this.#ipv4).get(target.transport);
  }

  /** The topmost Via of a request (RFC 3261 section 18.1.1), with `rport` (RFC 3581). */
  via(target: Target, branch: string): Via | undefined {
    const local = this.towards(target);
    if (local === undefined) return undefined;
    return {
      transport: target.transport.toUpperCase(),
      host: local.address,
      port: local.port,
      params: new Map<string, string | undefined>([
        ['branch', branch],
        ['rport', undefined],
      ]),
    };
  }

  /** Where we can be reached by the peer at `target` (section 8.1.1.8): a Contact value without parameters. */
  contact(target: Pick<Target, 'transport' | 'address'>, user: string | undefined): string {
    const local = this.towards(target);
    if (local === undefined) return '<sip:anonymous.invalid>';
    const userPart = user === undefined || user === '' ? '' : `${escapeUser(user)}@`;
    const scheme = target.transport === 'tls' || target.transport === 'wss' ? 'sips' : 'sip';
    const transport = transportParameter(target.transport);
    return `<${scheme}:${userPart}${formatHostPort(local.address, local.port)}${transport}>`;
  }
}

/** With `sips`, no parameter means TLS and `ws` means WebSocket over TLS (RFC 7118 section 5.2). */
function transportParameter(transport: Transport): string {
  switch (transport) {
    case 'udp':
    case 'tls':
      return '';
    case 'tcp':
      return ';transport=tcp';
    case 'ws':
    case 'wss':
      return ';transport=ws';
  }
}
