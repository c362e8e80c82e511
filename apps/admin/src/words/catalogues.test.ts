import { Language } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { catalogues } from './catalogues.ts';

const placeholders = (text: string): string => (text.match(/\{\{\w+\}\}/gu) ?? []).sort().join();
const english = await catalogues.en();

describe.each(Language.options)('words in %s', (language) => {
  it('every key has words, and the same placeholders as the English ones', async () => {
    const words = await catalogues[language]();
    expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) {
      const translated = words[key as keyof typeof words];
      expect({ key, empty: translated.trim() === '', holes: placeholders(translated) }).toEqual({
        key,
        empty: false,
        holes: placeholders(text),
      });
    }
  });
});
