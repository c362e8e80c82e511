import type { Money } from '@offhook/contract';
import { useMemo } from 'react';
import { useWords } from './use-words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Format {
  number(value: number): string;
  /** 0 to 1. */
  percent(share: number): string;
  money(money: Money): string;
  /** `24 Nov 2026`; milliseconds since the epoch, or a calendar day `2026-11-24`. */
  date(when: number | string): string;
  dateTime(when: number): string;
  time(when: number): string;
  /** `November 2026` for `2026-11`. */
  month(month: string): string;
  /** `5 minutes ago`, `in 3 days`. */
  relative(when: number, now: number): string;
  bytes(size: number): string;
}

/** Numbers and times as people of the chosen language write them. */
export function useFormat(): Format {
  const { language } = useWords();
  return useMemo(() => formatIn(language), [language]);
}

/** @param timeZone of moments, where it is not the device's own */
export function formatIn(language: string, timeZone?: string): Format {
  const zone = timeZone === undefined ? {} : { timeZone };
  const numbers = new Intl.NumberFormat(language);
  const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...zone });
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const months = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const dateTimes = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...zone,
  });
  const times = new Intl.DateTimeFormat(language, { timeStyle: 'short', ...zone });
  const relatives = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    number: (value) => numbers.format(value),
    percent: (share) => percents.format(share),
    money({ amount, currency }) {
      const format = new Intl.NumberFormat(language, { style: 'currency', currency });
      const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
      return format.format(amount / 10 ** digits);
    },
    date: (when) => (typeof when === 'number' ? dates.format(when) : days.format(Date.parse(when))),
    dateTime: (when) => dateTimes.format(when),
    time: (when) => times.format(when),
    month: (month) => months.format(Date.parse(`${month}-01`)),
    relative(when, now) {
      const gap = when - now;
      const size = Math.abs(gap);
      if (size < MINUTE) return relatives.format(0, 'second');
      if (size < HOUR) return relatives.format(Math.trunc(gap / MINUTE), 'minute');
      if (size < DAY) return relatives.format(Math.trunc(gap / HOUR), 'hour');
      if (size < 30 * DAY) return relatives.format(Math.trunc(gap / DAY), 'day');
      return dates.format(when);
    },
    bytes(size) {
      const unit = size < 1_000_000 ? 'kilobyte' : 'megabyte';
      const value = size / (unit === 'kilobyte' ? 1_000 : 1_000_000);
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: 1,
      }).format(value);
    },
  };
}
