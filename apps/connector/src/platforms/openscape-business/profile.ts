import { allServicesBut } from '../csta/everything.ts';
import type { CstaProfile } from '../csta/profile.ts';

/**
 * OpenScape Business. The clients' line is a second member of the user's MULAP group: for the desk phone alone, that member's agent is not
 * ready.
 *
 * What is here speaks CSTA III in XML. The system itself speaks the same services as ASN.1 (ECMA-285) on port 8800, and a Web
 * Services Interface (HTTPS and XML, port 8802): neither is written, so that this adapter works with the practice PBX, and with a
 * system only behind something that turns the one into the other. Nothing of it could be checked against a system; services and
 * their meaning (agent state for routing, forwarding, do-not-disturb) are those of its manuals.
 */
export const OPENSCAPE_BUSINESS: CstaProfile = {
  kind: 'openscape-business',
  name: 'OpenScape Business',
  tries: allServicesBut(),
  // A MULAP group has no static target.
  alternative: 'connector',
  deskOnly: 'agent_state',
  unverified: [
    'the link itself: the system speaks ASN.1 (port 8800) or its Web Services Interface (port 8802), this adapter XML',
    'names in private data by which a call is sent to one device of a number',
  ],
};
