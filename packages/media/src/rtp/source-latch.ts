/** A place on the network: numeric address and UDP port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A latched source that is silent so long may be followed by another port of the same host. */
const RELATCH_AFTER_MS = 500;

/**
 * Symmetric RTP (RFC 4961) within bounds: packets are taken from the negotiated host only, and voice goes back to
 * the port that they come from. A host may move to another port once the first one is silent. Pure.
 */
export class SourceLatch {
  #negotiated: Endpoint | undefined;
  #latched: { readonly port: number; lastAt: number } | undefined;

  /** The other side's description. The latch stays where it says the same again. */
  expect(endpoint: Endpoint): void {
    const before = this.#negotiated;
    this.#negotiated = { address: plainAddress(endpoint.address), port: endpoint.port };
    if (before?.address !== this.#negotiated.address || before.port !== endpoint.port)
      this.#latched = undefined;
  }

  /** Whether a packet from there belongs to the stream. */
  accept(from: Endpoint, now: number): boolean {
    if (this.#negotiated === undefined || plainAddress(from.address) !== this.#negotiated.address)
      return false;
    const latched = this.#latched;
    if (latched === undefined || latched.port === from.port || now - latched.lastAt > RELATCH_AFTER_MS) {
      this.#latched = { port: from.port, lastAt: now };
      return true;
    }
    return false;
  }

  /** Where to send. */
  get target(): Endpoint | undefined {
    if (this.#negotiated === undefined) return undefined;
    return { address: this.#negotiated.address, port: this.#latched?.port ?? this.#negotiated.port };
  }
}

/** One spelling for each address: IPv4 out of IPv6 sockets, lower case, no zone. */
function plainAddress(address: string): string {
  return address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
}
