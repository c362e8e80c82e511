import { Language } from '@offhook/contract';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { allWords } from './catalogues.ts';

const english = await allWords('en');

/** Names, and words that are the same where they are borrowed: nothing else may stand untranslated. */
const isBorrowed = (text: string): boolean => text.split(/\s+/u).length <= 2;

const others = Language.options.filter((language) => language !== 'en');

it.each(others)('no sentence was left in English in %s', async (language) => {
  const words = await allWords(language);
  const left = Object.entries(english).filter(
    ([key, text]) => words[key as keyof typeof words] === text && !isBorrowed(text),
  );
  expect(left).toEqual([]);
});

describe.each(Language.options)('in %s', async (language) => {
  const words = await allWords(language);

  it('a count is spoken with its plural', async () => {
    const instance = createInstance();
    await instance.init({
      lng: language,
      fallbackLng: false,
      resources: { [language]: { translation: words } },
      keySeparator: false,
      nsSeparator: false,
    });
    expect(instance.t('conference.count', { count: 1 })).toBe(
      words['conference.count_one'].replace('{{count}}', '1'),
    );
    expect(instance.t('conference.count', { count: 3 })).toBe(
      words['conference.count_other'].replace('{{count}}', '3'),
    );
  });
});
