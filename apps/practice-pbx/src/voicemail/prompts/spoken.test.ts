import { describe, expect, it } from 'vitest';
import { promptTexts } from './catalogue.ts';
import type { Language } from './catalogue.ts';
import type { PromptSound } from './sound.ts';
import { spokenCount, spokenDigits, spokenNumber, spokenTime } from './spoken.ts';

const texts = new Map(promptTexts().map(({ language, name, text }) => [`${language} ${name}`, text]));

/** As a person would write what is heard. */
function words(sounds: readonly PromptSound[]): string {
  return sounds.map(({ language, name }) => texts.get(`${language} ${name}`) ?? `<${name}>`).join(' ');
}

const NOW = { year: 2026, month: 11, day: 24, hour: 9, minute: 35 };

describe('spoken numbers', () => {
  it.each([
    ['en', 0, 'zero'],
    ['en', 13, 'thirteen'],
    ['en', 30, 'thirty'],
    ['en', 59, 'fifty nine'],
    ['en', 60, 'more than fifty nine'],
    ['en', -1, 'zero'],
    ['de', 1, 'eins'],
    ['de', 20, 'zwanzig'],
    ['de', 21, 'einund zwanzig'],
    ['de', 59, 'neunund fünfzig'],
    ['de', 1000, 'mehr als neunund fünfzig'],
  ] as const)('[VM-80] %s %i is "%s"', (language, number, said) => {
    expect(words(spokenNumber(language, number))).toBe(said);
  });

  it('[VM-80] every number up to 59 has a way to be said of its own', () => {
    for (const language of ['en', 'de'] as const) {
      const said = Array.from({ length: 60 }, (_, number) => words(spokenNumber(language, number)));
      expect(new Set(said).size).toBe(60);
      expect(said.join(' ')).not.toContain('<');
    }
  });

  it.each([
    ['en', 'new', 0, 'no new messages'],
    ['en', 'new', 1, 'one new message'],
    ['en', 'old', 21, 'twenty one old messages'],
    ['de', 'new', 1, 'eine neue Nachricht'],
    ['de', 'old', 0, 'keine alten Nachrichten'],
    ['de', 'old', 2, 'zwei alte Nachrichten'],
  ] as const)('[VM-81] %s: so many %s messages: %i', (language, kind, count, said) => {
    expect(words(spokenCount(language, kind, count))).toBe(said);
  });

  it('[VM-82] telephone numbers are said key by key; what is no key is passed over', () => {
    expect(words(spokenDigits('en', '+49 *7#-a'))).toBe('plus four nine star seven hash');
    expect(words(spokenDigits('de', '*21'))).toBe('Stern zwei eins');
    expect(spokenDigits('de', 'anonymous')).toEqual([]);
    expect(spokenDigits('en', '1'.repeat(1000))).toHaveLength(32);
  });
});

function said(language: Language, then: Partial<typeof NOW>, now = NOW): string {
  return words(spokenTime(language, { ...NOW, ...then }, now));
}

describe('spoken times', () => {
  it.each([
    [{ hour: 9, minute: 5 }, 'today at nine oh five', 'heute um neun Uhr fünf'],
    [{ hour: 1, minute: 0 }, "today at one o'clock", 'heute um ein Uhr'],
    [{ hour: 0, minute: 30 }, 'today at zero thirty', 'heute um null Uhr dreißig'],
    [{ hour: 21, minute: 41 }, 'today at twenty one forty one', 'heute um einund zwanzig Uhr einund vierzig'],
    [{ day: 23 }, 'yesterday at nine thirty five', 'gestern um neun Uhr fünfund dreißig'],
    [{ day: 22 }, 'on Sunday at nine thirty five', 'am Sonntag um neun Uhr fünfund dreißig'],
    [{ day: 18 }, 'on Wednesday at nine thirty five', 'am Mittwoch um neun Uhr fünfund dreißig'],
    [
      { day: 17 },
      'on November seventeen at nine thirty five',
      'am siebzehnten November um neun Uhr fünfund dreißig',
    ],
    [
      { month: 10, day: 31 },
      'on October thirty one at nine thirty five',
      'am einund dreißigsten Oktober um neun Uhr fünfund dreißig',
    ],
    [
      { month: 3, day: 20 },
      'on March twenty at nine thirty five',
      'am zwanzigsten März um neun Uhr fünfund dreißig',
    ],
    [
      { day: 25 },
      'on November twenty five at nine thirty five',
      'am fünfund zwanzigsten November um neun Uhr fünfund dreißig',
    ],
  ])('[VM-83] %o is "%s"', (then, english, german) => {
    expect([said('en', then), said('de', then)]).toEqual([english, german]);
  });

  it('[VM-83] yesterday may be in another year', () => {
    const newYear = { ...NOW, month: 1, day: 1, year: 2027 };
    expect(said('en', { month: 12, day: 31 }, newYear)).toContain('yesterday');
  });

  it('[VM-83] every day of a year can be said', () => {
    for (let day = 0; day < 366; day += 1) {
      const date = new Date(Date.UTC(2028, 0, 1 + day));
      const then = { ...NOW, year: 2028, month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      for (const language of ['en', 'de'] as const) expect(said(language, then)).not.toContain('<');
    }
  });
});
