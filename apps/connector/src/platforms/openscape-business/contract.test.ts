import { controlLinkContract, platformContract } from '../contract-suite.ts';
import { EVERYTHING, EVERY_SETTING, openForContract } from '../csta/testing/contract.ts';
import { OPENSCAPE_BUSINESS } from './profile.ts';

const promised = {
  open: () => openForContract(OPENSCAPE_BUSINESS, { style: 'bare', order: 'answer_first' }),
  can: EVERYTHING,
  // Both are asked for once the client waits for the call.
  local: ['pull', 'groupPickUp'],
  settable: EVERY_SETTING,
  kept: ['alternativeNumber', 'busyBehaviour'],
} as const;

platformContract(OPENSCAPE_BUSINESS.name, promised);
controlLinkContract(OPENSCAPE_BUSINESS.name, promised);
