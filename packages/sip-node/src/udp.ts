import { createSocket, type Socket } from 'node:dgram';
import { isIPv6, type AddressInfo } from 'node:net';
import type { Flow, Target } from '@offhook/sip';

export interface DatagramListener {
  received(flow: Flow, bytes: Uint8Array): void;
  failed(target: Target, text: string): void;
}

/** Room for the bursts of a registrar whose thousand phones come back at once. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** One UDP socket. Rejects with the system's error (`EADDRINUSE`, …) where it cannot be bound. */
export async function openUdp(address: string, port: number, listener: DatagramListener): Promise<UdpSocket> {
  const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', reuseAddr: false });
  await new Promise<void>((bound, failed) => {
    socket.once('error', failed);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', failed);
      bound();
    });
  });
  return new UdpSocket(socket, listener);
}

export class UdpSocket {
  readonly transport = 'udp' as const;
  readonly local: AddressInfo;
  readonly #socket: Socket;
  readonly #listener: DatagramListener;

  constructor(socket: Socket, listener: DatagramListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.local = socket.address();
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    } catch {
      // The system allows less: smaller bursts, nothing else.
    }
    socket.on('message', (bytes, from) => {
      listener.received(
        {
          transport: 'udp',
          address: from.address,
          port: from.port,
          localAddress: this.local.address,
          localPort: this.local.port,
        },
        bytes,
      );
    });
    // Without a listener an ICMP answer that surfaces here would end the process.
    socket.on('error', () => undefined);
  }

  send(target: Target, bytes: Uint8Array): void {
    this.#socket.send(bytes, target.port, target.address, (error) => {
      if (error !== null) this.#listener.failed(target, error.message);
    });
  }

  close(): Promise<void> {
    return new Promise((closed) => this.#socket.close(() => closed()));
  }
}
