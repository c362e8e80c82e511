import type { EnglishPrompt, GermanPrompt, Language } from './catalogue.ts';
import { prompt } from './sound.ts';
import type { PromptSound } from './sound.ts';

/** The largest number that is said; what is more is "more than" it. */
export const LARGEST_SPOKEN = 59;
/** Digits of one number that are said: a number of ITU-T E.164 has 15, and there may be codes before it. */
const LONGEST_NUMBER = 32;

const UNITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const TEENS = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as const;
const SIMPLE = [...UNITS, ...TEENS] as const;
const TENS = [20, 30, 40, 50] as const;

/** A telephone number, key by key; what is no key (a name, a dash) is passed over. */
export function spokenDigits(language: Language, number: string): readonly PromptSound[] {
  return number
    .slice(0, LONGEST_NUMBER)
    .split('')
    .flatMap((key): readonly PromptSound[] => {
      switch (key) {
        case '*':
          return [prompt(language, 'star')];
        case '#':
          return [prompt(language, 'hash')];
        case '+':
          return [prompt(language, 'plus')];
        default: {
          const digit = UNITS.find((unit) => String(unit) === key);
          return digit === undefined ? [] : [{ kind: 'prompt', language, name: `n-${digit}` }];
        }
      }
    });
}

/** A whole number. Negative ones are said as zero. */
export function spokenNumber(language: Language, number: number): readonly PromptSound[] {
  if (number > LARGEST_SPOKEN) {
    return [{ kind: 'prompt', language, name: 'more-than' }, ...spokenNumber(language, LARGEST_SPOKEN)];
  }
  return language === 'en' ? english(...englishNumber(number)) : german(...germanNumber(number));
}

/** So many messages: `no new messages`, `eine neue Nachricht`. */
export function spokenCount(language: Language, kind: 'new' | 'old', count: number): readonly PromptSound[] {
  if (count === 0) return [prompt(language, `no-${kind}-messages`)];
  const noun = prompt(language, count === 1 ? `${kind}-message` : `${kind}-messages`);
  if (count === 1 && language === 'de') return [...german('one'), noun];
  return [...spokenNumber(language, count), noun];
}

/** A moment on the wall clock, in the time zone of the PBX. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** `today at nine thirty five`; within a week the weekday, otherwise month and day. */
export function spokenTime(language: Language, then: LocalTime, now: LocalTime): readonly PromptSound[] {
  return [
    ...spokenDay(language, then, now),
    prompt(language, 'at'),
    ...(language === 'en'
      ? english(...englishClock(then.hour, then.minute))
      : german(...germanClock(then.hour, then.minute))),
  ];
}

function spokenDay(language: Language, then: LocalTime, now: LocalTime): readonly PromptSound[] {
  const daysAgo = dayNumber(now) - dayNumber(then);
  if (daysAgo === 0) return [prompt(language, 'today')];
  if (daysAgo === 1) return [prompt(language, 'yesterday')];
  const on = prompt(language, 'on');
  if (daysAgo > 1 && daysAgo < 7) {
    const weekday = WEEKDAYS[(dayNumber(then) + 3) % 7] ?? 1;
    return [on, prompt(language, `weekday-${weekday}`)];
  }
  const month = prompt(language, `month-${MONTHS[then.month - 1] ?? 1}`);
  return language === 'en'
    ? [on, month, ...english(...englishNumber(then.day))]
    : [on, ...german(...germanDay(then.day)), month];
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

/** Days since 1 January 1970, a Thursday. */
function dayNumber({ year, month, day }: LocalTime): number {
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

function englishNumber(number: number): readonly EnglishPrompt[] {
  const { simple, tens, unit } = partsOf(number);
  if (tens === undefined) return [`n-${simple}`];
  return unit === 0 ? [`n-${tens}`] : [`n-${tens}`, `n-${unit}`];
}

function englishClock(hour: number, minute: number): readonly EnglishPrompt[] {
  if (minute === 0) return [...englishNumber(hour), 'o-clock'];
  const oh: readonly EnglishPrompt[] = minute < 10 ? ['oh'] : [];
  return [...englishNumber(hour), ...oh, ...englishNumber(minute)];
}

function germanNumber(number: number): readonly GermanPrompt[] {
  const { simple, tens, unit } = partsOf(number);
  if (tens === undefined) return [`n-${simple}`];
  return unit === 0 ? [`n-${tens}`] : [`unit-${unit}`, `n-${tens}`];
}

function germanClock(hour: number, minute: number): readonly GermanPrompt[] {
  const hours: readonly GermanPrompt[] = hour === 1 ? ['one-hour'] : germanNumber(hour);
  return [...hours, 'o-clock', ...(minute === 0 ? [] : germanNumber(minute))];
}

function germanDay(day: number): readonly GermanPrompt[] {
  const { simple, tens, unit } = partsOf(day);
  if (tens === undefined) return simple === 0 ? [] : [`nth-${simple}`];
  // No month has a fortieth.
  const nth = tens === 20 ? 'nth-20' : 'nth-30';
  return unit === 0 ? [nth] : [`unit-${unit}`, nth];
}

type Parts =
  | { readonly simple: (typeof SIMPLE)[number]; readonly tens: undefined; readonly unit: undefined }
  | {
      readonly simple: undefined;
      readonly tens: (typeof TENS)[number];
      readonly unit: (typeof UNITS)[number];
    };

/** 0 to {@link LARGEST_SPOKEN}. */
function partsOf(number: number): Parts {
  const tens = TENS.find((candidate) => candidate === number - (number % 10));
  if (tens === undefined) return { simple: SIMPLE[number] ?? 0, tens, unit: undefined };
  return { simple: undefined, tens, unit: UNITS[number % 10] ?? 0 };
}

function english(...names: readonly EnglishPrompt[]): readonly PromptSound[] {
  return names.map((name) => ({ kind: 'prompt', language: 'en', name }));
}

function german(...names: readonly GermanPrompt[]): readonly PromptSound[] {
  return names.map((name) => ({ kind: 'prompt', language: 'de', name }));
}
