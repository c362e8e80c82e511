import { openScape4000 } from './openscape-4000.ts';
import { openScapeBusiness } from './openscape-business.ts';
import { openScapeVoice } from './openscape-voice.ts';
import type { CstaPlatform, Personality } from './personality.ts';

export const PERSONALITIES: Readonly<Record<CstaPlatform, Personality>> = {
  'openscape-voice': openScapeVoice,
  'openscape-4000': openScape4000,
  'openscape-business': openScapeBusiness,
};
