import { errorKeys, errorWords } from '@offhook/words';
import type { Words } from '../words.ts';
import { calls } from './calls.ts';
import { dial } from './dial.ts';
import { help } from './help.ts';
import { install } from './install.ts';
import { presence } from './presence.ts';
import { quality } from './quality.ts';
import { shell } from './shell.ts';
import { sound } from './sound.ts';
import { titles } from './titles.ts';

export const de: Words = {
  ...calls,
  ...dial,
  ...help,
  ...install,
  ...presence,
  ...quality,
  ...shell,
  ...sound,
  ...titles,
  ...errorKeys(errorWords.de),
};
