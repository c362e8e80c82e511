import { errorKeys, errorWords } from '@offhook/words';
import type { Words } from '../words.ts';
import { calls } from './calls.ts';
import { dial } from './dial.ts';
import { history } from './history.ts';
import { presence } from './presence.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';

export const nl: Words = {
  ...calls,
  ...dial,
  ...history,
  ...presence,
  ...settings,
  ...shell,
  ...errorKeys(errorWords.nl),
};
