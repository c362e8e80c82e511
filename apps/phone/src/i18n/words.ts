import type { en } from './en.ts';

export type WordKey = keyof typeof en;
export type Words = Record<WordKey, string>;
