import { en } from '../en/index.ts';
import type { Words } from '../words.ts';
import { headset } from './headset.ts';

export const nl: Words = { ...en, ...headset };
