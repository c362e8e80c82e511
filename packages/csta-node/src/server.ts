import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type {
  Applicant,
  CstaErrorCode,
  CstaEvent,
  CstaRequest,
  CstaResponse,
  CstaServerEffect,
  CstaServerOptions,
  Edition,
  MessageNamed,
  Note,
  ServerEndCode,
  SystemStatusValue,
  WireStyle,
} from '@offhook/csta';
import { CstaServerSession } from '@offhook/csta';
import { defaultQueuedBytes } from './client.ts';
import type { CstaLimit } from './limits.ts';
import { LimitCounts } from './limits.ts';
import { Line } from './line.ts';
import type { TlsOptions } from './tls.ts';
import { tlsServer } from './tls.ts';
import type { CstaTrace } from './trace.ts';
import { Tracer } from './trace.ts';
import { call, monotonic, Wake } from './wake.ts';

export interface CstaListenOptions {
  readonly address: string;
  /** 0 takes a free one; see {@link CstaListener.port}. */
  readonly port: number;
  readonly tls?: TlsOptions;
  readonly session?: Omit<CstaServerOptions, 'sessionId'>;
  /** Taken at a time; 100. */
  readonly links?: number;
  /** Octets that may wait for a client that does not read; 4 MiB. */
  readonly queuedBytes?: number;
  readonly onStarted?: (link: CstaServerLink, applicant: Applicant) => void;
  /** To be answered with `link.answer` or `link.refuse`, in whatever time and order. */
  readonly onRequest: (link: CstaServerLink, invokeId: number, request: CstaRequest) => void;
  /** The last that is heard of a link, exactly once, whether its session was started or not. */
  readonly onEnded?: (link: CstaServerLink, code: ServerEndCode) => void;
  /** For the log. */
  readonly onNote?: (link: CstaServerLink, note: Note) => void;
  readonly onTrace?: (link: CstaServerLink, trace: CstaTrace) => void;
}

/** One client. Whatever is sent after the end is not sent. */
export interface CstaServerLink {
  /** Counts from 1. */
  readonly id: number;
  /** Numeric address and port. */
  readonly remote: string;
  readonly style: WireStyle;
  readonly edition: Edition | undefined;
  answer(invokeId: number, response: CstaResponse): boolean;
  refuse(invokeId: number, code: CstaErrorCode): boolean;
  /** Forgets a request that shall never be answered. */
  abandon(invokeId: number): void;
  event(event: CstaEvent | MessageNamed<'MonitorStop'>): boolean;
  setStatus(status: SystemStatusValue): void;
  terminate(reason: string): void;
  /** As they are, past the session: for tests of what a server should never do. */
  sendRaw(octets: Uint8Array): void;
  /** Breaks the link without a word, as a cable does. */
  cut(): void;
  /** Sends nothing any more and leaves the link open, as a server does that hangs: for tests. */
  mute(): void;
}

export interface CstaListener {
  readonly address: string;
  readonly port: number;
  readonly links: readonly CstaServerLink[];
  /** Since the start, how often each bound was met. */
  readonly limits: Readonly<Record<CstaLimit, number>>;
  /** Terminates every session and closes. */
  close(): Promise<void>;
}

const mostLinks = 100;
const handshakeMs = 10_000;

