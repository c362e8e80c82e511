import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Flow, Target } from '@offhook/sip';

export interface StreamListener {
  received(flow: Flow, bytes: Uint8Array): void;
  failed(target: Target, text: string): void;
  closed(flow: Flow): void;
}

export interface StreamLimits {
  readonly connections: number;
  /** Octets that may wait for a peer that does not read; beyond, its connection is ended. */
  readonly queuedBytes: number;
  readonly connectTimeoutMs: number;
  /** A connection without a single octet for so long is closed. */
  readonly idleMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  connections: 2_000,
  queuedBytes: 1024 * 1024,
  connectTimeoutMs: 4_000,
  idleMs: 15 * 60_000,
};

interface Connection {
  readonly id: string;
  readonly socket: Socket;
  readonly flow: Flow;
  /** Targets of sends since the connection was asked for; told when it fails before it stands. */
  opening: Target | undefined;
}

const keyOf = (target: Target): string => `${target.address}|${String(target.port)}`;

/**
 * Listens on one TCP address and keeps the table of connections, incoming and outgoing alike, so that a
 * request to a peer that we hear from goes over the connection that stands (RFC 3261 section 18.1.1).
 */
export class TcpTable {
  readonly transport = 'tcp' as const;
  readonly local: AddressInfo;
  readonly #server: Server;
  readonly #listener: StreamListener;
  readonly #limits: StreamLimits;
  readonly #byId = new Map<string, Connection>();
  readonly #byRemote = new Map<string, Connection>();
  #nextId = 1;

  private constructor(server: Server, listener: StreamListener, limits: StreamLimits) {
    this.#server = server;
    this.#listener = listener;
    this.#limits = limits;
    // A TCP server that listens has an address and no pipe's name.
    this.local = server.address() as AddressInfo;
    server.maxConnections = limits.connections;
    server.on('connection', (socket) => {
      const { remoteAddress, remotePort } = socket;
      if (remoteAddress === undefined || remotePort === undefined) socket.destroy();
      else this.#adopt(socket, remoteAddress, remotePort, undefined);
    });
  }

  /** Rejects with the system's error (`EADDRINUSE`, …) where it cannot listen. */
  static async open(
    address: string,
    port: number,
    listener: StreamListener,
    limits: StreamLimits = defaultStreamLimits,
  ): Promise<TcpTable> {
    const server = createServer({ noDelay: true, keepAlive: true });
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen({ host: address, port, exclusive: true }, () => {
        server.off('error', failed);
        listening();
      });
    });
    return new TcpTable(server, listener, limits);
  }

  get connections(): number {
    return this.#byId.size;
  }

  send(target: Target, bytes: Uint8Array): void {
    const connection = this.#find(target);
    if (connection === undefined) return;
    if (connection.socket.writableLength + bytes.length > this.#limits.queuedBytes) {
      connection.socket.destroy();
      this.#listener.failed(target, 'the peer does not read');
      return;
    }
    connection.socket.write(bytes);
  }

  end(flow: Flow): void {
    if (flow.connectionId !== undefined) this.#byId.get(flow.connectionId)?.socket.destroySoon();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const { socket } of this.#byId.values()) socket.destroy();
    this.#byId.clear();
    this.#byRemote.clear();
    await closed;
  }

  #find(target: Target): Connection | undefined {
    if (target.connectionId !== undefined) {
      const connection = this.#byId.get(target.connectionId);
      if (connection === undefined) this.#listener.failed(target, 'the connection is closed');
      return connection;
    }
    const standing = this.#byRemote.get(keyOf(target));
    if (standing !== undefined) return standing;
    if (this.#byId.size >= this.#limits.connections) {
      this.#listener.failed(target, 'too many connections are open');
      return undefined;
    }
    const socket = connect({ host: target.address, port: target.port, noDelay: true, keepAlive: true });
    const late = setTimeout(() => {
      socket.destroy(new Error('the peer did not accept the connection in time'));
    }, this.#limits.connectTimeoutMs);
    socket.once('connect', () => clearTimeout(late));
    socket.once('close', () => clearTimeout(late));
    return this.#adopt(socket, target.address, target.port, target);
  }

  #adopt(socket: Socket, address: string, port: number, opening: Target | undefined): Connection {
    const id = String(this.#nextId++);
    const flow: Flow = {
      transport: 'tcp',
      address,
      port,
      localAddress: this.local.address,
      localPort: this.local.port,
      connectionId: id,
    };
    const connection: Connection = { id, socket, flow, opening };
    this.#byId.set(id, connection);
    this.#byRemote.set(keyOf(flow), connection);
    let reason = 'the connection was closed';
    socket.setTimeout(this.#limits.idleMs, () => socket.destroy());
    socket.on('connect', () => {
      connection.opening = undefined;
    });
    socket.on('data', (bytes: Buffer) => this.#listener.received(flow, bytes));
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', () => this.#forget(connection, reason));
    return connection;
  }

  #forget(connection: Connection, reason: string): void {
    const { id, flow, opening, socket } = connection;
    if (!this.#byId.delete(id)) return;
    if (this.#byRemote.get(keyOf(flow)) === connection) this.#byRemote.delete(keyOf(flow));
    // What was written but never left is lost; its sender must not wait for its timers to notice.
    if (opening !== undefined || socket.writableLength > 0) this.#listener.failed(opening ?? flow, reason);
    this.#listener.closed(flow);
  }
}
