import { SupportLimits } from '@offhook/contract';
import type { PhoneState } from '../state/state.ts';
import type { LogEntry } from './log-book.ts';
import { redact, withoutNames } from './redact.ts';
import type { CheckReport } from './self-test.ts';

export interface BundleParts {
  readonly agent: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly entries: readonly LogEntry[];
  readonly checks: readonly CheckReport[];
  readonly state: PhoneState;
}

/** Everything that is sent or downloaded, as indented JSON; the oldest events are left out where it would be too long. */
export function bundleOf({ agent, at, entries, checks, state }: BundleParts): string {
  const names = namesIn(state);
  // In the values alone: what is around them stays JSON, whatever people are called.
  const hide = (key: string, value: unknown): unknown =>
    typeof value === 'string' && key !== 'kind' ? withoutNames(value, names) : value;
  const write = (events: readonly LogEntry[]): string => {
    const bundle = {
      kind: 'offhook-log',
      version: 1,
      at: new Date(at).toISOString(),
      agent: agent.slice(0, 200),
      connection: state.connection.name,
      connector: state.connector,
      line: state.line?.state ?? 'none',
      calls: state.calls.length,
      clockOffsetMs: state.clockOffsetMs,
      checks: checks.map(({ id, result }) => ({ id, ...result, facts: redact(result.facts) })),
      events: events.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
    };
    return JSON.stringify(bundle, hide, 1);
  };
  let events = entries;
  let text = write(events);
  while (text.length > SupportLimits.bundleChars && events.length > 0) {
    events = events.slice(Math.ceil(events.length / 4));
    text = write(events);
  }
  return text;
}

/** Of the person, and of whoever they talk with. */
function namesIn({ session, calls, attempts }: PhoneState): readonly string[] {
  const me = session.name === 'signedIn' ? [session.me.name, session.me.tenantName] : [];
  const others = calls.flatMap((call) => [call.remote, ...(call.members ?? []), call.divertedBy]);
  return [...me, ...others.map((one) => one?.name), ...attempts.map((one) => one.name)].filter(
    (name) => name !== undefined,
  );
}
