import { EndCause, errorCodes, Hindrance, Language } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { allWords } from '../i18n/catalogues.ts';
import { statusTone, causeWords } from './call-words.ts';
import { loadNumberFormat } from './number-format.ts';
import { looksLikeNumber, partyWords, readableNumber } from './party.ts';
import { problemWords } from './problem.ts';
import { clockTime, daysAgo } from './time.ts';

function placeholders(text: string): string {
  return (text.match(/\{\{\w+\}\}/gu) ?? []).join();
}

const english = await allWords('en');

describe.each(Language.options)('words in %s', async (language) => {
  const words = await allWords(language);
  it('every error code has its sentence', () => {
    for (const code of errorCodes) {
      expect(words[problemWords({ kind: 'error', code }).title]).toMatch(/\.$/u);
    }
  });

  it('[A4] whatever stands in the way has its words, of a call that is sent and of one that is fetched', () => {
    for (const hindrance of Hindrance.options) {
      for (const code of ['transfer_failed', 'push_failed', 'pull_failed', 'feature_refused'] as const) {
        const { hint } = problemWords({ kind: 'error', code, hindrance });
        expect(hint === undefined ? '' : words[hint]).toMatch(/\.$/u);
      }
    }
  });

  it('every end of a call has its words, in both directions', () => {
    for (const cause of EndCause.options) {
      expect(words[causeWords(cause, 'incoming')]).not.toBe('');
      expect(words[causeWords(cause, 'outgoing')]).not.toBe('');
    }
  });

  it('every key has words, and the same placeholders as the English ones', () => {
    for (const [key, original] of Object.entries(english)) {
      const text = words[key as keyof typeof words];
      expect({ key, empty: text === '', holes: placeholders(text) }).toEqual({
        key,
        empty: false,
        holes: placeholders(original),
      });
    }
  });
});

it.each([
  [0, '0:00'],
  [999, '0:00'],
  [61_000, '1:01'],
  [3_599_000, '59:59'],
  [3_600_000, '1:00:00'],
  [-5_000, '0:00'],
])('%i ms are %s', (ms, text) => {
  expect(clockTime(ms)).toBe(text);
});

it('days are counted by the calendar, not by 24 hours', () => {
  const now = new Date(2026, 4, 5, 0, 30).getTime();
  expect(daysAgo(now - 60_000, now)).toBe(0);
  expect(daysAgo(now - 3_600_000, now)).toBe(1);
  expect(daysAgo(now - 25 * 3_600_000, now)).toBe(2);
});

it.each([
  ['101', true],
  ['+49 (89) 123-45', true],
  ['*21#', true],
  ['Ben', false],
  ['Ben 102', false],
  ['( - )', false],
  ['', false],
])('“%s” looks like a number: %s', (text, expected) => {
  expect(looksLikeNumber(text)).toBe(expected);
});

it('a party is a name with its number, a number alone, or nobody', async () => {
  expect(partyWords({ number: '102', name: 'Ben Carter' })).toEqual({ title: 'Ben Carter', detail: '102' });
  expect(partyWords({ number: '102', name: '102' })).toEqual({ title: '102', detail: undefined });
  expect(partyWords({ number: '' })).toEqual({ title: undefined, detail: undefined });
  await loadNumberFormat();
  expect(readableNumber('+4989636480018')).toBe('+49 89 636480018');
  expect(readableNumber('0')).toBe('0');
});

const ended = (cause: EndCause) =>
  statusTone({ state: { name: 'ended', endedAt: 1, cause } } as Parameters<typeof statusTone>[0]);

describe('the tone of a call that has ended', () => {
  it.each(['completed', 'transferred', 'joined', 'deflected', 'parked', 'answered_elsewhere'] as const)(
    '%s was wanted so, and alarms nobody',
    (cause) => expect(ended(cause)).toBe('quiet'),
  );

  it.each(['busy', 'media_failed', 'connector_lost'] as const)('%s is told as what went wrong', (cause) =>
    expect(ended(cause)).toBe('bad'),
  );
});
