import { openScapeVoice } from './openscape-voice.ts';
import type { Personality } from './personality.ts';

/**
 * OpenScape 4000.
 *
 * Known: device identifiers such as `N+1122334455` without a name, `staticOndDN`, and that a push or pull is answered after the new
 * INVITE has arrived.
 *
 * Inferred: numbers that are not international stand bare; edition 4 alone; the spelling of the standard; services as OpenScape Voice,
 * without single-step conference and with no private permissions; `servicesPermitted` is sent; the wait of 4 s is the one that clients
 * of the platform use.
 */
export const openScape4000: Personality = {
  platform: 'openscape-4000',
  manufacturer: 'OpenScape 4000 (practice)',
  editions: [4],
  isMisspelt: false,
  sessionSeconds: 600,
  heartbeatSeconds: 60,
  deviceNaming: 'plus',
  services: openScapeVoice.services.filter((service) => service !== 'SingleStepConferenceCall'),
  sendsServicesPermitted: true,
  handOver: { answered: 'after_invite', waitMs: 4000 },
  privateData: { staticOndDN: true, targetDevice: true, extendedServicesPermitted: false },
};
