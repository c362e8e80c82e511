import {
  CloseCode,
  HEARTBEAT_SECONDS,
  Limits,
  OffhookError,
  PROTOCOL_VERSION,
  type ClientEvent,
  type ClientId,
  type ClientMethod,
  type clientMethods,
  type ClientWelcome,
  type ErrorCode,
  type FrameToClient,
  type Params,
} from '@offhook/contract';
import type { Cancel, Clock, Log, OpenSocket, Socket } from '../ports.ts';
import { backoffDelay } from './backoff.ts';
import { decodeEvent, decodeFrame, type IncomingEvent } from './frames.ts';
import { PendingRequests, type ClientResult } from './pending-requests.ts';

/** Why the connection will not come back by itself. */
export type StopReason =
  | 'signed_out'
  | 'session_expired'
  | 'second_factor_missing'
  | 'reload_needed'
  | 'replaced';

/**
 * The realtime socket of one window.
 * ```
 *  idle ─start─► connecting ─open─► greeting ─welcome─► online
 *                  ▲   │ closed         │ closed           │ closed, or silent
 *                  │   ▼                ▼                  ▼
 *                  └─ waiting ◄─────────┴──────────────────┘
 *  any ── close code 4401, 4426 or 4409 ──► stopped          any ── stop() ──► idle
 * ```
 */
export type ConnectionState =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'greeting'; readonly attempt: number }
  | { readonly name: 'online'; readonly since: number }
  /** `retryAt`: milliseconds by this device's clock. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryAt: number }
  | { readonly name: 'stopped'; readonly reason: StopReason };

export interface ConnectionHandlers {
  onState(state: ConnectionState): void;
  onWelcome(welcome: ClientWelcome): void;
  onEvent(event: IncomingEvent): void;
  /** An event was lost or could not be read: what this window knows must be fetched anew. */
  onDoubt(): void;
}

export interface ConnectionPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly openSocket: OpenSocket;
  readonly log: Log;
  readonly agent: string;
}

export const ConnectionTimes = {
  backoff: { baseMs: 500, capMs: 30_000 },
  /** For the socket to open and the cloud to say welcome. */
  greetingMs: 10_000,
  requestMs: 15_000,
  /** For the answer to a heartbeat. */
  pingMs: 8_000,
  /** The same after a sign that the network changed. */
  probeMs: 3_000,
  /** Online for this long, the next loss starts again with the shortest delay. */
  settledMs: 5_000,
  /** A wake-up (network back, window shown) spreads its attempt over this time. */
  nudgeSpreadMs: 250,
} as const;

export class Connection {
  readonly #ports: ConnectionPorts;
  readonly #handlers: ConnectionHandlers;
  readonly #requests: PendingRequests;
  readonly #waitingForFirst: (() => void)[] = [];
  #state: ConnectionState = { name: 'idle' };
  #clientId: ClientId | undefined;
  #socket: Socket | undefined;
  #attempt = 0;
  #lastSeq = 0;
  #refusal: ErrorCode | undefined;
  #cancelTimer: Cancel | undefined;
  #cancelHeartbeat: Cancel | undefined;
  #probing = false;
  #heartbeatMs = HEARTBEAT_SECONDS * 1_000;

  constructor(ports: ConnectionPorts, handlers: ConnectionHandlers) {
    this.#ports = ports;
    this.#handlers = handlers;
    this.#requests = new PendingRequests(ports.clock);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(clientId: ClientId): void {
    if (this.#state.name !== 'idle' && this.#state.name !== 'stopped') return;
    this.#clientId = clientId;
    this.#attempt = 0;
    this.#open();
  }

  stop(): void {
    this.#dropSocket(1000, 'stopped');
    this.#enter({ name: 'idle' });
  }

  /** The network came back or the window is seen again: do not wait out a long delay, do not trust a silent socket. */
  nudge(): void {
    switch (this.#state.name) {
      case 'waiting': {
        const delay = Math.floor(this.#ports.random() * ConnectionTimes.nudgeSpreadMs);
        const retryAt = this.#ports.clock.now() + delay;
        if (retryAt < this.#state.retryAt) this.#waitUntil(retryAt);
        return;
      }
      case 'online':
        void this.#probe(ConnectionTimes.probeMs);
        return;
      case 'idle':
      case 'connecting':
      case 'greeting':
      case 'stopped':
        return;
    }
  }

  /**
   * Rejects with `OffhookError`: `unavailable` while not online. While the first connection is being made it waits for that:
   * people press a button as soon as they see it.
   */
  async request<M extends ClientMethod>(
    method: M,
    params: Params<typeof clientMethods, M>,
    timeoutMs: number = ConnectionTimes.requestMs,
  ): Promise<ClientResult<M>> {
    if (this.#isFirst()) await this.#firstOutcome();
    if (this.#state.name !== 'online') throw new OffhookError('unavailable');
    return this.#requests.open(method, params, timeoutMs, (frame) =>
      this.#socket?.send(JSON.stringify(frame)),
    );
  }

  #isFirst(): boolean {
    const { name } = this.#state;
    return (name === 'connecting' || name === 'greeting') && this.#attempt === 0;
  }

  /** Resolves when the first connection stands or has failed; rejects with `queue_full` where too many wait for it. */
  #firstOutcome(): Promise<void> {
    if (this.#waitingForFirst.length >= Limits.openRequests) {
      return Promise.reject(new OffhookError('queue_full'));
    }
    return new Promise((resolve) => this.#waitingForFirst.push(resolve));
  }

  #open(): void {
    this.#cancelTimer?.();
    this.#refusal = undefined;
    this.#lastSeq = 0;
    this.#enter({ name: 'connecting', attempt: this.#attempt });
    this.#cancelTimer = this.#ports.clock.after(ConnectionTimes.greetingMs, () => this.#lost('no welcome'));
    this.#socket = this.#ports.openSocket({
      onOpen: () => this.#greet(),
      onText: (text) => this.#received(text),
      onClose: (code) => this.#closed(code),
    });
  }

