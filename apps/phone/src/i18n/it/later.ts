import type { LaterWords } from '../words.ts';
import { check } from './check.ts';
import { headset } from './headset.ts';
import { history } from './history.ts';
import { people } from './people.ts';
import { settings } from './settings.ts';

export const later: LaterWords = {
  ...check,
  ...headset,
  ...history,
  ...people,
  ...settings,
};
