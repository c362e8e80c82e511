import type { RemoteInfo, Socket } from 'node:dgram';
import { isRtcp, parseRtp, type RtpPacket } from '@offhook/audio';
import { SourceLatch, type Endpoint, type SameHost } from '../rtp/source-latch.ts';
import type { PortPool, SocketPair } from './port-pool.ts';

export interface PbxTransportHandlers {
  readonly onRtp: (packet: RtpPacket) => void;
  readonly onRtcp: (datagram: Uint8Array) => void;
  /** From somewhere else, or neither RTP nor RTCP. */
  readonly onDiscarded: () => void;
}

/** Where the PBX receives, as it described it. */
export interface PbxRemote {
  readonly rtp: Endpoint;
  readonly rtcp: Endpoint;
  readonly rtcpMux: boolean;
}

export interface PbxTransportContext {
  readonly now: () => number;
  readonly sameHost: SameHost;
}

/** The two sockets of one PBX leg, and where its packets go. */
export class PbxTransport {
  readonly #pool: PortPool;
  readonly #pair: SocketPair;
  readonly #handlers: PbxTransportHandlers;
  readonly #now: () => number;
  readonly #rtpLatch: SourceLatch;
  readonly #rtcpLatch: SourceLatch;
  #rtcpMux = false;
  #closing: Promise<void> | undefined;

  constructor(
    pool: PortPool,
    pair: SocketPair,
    handlers: PbxTransportHandlers,
    context: PbxTransportContext,
  ) {
    this.#pool = pool;
    this.#pair = pair;
    this.#handlers = handlers;
    this.#now = context.now;
    this.#rtpLatch = new SourceLatch(context.sameHost);
    this.#rtcpLatch = new SourceLatch(context.sameHost);
    pair.rtp.on('message', (datagram, from) => this.#onRtpPort(datagram, from));
    pair.rtcp.on('message', (datagram, from) => this.#onRtcpPort(datagram, from));
    // ICMP unreachable: voice is sent again in 20 ms, and silence from there is noticed by the clock.
    for (const socket of [pair.rtp, pair.rtcp]) socket.on('error', () => undefined);
  }

  get port(): number {
    return this.#pair.port;
  }

  setRemote(remote: PbxRemote): void {
    this.#rtcpMux = remote.rtcpMux;
    this.#rtpLatch.expect(remote.rtp);
    this.#rtcpLatch.expect(remote.rtcp);
  }

  sendRtp(datagram: Uint8Array): void {
    this.#send(this.#pair.rtp, datagram, this.#rtpLatch.target);
  }

  sendRtcp(datagram: Uint8Array): void {
    if (this.#rtcpMux) this.sendRtp(datagram);
    else this.#send(this.#pair.rtcp, datagram, this.#rtcpLatch.target);
  }

  /** Idempotent. The ports are free once it resolves. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.release(this.#pair);
    return this.#closing;
  }

  #send(socket: Socket, datagram: Uint8Array, target: Endpoint | undefined): void {
    // Port 9 (discard) and 0.0.0.0 are ways of saying "not to me".
    if (this.#closing !== undefined || target === undefined || target.port === 0) return;
    if (target.address === '0.0.0.0' || target.address === '::') return;
    socket.send(datagram, target.port, target.address);
  }

  #onRtpPort(datagram: Uint8Array, from: RemoteInfo): void {
    if (isRtcp(datagram)) {
      if (this.#rtcpMux && this.#rtpLatch.accept(from, this.#now())) this.#handlers.onRtcp(datagram);
      else this.#handlers.onDiscarded();
      return;
    }
    const packet = parseRtp(datagram);
    if (packet !== undefined && this.#rtpLatch.accept(from, this.#now())) this.#handlers.onRtp(packet);
    else this.#handlers.onDiscarded();
  }

  #onRtcpPort(datagram: Uint8Array, from: RemoteInfo): void {
    if (isRtcp(datagram) && this.#rtcpLatch.accept(from, this.#now())) this.#handlers.onRtcp(datagram);
    else this.#handlers.onDiscarded();
  }
}
