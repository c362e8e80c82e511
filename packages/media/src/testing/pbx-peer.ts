import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isRtcp, parseRtp, type RtpPacket } from '@offhook/audio';
import { Conditions } from './conditions.ts';

export interface PbxDescription {
  /** Formats and their attribute lines. */
  readonly formats: string;
  readonly lines?: readonly string[];
  readonly direction?: string;
  readonly address?: string;
}

/** Two sockets that play the PBX's media: RTP and RTCP. For tests. */
export class PbxPeer {
  readonly packets: RtpPacket[] = [];
  /** When each of `packets` came, ms. */
  readonly arrivals: number[] = [];
  readonly reports: Uint8Array[] = [];
  /** To answer what comes, as an echo does. */
  onPacket: (packet: RtpPacket) => void = () => undefined;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #version = 0;
  readonly #conditions = new Conditions();

  static async open(): Promise<PbxPeer> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new PbxPeer(...sockets);
  }

  private constructor(rtp: Socket, rtcp: Socket) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    for (const socket of [rtp, rtcp]) socket.on('message', (datagram) => this.#receive(datagram));
  }

  get port(): number {
    return this.#rtp.address().port;
  }

  /** An offer or answer of this side. */
  describe({ formats, lines = [], direction = 'sendrecv', address = '127.0.0.1' }: PbxDescription): string {
    this.#version += 1;
    return [
      'v=0',
      `o=pbx 1 ${this.#version} IN IP4 127.0.0.1`,
      's=-',
      `c=IN IP4 ${address}`,
      't=0 0',
      `m=audio ${this.port} RTP/AVP ${formats}`,
      `a=rtcp:${this.#rtcp.address().port}`,
      ...lines,
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** To the port of a description. */
  send(datagram: Uint8Array, description: string): void {
    this.#rtp.send(datagram, mediaPort(description), '127.0.0.1');
  }

  sendRtcp(datagram: Uint8Array, description: string): void {
    this.#rtcp.send(datagram, mediaPort(description) + 1, '127.0.0.1');
  }

  /** Resolves once the condition holds; it is looked at after each packet. */
  until(holds: () => boolean): Promise<void> {
    return this.#conditions.until(holds);
  }

  async close(): Promise<void> {
    for (const socket of [this.#rtp, this.#rtcp]) await new Promise<void>((done) => socket.close(done));
  }

  #receive(datagram: Uint8Array): void {
    const packet = parseRtp(datagram);
    if (packet !== undefined) {
      this.packets.push(packet);
      this.arrivals.push(performance.now());
      this.onPacket(packet);
    } else if (isRtcp(datagram)) this.reports.push(datagram);
    this.#conditions.check();
  }
}

/** Port of the first audio line. */
export function mediaPort(description: string): number {
  return Number(/^m=audio (\d+) /m.exec(description)?.[1]);
}
