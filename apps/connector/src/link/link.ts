import {
  CloseCode,
  FrameToConnector,
  HEARTBEAT_SECONDS,
  linkEvents,
  OffhookError,
  PROTOCOL_VERSION,
  type AnyEvent,
  type Epoch,
  type LinkMethod,
  type LinkHello,
  type LinkWelcome,
  type Params,
  type RequestFrame,
  type linkMethods,
  type WireError,
} from '@offhook/contract';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { backoff, LATER, SOON, type BackoffBounds } from './backoff.ts';
import { Outbox, type OutgoingEvent } from './outbox.ts';
import { OutgoingRequests, type LinkResult } from './requests.ts';
import { RequestServer, type ConnectorHandlers } from './serve.ts';
import { LinkSocket, type SocketEnd } from './socket.ts';

export type LinkEventFromCloud = AnyEvent<typeof linkEvents>;

export interface CloudLinkOptions {
  readonly cloudUrl: string;
  readonly apiKey: string;
  /** Of this program. */
  readonly version: string;
  readonly epoch: Epoch;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly handlers: ConnectorHandlers;
  readonly onEvent: (event: LinkEventFromCloud) => void;
  /** The cloud has said welcome. */
  readonly onUp: (welcome: LinkWelcome) => void;
  /** After each `onUp`, once. */
  readonly onDown: () => void;
  /** A request of the cloud was carried out, but its answer cannot be delivered: who asked does not know. */
  readonly onUndelivered: (method: string) => void;
  /** Opens a socket to the cloud; other than in tests, {@link LinkSocket}. */
  readonly openSocket?: (...args: ConstructorParameters<typeof LinkSocket>) => LinkPort;
}

/** What the link needs of its socket. */
export type LinkPort = Pick<LinkSocket, 'open' | 'waiting' | 'send' | 'ping' | 'close' | 'terminate'>;

/**
 * ```
 *  waiting ──► dialling ── open ──► greeting ── welcome ──► up
 *     ▲            │                    │                   │
 *     └────────────┴────── closed ──────┴───────────────────┘        stopped: from anywhere
 * ```
 */
type State =
  | { readonly name: 'waiting'; readonly cancel: () => void }
  | { readonly name: 'dialling'; readonly socket: LinkPort }
  | { readonly name: 'greeting'; readonly socket: LinkPort; readonly cancel: () => void }
  | Up
  | { readonly name: 'stopped' };

interface Up {
  readonly name: 'up';
  readonly socket: LinkPort;
  readonly requests: OutgoingRequests;
  readonly outbox: Outbox;
  readonly heartbeat: number;
  cancelHeartbeat: () => void;
  lastLife: number;
  seqIn: number;
  seqOut: number;
}

const OUTBOX_LIMIT = 10_000;
/** Octets that may wait in the socket before events stay in the outbox, where they can be merged. */
const SOCKET_WAITING = 256 * 1024;
/** A cloud that was away for long and is back is soon looked for again, should it leave once more. */
const ATTEMPT_AFTER_WELCOME = 2;
const WELCOME_TIMEOUT = 10_000;

/**
 * The connector's only connection to the cloud. It is dialled from here, again and again with back-off and jitter;
 * while it is down, calls go on and nothing is queued: after a reconnect the cloud asks for snapshots.
 */
export class CloudLink {
  readonly #options: CloudLinkOptions;
  readonly #server: RequestServer;
  #state: State = { name: 'stopped' };
  #attempt = 0;
  /** A socket that stayed up for a while starts the back-off anew; one that closes at once does not. */
  #upSince: number | undefined;
  #refused: WireError | undefined;
  #connects = 0;
  #stopped: (() => void) | undefined;

  constructor(options: CloudLinkOptions) {
    this.#options = options;
    this.#server = new RequestServer(options.handlers, options.log);
  }

  get up(): boolean {
    return this.#state.name === 'up';
  }

  /** How often the cloud has said welcome. */
  get connects(): number {
    return this.#connects;
  }

