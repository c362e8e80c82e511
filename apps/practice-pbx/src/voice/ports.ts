import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import type { RtpStreamStart } from '@offhook/audio';
import type { SocketAddress } from './leg.ts';

/** An even UDP port for RTP (RFC 3550 section 11). RTCP has no port: the PBX makes no reports. */
export interface RtpPort {
  /** As the other side is told. */
  readonly address: string;
  readonly port: number;
  /** Set once, by whoever has opened the port. */
  onDatagram: ((datagram: Uint8Array, from: SocketAddress) => void) | undefined;
  /** Where the other side is not reachable the datagram is lost, as on any network. */
  send(datagram: Uint8Array, to: SocketAddress): void;
  close(): void;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Places that are tried before a port counts as not to be had. */
const TRIES = 50;

/** The RTP ports of the PBX: taken in turn, so that a late packet of an ended call meets nobody. */
export class RtpPorts {
  readonly #bindAddress: string;
  readonly #address: string;
  readonly #first: number;
  readonly #count: number;
  readonly #open = new Set<number>();
  #turn: number;

  /** `address` is what descriptions say; it differs from `bindAddress` where that is a wildcard. */
  constructor(bindAddress: string, address: string, range: PortRange) {
    this.#bindAddress = bindAddress;
    this.#address = address;
    this.#first = range.first + (range.first % 2);
    this.#count = Math.max(0, Math.floor((range.last - this.#first) / 2) + 1);
    this.#turn = this.#count === 0 ? 0 : randomBytes(4).readUInt32BE() % this.#count;
  }

  /** Ports held. */
  get size(): number {
    return this.#open.size;
  }

  /** Resolves with undefined where no port of the range can be had. */
  async open(): Promise<RtpPort | undefined> {
    for (let tried = 0; tried < Math.min(TRIES, this.#count); tried += 1) {
      const port = this.#first + 2 * this.#turn;
      this.#turn = (this.#turn + 1) % this.#count;
      if (this.#open.has(port)) continue;
      this.#open.add(port);
      const socket = await bind(this.#bindAddress, port);
      if (socket !== undefined) return this.#wrap(socket, port);
      this.#open.delete(port);
    }
    return undefined;
  }

  #wrap(socket: Socket, port: number): RtpPort {
    const address = this.#address;
    const open = this.#open;
    let isOpen = true;
    const opened: RtpPort = {
      address,
      port,
      onDatagram: undefined,
      send: (datagram, to) => {
        if (isOpen) socket.send(datagram, to.port, to.address, ignoreLoss);
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        open.delete(port);
        socket.close();
      },
    };
    socket.on('message', (datagram, from) => opened.onDatagram?.(datagram, from));
    // After binding, errors are those of single datagrams (ICMP): the call's own supervision finds a dead side.
    socket.on('error', ignoreLoss);
    return opened;
  }
}

/** Random by RFC 3550 section 5.1. */
export function randomStreamStart(): RtpStreamStart {
  const bytes = randomBytes(10);
  return {
    ssrc: bytes.readUInt32BE(0),
    timestamp: bytes.readUInt32BE(4),
    // Not near the wrap: some devices take an early wrap for a loss.
    sequenceNumber: bytes.readUInt16BE(8) & 0x7fff,
  };
}

function bind(address: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function ignoreLoss(): void {
  // A lost datagram is no event.
}
