/** A place on the network: numeric address and UDP port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A latched source that is silent so long may be followed by another port of the same host. */
const RELATCH_AFTER_MS = 500;

/** Whether two addresses, in their plain spelling, are of one machine. */
export type SameHost = (a: string, b: string) => boolean;

/**
 * Symmetric RTP (RFC 4961) within bounds: packets are taken from the negotiated host only, and voice goes back to
 * where they come from. A host may move to another port once the first one is silent. Pure.
 */
export class SourceLatch {
  readonly #sameHost: SameHost;
  #negotiated: Endpoint | undefined;
  #latched: { readonly endpoint: Endpoint; lastAt: number } | undefined;

  constructor(sameHost: SameHost = (a, b) => a === b) {
    this.#sameHost = sameHost;
  }

  /** The other side's description. The latch stays where it says the same again. */
  expect(endpoint: Endpoint): void {
    const before = this.#negotiated;
    this.#negotiated = { address: plainAddress(endpoint.address), port: endpoint.port };
    if (before?.address !== this.#negotiated.address || before.port !== endpoint.port)
      this.#latched = undefined;
  }

  /** Whether a packet from there belongs to the stream. */
  accept(from: Endpoint, now: number): boolean {
    const source: Endpoint = { address: plainAddress(from.address), port: from.port };
    const negotiated = this.#negotiated?.address;
    if (negotiated === undefined || !this.#sameHost(source.address, negotiated)) return false;
    const latched = this.#latched;
    if (latched !== undefined && !sameEndpoint(latched.endpoint, source)) {
      if (now - latched.lastAt <= RELATCH_AFTER_MS) return false;
    }
    this.#latched = { endpoint: source, lastAt: now };
    return true;
  }

  /** Where to send. */
  get target(): Endpoint | undefined {
    return this.#latched?.endpoint ?? this.#negotiated;
  }
}

function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}

/**
 * The machine that this program runs on answers from any of its addresses, whichever one it was called at: a PBX
 * beside us that names its outer address sends to our loopback address from its own. Others answer from one address.
 */
export function sameHostAs(ownAddresses: readonly string[]): SameHost {
  const own = new Set(ownAddresses.map(plainAddress));
  const isOwn = (address: string): boolean =>
    own.has(address) || address.startsWith('127.') || address === '::1';
  return (a, b) => a === b || (isOwn(a) && isOwn(b));
}

/** One spelling for each address: IPv4 out of IPv6 sockets, lower case, no zone. */
function plainAddress(address: string): string {
  return address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
}
