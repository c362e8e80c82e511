import type { EndpointEvent, EndpointLimits, Flow } from '../../endpoint/api.ts';
import { SipEndpoint } from '../../endpoint/endpoint.ts';
import { parseMessage } from '../../message/parse.ts';
import { serialise } from '../../message/serialise.ts';
import type { SipMessage } from '../../message/types.ts';
import type { Entropy } from '../entropy.ts';
import { demand } from '../entropy.ts';
import { WildApplication } from './application.ts';
import { WildPeer, withNoise } from './peer.ts';

export interface EpisodeOptions {
  readonly entropy: Entropy;
  /** Any octets that might be a message. */
  readonly noise: () => Uint8Array;
  /** Of a broken message. */
  readonly damage: (bytes: Uint8Array) => Uint8Array;
  /** Called around each input, for the time that it takes. */
  readonly timed: (work: () => void) => void;
  /** Inputs and commands; by default some dozens. */
  readonly steps?: number;
  /** Everything is over and the endpoint still there: the time to weigh it. */
  readonly onOver?: () => void;
}

const here = { address: '192.0.2.1', port: 5060 };
const udp: Flow = {
  transport: 'udp',
  address: '192.0.2.2',
  port: 5060,
  localAddress: here.address,
  localPort: here.port,
};
const MOST_REFLEXES = 20;
const MOST_EFFECTS = 2_000;
const LONGEST_LOOK_UP = 64_000;
const MOST_VIRTUAL_TIME = 40_000_000;

/**
 * One endpoint in the middle of calls, with a peer and an application that do anything at any time, on virtual time. At the
 * end everything is ended, and after all timers nothing may be left.
 *
 * @returns the number of messages that the endpoint was given
 */
export function runEpisode(options: EpisodeOptions): number {
  const episode = new Episode(options);
  for (let steps = options.steps ?? options.entropy.integer(20, 150); steps > 0; steps -= 1) episode.step();
  episode.finish();
  options.onOver?.();
  // Used after it was weighed, so that it is alive until then.
  return episode.messages;
}

class Episode {
  messages = 0;
  readonly #options: EpisodeOptions;
  readonly #endpoint: SipEndpoint;
  readonly #limits: EndpointLimits;
  readonly #peer: WildPeer;
  readonly #application: WildApplication;
  readonly #earlier: Uint8Array[] = [];
  /** What sane ones would do next; most of it is done. */
  readonly #reflexes: (() => void)[] = [];
  #now = 1_000_000;