  #greet(): void {
    if (this.#clientId === undefined) return;
    this.#enter({ name: 'greeting', attempt: this.#attempt });
    const hello = {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      clientId: this.#clientId,
      agent: this.#ports.agent,
    };
    this.#socket?.send(JSON.stringify(hello));
  }

  #received(text: string): void {
    const frame = decodeFrame(text);
    if (frame === undefined) {
      this.#ports.log('warn', 'realtime.bad_frame', { chars: text.length });
      this.#lost('bad frame');
      return;
    }
    if (this.#state.name === 'online') this.#armHeartbeat();
    this.#dispatch(frame);
  }

  #dispatch(frame: FrameToClient): void {
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(frame);
        return;
      case 'refused':
        this.#refusal = frame.error.code;
        return;
      case 'answer':
        this.#requests.settle(frame);
        return;
      case 'event':
        this.#eventCame(frame);
        return;
    }
  }

  #welcomed(welcome: ClientWelcome): void {
    if (this.#state.name !== 'greeting') return;
    this.#cancelTimer?.();
    this.#heartbeatMs = welcome.heartbeatSeconds * 1_000;
    const since = this.#ports.clock.now();
    this.#handlers.onWelcome(welcome);
    this.#enter({ name: 'online', since });
    this.#armHeartbeat();
  }

  #eventCame(frame: Extract<FrameToClient, { type: 'event' }>): void {
    const gap = frame.seq !== this.#lastSeq + 1;
    this.#lastSeq = frame.seq;
    const decoded = decodeEvent(frame);
    if (decoded.kind === 'event') this.#handlers.onEvent(decoded.event);
    if (!gap && decoded.kind !== 'malformed') return;
    const known: ClientEvent | undefined = decoded.kind === 'event' ? decoded.event.name : undefined;
    this.#ports.log('warn', 'realtime.doubt', { gap, kind: decoded.kind });
    if (known !== 'snapshot') this.#handlers.onDoubt();
  }

  /** Each frame from the cloud proves that it lives; after a silence we ask. */
  #armHeartbeat(): void {
    this.#cancelHeartbeat?.();
    const ask = () => void this.#probe(ConnectionTimes.pingMs);
    this.#cancelHeartbeat = this.#ports.clock.after(this.#heartbeatMs, ask);
  }

  async #probe(timeoutMs: number): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    const socket = this.#socket;
    try {
      await this.request('ping', {}, timeoutMs);
    } catch {
      if (socket === this.#socket && this.#state.name === 'online') this.#lost('heartbeat');
    } finally {
      this.#probing = false;
    }
  }

  /** We give the socket up. */
  #lost(reason: string): void {
    this.#dropSocket(CloseCode.HeartbeatLost, reason);
    this.#retryLater(reason);
  }

  /** The socket closed under us. */
  #closed(code: number): void {
    const stop = this.#stopReason(code);
    this.#dropSocket(1000, 'closed');
    if (stop !== undefined) this.#enter({ name: 'stopped', reason: stop });
    else this.#retryLater(`close ${code}`);
  }

  #stopReason(code: number): StopReason | undefined {
    switch (code) {
      case CloseCode.Unauthenticated:
        if (this.#refusal === 'second_factor_required') return 'second_factor_missing';
        return this.#refusal === 'unauthenticated' ? 'signed_out' : 'session_expired';
      case CloseCode.ProtocolUnsupported:
        return 'reload_needed';
      case CloseCode.Replaced:
        return 'replaced';
      default:
        return undefined;
    }
  }

  #retryLater(reason: string): void {
    const state = this.#state;
    const now = this.#ports.clock.now();
    if (state.name === 'online' && now - state.since >= ConnectionTimes.settledMs) this.#attempt = 0;
    const delay = backoffDelay(this.#attempt, ConnectionTimes.backoff, this.#ports.random);
    this.#attempt += 1;
    this.#ports.log('info', 'realtime.lost', { reason, attempt: this.#attempt, delay });
    this.#waitUntil(now + delay);
  }

  #waitUntil(retryAt: number): void {
    this.#cancelTimer?.();
    this.#enter({ name: 'waiting', attempt: this.#attempt, retryAt });
    const delay = Math.max(0, retryAt - this.#ports.clock.now());
    this.#cancelTimer = this.#ports.clock.after(delay, () => this.#open());
  }

  #dropSocket(code: number, reason: string): void {
    this.#cancelTimer?.();
    this.#cancelHeartbeat?.();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(code, reason);
    this.#requests.failAll(new OffhookError('unavailable'));
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#handlers.onState(state);
    if (this.#isFirst()) return;
    for (const resolve of this.#waitingForFirst.splice(0)) resolve();
  }
}
