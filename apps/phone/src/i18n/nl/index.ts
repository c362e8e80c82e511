import { errorKeys, errorWords } from '@offhook/words';
import type { Words } from '../words.ts';
import { calls } from './calls.ts';
import { check } from './check.ts';
import { dial } from './dial.ts';
import { headset } from './headset.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { install } from './install.ts';
import { people } from './people.ts';
import { presence } from './presence.ts';
import { quality } from './quality.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { sound } from './sound.ts';

export const nl: Words = {
  ...calls,
  ...check,
  ...dial,
  ...headset,
  ...help,
  ...history,
  ...install,
  ...people,
  ...presence,
  ...quality,
  ...settings,
  ...shell,
  ...sound,
  ...errorKeys(errorWords.nl),
};
