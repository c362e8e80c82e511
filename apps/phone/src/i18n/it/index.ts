import { en } from '../en/index.ts';
import { people } from './people.ts';

export const it = { ...en, ...people };
