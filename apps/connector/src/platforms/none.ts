import { NO_ABILITIES } from '@offhook/call-model';
import { OffhookError } from '@offhook/contract';
import type { Platform, PlatformCalls } from './platform.ts';

const unsupported = (): Promise<never> => Promise.reject(new OffhookError('feature_unsupported'));

const NO_CALLS: PlatformCalls = {
  transfer: unsupported,
  completeTransfer: unsupported,
  conference: unsupported,
  deflect: unsupported,
  toVoicemail: unsupported,
  push: unsupported,
  pull: unsupported,
  park: unsupported,
  callBack: unsupported,
  pickUp: unsupported,
  place: unsupported,
  answer: unsupported,
  hangUp: unsupported,
  hold: unsupported,
  retrieve: unsupported,
  alternate: unsupported,
  reconnect: unsupported,
  digits: unsupported,
};

/** Before the configuration has come: calls can be placed and taken, and nothing else. */
export const NO_PLATFORM: Platform = {
  apply: () => {},
  abilities: () => NO_ABILITIES,
  settings: () => undefined,
  change: unsupported,
  calls: NO_CALLS,
  admit: () => ({ kind: 'ring' }),
  onSip: () => false,
  lineChanged: () => {},
  stop: () => {},
};
