import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { MediaError } from '../engine.ts';

/** RTP on an even port, RTCP on the next one (RFC 3550 section 11). */
export interface SocketPair {
  readonly port: number;
  readonly rtp: Socket;
  readonly rtcp: Socket;
}

/** Pairs that one reservation tries before it gives up: other programs hold ports of the range too. */
const MAX_TRIES = 200;

/** Hands out pairs of bound sockets from a range of ports. */
export class PortPool {
  readonly #address: string;
  readonly #first: number;
  readonly #pairs: number;
  readonly #random: () => number;
  readonly #inUse = new Set<number>();

  constructor(address: string, range: { first: number; last: number }, random: () => number) {
    this.#address = address;
    this.#first = range.first + (range.first % 2);
    this.#pairs = Math.floor((range.last + 1 - this.#first) / 2);
    this.#random = random;
    if (this.#pairs < 1 || range.first < 1 || range.last > 65_535) {
      throw new MediaError(
        'engine',
        `The port range ${range.first}-${range.last} has no pair of ports for RTP`,
      );
    }
  }

  /** UDP ports held, RTP and RTCP. */
  get held(): number {
    return this.#inUse.size * 2;
  }

  /** From a random place on, so that a port that was just given up rests. Rejects with `no_port`. */
  async reserve(): Promise<SocketPair> {
    const start = Math.floor(this.#random() * this.#pairs);
    let failure: unknown;
    for (let step = 0, tries = 0; step < this.#pairs && tries < MAX_TRIES; step += 1) {
      const port = this.#first + 2 * ((start + step) % this.#pairs);
      if (this.#inUse.has(port)) continue;
      tries += 1;
      this.#inUse.add(port);
      try {
        return await this.#bindPair(port);
      } catch (error) {
        this.#inUse.delete(port);
        failure = error;
        if (!isTaken(error)) break;
      }
    }
    throw new MediaError('no_port', `No RTP port is free on ${this.#address}`, { cause: failure });
  }

  async release(pair: SocketPair): Promise<void> {
    await Promise.all([closed(pair.rtp), closed(pair.rtcp)]);
    this.#inUse.delete(pair.port);
  }

  async #bindPair(port: number): Promise<SocketPair> {
    const rtp = await this.#bind(port);
    try {
      return { port, rtp, rtcp: await this.#bind(port + 1) };
    } catch (error) {
      await closed(rtp);
      throw error;
    }
  }

  async #bind(port: number): Promise<Socket> {
    const socket = createSocket(isIPv6(this.#address) ? 'udp6' : 'udp4');
    try {
      socket.bind(port, this.#address);
      await once(socket, 'listening');
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }
}

async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.close(resolve));
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
