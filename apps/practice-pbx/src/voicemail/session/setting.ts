import type { Millis } from '@offhook/sip';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { Language } from '../prompts/catalogue.ts';
import type { LocalTime } from '../prompts/spoken.ts';
import type { EpochMillis } from '../voice-machine.ts';

/** A mailbox and whose it is. */
export interface OwnedMailbox {
  readonly mailbox: Mailbox;
  readonly language: Language;
  /** Digits. Where there is none, only the own extension opens the mailbox. */
  readonly pin?: string;
}

export interface VoicemailTimes {
  /** A message longer than this ends by itself. */
  readonly longestMessage: Millis;
  readonly longestGreeting: Millis;
  /** What is shorter is dropped; silence at the end does not count. */
  readonly shortestRecording: Millis;
  /** So much silence ends a recording. */
  readonly silence: Millis;
  /** After a prompt, until it is said what can be done; between two digits of a number. */
  readonly wait: Millis;
  /** A whole call. Ends also those whose other side went away without a word. */
  readonly longestCall: Millis;
}

export const DEFAULT_TIMES: VoicemailTimes = {
  longestMessage: 120_000,
  longestGreeting: 60_000,
  shortestRecording: 1000,
  silence: 6000,
  wait: 8000,
  longestCall: 1_800_000,
};

/** What a session knows of the PBX around it. */
export interface VoicemailSetting {
  /** Undefined for a number that has no mailbox. */
  readonly find: (number: string) => OwnedMailbox | undefined;
  /** In the time zone of the PBX. */
  readonly localTime: (at: EpochMillis) => LocalTime;
  /** Spoken where it is not known yet whose mailbox it is about. */
  readonly language: Language;
  readonly times: VoicemailTimes;
}

/** The wall clock of a time zone (`Europe/Berlin`). Throws `RangeError` for one that does not exist. */
export function localTimeIn(timeZone: string): (at: EpochMillis) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
    };
  };
}
