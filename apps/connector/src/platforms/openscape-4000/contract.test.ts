import { controlLinkContract, platformContract } from '../contract-suite.ts';
import { EVERYTHING, EVERY_SETTING, openForContract } from '../csta/testing/contract.ts';
import { OPENSCAPE_4000 } from './profile.ts';

const promised = {
  open: () => openForContract(OPENSCAPE_4000, { style: 'plus', order: 'events_first' }),
  can: EVERYTHING,
  // Both are asked for once the client waits for the call.
  local: ['pull', 'groupPickUp'],
  settable: EVERY_SETTING,
  kept: ['routing', 'busyBehaviour'],
} as const;

platformContract(OPENSCAPE_4000.name, promised);
controlLinkContract(OPENSCAPE_4000.name, promised);
