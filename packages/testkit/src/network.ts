import type { VirtualClock } from './clock.ts';
import type { SeededRandom } from './random.ts';

/** How bad the network is. Probabilities from 0 to 1, times in milliseconds. */
export interface NetworkConditions {
  readonly loss: number;
  readonly duplication: number;
  /** Every datagram takes a time from this range; a wide range reorders. */
  readonly delay: readonly [least: number, most: number];
  /** Now and then everything is late; never, where nothing is said. */
  readonly spikes?: DelaySpikes;
}

/** Times in which a queue somewhere is full: what is sent then takes longer, all of it. Milliseconds. */
export interface DelaySpikes {
  /** From the end of one to the beginning of the next: up to twice this. */
  readonly every: number;
  /** How long one lasts. */
  readonly lasting: number;
  /** How much later a datagram is that was sent meanwhile: up to this. */
  readonly late: number;
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
  /** Sent over a link that was cut. */
  readonly cut: number;
  readonly duplicated: number;
  readonly delivered: number;
  /** Sent to a place where nobody listens. */
  readonly unreachable: number;
}

/** What becomes of a datagram when it is sent. */
export type Fate = 'sent' | 'lost' | 'cut' | 'duplicated';

interface Spike {
  from: number;
  until: number;
}

/**
 * A network of datagrams on a virtual clock: loss, duplication, delay and reordering drawn from a seed, so the
 * same seed gives the same run. It carries octets and knows no protocol.
 *
 * A link is one direction between two addresses. Each may have conditions of its own, and each may be cut.
 */
export class SimulatedNetwork {
  /** Of every link that has none of its own. */
  conditions: NetworkConditions;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #listeners = new Map<string, (datagram: Datagram) => void>();
  readonly #links = new Map<string, NetworkConditions>();
  /** How many have cut a link. */
  readonly #cuts = new Map<string, number>();
  readonly #spikes = new Map<DelaySpikes, Spike>();
  readonly #counts = { sent: 0, lost: 0, cut: 0, duplicated: 0, delivered: 0, unreachable: 0 };
  /** Sees every datagram as it is sent, with what becomes of it; for traces of failed runs. */
  onDatagram: ((datagram: Datagram, fate: Fate) => void) | undefined;
  /** Sees every datagram that somebody listens for, before he does: the same object as in `onDatagram`. */
  onDelivery: ((datagram: Datagram) => void) | undefined;

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

  /** Conditions of one direction between two addresses; `undefined` makes it like all others. */
  setLink(from: string, to: string, conditions: NetworkConditions | undefined): void {
    const key = linkOf(from, to);
    if (conditions === undefined) this.#links.delete(key);
    else this.#links.set(key, conditions);
  }

  /**
   * From now on nothing that is sent in this direction arrives; the other direction is not touched. What is on its way
   * arrives. Disposing of it mends the link, unless somebody else has cut it, too.
   */
  cut(from: string, to: string): Disposable {
    const key = linkOf(from, to);
    this.#cuts.set(key, (this.#cuts.get(key) ?? 0) + 1);
    let isMended = false;
    return {
      [Symbol.dispose]: () => {
        if (isMended) return;
        isMended = true;
        const left = (this.#cuts.get(key) ?? 0) - 1;
        if (left > 0) this.#cuts.set(key, left);
        else this.#cuts.delete(key);
      },
    };
  }

  send(datagram: Datagram): void {
    this.#counts.sent++;
    const key = linkOf(datagram.from.address, datagram.to.address);
    if (this.#cuts.has(key)) {
      this.#counts.cut++;
      this.onDatagram?.(datagram, 'cut');
      return;
    }
    const conditions = this.#links.get(key) ?? this.conditions;
    if (this.#random.chance(conditions.loss)) {
      this.#counts.lost++;
      this.onDatagram?.(datagram, 'lost');
      return;
    }
    this.#deliverLater(datagram, conditions);
    if (this.#random.chance(conditions.duplication)) {
      this.#counts.duplicated++;
      this.onDatagram?.(datagram, 'duplicated');
      this.#deliverLater(datagram, conditions);
      return;
    }
    this.onDatagram?.(datagram, 'sent');
  }

  #deliverLater(datagram: Datagram, { delay: [least, most], spikes }: NetworkConditions): void {
    const usual = least + this.#random.fraction() * (most - least);
    const late = spikes !== undefined && this.#isLate(spikes) ? this.#random.fraction() * spikes.late : 0;
    this.#clock.after(usual + late, () => {
      const receive = this.#listeners.get(keyOf(datagram.to));
      if (receive === undefined) {
        this.#counts.unreachable++;
        return;
      }
      this.#counts.delivered++;
      this.onDelivery?.(datagram);
      receive(datagram);
    });
  }

  /** Whether one of these spikes is now. They are drawn when somebody asks, so that an idle network has no appointments. */
  #isLate(spikes: DelaySpikes): boolean {
    const { now } = this.#clock;
    let spike = this.#spikes.get(spikes);
    if (spike === undefined) this.#spikes.set(spikes, (spike = this.#nextSpike(spikes, now)));
    // After a long silence the next one is counted from now.
    if (now >= spike.until + 10 * spikes.every) Object.assign(spike, this.#nextSpike(spikes, now));
    while (now >= spike.until) Object.assign(spike, this.#nextSpike(spikes, spike.until));
    return now >= spike.from;
  }

  #nextSpike({ every, lasting }: DelaySpikes, after: number): Spike {
    const from = after + 2 * every * this.#random.fraction();
    return { from, until: from + lasting };
  }
}

const keyOf = (place: Place): string => `${place.address}:${place.port}`;
const linkOf = (from: string, to: string): string => `${from} ${to}`;
