import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type {
  CstaClientEffect,
  CstaClientOptions,
  CstaClientStatus,
  CstaEvent,
  CstaOutcome,
  CstaRequest,
  MessageNamed,
  Note,
  ResponseTo,
  SystemStatusValue,
} from '@offhook/csta';
import { CstaClient } from '@offhook/csta';
import { LimitCounts } from './limits.ts';
import type { CstaLimit } from './limits.ts';
import { Line } from './line.ts';
import type { TlsOptions } from './tls.ts';
import { contextOf, dialTls, problemOf } from './tls.ts';
import type { CstaTrace } from './trace.ts';
import { Tracer } from './trace.ts';
import { call, monotonic, Wake } from './wake.ts';

export interface CstaLinkOptions {
  readonly host: string;
  /** OpenScape Voice: 1040. */
  readonly port: number;
  readonly tls?: TlsOptions;
  readonly client: Omit<CstaClientOptions, 'random'>;
  /** Octets that may wait for a server that does not read; 4 MiB. */
  readonly queuedBytes?: number;
  /** Each change, in order. After `ready` every monitor has to be started anew. */
  readonly onStatus?: (status: CstaClientStatus) => void;
  readonly onEvent: (event: CstaEvent | MessageNamed<'MonitorStop'>) => void;
  readonly onSystemStatus?: (status: SystemStatusValue) => void;
  /** For the log. */
  readonly onNote?: (note: Note) => void;
  readonly onTrace?: (trace: CstaTrace) => void;
}

export interface CstaLink {
  readonly status: CstaClientStatus;
  /** Never rejects: what went wrong is in the outcome. */
  request<R extends CstaRequest>(request: R, timeoutMs?: number): Promise<CstaOutcome<ResponseTo<R['name']>>>;
  /** Since the start, how often each bound was met. */
  readonly limits: Readonly<Record<CstaLimit, number>>;
  /** Ends the session in order and closes the link; for ever. */
  stop(): Promise<void>;
}

export const defaultQueuedBytes = 4 * 1024 * 1024;

/** Dials, keeps a session, and comes back when it is lost. Throws in words where the TLS options cannot be used. */
export function openCstaLink(options: CstaLinkOptions): CstaLink {
  return new NodeLink(options);
}

class NodeLink implements CstaLink {
  readonly #options: CstaLinkOptions;
  readonly #client: CstaClient;
  readonly #counts = new LimitCounts();
  readonly #wake = new Wake();
  readonly #tracer: Tracer;
  readonly #dial: () => { readonly socket: Socket; readonly opened: 'connect' | 'secureConnect' };
  readonly #peer: string;
  readonly #answers = new Map<number, (outcome: CstaOutcome) => void>();
  readonly #whenStopped = Promise.withResolvers<void>();
  #lastKey = 0;
  #line: Line | undefined;
  #isOpened = false;
  #isStopping = false;
  #closing: Promise<void> = Promise.resolve();
  #isRunning = false;
  #status: CstaClientStatus = { name: 'idle' };

  constructor(options: CstaLinkOptions) {
    const { host, port, tls } = options;
    this.#options = options;
    this.#peer = `${host}:${port}`;
    this.#tracer = new Tracer(options.onTrace && ((trace) => call(options.onTrace, trace)));
    this.#client = new CstaClient({ ...options.client, random: () => randomInt(2 ** 32) / 2 ** 32 });
    if (tls === undefined) {
      this.#dial = () => ({
        socket: connect({ host, port, noDelay: true, keepAlive: true }),
        opened: 'connect',
      });
    } else {
      const context = contextOf(tls);
      this.#dial = () => ({ socket: dialTls(host, port, context, tls), opened: 'secureConnect' });
    }
    this.#client.handle({ kind: 'start' }, monotonic());
    // The owner does not have what we return yet: it hears of everything afterwards.
    queueMicrotask(() => this.#run());
  }

  get status(): CstaClientStatus {
    return this.#status;
  }

  get limits(): Readonly<Record<CstaLimit, number>> {
    return this.#counts.all;
  }

  request<R extends CstaRequest>(
    request: R,
    timeoutMs?: number,
  ): Promise<CstaOutcome<ResponseTo<R['name']>>> {
    this.#lastKey += 1;
    const { promise, resolve } = Promise.withResolvers<CstaOutcome>();
    this.#answers.set(this.#lastKey, resolve);
    this.#client.request(this.#lastKey, request, monotonic(), timeoutMs);
    this.#run();
    // The client lets no answer through that is not the request's own.
    return promise as Promise<CstaOutcome<ResponseTo<R['name']>>>;
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    this.#client.handle({ kind: 'stop' }, monotonic());
    this.#run();
    return this.#whenStopped.promise;
  }

  /** Carries out what there is to do; what the owner does meanwhile comes behind. */
  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let effect = this.#client.poll(); effect !== undefined; effect = this.#client.poll()) {
      this.#carryOut(effect);
    }
    this.#isRunning = false;
    this.#wake.set(this.#client.deadline(), () => this.#handle({ kind: 'tick' }));
  }

  #handle(input: Parameters<CstaClient['handle']>[0]): void {
    this.#client.handle(input, monotonic());
    this.#run();
  }

  #carryOut(effect: CstaClientEffect): void {
    const { onEvent, onNote, onStatus, onSystemStatus } = this.#options;
    switch (effect.kind) {
      case 'connect':
        this.#connect();
        return;
      case 'send':
        this.#tracer.out(effect.octets);
        this.#line?.send(effect.octets);
        return;
      case 'disconnect':
        this.#disconnect();
        return;
      case 'status':
        this.#status = effect.status;
        call(onStatus, effect.status);
        if (effect.status.name === 'stopped') this.#stopped();
        return;
      case 'event':
        call(onEvent, effect.event);
        return;
      case 'answer':
        this.#answers.get(effect.key)?.(effect.outcome);
        this.#answers.delete(effect.key);
        return;
      case 'system_status':
        call(onSystemStatus, effect.status);
        return;
      case 'limit':
        this.#counts.count(effect.limit);
        return;
      case 'note':
        call(onNote, effect);
    }
  }

  #connect(): void {
    const { socket, opened } = this.#dial();
    this.#isOpened = false;
    this.#tracer.reset();
    const line = new Line(socket, this.#options.queuedBytes ?? defaultQueuedBytes, {
      received: (octets) => {
        this.#tracer.in(octets);
        this.#handle({ kind: 'received', octets });
      },
      closed: (error) => {
        if (this.#line === line) this.#line = undefined;
        this.#handle({ kind: 'closed', text: problemOf(this.#peer, error) });
      },
      overflowed: () => this.#counts.count('link_queue'),
    });
    this.#line = line;
    socket.once(opened, () => {
      if (this.#line !== line) return;
      this.#isOpened = true;
      this.#handle({ kind: 'opened' });
    });
  }

  #disconnect(): void {
    if (this.#line === undefined) return;
    if (this.#isOpened) this.#closing = this.#line.close();
    else {
      if (!this.#isStopping) this.#counts.count('link_time');
      this.#line.abort();
    }
    this.#line = undefined;
  }

  #stopped(): void {
    void this.#closing.then(this.#whenStopped.resolve);
  }
}
