import { en as english } from '../en/index.ts';
import type { Words } from '../words.ts';
import { sound } from './sound.ts';

export const nl: Words = { ...english, ...sound };
