import { errorKeys, errorWords } from '@offhook/words';
import type { Words } from '../words.ts';
import { calls } from './calls.ts';
import { dial } from './dial.ts';
import { history } from './history.ts';
import { people } from './people.ts';
import { presence } from './presence.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';

export const es: Words = {
  ...calls,
  ...dial,
  ...history,
  ...people,
  ...presence,
  ...settings,
  ...shell,
  ...errorKeys(errorWords.es),
};
