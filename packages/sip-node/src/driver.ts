import type { Effect, EndpointEvent, Flow, Input, Millis, SipEndpointApi, Target } from '@offhook/sip';

/** What an endpoint's effects need from the world. */
export interface World {
  /** Milliseconds of a clock that only goes forward. */
  now(): Millis;
  send(target: Target, bytes: Uint8Array): void;
  close(flow: Flow): void;
  resolve(query: Extract<Effect, { kind: 'resolve' }>): void;
  deliver(event: EndpointEvent): void;
}

/**
 * The loop between a pure endpoint and the world: input or command, then every effect, then one timer.
 *
 * Events are delivered one after the other and never from inside a command, so that whoever calls `invite`
 * holds the session's id before the session's first event comes.
 */
export class Driver {
  readonly #endpoint: SipEndpointApi;
  readonly #world: World;
  readonly #events: EndpointEvent[] = [];
  #delivering = false;
  #timer: { readonly at: Millis; readonly handle: NodeJS.Timeout } | undefined;
  #closed = false;

  constructor(endpoint: SipEndpointApi, world: World) {
    this.#endpoint = endpoint;
    this.#world = world;
  }

  run<R>(commands: (endpoint: SipEndpointApi, now: Millis) => R): R {
    try {
      return commands(this.#endpoint, this.#world.now());
    } finally {
      this.#carryOut();
      if (this.#events.length > 0 && !this.#delivering) queueMicrotask(() => this.#deliver());
    }
  }

  input(input: Input): void {
    if (this.#closed) return;
    this.#endpoint.handle(input, this.#world.now());
    this.#carryOut();
    this.#deliver();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) clearTimeout(this.#timer.handle);
    this.#timer = undefined;
    this.#events.length = 0;
  }

  #carryOut(): void {
    for (let effect = this.#endpoint.poll(); effect !== undefined; effect = this.#endpoint.poll()) {
      if (this.#closed) continue;
      switch (effect.kind) {
        case 'send':
          this.#world.send(effect.target, effect.bytes);
          break;
        case 'close':
          this.#world.close(effect.flow);
          break;
        case 'resolve':
          this.#world.resolve(effect);
          break;
        case 'event':
          this.#events.push(effect.event);
          break;
      }
    }
    this.#arm();
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
        this.#world.deliver(event);
      }
    } finally {
      this.#delivering = false;
      // A listener that threw must not hold back the events behind its own.
      if (this.#events.length > 0) queueMicrotask(() => this.#deliver());
    }
  }

  /**
   * One timer of the system for all. Where the next deadline is later than what it is set for, it stays: a tick that finds
   * nothing due costs less than a new timer for each message.
   */
  #arm(): void {
    const at = this.#closed ? undefined : this.#endpoint.deadline();
    if (at !== undefined && this.#timer !== undefined && this.#timer.at <= at) return;
    if (this.#timer !== undefined) clearTimeout(this.#timer.handle);
    this.#timer = undefined;
    if (at === undefined) return;
    const delay = Math.min(Math.max(0, Math.ceil(at - this.#world.now())) + GRAIN, LONGEST_TIMER);
    const handle = setTimeout(this.#tick, delay);
    this.#timer = { at, handle };
  }

  readonly #tick = (): void => {
    this.#timer = undefined;
    this.input({ kind: 'tick' });
  };
}

/** Milliseconds by which a tick is late, to serve what becomes due meanwhile too. SIP's timers are 200 ms and more. */
const GRAIN = 4;

/** `setTimeout` fires at once beyond 2^31 − 1 ms; an early tick only arms the timer anew. */
const LONGEST_TIMER = 2 ** 31 - 1;