/** Rejects where the port is taken or the TLS options cannot be used. */
export async function listenCsta(options: CstaListenOptions): Promise<CstaListener> {
  const { tls, address, port } = options;
  const counts = new LimitCounts();
  const links = new Set<NodeServerLink>();
  const sockets = new Set<Socket>();
  const server: Server =
    tls === undefined ? createServer({ noDelay: true, keepAlive: true }) : tlsServer(tls, handshakeMs);
  let last = 0;

  server.prependListener('connection', (socket: Socket) => {
    if (sockets.size >= (options.links ?? mostLinks)) {
      counts.count('links');
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Until its link listens for errors, one must not end the process.
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', (error, socket) => {
    if ('code' in error && error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') counts.count('link_time');
    socket.destroy();
  });
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    if (socket.destroyed) return;
    last += 1;
    links.add(new NodeServerLink(last, socket, options, counts, (link) => links.delete(link)));
  });

  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', failed);
      listening();
    });
  });
  // What goes wrong with one connection while it is accepted (EMFILE, …) costs that connection only.
  server.on('error', () => undefined);
  const bound = server.address();
  const place = typeof bound === 'object' && bound !== null ? bound : { address, port };

  return {
    address: place.address,
    port: place.port,
    get links() {
      return [...links];
    },
    get limits() {
      return counts.all;
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await Promise.all([...links].map((link) => link.closeForGood()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

class NodeServerLink implements CstaServerLink {
  readonly id: number;
  readonly remote: string;
  readonly #options: CstaListenOptions;
  readonly #session: CstaServerSession;
  readonly #socket: Socket;
  readonly #line: Line;
  readonly #counts: LimitCounts;
  readonly #wake = new Wake();
  readonly #tracer: Tracer;
  readonly #onGone: (link: NodeServerLink) => void;
  #edition: Edition | undefined;
  #isRunning = false;
  #isMute = false;
  #closing: Promise<void> = Promise.resolve();

  constructor(
    id: number,
    socket: Socket,
    options: CstaListenOptions,
    counts: LimitCounts,
    onGone: (link: NodeServerLink) => void,
  ) {
    this.id = id;
    this.remote = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.#options = options;
    this.#socket = socket;
    this.#counts = counts;
    this.#onGone = onGone;
    const { onTrace } = options;
    this.#tracer = new Tracer(onTrace && ((trace) => call(onTrace, this, trace)));
    this.#session = new CstaServerSession({ ...options.session, sessionId: randomUUID() }, monotonic());
    this.#line = new Line(socket, options.queuedBytes ?? defaultQueuedBytes, {
      received: (octets) => {
        this.#tracer.in(octets);
        this.#handle({ kind: 'received', octets });
      },
      closed: () => this.#handle({ kind: 'closed' }),
      overflowed: () => counts.count('link_queue'),
    });
    this.#run();
  }

  get style(): WireStyle {
    return this.#session.style;
  }

  get edition(): Edition | undefined {
    return this.#edition;
  }

  answer(invokeId: number, response: CstaResponse): boolean {
    return this.#then(this.#session.answer(invokeId, response));
  }

  refuse(invokeId: number, code: CstaErrorCode): boolean {
    return this.#then(this.#session.refuse(invokeId, code));
  }

  abandon(invokeId: number): void {
    this.#session.abandon(invokeId);
  }

  event(event: CstaEvent | MessageNamed<'MonitorStop'>): boolean {
    return this.#then(this.#session.event(event));
  }

  setStatus(status: SystemStatusValue): void {
    this.#session.setStatus(status, monotonic());
    this.#run();
  }

  terminate(reason: string): void {
    this.#session.terminate(reason);
    this.#run();
  }

  sendRaw(octets: Uint8Array): void {
    if (!this.#isMute) this.#line.send(octets);
  }

  mute(): void {
    this.#isMute = true;
  }

  cut(): void {
    this.#socket.destroy();
  }

  async closeForGood(): Promise<void> {
    this.terminate('serverShutdown');
    await this.#closing;
  }

  #then(isSent: boolean): boolean {
    this.#run();
    return isSent;
  }

  #handle(input: Parameters<CstaServerSession['handle']>[0]): void {
    this.#session.handle(input, monotonic());
    this.#run();
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let effect = this.#session.poll(); effect !== undefined; effect = this.#session.poll()) {
      this.#carryOut(effect);
    }
    this.#isRunning = false;
    this.#wake.set(this.#session.deadline(), () => this.#handle({ kind: 'tick' }));
  }

  #carryOut(effect: CstaServerEffect): void {
    const { onStarted, onRequest, onEnded, onNote } = this.#options;
    switch (effect.kind) {
      case 'send':
        this.#tracer.out(effect.octets);
        this.sendRaw(effect.octets);
        return;
      case 'disconnect':
        this.#closing = this.#line.close();
        return;
      case 'started':
        this.#edition = effect.edition;
        call(onStarted, this, effect.applicant);
        return;
      case 'request':
        call(onRequest, this, effect.invokeId, effect.request);
        return;
      case 'ended':
        this.#onGone(this);
        call(onEnded, this, effect.code);
        return;
      case 'limit':
        this.#counts.count(effect.limit);
        return;
      case 'note':
        call(onNote, this, effect);
        return;
      case 'system_status':
    }
  }
}
