import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import type { Flow, Target } from '@offhook/sip';
import {
  DatagramKeepAlive,
  type DatagramKeepAliveOptions,
  type KeepAliveAction,
} from './datagram-keep-alive.ts';
import { bindingAnswer, isStun, readStun } from './stun/message.ts';
import { plainAddress, type Place, type SipSocket, type SocketListener } from './transport.ts';

/** Room for the bursts of a registrar whose thousand phones come back at once. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** What may wait to be sent: the system takes datagrams at once, but for moments. Beyond, they are lost, as on the way. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

const chance = { bytes: randomBytes, fraction: Math.random };

/** One UDP socket. */
export class UdpSocket implements SipSocket {
  readonly transport = 'udp' as const;
  readonly connections = 0;
  readonly local: Place;
  readonly #isIpv6: boolean;
  readonly #socket: Socket;
  readonly #listener: SocketListener;
  readonly #keepAlive: DatagramKeepAlive | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: Socket, listener: SocketListener, keepAlive?: DatagramKeepAliveOptions) {
    this.#socket = socket;
    this.#listener = listener;
    this.local = socket.address();
    this.#isIpv6 = this.local.address.includes(':');
    this.#keepAlive =
      keepAlive === undefined
        ? undefined
        : new DatagramKeepAlive(keepAlive, chance, () => listener.limited('keep_alive_peers'));
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    } catch {
      // The system allows less: smaller bursts, nothing else.
    }
    socket.on('message', (bytes, from) => {
      const flow = this.#flowTo({ address: plainAddress(from.address), port: from.port });
      if (isStun(bytes)) this.#stun(flow, bytes);
      else listener.received(flow, bytes);
    });
    // Without a listener an ICMP answer that surfaces here would end the process.
    socket.on('error', () => undefined);
  }

  /** Rejects with the system's error (`EADDRINUSE`, …) where it cannot be bound. */
  static async open(
    place: Place,
    listener: SocketListener,
    keepAlive?: DatagramKeepAliveOptions,
  ): Promise<UdpSocket> {
    const family = isIPv6(place.address) ? 6 : 4;
    const socket = createSocket({
      type: `udp${family}`,
      reuseAddr: false,
      // Addresses are numeric here: the usual look-up would check that anew, and answer a turn later, for each message.
      lookup: (address, _options, found) => found(null, address, family),
    });
    await new Promise<void>((bound, failed) => {
      socket.once('error', failed);
      socket.bind({ ...place, exclusive: true }, () => {
        socket.off('error', failed);
        bound();
      });
    });
    return new UdpSocket(socket, listener, keepAlive);
  }

  send(target: Target, bytes: Uint8Array): void {
    if (this.#keepAlive?.sent(target, bytes, performance.now()) === true) this.#arm();
    if (this.#socket.getSendQueueSize() + bytes.length > MOST_WAITING_BYTES) {
      this.#listener.limited('datagram_queue');
      return;
    }
    if (isResponse(bytes)) {
      this.#write(target, bytes);
      return;
    }
    this.#write(target, bytes, (error) => {
      if (error !== null) this.#listener.failed(target, error.message);
    });
  }

  end(): void {
    // There is no connection to end.
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    return new Promise((closed) => this.#socket.close(() => closed()));
  }

  #flowTo({ address, port }: Place): Flow {
    const { address: localAddress, port: localPort } = this.local;
    return { transport: 'udp', address, port, localAddress, localPort };
  }

  /** From a source that floods requests are not answered: there is no 503 in STUN that would make it slower. */
  #stun(from: Place, bytes: Uint8Array): void {
    const verdict = this.#listener.judge(from.address);
    const message = verdict === 'drop' ? undefined : readStun(bytes);
    if (message === undefined) return;
    if (message.kind !== 'request') {
      this.#carryOut(this.#keepAlive?.answered(from, message) ?? []);
      this.#arm();
    } else if (verdict === 'pass') {
      const answer = bindingAnswer(message, from);
      if (answer === undefined) return;
      this.#listener.answeredStun();
      this.#write(from, answer, () => undefined);
    }
  }

  #carryOut(actions: readonly KeepAliveAction[]): void {
    for (const action of actions) {
      // A ping that cannot be sent says nothing that the next request will not say.
      if (action.kind === 'send') this.#write(action.place, action.bytes, () => undefined);
      else this.#listener.closed(this.#flowTo(action.place));
    }
  }

  #write(target: Place, bytes: Uint8Array, done?: (error: Error | null) => void): void {
    const isMapped = this.#isIpv6 && isIPv4(target.address);
    const address = isMapped ? `::ffff:${target.address}` : target.address;
    this.#socket.send(bytes, target.port, address, done);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const deadline = this.#keepAlive?.deadline();
    if (deadline === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#carryOut(this.#keepAlive?.due(performance.now()) ?? []);
        this.#arm();
      },
      Math.max(1, Math.ceil(deadline - performance.now())),
    );
  }
}

/**
 * Nobody acts on a response that could not be sent: the peer asks again (RFC 6026 section 7.1). So nobody is told, which for
 * Node is a quarter of the work.
 */
function isResponse(bytes: Uint8Array): boolean {
  return bytes[0] === 0x53 && bytes[1] === 0x49 && bytes[2] === 0x50 && bytes[3] === 0x2f;
}
