import type { VirtualClock } from './clock.ts';
import type { SeededRandom } from './random.ts';

/** How bad the network is. Probabilities from 0 to 1, times in milliseconds. */
export interface NetworkConditions {
  readonly loss: number;
  readonly duplication: number;
  /** Every datagram takes a time from this range; a wide range reorders. */
  readonly delay: readonly [least: number, most: number];
}

export const perfectNetwork: NetworkConditions = { loss: 0, duplication: 0, delay: [1, 1] };

/** Five per cent of everything that UDP may do to a datagram. */
export const roughNetwork: NetworkConditions = { loss: 0.05, duplication: 0.05, delay: [1, 120] };

export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface Datagram {
  readonly from: Place;
  readonly to: Place;
  readonly bytes: Uint8Array;
}

export interface NetworkCounts {
  readonly sent: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly delivered: number;
  /** Sent to a place where nobody listens. */
  readonly unreachable: number;
}

/**
 * A network of datagrams on a virtual clock: loss, duplication, delay and reordering drawn from a seed, so the
 * same seed gives the same run. It carries octets and knows no protocol.
 */
export class SimulatedNetwork {
  conditions: NetworkConditions;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #listeners = new Map<string, (datagram: Datagram) => void>();
  readonly #counts = { sent: 0, lost: 0, duplicated: 0, delivered: 0, unreachable: 0 };
  /** Sees every datagram as it is sent, with what becomes of it; for traces of failed runs. */
  onDatagram: ((datagram: Datagram, fate: 'lost' | 'sent' | 'duplicated') => void) | undefined;

  constructor(options: {
    readonly clock: VirtualClock;
    readonly random: SeededRandom;
    readonly conditions?: NetworkConditions;
  }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.conditions = options.conditions ?? perfectNetwork;
  }

  get counts(): NetworkCounts {
    return { ...this.#counts };
  }

  /** Throws when somebody listens there already. */
  listen(place: Place, receive: (datagram: Datagram) => void): Disposable {
    const key = keyOf(place);
    if (this.#listeners.has(key)) throw new Error(`somebody listens on ${key} already`);
    this.#listeners.set(key, receive);
    return { [Symbol.dispose]: () => this.#listeners.delete(key) };
  }

  send(datagram: Datagram): void {
    this.#counts.sent++;
    if (this.#random.chance(this.conditions.loss)) {
      this.#counts.lost++;
      this.onDatagram?.(datagram, 'lost');
      return;
    }
    this.#deliverLater(datagram);
    if (this.#random.chance(this.conditions.duplication)) {
      this.#counts.duplicated++;
      this.onDatagram?.(datagram, 'duplicated');
      this.#deliverLater(datagram);
      return;
    }
    this.onDatagram?.(datagram, 'sent');
  }

  #deliverLater(datagram: Datagram): void {
    const [least, most] = this.conditions.delay;
    this.#clock.after(least + this.#random.fraction() * (most - least), () => {
      const receive = this.#listeners.get(keyOf(datagram.to));
      if (receive === undefined) {
        this.#counts.unreachable++;
        return;
      }
      this.#counts.delivered++;
      receive(datagram);
    });
  }
}

const keyOf = (place: Place): string => `${place.address}:${place.port}`;
