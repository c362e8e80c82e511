import { check } from './check.ts';
import { headset } from './headset.ts';
import { history } from './history.ts';
import { people } from './people.ts';
import { settings } from './settings.ts';

/** What only the sections say: loaded with the first of them. */
export const later = {
  ...check,
  ...headset,
  ...history,
  ...people,
  ...settings,
} as const;
