import { CALL_SERVICES } from '../service-names.ts';
import { BASIC_SERVICES } from './personality.ts';
import type { Personality } from './personality.ts';

/**
 * OpenScape Voice.
 *
 * Known: XML over TCP with the frames of ECMA-323 annex J, edition 4 and later, sessions of 600 s, device identifiers with `displayNumber`,
 * `noa=nk` and `uid`, the two misspellings, `servicesPermitted`, `staticOndDN` and `extendedServicesPermitted` in private data, and
 * that a push or pull is answered before the new INVITE.
 *
 * Inferred: the heartbeat of 60 s, the lead of the answer (real systems take tens of milliseconds), the names of `targetDevice` and
 * `autoAnswer`, what stands in `extendedServicesPermitted`, and that GetAgentState is not offered.
 */
export const openScapeVoice: Personality = {
  platform: 'openscape-voice',
  manufacturer: 'OpenScape Voice (practice)',
  editions: [4, 5, 6],
  isMisspelt: true,
  sessionSeconds: 600,
  heartbeatSeconds: 60,
  deviceNaming: 'described',
  services: [
    ...BASIC_SERVICES,
    ...CALL_SERVICES,
    'SetForwarding',
    'GetForwarding',
    'SetDoNotDisturb',
    'GetDoNotDisturb',
    'SetMessageWaitingIndicator',
    'GetMessageWaitingIndicator',
  ],
  sendsServicesPermitted: true,
  handOver: { answered: 'before_invite', leadMs: 10 },
  privateData: { staticOndDN: true, targetDevice: true, extendedServicesPermitted: true },
};
