import type { Flow, Target, Transport } from '@offhook/sip';
import type { Carrier, Channel, Door, Listening, MakeChannel } from './channel.ts';
import { DrainWatch } from './drain-watch.ts';
import { Entrance } from './entrance.ts';
import type { SocketLimit } from './limits.ts';
import { Liveness, type LivenessPolicy } from './liveness.ts';
import { placeText, plainAddress, type Place, type SipSocket, type SocketListener } from './transport.ts';

export interface StreamLimits {
  readonly connections: number;
  /** Of those, connections that one address may have made to us. */
  readonly connectionsPerSource: number;
  /** Octets that may wait for a peer that does not read; beyond, its connection is ended. */
  readonly queuedBytes: number;
  /** For so long octets may wait for a peer that does not read, or hardly; beyond, its connection is ended. */
  readonly queuedMs: number;
  /** From dialling to the end of every handshake. */
  readonly connectTimeoutMs: number;
  /** For each handshake (TLS, WebSocket) of somebody who has connected to us. */
  readonly handshakeMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  connections: 2_000,
  connectionsPerSource: 500,
  queuedBytes: 1024 * 1024,
  queuedMs: 30_000,
  connectTimeoutMs: 4_000,
  handshakeMs: 10_000,
};

/** Idle after more than an hour, for so long a registration may stay without a word. */
export const defaultLiveness: LivenessPolicy = {
  pingMs: 110_000,
  pongMs: 10_000,
  expectPong: 'once_seen',
  firstMs: 30_000,
  idleMs: 65 * 60_000,
};

export interface TableOptions {
  readonly limits: StreamLimits;
  readonly liveness: LivenessPolicy;
  /** Unique over all tables of an endpoint, which tells streams apart by it. */
  readonly nextId: () => string;
}

type State =
  | {
      readonly name: 'opening';
      readonly waiting: Uint8Array[];
      waitingBytes: number;
      readonly target: Target;
    }
  | { readonly name: 'open' }
  | { readonly name: 'closed' };

interface Connection {
  readonly id: string;
  readonly flow: Flow;
  readonly isOurs: boolean;
  readonly liveness: Liveness;
  readonly drain: DrainWatch;
  channel: Channel | undefined;
  state: State;
  timer: NodeJS.Timeout | undefined;
  drainTimer: NodeJS.Timeout | undefined;
  /** Why we broke it off, where it was us. */
  reason: string | undefined;
  /** We have closed it in an orderly way. */
  isEnding: boolean;
}

/**
 * A certificate was checked against one name (RFC 5923 section 5): a target with another name needs a connection of its
 * own. A target without one, such as a Contact in a dialog, goes over what stands.
 */
const keyOf = ({ transport, address, port, serverName }: Target): string =>
  `${address}|${String(port)}|${transport === 'tls' || transport === 'wss' ? (serverName ?? '') : ''}`;

const keysOf = (flow: Flow): readonly string[] => {
  const { serverName: _, ...nameless } = flow;
  return [keyOf(flow), keyOf(nameless)];
};

/**
 * The connections of one stream transport, incoming and outgoing alike, so that a request to a peer that we hear from
 * goes over the connection that stands (RFC 3261 section 18.1.1), and an answer over the one that its request came by.
 */
export class ConnectionTable implements SipSocket {
  readonly transport: Exclude<Transport, 'udp'>;
  readonly local: Place;
  readonly #carrier: Carrier;
  readonly #listening: Listening;
  readonly #listener: SocketListener;
  readonly #options: TableOptions;
  readonly #byId = new Map<string, Connection>();
  readonly #byRemote = new Map<string, Connection>();
  readonly #entrance: Entrance;
  #dialled = 0;
  #isClosed = false;

