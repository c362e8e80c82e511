import type { Verdict } from '@offhook/phone-core';
import type { WordKey } from '../i18n/words.ts';

export function verdictWords(verdict: Verdict): WordKey {
  return verdict === 'good' || verdict === 'unknown' ? `quality.${verdict}` : `quality.trouble.${verdict}`;
}
