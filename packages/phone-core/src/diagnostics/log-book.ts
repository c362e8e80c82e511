import type { Clock, Log } from '../ports.ts';
import { redact } from './redact.ts';

/** One event of the log, redacted as it was written down. */
export interface LogEntry {
  /** Milliseconds since the epoch, by this device. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn';
  readonly event: string;
  readonly fields: unknown;
}

export interface LogBook {
  readonly log: Log;
  /** Oldest first. */
  entries(): readonly LogEntry[];
}

/** As many events as are kept; older ones give way. */
export const LOG_EVENTS = 400;

/** Keeps the last events, and hands each on as it is: what leaves the device is what the book has. */
export function createLogBook(clock: Clock, onward: Log, size = LOG_EVENTS): LogBook {
  const ring: LogEntry[] = [];
  return {
    log: (level, event, fields) => {
      ring.push({ at: clock.now(), level, event, fields: redact(fields ?? {}) });
      if (ring.length > size) ring.shift();
      onward(level, event, fields);
    },
    entries: () => [...ring],
  };
}
