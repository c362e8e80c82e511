import { errorKeys, errorWords } from '@offhook/words';
import type { Words } from '../words.ts';
import { calls } from './calls.ts';
import { check } from './check.ts';
import { dial } from './dial.ts';
import { history } from './history.ts';
import { presence } from './presence.ts';
import { quality } from './quality.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';

export const ca: Words = {
  ...calls,
  ...check,
  ...dial,
  ...history,
  ...presence,
  ...quality,
  ...settings,
  ...shell,
  ...errorKeys(errorWords.ca),
};
