import { placeText, type Place } from './transport.ts';

/** Times in milliseconds. */
export interface DatagramKeepAliveOptions {
  /** Between CRLFs to one peer. RFC 5626 section 4.4.2 draws from 24–29 s for what NATs do to UDP. */
  readonly everyMs: number;
  /** After so long without a registration there, nobody needs the way back. */
  readonly forgetMs: number;
  readonly peers: number;
}

/** A registration lasts an hour where nobody says otherwise. */
export const defaultDatagramKeepAlive: Omit<DatagramKeepAliveOptions, 'everyMs'> = {
  forgetMs: 65 * 60_000,
  peers: 1_000,
};

interface Peer {
  readonly place: Place;
  registeredAt: number;
  pingAt: number;
}

const REGISTER = Buffer.from('REGISTER ');

/**
 * Keeps the way back through NATs open where we are registered over UDP (RFC 5626 section 3.5, with CRLFs in the place of
 * STUN): which registrars are pinged, and when. No answer is expected. Pure.
 */
export class DatagramKeepAlive {
  readonly #options: DatagramKeepAliveOptions;
  readonly #peers = new Map<string, Peer>();

  constructor(options: DatagramKeepAliveOptions) {
    this.#options = options;
  }

  /** Takes note of what is sent; `true` where the deadline may have changed. */
  sent({ address, port }: Place, bytes: Uint8Array, now: number): boolean {
    if (bytes[0] !== REGISTER[0] || !REGISTER.equals(bytes.subarray(0, REGISTER.length))) return false;
    const place = { address, port };
    const key = placeText(place);
    const known = this.#peers.get(key);
    if (known !== undefined) {
      known.registeredAt = now;
      return false;
    }
    if (this.#peers.size >= this.#options.peers) return false;
    this.#peers.set(key, { place, registeredAt: now, pingAt: now + this.#options.everyMs });
    return true;
  }

  /** The peers to ping now; each counts as pinged. */
  due(now: number): readonly Place[] {
    const places: Place[] = [];
    for (const [key, peer] of this.#peers) {
      if (now >= peer.registeredAt + this.#options.forgetMs) this.#peers.delete(key);
      else if (now >= peer.pingAt) {
        peer.pingAt = now + this.#options.everyMs;
        places.push(peer.place);
      }
    }
    return places;
  }

  deadline(): number | undefined {
    let first: number | undefined;
    for (const { pingAt } of this.#peers.values()) first = Math.min(first ?? pingAt, pingAt);
    return first;
  }
}
