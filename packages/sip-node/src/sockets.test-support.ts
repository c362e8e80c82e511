import type { Flow, Target, Transport } from '@offhook/sip';
import type { TlsOptions } from './api.ts';
import type { Carrier } from './channel.ts';
import {
  ConnectionTable,
  defaultLiveness,
  defaultStreamLimits,
  type StreamLimits,
} from './connection-table.ts';
import type { DatagramKeepAliveOptions } from './datagram-keep-alive.ts';
import type { FloodVerdict } from './flood-guard.ts';
import type { SocketLimit } from './limits.ts';
import type { LivenessPolicy } from './liveness.ts';
import { tcp } from './tcp.ts';
import { tlsCarrier } from './tls.ts';
import type { SipSocket, SocketListener } from './transport.ts';
import { UdpSocket } from './udp.ts';
import { wsCarrier, wssCarrier } from './ws.ts';

type Heard =
  | { readonly kind: 'received'; readonly flow: Flow; readonly text: string }
  | { readonly kind: 'failed'; readonly target: Target; readonly text: string }
  | { readonly kind: 'closed'; readonly flow: Flow }
  | { readonly kind: 'rejected'; readonly text: string };

type HeardOf<K extends Heard['kind']> = Extract<Heard, { kind: K }>;

/** Remembers what a socket said, and waits for what it will say. */
export class Ear implements SocketListener {
  readonly heard: Heard[] = [];
  /** Called for each thing that comes in, e.g. to answer it. */
  onReceived: ((flow: Flow, text: string) => void) | undefined;
  isAdmitting = true;
  verdict: FloodVerdict = 'pass';
  stunAnswered = 0;
  /** Bounds that were met, and how often. */
  readonly limits: Partial<Record<SocketLimit, number>> = {};
  #wake: (() => void)[] = [];

  received(flow: Flow, bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString();
    this.#hear({ kind: 'received', flow, text });
    this.onReceived?.(flow, text);
  }
  failed(target: Target, text: string): void {
    this.#hear({ kind: 'failed', target, text });
  }
  closed(flow: Flow): void {
    this.#hear({ kind: 'closed', flow });
  }
  judge(): FloodVerdict {
    return this.verdict;
  }
  answeredStun(): void {
    this.stunAnswered += 1;
  }
  limited(limit: SocketLimit): void {
    this.limits[limit] = (this.limits[limit] ?? 0) + 1;
  }
  admits(): boolean {
    return this.isAdmitting;
  }
  rejected({ text }: { readonly text: string }): void {
    this.#hear({ kind: 'rejected', text });
  }

  of<K extends Heard['kind']>(kind: K): HeardOf<K>[] {
    return this.heard.filter((one): one is HeardOf<K> => one.kind === kind);
  }

  /** The first of a kind that was not taken yet, whether it came already or comes later. */
  async next<K extends Heard['kind']>(kind: K): Promise<HeardOf<K>> {
    for (;;) {
      const at = this.heard.findIndex((one) => one.kind === kind);
      if (at >= 0) return this.heard.splice(at, 1)[0] as HeardOf<K>;
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  #hear(one: Heard): void {
    this.heard.push(one);
    for (const wake of this.#wake.splice(0)) wake();
  }
}

export interface TestSocketOptions {
  readonly limits?: Partial<StreamLimits>;
  readonly liveness?: Partial<LivenessPolicy>;
  readonly tls?: TlsOptions;
  readonly address?: string;
  readonly port?: number;
  /** Of UDP. */
  readonly keepAlive?: DatagramKeepAliveOptions;
}

export interface TestSocket {
  readonly socket: SipSocket;
  readonly ear: Ear;
  /** What others send to. */
  readonly target: Target;
}

const carriers: Record<Exclude<Transport, 'udp'>, (tls: TlsOptions) => Carrier> = {
  tcp: () => tcp,
  tls: (tls) => tlsCarrier(tls),
  ws: () => wsCarrier({}),
  wss: (tls) => wssCarrier({}, tls),
};

/** The name in the certificates of tests. */
export const SERVER_NAME = 'pbx.example';

/** Sockets of one test; all that it opened is closed by `close`. */
export class SocketBench {
  readonly #open: SipSocket[] = [];
  #lastId = 0;

  async open(transport: Transport, options: TestSocketOptions = {}): Promise<TestSocket> {
    const { address = '127.0.0.1', port = 0, tls = {}, limits, liveness, keepAlive } = options;
    const ear = new Ear();
    const socket =
      transport === 'udp'
        ? await UdpSocket.open({ address, port }, ear, keepAlive)
        : await ConnectionTable.open(carriers[transport](tls), { address, port }, ear, {
            limits: { ...defaultStreamLimits, ...limits },
            liveness: { ...defaultLiveness, ...liveness },
            nextId: () => String((this.#lastId += 1)),
          });
    this.#open.push(socket);
    const isSecure = transport === 'tls' || transport === 'wss';
    const target: Target = {
      transport,
      address,
      port: socket.local.port,
      ...(isSecure && { serverName: SERVER_NAME }),
    };
    return { socket, ear, target };
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((socket) => socket.close()));
  }
}
