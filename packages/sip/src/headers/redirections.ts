import type { WithHeaders } from '../message/headers.ts';
import { parseSipUri } from '../message/uri.ts';
import { parseDecimal } from '../message/chars.ts';
import { diversions } from './diversion.ts';
import type { DiversionReason } from './diversion.ts';
import { historyInfo } from './history-info.ts';
import type { HistoryEntry } from './history-info.ts';

export type RedirectionReason =
  | 'busy'
  | 'no_answer'
  | 'unconditional'
  | 'unavailable'
  | 'deflection'
  | 'do_not_disturb'
  | 'time_of_day'
  | 'follow_me'
  | 'out_of_service'
  | 'away';

/** Who has sent a call on before it came here. */
export interface Redirection {
  readonly uri: string;
  readonly displayName?: string;
  /** Absent where nobody says why. */
  readonly reason?: RedirectionReason;
  /** Not to be shown to the called user. */
  readonly private: boolean;
}

/**
 * Every redirection of a call, the oldest first, from History-Info where that tells of any (RFC 7044), else from Diversion
 * (RFC 5806). Reasons are mapped as in RFC 7544 section 6.
 */
export function redirections(message: WithHeaders): readonly Redirection[] {
  const told = fromHistory(historyInfo(message));
  if (told.length > 0) return told;
  return diversions(message)
    .toReversed()
    .map(({ uri, displayName, reason, privacy }) =>
      redirection(uri, displayName, fromWord(reason), privacy !== 'off'),
    );
}

function redirection(
  uri: string,
  displayName: string | undefined,
  reason: RedirectionReason | undefined,
  isPrivate: boolean,
): Redirection {
  return {
    uri,
    ...(displayName !== undefined && { displayName }),
    ...(reason !== undefined && { reason }),
    private: isPrivate,
  };
}

/**
 * A user has sent the call on where the next target is another user: `mp` says so; `cause` in the URI of the next target
 * does (RFC 4458, RFC 7544 section 6); and before RFC 7044 a target with a Reason that is followed by another.
 */
function fromHistory(entries: readonly HistoryEntry[]): readonly Redirection[] {
  const found: Redirection[] = [];
  for (const [at, entry] of entries.entries()) {
    const previous = entries[at - 1];
    if (previous === undefined) continue;
    // A target that has not changed still has its old cause.
    const cause = entry.how?.kind === 'np' ? undefined : causeOf(entry.uri);
    const earlier = entries.slice(0, at);
    let source: HistoryEntry | undefined;
    if (entry.how?.kind === 'mp') source = withIndex(earlier, entry.how.of) ?? previous;
    else if (cause !== undefined || (entry.how === undefined && previous.reasons.length > 0)) {
      source = userOf(previous, earlier);
    }
    if (source === undefined) continue;
    const reason = fromCause(cause) ?? reasonOf(source, earlier);
    found.push(redirection(source.uri, source.displayName, reason, source.private));
  }
  return found;
}

function withIndex(entries: readonly HistoryEntry[], index: string): HistoryEntry | undefined {
  return entries.find((entry) => entry.index === index);
}

/** From a contact up to the user that it belongs to. An entry comes from an earlier one only, so that this ends. */
function userOf(entry: HistoryEntry, entries: readonly HistoryEntry[]): HistoryEntry {
  let user = entry;
  for (let at = entries.indexOf(entry); user.how !== undefined && user.how.kind !== 'mp';) {
    const origin = user.how.of;
    const parentAt = entries.findIndex(({ index }) => index === origin);
    const parent = entries[parentAt];
    if (parent === undefined || parentAt >= at) break;
    user = parent;
    at = parentAt;
  }
  return user;
}

/** Why a user was left: its own Reason, else that of the last of its contacts that failed. */
function reasonOf(source: HistoryEntry, entries: readonly HistoryEntry[]): RedirectionReason | undefined {
  const below = entries.filter((entry) => entry === source || entry.index.startsWith(`${source.index}.`));
  for (const { reasons } of below.toReversed()) {
    for (const { protocol, cause } of reasons) {
      const reason = protocol.toUpperCase() === 'SIP' ? fromCause(cause) : undefined;
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

/** The parameter `cause` of RFC 4458. */
function causeOf(uri: string): number | undefined {
  const text = parseSipUri(uri)?.params.get('cause');
  return text === undefined ? undefined : parseDecimal(text, 699);
}

/** RFC 4458 section 2, RFC 7544 section 6. */
const CAUSES: ReadonlyMap<number, RedirectionReason> = new Map([
  [302, 'unconditional'],
  [408, 'no_answer'],
  // 480 before it rang, 487 while it rang.
  [480, 'deflection'],
  [486, 'busy'],
  [487, 'deflection'],
  [503, 'unavailable'],
  [600, 'busy'],
]);

function fromCause(cause: number | undefined): RedirectionReason | undefined {
  return cause === undefined ? undefined : CAUSES.get(cause);
}

function fromWord(word: DiversionReason): RedirectionReason | undefined {
  switch (word) {
    case 'user-busy':
      return 'busy';
    case 'no-answer':
      return 'no_answer';
    case 'unconditional':
    case 'unavailable':
    case 'deflection':
    case 'away':
      return word;
    case 'do-not-disturb':
      return 'do_not_disturb';
    case 'time-of-day':
      return 'time_of_day';
    case 'follow-me':
      return 'follow_me';
    case 'out-of-service':
      return 'out_of_service';
    case 'unknown':
      return undefined;
  }
}
