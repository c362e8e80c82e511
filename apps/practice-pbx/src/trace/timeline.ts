import type { TraceEntry } from './trace-ring.ts';

/** A message of the one time line in which SIP and CSTA stand side by side. */
export interface TimelineEntry extends TraceEntry {
  readonly protocol: 'sip' | 'csta';
  /** For an arrow: `INVITE 201`, `180 Ringing (INVITE)`, `0012 DeliveredEvent`. */
  readonly summary: string;
  /** What goes on whether somebody calls or not: registrations, subscriptions, signs of life. */
  readonly isRoutine: boolean;
  /** Identifiers of the calls that the message is about: the Call-ID, or every callID of CSTA in it. */
  readonly callIds: readonly string[];
}

/** How far the messages of a time line are known; its two parts are numbered by themselves. */
export interface TimelinePosition {
  readonly sip: number;
  readonly csta: number;
}

export const BEGINNING: TimelinePosition = { sip: 0, csta: 0 };

/** Call identifiers that one CSTA message is searched for: a transfer names three. */
const MOST_CALL_IDS = 16;
const ROUTINE_METHODS = new Set(['REGISTER', 'OPTIONS', 'SUBSCRIBE']);
const ROUTINE_CSTA =
  /(?:SystemStatus|ApplicationSession|SystemRegister|MonitorStart|MonitorStop|SnapshotDevice)/u;

/** Both lists in the order of time; what came at the same time stays in its order. */
export function timeline(sip: readonly TraceEntry[], csta: readonly TraceEntry[]): readonly TimelineEntry[] {
  return [...sip.map(ofSip), ...csta.map(ofCsta)].toSorted((one, other) => one.at - other.at);
}

/** The position after these entries. */
export function positionAfter(before: TimelinePosition, entries: readonly TimelineEntry[]): TimelinePosition {
  const last = (protocol: TimelineEntry['protocol']) =>
    entries.reduce(
      (number, entry) => (entry.protocol === protocol ? Math.max(number, entry.number) : number),
      before[protocol],
    );
  return { sip: last('sip'), csta: last('csta') };
}

function ofSip(entry: TraceEntry): TimelineEntry {
  const method = /^CSeq[ \t]*:[ \t]*\d+[ \t]+([A-Z]{1,20})/imu.exec(entry.text)?.[1] ?? '';
  return {
    ...entry,
    protocol: 'sip',
    summary: sipSummary(entry, method),
    isRoutine: ROUTINE_METHODS.has(method) || (method === 'NOTIFY' && isRoutineNotify(entry.text)),
    callIds: entry.callId === null ? [] : [entry.callId],
  };
}

/** Orders to a phone and the course of a transfer are worth seeing; lamps are not, nor that a NOTIFY has arrived. */
function isRoutineNotify(text: string): boolean {
  const event = /^(?:event|o)[ \t]*:[ \t]*([\w.-]{1,40})/imu.exec(text)?.[1]?.toLowerCase();
  return event !== 'talk' && event !== 'hold' && event !== 'refer';
}

function sipSummary({ line, text }: TraceEntry, method: string): string {
  const [, status, reason] = /^SIP\/2\.0 (\d{3}) ?(.*)$/u.exec(line) ?? [];
  if (status !== undefined) return `${status} ${reason ?? ''} (${method})`;
  const [, name, uri] = /^([A-Z]{1,20}) (\S+) SIP\/2\.0$/u.exec(line) ?? [];
  if (name === undefined || uri === undefined) return line.slice(0, 60);
  switch (name) {
    case 'INVITE':
      return `${isReoffer(text) ? 'INVITE again' : `INVITE ${userOf(uri)}`}${/^Replaces[ \t]*:/imu.test(text) ? ' with Replaces' : ''}`;
    case 'REFER': {
      const target = /^(?:refer-to|r)[ \t]*:[ \t]*(\S{1,400})/imu.exec(text)?.[1] ?? '';
      return `REFER to ${userOf(target)}${/replaces/iu.test(target) ? ' with Replaces' : ''}`;
    }
    case 'NOTIFY':
      return `NOTIFY ${/^(?:event|o)[ \t]*:[ \t]*([\w.-]{1,40})/imu.exec(text)?.[1] ?? ''}`.trim();
    case 'REGISTER':
      return `REGISTER ${userOf(/^(?:to|t)[ \t]*:[ \t]*(.{1,400})$/imu.exec(text)?.[1] ?? '')}`.trim();
    default:
      return name;
  }
}

/** The To of a request inside a dialog has a tag (RFC 3261 section 12.2.1.1). */
function isReoffer(text: string): boolean {
  return /^(?:to|t)[ \t]*:.{0,400};[ \t]*tag=/imu.test(text);
}

function userOf(uri: string): string {
  const user = /sips?:([^@;>\s]{1,64})@/iu.exec(uri)?.[1] ?? '';
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

function ofCsta(entry: TraceEntry): TimelineEntry {
  const found = entry.text.matchAll(/<(?:[\w.-]+:)?callID>([^<]{1,200})</gu);
  return {
    ...entry,
    protocol: 'csta',
    summary: entry.line,
    isRoutine: ROUTINE_CSTA.test(entry.line),
    callIds: [...new Set([...found].slice(0, MOST_CALL_IDS).map(([, id]) => id ?? ''))],
  };
}
