import { allServicesBut } from '../csta/everything.ts';
import type { CstaProfile } from '../csta/profile.ts';

/**
 * OpenScape Voice: CSTA III XML on port 1040 beside SIP. The clients' line is a subscriber behind the One Number Service of the user's
 * number; the alternative number is the static target of that service. Answers to a transfer come before its INVITE. The session with
 * heartbeat, device identifiers such as `N<number>Name;…;uid=…`, and the misspelt event names are accepted where they are read.
 *
 * Not known of it, and inferred: how private data names the target device of a transfer and asks it to answer by itself.
 */
export const OPENSCAPE_VOICE: CstaProfile = {
  kind: 'openscape-voice',
  name: 'OpenScape Voice',
  // A One Number Service has no agents.
  tries: allServicesBut('setAgentState', 'getAgentState'),
  alternative: 'static_forwarding',
  deskOnly: 'connector',
  unverified: ['names in private data by which a call is sent to one device of a number'],
};
