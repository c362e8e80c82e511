import { en } from '../en/index.ts';
import { people } from './people.ts';

export const fr = { ...en, ...people };
