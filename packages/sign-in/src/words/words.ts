import type { en } from './en.ts';

export type Words = Record<keyof typeof en, string>;
