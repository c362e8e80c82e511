import { allServicesBut } from '../csta/everything.ts';
import type { CstaProfile } from '../csta/profile.ts';

/**
 * OpenScape 4000: CSTA III XML beside SIP. The clients' line is an auxiliary SIP device that cannot be called directly and is never
 * displayed. Device identifiers have the form `N+1122334455`, without a name; a transfer is answered only when its INVITE has arrived.
 *
 * Not known of it, and inferred: as for OpenScape Voice; besides, whether the same port and session start are used.
 */
export const OPENSCAPE_4000: CstaProfile = {
  kind: 'openscape-4000',
  name: 'OpenScape 4000',
  tries: allServicesBut('setAgentState', 'getAgentState'),
  alternative: 'static_forwarding',
  deskOnly: 'connector',
  unverified: [
    'names in private data by which a call is sent to one device of a number',
    'port and start of the CSTA session',
  ],
};
