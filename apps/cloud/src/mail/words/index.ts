import type { Language } from '@offhook/contract';
import { ca } from './ca.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { nl } from './nl.ts';
import type { MailWords } from './words.ts';

export const mailWords: Readonly<Record<Language, MailWords>> = { en, de, fr, es, it, nl, ca };
