import type { en } from './en/index.ts';
import type { later } from './en/later.ts';

/** What can be read from the first moment on. */
export type Words = Record<keyof typeof en, string>;
/** What only the sections say. */
export type LaterWords = Record<keyof typeof later, string>;
export type CatalogueKey = keyof typeof en | keyof typeof later;

/** What may be asked for: a key, or the stem of one that depends on a number (`history.missed` for `history.missed_one` and `history.missed_other`, with `count`). */
export type WordKey =
  | CatalogueKey
  | (CatalogueKey extends infer Key ? (Key extends `${infer Stem}_other` ? Stem : never) : never);