  constructor(options: EpisodeOptions) {
    const { entropy } = options;
    this.#options = options;
    this.#limits = {
      transactions: entropy.pick([8, 60, 1_000, 1_000]),
      sessions: entropy.pick([2, 10, 100]),
      registrations: 3,
      forksPerInvite: entropy.pick([1, 4]),
      streams: 2,
      notifiers: entropy.pick([2, 20]),
    };
    this.#endpoint = new SipEndpoint({
      random: (length) => entropy.bytes(length),
      product: 'Fuzz',
      local: [
        { transport: 'udp', ...here },
        { transport: 'tcp', ...here },
      ],
      limits: this.#limits,
      unsolicited: ['message-summary'],
    });
    this.#peer = new WildPeer(entropy);
    this.#application = new WildApplication(this.#endpoint, entropy);
  }

  step(): void {
    const { entropy, noise, damage } = this.#options;
    const reflex = entropy.chance(0.6) ? this.#reflexes.shift() : undefined;
    if (reflex !== undefined) {
      reflex();
      return;
    }
    const dice = entropy.fraction();
    if (dice < 0.12) this.#receive(noise());
    else if (dice < 0.37) this.#receiveMessage(this.#peer.response());
    else if (dice < 0.55) this.#receiveMessage(this.#peer.requestInDialog());
    else if (dice < 0.59) this.#receiveMessage(this.#peer.notify());
    else if (dice < 0.66) this.#receiveMessage(this.#peer.newRequest());
    else if (dice < 0.71) this.#receiveMessage(this.#peer.aboutInvite());
    else if (dice < 0.76 && this.#earlier.length > 0) this.#receive(entropy.pick(this.#earlier));
    else if (dice < 0.79 && this.#earlier.length > 0) this.#receive(damage(entropy.pick(this.#earlier)));
    else if (dice < 0.91) this.#act(() => this.#application.acts(this.#now));
    else if (dice < 0.97) this.#advance(entropy.pick([1, 100, 500, 5_000, 40_000, 700_000]));
    else this.#transportEvent();
  }

  /** Everything is ended; what is left afterwards would be left for ever. */
  finish(): void {
    this.#act(() => this.#application.leaves(this.#now));
    let end = this.#now + MOST_VIRTUAL_TIME;
    for (let at = this.#endpoint.deadline(); at !== undefined; at = this.#endpoint.deadline()) {
      demand(at <= end, 'timers end with what they belong to');
      this.#tick(at);
      const { transactions, sessions, registrations } = this.#endpoint.counts();
      // What may still wait then is the look-up of a name.
      const isQuiet = transactions + sessions + registrations + this.#subscriptions === 0;
      if (isQuiet) end = Math.min(end, this.#now + LONGEST_LOOK_UP);
    }
    const { transactions, dialogs, sessions, registrations, timers } = this.#endpoint.counts();
    const subscriptions = this.#subscriptions;
    const left = { transactions, dialogs, sessions, registrations, subscriptions, timers };
    demand(
      Object.values(left).every((count) => count === 0),
      `nothing is left over: ${JSON.stringify(left)}`,
    );
    demand(this.#application.sessions === 0, 'every session has ended with an event');
    demand(this.#application.subscriptions === 0, 'every subscription has ended with an event');
  }

  /** In both directions. */
  get #subscriptions(): number {
    const { subscriptions, notifiers, referrals, referrers } = this.#endpoint.counts();
    return subscriptions + notifiers + referrals + referrers;
  }

  #receiveMessage(message: SipMessage | undefined): void {
    if (message === undefined) return;
    const { entropy, damage } = this.#options;
    const bytes = serialise(withNoise(message, entropy));
    this.#receive(entropy.chance(0.06) ? damage(bytes) : bytes);
  }

  #receive(bytes: Uint8Array): void {
    this.messages += 1;
    this.#earlier.push(bytes);
    if (this.#earlier.length > 16) this.#earlier.shift();
    const flow = this.#flow();
    this.#act(() => this.#endpoint.handle({ kind: 'received', flow, bytes }, this.#now));
  }

  #flow(): Flow {
    const { entropy } = this.#options;
    if (entropy.chance(0.85)) return udp;
    return { ...udp, transport: 'tcp', connectionId: `tcp-${entropy.integer(0, 3)}` };
  }

  #transportEvent(): void {
    const { entropy } = this.#options;
    const flow = this.#flow();
    const events: readonly (() => void)[] = [
      () => this.#endpoint.handle({ kind: 'transport_error', target: flow, text: 'refused' }, this.#now),
      () => this.#endpoint.handle({ kind: 'closed', flow }, this.#now),
      () =>
        this.#endpoint.handle(
          { kind: 'resolved', resolveId: entropy.integer(0, 9), targets: [udp] },
          this.#now,
        ),
      () => this.#endpoint.handle({ kind: 'tick' }, this.#now),
    ];
    this.#act(entropy.pick(events));
  }

  #advance(duration: number): void {
    const until = this.#now + duration;
    for (
      let at = this.#endpoint.deadline();
      at !== undefined && at <= until;
      at = this.#endpoint.deadline()
    ) {
      this.#tick(at);
    }
    this.#now = until;
  }

  #tick(at: number): void {
    this.#now = Math.max(this.#now, at);
    this.#act(() => this.#endpoint.handle({ kind: 'tick' }, this.#now));
  }

  #act(work: () => void): void {
    this.#options.timed(work);
    this.#drain();
    this.#checkBounds();
  }

  #drain(): void {
    let effects = 0;
    for (let effect = this.#endpoint.poll(); effect !== undefined; effect = this.#endpoint.poll()) {
      effects += 1;
      demand(effects <= MOST_EFFECTS, 'one input has a bounded number of effects');
      switch (effect.kind) {
        case 'send':
          this.#sent(effect.bytes);
          break;
        case 'event':
          this.#hears(effect.event);
          break;
        case 'resolve': {
          const { resolveId } = effect;
          const targets = this.#options.entropy.chance(0.7) ? [udp] : [];
          if (this.#options.entropy.chance(0.8)) {
            this.#endpoint.handle({ kind: 'resolved', resolveId, targets }, this.#now);
          }
          break;
        }
        case 'close':
          this.#endpoint.handle({ kind: 'closed', flow: effect.flow }, this.#now);
          break;
      }
    }
  }

  #sent(bytes: Uint8Array): void {
    demand(bytes.length > 0 && bytes.length < 200_000, 'what is sent has a sane length');
    if (bytes.length <= 4) return;
    const message = parseMessage(bytes, { messageBytes: 200_000, headerCount: 400 });
    if (message.kind === 'fault') {
      // The answer to a malformed request has to repeat its headers.
      const start = Buffer.from(bytes.subarray(0, 9)).toString('latin1');
      demand(/^SIP\/2\.0 [45]/.test(start), `what is sent can be read: ${message.text}`);
    } else {
      this.#peer.hears(message);
      this.#mean(() => this.#receiveMessage(this.#peer.reflex(message)));
    }
  }

  #hears(event: EndpointEvent): void {
    this.#application.hears(event);
    this.#mean(() => this.#act(() => this.#application.reflex(event, this.#now)));
  }

  #mean(reflex: () => void): void {
    if (this.#reflexes.length < MOST_REFLEXES && this.#options.entropy.chance(0.6))
      this.#reflexes.push(reflex);
  }

  #checkBounds(): void {
    const counts = this.#endpoint.counts();
    const { transactions, dialogs, sessions, registrations, timers } = counts;
    demand(transactions <= this.#limits.transactions + 1, `transactions are bounded: ${transactions}`);
    demand(sessions <= this.#limits.sessions, `sessions are bounded: ${sessions}`);
    demand(registrations <= this.#limits.registrations, `registrations are bounded: ${registrations}`);
    const { notifiers, referrers } = counts;
    demand(notifiers + referrers <= this.#limits.notifiers, `notifiers are bounded: ${notifiers}`);
    const subscriptions = this.#subscriptions;
    demand(
      dialogs <= sessions * (this.#limits.forksPerInvite + 1) + subscriptions,
      `dialogs are bounded: ${dialogs} of ${sessions} and ${subscriptions}`,
    );
    const mostTimers = 2 * transactions + 40 * (sessions + registrations) + 2 * subscriptions + 400;
    demand(timers <= mostTimers, `timers are bounded: ${timers} of ${JSON.stringify(counts)}`);
    const { limits, ...numbers } = counts;
    for (const [name, count] of Object.entries({ ...numbers, ...limits })) {
      demand(count >= 0, `${name} is not negative`);
    }
  }
}
