import type { en } from './en/index.ts';

export type CatalogueKey = keyof typeof en;
export type Words = Record<CatalogueKey, string>;

/** What may be asked for: a key, or the stem of one that depends on a number (`history.missed` for `history.missed_one` and `history.missed_other`, with `count`). */
export type WordKey =
  | CatalogueKey
  | (CatalogueKey extends infer Key ? (Key extends `${infer Stem}_other` ? Stem : never) : never);
