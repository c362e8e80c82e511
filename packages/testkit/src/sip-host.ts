import type { EndpointEvent, Flow, Millis, SipEndpointApi, Target, Timer } from '@offhook/sip';
import type { VirtualClock } from './clock.ts';
import type { Place, SimulatedNetwork } from './network.ts';

/** The part of an endpoint that a driver sees. */
export type DrivenEndpoint = Pick<SipEndpointApi, 'handle' | 'poll' | 'deadline'>;

export interface SipHostOptions<Endpoint extends DrivenEndpoint> {
  readonly network: SimulatedNetwork;
  readonly clock: VirtualClock;
  readonly place: Place;
  readonly endpoint: Endpoint;
  /** Called for each event, in order, never re-entrantly. */
  readonly onEvent: (event: EndpointEvent) => void;
  /** Called when an input or a command and everything that came of it at once is done. */
  readonly onSettled?: () => void;
  /** What `resolve` finds; nothing for a name that is not in it. */
  readonly names?: Readonly<Record<string, readonly Target[]>>;
}

/**
 * Drives a pure endpoint on the simulated network and the virtual clock, as `sip-node` does with real ones:
 * UDP only.
 */
export class SipHost<Endpoint extends DrivenEndpoint> {
  readonly endpoint: Endpoint;
  readonly place: Place;
  readonly #options: SipHostOptions<Endpoint>;
  readonly #events: EndpointEvent[] = [];
  readonly #listener: Disposable;
  #delivering = false;
  #isDisposed = false;
  #timer: { readonly at: Millis; readonly timer: Timer } | undefined;

  constructor(options: SipHostOptions<Endpoint>) {
    this.#options = options;
    this.endpoint = options.endpoint;
    this.place = options.place;
    this.#listener = options.network.listen(options.place, ({ from, bytes }) => {
      const flow: Flow = {
        transport: 'udp',
        address: from.address,
        port: from.port,
        localAddress: this.place.address,
        localPort: this.place.port,
      };
      this.run((endpoint, now) => endpoint.handle({ kind: 'received', flow, bytes }, now));
    });
  }

  /** Runs commands with the time of now and carries out their effects. */
  run<R>(commands: (endpoint: Endpoint, now: Millis) => R): R {
    const result = commands(this.endpoint, this.#options.clock.now);
    this.#settle();
    return result;
  }

  /** Nothing reaches it any more, and its timer is cancelled: a pulled plug. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#listener[Symbol.dispose]();
    this.#timer?.timer.cancel();
    this.#timer = undefined;
  }

  #settle(): void {
    if (this.#isDisposed) return;
    this.#carryOut();
    if (!this.#delivering) {
      this.#delivering = true;
      try {
        for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
          this.#options.onEvent(event);
          this.#carryOut();
        }
      } finally {
        this.#delivering = false;
      }
    }
    this.#arm();
    if (!this.#delivering) this.#options.onSettled?.();
  }

  #carryOut(): void {
    const { clock, network, names } = this.#options;
    for (let effect = this.endpoint.poll(); effect !== undefined; effect = this.endpoint.poll()) {
      switch (effect.kind) {
        case 'send': {
          const { address, port } = effect.target;
          network.send({ from: this.place, to: { address, port }, bytes: effect.bytes });
          break;
        }
        case 'resolve':
          this.endpoint.handle(
            {
              kind: 'resolved',
              resolveId: effect.resolveId,
              targets: names?.[effect.host] ?? [],
            },
            clock.now,
          );
          break;
        case 'event':
          this.#events.push(effect.event);
          break;
        case 'close':
          break;
      }
    }
  }

  #arm(): void {
    const at = this.endpoint.deadline();
    if (at === this.#timer?.at) return;
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const timer = this.#options.clock.at(at, () => {
      this.#timer = undefined;
      this.run((endpoint, now) => endpoint.handle({ kind: 'tick' }, now));
    });
    this.#timer = { at, timer };
  }
}