  start(): void {
    if (this.#state.name === 'stopped') this.#dial();
  }

  /** Resolves when the socket is closed, after a second at the latest. */
  async stop(): Promise<void> {
    const state = this.#state;
    switch (state.name) {
      case 'stopped':
        return;
      case 'waiting':
        state.cancel();
        this.#state = { name: 'stopped' };
        return;
      case 'dialling':
      case 'greeting':
        if (state.name === 'greeting') state.cancel();
        this.#state = { name: 'stopped' };
        state.socket.terminate();
        return;
      case 'up': {
        const closed = new Promise<void>((resolve) => {
          this.#stopped = resolve;
        });
        const cancel = this.#options.clock.after(1000, () => {
          state.socket.terminate();
        });
        state.socket.close(CloseCode.GoingAway, 'connector stops');
        await closed;
        cancel();
      }
    }
  }

  /** Dropped while the link is down: the cloud asks for a snapshot when it is up again. */
  publish(event: OutgoingEvent): void {
    const state = this.#state;
    if (state.name !== 'up') return;
    if (state.outbox.push(event)) this.#flush(state);
    else {
      this.#options.log.warn({ limit: OUTBOX_LIMIT }, 'the cloud reads too slowly: reconnecting');
      state.socket.close(CloseCode.TooSlow, 'outgoing queue is full');
      state.outbox.clear();
    }
  }

  /** Rejects with `OffhookError`; `unavailable` while the link is down. */
  async request<M extends LinkMethod>(
    method: M,
    params: Params<typeof linkMethods, M>,
  ): Promise<LinkResult<M>> {
    if (this.#state.name !== 'up') throw new OffhookError('unavailable');
    return await this.#state.requests.request(method, params);
  }

  #dial(): void {
    const { cloudUrl, apiKey, version, openSocket } = this.#options;
    this.#refused = undefined;
    const open = openSocket ?? ((...args) => new LinkSocket(...args));
    const socket: LinkPort = open(cloudUrl, apiKey, `offhook-connector/${version}`, {
      onOpen: () => {
        this.#greet(socket);
      },
      onText: (text) => {
        this.#onText(socket, text);
      },
      onLife: () => {
        if (this.#state.name === 'up') this.#state.lastLife = this.#options.clock.now().at;
      },
      onClosed: (end) => {
        this.#onClosed(socket, end);
      },
    });
    this.#state = { name: 'dialling', socket };
  }

  #greet(socket: LinkPort): void {
    if (this.#state.name !== 'dialling' || this.#state.socket !== socket) return;
    const { clock, version, epoch } = this.#options;
    const cancel = clock.after(WELCOME_TIMEOUT, () => {
      socket.terminate();
    });
    this.#state = { name: 'greeting', socket, cancel };
    const hello: LinkHello = {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      version,
      epoch,
      canDrain: true,
    };
    socket.send(JSON.stringify(hello));
  }

  #onText(socket: LinkPort, text: string): void {
    const frame = parseFrame(text);
    if (frame === undefined) {
      this.#bad(socket, 'a frame that is not understood');
      return;
    }
    const state = this.#state;
    if (frame.type === 'refused') {
      this.#refused = frame.error;
      return;
    }
    if (frame.type === 'welcome') {
      if (state.name === 'greeting') this.#welcome(state, frame);
      else this.#bad(socket, 'welcome twice');
      return;
    }
    if (state.name !== 'up') {
      if (state.name === 'greeting') this.#bad(socket, 'a frame before welcome');
      return;
    }
    switch (frame.type) {
      case 'request':
        void this.#serve(socket, frame);
        break;
      case 'answer':
        state.requests.onAnswer(frame);
        break;
      case 'event':
        this.#onEventFrame(state, frame);
        break;
    }
  }

  async #serve(socket: LinkPort, frame: RequestFrame): Promise<void> {
    const answer = await this.#server.answer(frame);
    if (socket.open) this.#send(socket, JSON.stringify(answer));
    else if (answer.ok) this.#options.onUndelivered(frame.method);
  }

  /** When it has left, there may be room for events that wait. */
  #send(socket: LinkPort, text: string): void {
    socket.send(text, () => {
      const state = this.#state;
      if (state.name === 'up' && state.socket === socket) this.#flush(state);
    });
  }

  #onEventFrame(state: Up, frame: Extract<FrameToConnector, { type: 'event' }>): void {
    if (frame.seq !== state.seqIn + 1) {
      this.#bad(state.socket, 'a gap in the numbers of its events');
      return;
    }
    state.seqIn = frame.seq;
    // A newer cloud may tell of things that this build does not know.
    if (!Object.hasOwn(linkEvents, frame.name)) return;
    const name = frame.name as keyof typeof linkEvents;
    const data = linkEvents[name].safeParse(frame.data);
    if (data.success) this.#options.onEvent({ name, data: data.data } as LinkEventFromCloud);
    else this.#bad(state.socket, `an event ${name} that is not understood`);
  }

  #bad(socket: LinkPort, what: string): void {
    this.#options.log.error({ what }, 'the cloud sent nonsense: reconnecting');
    socket.close(CloseCode.BadFrame, what);
  }

  #welcome(greeting: Extract<State, { name: 'greeting' }>, welcome: LinkWelcome): void {
    greeting.cancel();
    const { clock, log } = this.#options;
    const { socket } = greeting;
    const up: Up = {
      name: 'up',
      socket,
      requests: new OutgoingRequests(clock, (text) => {
        this.#send(socket, text);
      }),
      outbox: new Outbox(OUTBOX_LIMIT),
      heartbeat: welcome.heartbeatSeconds * 1000,
      cancelHeartbeat: () => {},
      lastLife: clock.now().at,
      seqIn: 0,
      seqOut: 0,
    };
    this.#state = up;
    this.#upSince = clock.now().at;
    this.#connects += 1;
    this.#attempt = Math.min(this.#attempt, ATTEMPT_AFTER_WELCOME);
    this.#beat(up);
    log.info({ connectorId: welcome.connectorId, tenantId: welcome.tenantId }, 'connected to the cloud');
    this.#options.onUp(welcome);
  }

  #beat(up: Up): void {
    const { clock, log } = this.#options;
    up.cancelHeartbeat = clock.after(up.heartbeat, () => {
      if (clock.now().at - up.lastLife > 2 * up.heartbeat) {
        log.warn('the cloud is silent: reconnecting');
        up.socket.terminate();
        return;
      }
      up.socket.ping();
      this.#beat(up);
    });
  }

  #flush(up: Up): void {
    while (up.outbox.size > 0 && up.socket.waiting < SOCKET_WAITING) {
      const event = up.outbox.shift();
      if (event === undefined) return;
      up.seqOut += 1;
      const frame = { type: 'event', seq: up.seqOut, name: event.name, data: event.data };
      this.#send(up.socket, JSON.stringify(frame));
    }
  }

  #onClosed(socket: LinkPort, end: SocketEnd): void {
    const state = this.#state;
    if (state.name === 'stopped' || state.name === 'waiting' || state.socket !== socket) return;
    if (state.name === 'greeting') state.cancel();
    if (state.name === 'up') {
      state.cancelHeartbeat();
      state.requests.close();
    }
    const { clock, random, log } = this.#options;
    // A link that held for a while was a good one; a cloud that takes and drops us at once is given time.
    if (this.#upSince !== undefined && clock.now().at - this.#upSince > HEARTBEAT_SECONDS * 1000) {
      this.#attempt = 0;
    }
    this.#upSince = undefined;
    if (this.#stopped === undefined) {
      const { bounds, words } = this.#judge(end);
      const delay = backoff(this.#attempt, random(), bounds);
      this.#attempt += 1;
      const fields = { cloudUrl: this.#options.cloudUrl, nextAttemptMs: delay };
      if (bounds === LATER) log.error(fields, words);
      else log.warn(fields, words);
      const cancel = clock.after(delay, () => {
        this.#dial();
      });
      this.#state = { name: 'waiting', cancel };
    } else {
      this.#state = { name: 'stopped' };
      this.#stopped();
      this.#stopped = undefined;
    }
    if (state.name === 'up') this.#options.onDown();
  }

  /** How soon to come back, and what to tell the administrator. */
  #judge(end: SocketEnd): { bounds: BackoffBounds; words: string } {
    switch (end.kind) {
      case 'error':
        return { bounds: SOON, words: `the cloud cannot be reached: ${end.text}` };
      case 'refused': {
        const { status, error } = end.refusal;
        if (status === 401 || status === 403) {
          return {
            bounds: LATER,
            words: `the cloud refuses this connector: ${error?.message ?? 'The API key is not valid.'}`,
          };
        }
        const said = error === undefined ? `HTTP status ${String(status)}` : error.message;
        return { bounds: SOON, words: `the cloud does not take the connection: ${said}` };
      }
      case 'closed': {
        const why = this.#refused?.message ?? end.reason;
        switch (end.code) {
          case CloseCode.Unauthenticated:
          case CloseCode.ProtocolUnsupported:
            return { bounds: LATER, words: `the cloud refuses this connector: ${why}` };
          case CloseCode.Replaced:
            return {
              bounds: LATER,
              words: 'another connector has connected with the same API key and taken this one’s place',
            };
          default:
            return {
              bounds: SOON,
              words: `the connection to the cloud is closed (${String(end.code)} ${why})`,
            };
        }
      }
    }
  }
}

function parseFrame(text: string): FrameToConnector | undefined {
  try {
    return FrameToConnector.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
