import { controlLinkContract, platformContract } from '../contract-suite.ts';
import { EVERYTHING, EVERY_SETTING, openForContract } from '../csta/testing/contract.ts';
import { OPENSCAPE_VOICE } from './profile.ts';

const promised = {
  open: () => openForContract(OPENSCAPE_VOICE, { style: 'switching_function', order: 'answer_first' }),
  can: EVERYTHING,
  // Both are asked for once the client waits for the call.
  local: ['pull', 'groupPickUp'],
  settable: EVERY_SETTING,
  kept: ['routing', 'busyBehaviour'],
} as const;

platformContract(OPENSCAPE_VOICE.name, promised);
controlLinkContract(OPENSCAPE_VOICE.name, promised);
