import { errorKeys, errorWords } from '@offhook/words';
import { calls } from './calls.ts';
import { dial } from './dial.ts';
import { help } from './help.ts';
import { install } from './install.ts';
import { presence } from './presence.ts';
import { quality } from './quality.ts';
import { shell } from './shell.ts';
import { sound } from './sound.ts';
import { titles } from './titles.ts';

/** The English words. Every other language has exactly these keys: a missing one does not compile. */
export const en = {
  ...calls,
  ...dial,
  ...help,
  ...install,
  ...presence,
  ...quality,
  ...shell,
  ...sound,
  ...titles,
  ...errorKeys(errorWords.en),
} as const;
