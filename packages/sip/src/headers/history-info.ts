import { parseDecimal } from '../message/chars.ts';
import { headerValues, parseReason, splitValues } from '../message/headers.ts';
import type { ReasonValue, WithHeaders } from '../message/headers.ts';
import { formatNameAddr, parseNameAddr } from '../message/name-addr.ts';
import { parsePrivacy, privacyOf } from './privacy.ts';
import { splitUriHeaders, withUriHeaders } from './uri-headers.ts';

/** One target that a request has had on its way (RFC 7044 section 5; RFC 4244 without `how`). */
export interface HistoryEntry {
  /** Without its headers. */
  readonly uri: string;
  readonly displayName?: string;
  /** `1.2.1`: the way through the tree of forks. */
  readonly index: string;
  /**
   * How this target came from that with the index `of`: `rc` a contact of the same user, `mp` another user, `np` no change
   * of the target (section 5).
   */
  readonly how?: { readonly kind: 'rc' | 'mp' | 'np'; readonly of: string };
  /** Why this target was left: Reason in the URI's headers, a failure of it or a cause of Q.850. */
  readonly reasons: readonly ReasonValue[];
  /** Not to be shown (section 10.1): Privacy of the entry, or of the whole message. */
  readonly private: boolean;
}

/** Calls do not have more targets than they may hop, and no deeper forks. */
const mostEntries = 70;
const deepestIndex = 70;

/** History-Info of a message in wire order, the first target first. What cannot be read is left out. */
export function historyInfo(message: WithHeaders): readonly HistoryEntry[] {
  const ofMessage = privacyOf(message);
  const isAllPrivate = hides(ofMessage);
  return headerValues(message, 'history-info')
    .slice(0, mostEntries)
    .flatMap((value) => parseHistoryEntry(value) ?? [])
    .map((entry) => (isAllPrivate ? { ...entry, private: true } : entry));
}

/** One value of History-Info. */
export function parseHistoryEntry(text: string): HistoryEntry | undefined {
  const address = parseNameAddr(text);
  const parts = address === undefined ? undefined : splitUriHeaders(address.uri);
  const index = address?.params.get('index');
  if (address === undefined || parts === undefined || index === undefined || !isIndex(index))
    return undefined;
  const kind = (['rc', 'mp', 'np'] as const).find((name) => address.params.has(name));
  const of = kind === undefined ? undefined : address.params.get(kind);
  if (of !== undefined && !isIndex(of)) return undefined;
  const valuesOf = (wanted: string) => parts.headers.find(([name]) => name === wanted)?.[1] ?? '';
  return {
    uri: parts.uri,
    ...(address.displayName !== undefined && { displayName: address.displayName }),
    index,
    ...(kind !== undefined && of !== undefined && { how: { kind, of } }),
    reasons: splitValues(valuesOf('reason')).flatMap((value) => parseReason(value) ?? []),
    private: hides(parsePrivacy(valuesOf('privacy'))),
  };
}

export function formatHistoryEntry(
  entry: Pick<HistoryEntry, 'uri' | 'displayName' | 'index'> & Partial<HistoryEntry>,
): string {
  const headers: (readonly [string, string])[] = [];
  const reasons = (entry.reasons ?? []).map(({ protocol, cause }) =>
    cause === undefined ? protocol : `${protocol};cause=${cause}`,
  );
  if (reasons.length > 0) headers.push(['Reason', reasons.join(',')]);
  if (entry.private === true) headers.push(['Privacy', 'history']);
  const params = new Map<string, string | undefined>([['index', entry.index]]);
  if (entry.how !== undefined) params.set(entry.how.kind, entry.how.of);
  const { displayName } = entry;
  const uri = withUriHeaders(entry.uri, headers);
  return formatNameAddr({ uri, params, ...(displayName !== undefined && { displayName }) });
}

/** `header` and `session` hide the history as well (RFC 7044 section 10.1.2). */
function hides(values: ReadonlySet<string>): boolean {
  return values.has('history') || values.has('header') || values.has('session');
}

function isIndex(text: string): boolean {
  const numbers = text.split('.', deepestIndex + 1);
  return (
    numbers.length <= deepestIndex && numbers.every((number) => parseDecimal(number, 0xffff) !== undefined)
  );
}
