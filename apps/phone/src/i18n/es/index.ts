import { en } from '../en/index.ts';
import type { Words } from '../words.ts';
import { check } from './check.ts';
import { quality } from './quality.ts';

export const es: Words = { ...en, ...quality, ...check };
