import { errorKeys, errorWords } from '@offhook/words';
import type { Words } from '../words.ts';
import { calls } from './calls.ts';
import { dial } from './dial.ts';
import { headset } from './headset.ts';
import { history } from './history.ts';
import { people } from './people.ts';
import { presence } from './presence.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { sound } from './sound.ts';

export const nl: Words = {
  ...calls,
  ...dial,
  ...headset,
  ...history,
  ...people,
  ...presence,
  ...settings,
  ...shell,
  ...sound,
  ...errorKeys(errorWords.nl),
};
