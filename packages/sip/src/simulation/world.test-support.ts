import { SeededRandom, SimulatedNetwork, SipHost, VirtualClock } from '@offhook/testkit';
import type { NetworkConditions } from '@offhook/testkit';
import type { Body, EndpointEvent, EndpointOptions } from '../endpoint/api.ts';
import { SipEndpoint } from '../endpoint/endpoint.ts';

/** A user agent of a test with everything that it was told. */
export interface Party {
  readonly host: SipHost<SipEndpoint>;
  readonly events: EndpointEvent[];
  /** Called for each event after it was noted. */
  onEvent: (event: EndpointEvent) => void;
}

export interface World {
  readonly clock: VirtualClock;
  readonly network: SimulatedNetwork;
  readonly alice: Party;
  readonly bob: Party;
}

export const aliceUri = 'sip:alice@192.0.2.1';
export const bobUri = 'sip:bob@192.0.2.2';

/** Two endpoints on one simulated network. Without conditions the network is perfect. */
export function createWorld(
  options: {
    readonly seed?: number;
    readonly conditions?: NetworkConditions;
    readonly endpoint?: Partial<EndpointOptions>;
  } = {},
): World {
  const clock = new VirtualClock(1_000_000);
  const random = new SeededRandom(options.seed ?? 1);
  const network = new SimulatedNetwork({
    clock,
    random: random.fork(),
    ...(options.conditions !== undefined && { conditions: options.conditions }),
  });
  const party = (address: string): Party => {
    const place = { address, port: 5060 };
    const events: EndpointEvent[] = [];
    const endpoint = new SipEndpoint({
      random: random.fork().bytes,
      product: 'Test',
      local: [{ transport: 'udp', ...place }],
      ...options.endpoint,
    });
    const onEvent = (event: EndpointEvent): void => {
      events.push(event);
      made.onEvent(event);
    };
    const host = new SipHost({ network, clock, place, endpoint, onEvent });
    const made: Party = { host, events, onEvent: () => undefined };
    return made;
  };
  return { clock, network, alice: party('192.0.2.1'), bob: party('192.0.2.2') };
}

export function sdp(text: string): Body {
  return { contentType: 'application/sdp', bytes: new TextEncoder().encode(text) };
}

export function textOf(body: Body | undefined): string | undefined {
  return body === undefined ? undefined : new TextDecoder().decode(body.bytes);
}

type OfType<T extends EndpointEvent['type']> = Extract<EndpointEvent, { type: T }>;

/** The newest event of a type; throws where there is none. */
export function last<T extends EndpointEvent['type']>(party: Party, type: T): OfType<T> {
  const found = party.events.findLast((event): event is OfType<T> => event.type === type);
  if (found === undefined) {
    throw new Error(`no ${type} among ${party.events.map((event) => event.type).join(', ')}`);
  }
  return found;
}

export function all<T extends EndpointEvent['type']>(party: Party, type: T): OfType<T>[] {
  return party.events.filter((event): event is OfType<T> => event.type === type);
}

/** What has to be zero when everything is over. */
export const nothingLeft = {
  transactions: 0,
  dialogs: 0,
  sessions: 0,
  registrations: 0,
  timers: 0,
  subscriptions: 0,
  notifiers: 0,
  referrals: 0,
  referrers: 0,
};

export function leftovers(party: Party): Record<string, number> {
  const counts = party.host.endpoint.counts();
  const { transactions, dialogs, sessions, registrations, timers } = counts;
  const { subscriptions, notifiers, referrals, referrers } = counts;
  const ofSubscriptions = { subscriptions, notifiers, referrals, referrers };
  return { transactions, dialogs, sessions, registrations, timers, ...ofSubscriptions };
}
