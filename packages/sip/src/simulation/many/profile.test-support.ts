import type { NetworkConditions, SeededRandom } from '@offhook/testkit';
import { perfectNetwork, roughNetwork } from '@offhook/testkit';

/** What calls may have in them besides being made, answered, refused, cancelled and hung up. */
export type Feature =
  | 'delayed_offer'
  | 'early_media'
  /** Hold and retrieve, and offers that come at any time. */
  | 'reoffer'
  /** Both sides offer, or hang up, at the same instant. */
  | 'glare'
  | 'info'
  /** Reliable provisional responses (RFC 3262), with descriptions in them or not. */
  | 'prack'
  /** Offers by UPDATE (RFC 3311), before the answer as well. */
  | 'update'
  /** RFC 4028. */
  | 'session_timer'
  /** Over a server that asks for credentials and redirects (RFC 3261 sections 22.3 and 8.1.3.4). */
  | 'redirect'
  /** A third user takes the place of one side (RFC 3891). */
  | 'replaces'
  /** REFER, alone or after a consultation (RFC 5589). */
  | 'transfer';

export const allFeatures: readonly Feature[] = [
  'delayed_offer',
  'early_media',
  'reoffer',
  'glare',
  'info',
  'prack',
  'update',
  'session_timer',
  'redirect',
  'replaces',
  'transfer',
];

/** What a world does to its calls. */
export interface Profile {
  readonly name: string;
  /** Drawn for each link, which is one direction between two hosts. */
  readonly conditions: (random: SeededRandom) => NetworkConditions;
  /** Links that are cut, in a minute. */
  readonly cutsPerMinute: number;
  /** Hosts that lose all they know, in a minute. */
  readonly restartsPerMinute: number;
  /**
   * Whether a caller always gives up at some time. Without it a caller who has heard ringing waits for as long as the callee
   * rings (RFC 3261 section 17.1.1.2), which is for ever where its final response is lost.
   */
  readonly callersGiveUp: boolean;
}

/** No message is longer in the network than T4, 5 s: the transactions of RFC 3261 rest on that (section 17.1.2.2). */
const spikes = { every: 20_000, lasting: 2_000, late: 3_800 };

const rough = (): NetworkConditions => roughNetwork;

const perfect: Profile = {
  name: 'perfect',
  conditions: () => perfectNetwork,
  cutsPerMinute: 0,
  restartsPerMinute: 0,
  callersGiveUp: false,
};

export const profiles: readonly Profile[] = [
  perfect,
  { ...perfect, name: 'rough', conditions: rough },
  {
    ...perfect,
    name: 'terrible',
    conditions: (random) => ({
      loss: 0.3 * random.fraction(),
      duplication: 0.2 * random.fraction(),
      delay: [1, random.integer(20, 900)],
      spikes,
    }),
    callersGiveUp: true,
  },
  { ...perfect, name: 'cut', conditions: rough, cutsPerMinute: 6, callersGiveUp: true },
  { ...perfect, name: 'restarts', conditions: rough, restartsPerMinute: 3, callersGiveUp: true },
  {
    name: 'everything',
    conditions: (random) => ({
      loss: 0.15 * random.fraction(),
      duplication: 0.1 * random.fraction(),
      delay: [1, random.integer(20, 400)],
      spikes,
    }),
    cutsPerMinute: 2,
    restartsPerMinute: 1,
    callersGiveUp: true,
  },
];

/** Each seed has its profile, so that a seed alone says all. */
export function profileOf(seed: number): Profile {
  const profile = profiles[seed % profiles.length];
  if (profile === undefined) throw new Error(`no profile for seed ${seed}`);
  return profile;
}