  private constructor(
    carrier: Carrier,
    listening: Listening,
    listener: SocketListener,
    options: TableOptions,
  ) {
    this.transport = carrier.transport;
    this.local = listening.local;
    this.#carrier = carrier;
    this.#listening = listening;
    this.#listener = listener;
    this.#options = options;
    const { connections, connectionsPerSource } = options.limits;
    this.#entrance = new Entrance({
      connections,
      connectionsPerSource,
      others: () => this.#dialled,
      isListenedTo: (address) => listener.admits(address),
      limited: (limit) => listener.limited(limit),
    });
  }

  /** Rejects with the system's error (`EADDRINUSE`, …) where it cannot listen. */
  static async open(
    carrier: Carrier,
    place: Place,
    listener: SocketListener,
    options: TableOptions,
  ): Promise<ConnectionTable> {
    // Nobody can have connected before the next turn of the event loop, when the table is there.
    let table: ConnectionTable | undefined;
    const door: Door = {
      enter: (address) => table?.enter(address),
      accept: (remote, make) => table?.accept(remote, make),
      rejected: (remote, text, limit) => {
        if (limit !== undefined) listener.limited(limit);
        listener.rejected({ transport: carrier.transport, remote: placeText(remote), text });
      },
    };
    const listening = await carrier.listen(place, door, options.limits.handshakeMs);
    table = new ConnectionTable(carrier, listening, listener, options);
    return table;
  }

  get connections(): number {
    return this.#byId.size;
  }

  enter(address: string): (() => void) | undefined {
    return this.#isClosed ? undefined : this.#entrance.enter(address);
  }

  accept(remote: Place, make: MakeChannel): void {
    const flow = this.#flowTo({ address: plainAddress(remote.address), port: remote.port });
    this.#adopt(flow, { name: 'open' }, make);
  }

  send(target: Target, bytes: Uint8Array): void {
    const connection = this.#find(target);
    if (typeof connection === 'string') {
      this.#fail(target, connection);
      return;
    }
    const { state, channel } = connection;
    const waiting = state.name === 'opening' ? state.waitingBytes : (channel?.queuedBytes ?? 0);
    if (waiting + bytes.length > this.#options.limits.queuedBytes) {
      this.#breakOff(connection, 'queued_bytes', 'the peer does not read');
      return;
    }
    connection.liveness.sent(performance.now());
    if (state.name === 'opening') {
      state.waiting.push(bytes);
      state.waitingBytes += bytes.length;
    } else {
      this.#give(connection, bytes);
    }
  }

  end(flow: Flow): void {
    const connection = flow.connectionId === undefined ? undefined : this.#byId.get(flow.connectionId);
    if (connection !== undefined) this.#end(connection);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const listeningClosed = this.#listening.close();
    for (const connection of this.#byId.values()) {
      clearTimeout(connection.timer);
      clearTimeout(connection.drainTimer);
      connection.state = { name: 'closed' };
      connection.channel?.destroy();
    }
    this.#byId.clear();
    this.#byRemote.clear();
    await listeningClosed;
  }

  /** The connection to a target, dialled where none stands; or why there is none. */
  #find(target: Target): Connection | string {
    if (target.connectionId !== undefined) {
      return this.#byId.get(target.connectionId) ?? 'the connection is closed';
    }
    const standing = this.#byRemote.get(keyOf(target));
    if (standing !== undefined) return standing;
    if (this.#entrance.size + this.#dialled >= this.#options.limits.connections) {
      this.#listener.limited('connections');
      return 'too many connections are open';
    }
    const { serverName } = target;
    const flow = { ...this.#flowTo(target), ...(serverName !== undefined && { serverName }) };
    const opening: State = { name: 'opening', waiting: [], waitingBytes: 0, target };
    return this.#adopt(flow, opening, (listener) => this.#carrier.dial(target, listener));
  }

  #flowTo({ address, port }: Place): Flow {
    return {
      transport: this.transport,
      address,
      port,
      localAddress: this.local.address,
      localPort: this.local.port,
      connectionId: this.#options.nextId(),
    };
  }

  #adopt(flow: Flow, state: State, make: MakeChannel): Connection {
    const isOurs = state.name === 'opening';
    const { liveness, limits } = this.#options;
    const connection: Connection = {
      id: flow.connectionId ?? '',
      flow,
      isOurs,
      liveness: new Liveness(
        policyFor(liveness, isOurs, this.transport),
        isOurs,
        Math.random(),
        performance.now(),
      ),
      drain: new DrainWatch(limits.queuedMs),
      channel: undefined,
      state,
      timer: undefined,
      drainTimer: undefined,
      reason: undefined,
      isEnding: false,
    };
    this.#byId.set(connection.id, connection);
    if (isOurs) this.#dialled += 1;
    for (const key of keysOf(flow)) this.#byRemote.set(key, connection);
    connection.channel = make({
      opened: () => this.#opened(connection),
      received: (bytes) => this.#received(connection, bytes),
      pinged: (answer) => this.#pinged(connection, answer),
      ponged: () => connection.liveness.heard(true, performance.now()),
      limited: (limit) => this.#listener.limited(limit),
      closed: (reason) => this.#closed(connection, reason),
    });
    if (isOurs) {
      connection.timer = setTimeout(
        () => this.#breakOff(connection, 'connect_time', 'the peer did not take the connection in time'),
        limits.connectTimeoutMs,
      );
    } else {
      this.#watch(connection);
    }
    return connection;
  }

  #opened(connection: Connection): void {
    const { state } = connection;
    if (state.name !== 'opening') return;
    clearTimeout(connection.timer);
    connection.state = { name: 'open' };
    for (const bytes of state.waiting) this.#give(connection, bytes);
    this.#watch(connection);
  }

  #give(connection: Connection, bytes: Uint8Array): void {
    const { channel, drain } = connection;
    if (channel === undefined) return;
    channel.send(bytes);
    this.#lookAgain(connection, drain.sent(bytes.length, channel.queuedBytes, performance.now()));
  }

  /** Whether what waits for the peer has left; nobody needs a timer where nothing waits. */
  #lookAgain(connection: Connection, at: number | 'stalled' | undefined): void {
    if (at === undefined) return;
    if (at === 'stalled') {
      this.#breakOff(connection, 'queued_time', 'the peer does not read');
      return;
    }
    connection.drainTimer = setTimeout(
      () => {
        const { channel, drain } = connection;
        this.#lookAgain(connection, drain.check(channel?.queuedBytes ?? 0, performance.now()));
      },
      Math.max(1, Math.ceil(at - performance.now())),
    );
  }

  #received(connection: Connection, bytes: Uint8Array): void {
    if (connection.state.name === 'closed') return;
    connection.liveness.heard(startsWithCrlf(bytes), performance.now());
    this.#listener.received(connection.flow, bytes);
  }

  /** Pings count as messages, so that nobody can keep us busy with them, and are not answered where answers pile up. */
  #pinged(connection: Connection, answer: () => void): void {
    const { channel, flow, liveness } = connection;
    if (connection.state.name === 'closed') return;
    liveness.heard(true, performance.now());
    if (this.#listener.judge(flow.address) === 'drop') this.#end(connection);
    else if ((channel?.queuedBytes ?? 0) > this.#options.limits.queuedBytes) {
      this.#breakOff(connection, 'queued_bytes', 'the peer does not read');
    } else {
      answer();
      this.#lookAgain(connection, connection.drain.sent(0, channel?.queuedBytes ?? 0, performance.now()));
    }
  }

  #breakOff(connection: Connection, limit: SocketLimit, reason: string): void {
    // Of what follows for the same connection nothing is told twice.
    if (connection.reason === undefined) this.#listener.limited(limit);
    connection.reason ??= reason;
    connection.channel?.destroy();
  }

  #closed(connection: Connection, why: string | undefined): void {
    const { id, flow, state, channel } = connection;
    clearTimeout(connection.timer);
    clearTimeout(connection.drainTimer);
    connection.state = { name: 'closed' };
    if (!this.#byId.delete(id)) return;
    if (connection.isOurs) this.#dialled -= 1;
    for (const key of keysOf(flow)) {
      if (this.#byRemote.get(key) === connection) this.#byRemote.delete(key);
    }
    const reason = connection.reason ?? why;
    // Nobody answers any more over a connection that is gone: who has sent something must not wait for timers to notice.
    // Only of one that the peer has made and closed itself nothing is awaited.
    const isLost = reason !== undefined || (channel?.queuedBytes ?? 0) > 0;
    const isSurprise = connection.isOurs && !connection.isEnding;
    const text = reason ?? 'the peer closed the connection';
    if (state.name === 'opening') this.#listener.failed(state.target, text);
    else if (isLost || isSurprise) this.#listener.failed(flow, text);
    this.#listener.closed(flow);
  }

  /** One timer per connection; traffic does not touch it, it looks when it fires. */
  #watch(connection: Connection): void {
    const { liveness } = connection;
    const wait = Math.max(1, Math.ceil(liveness.deadline() - performance.now()));
    connection.timer = setTimeout(() => {
      switch (liveness.check(performance.now())) {
        case 'ping':
          connection.channel?.ping();
          break;
        case 'no_pong':
          this.#breakOff(connection, 'pong_time', 'the peer did not answer a keep-alive');
          return;
        case 'silent':
          this.#listener.limited('first_octet_time');
          this.#end(connection);
          return;
        case 'idle':
          this.#listener.limited('idle_time');
          this.#end(connection);
          return;
        case 'fine':
          break;
      }
      this.#watch(connection);
    }, wait);
  }

  #end(connection: Connection): void {
    connection.isEnding = true;
    connection.channel?.end();
  }

  #fail(target: Target, text: string): void {
    queueMicrotask(() => {
      if (!this.#isClosed) this.#listener.failed(target, text);
    });
  }
}

/** Who has dialled keeps the flow alive (RFC 5626 section 4.4); of WebSockets both sides do (RFC 7118 section 6). */
function policyFor(policy: LivenessPolicy, isOurs: boolean, transport: Transport): LivenessPolicy {
  const isWebSocket = transport === 'ws' || transport === 'wss';
  if (isWebSocket) return { ...policy, expectPong: 'always' };
  return isOurs ? policy : { ...policy, pingMs: undefined };
}

const startsWithCrlf = (bytes: Uint8Array): boolean => bytes[0] === 0x0d && bytes[1] === 0x0a;
