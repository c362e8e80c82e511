/**
 * What may leave this device in a log: no tokens, no digits, no names, no addresses. Numbers keep their last two digits, ids their first eight
 * characters, which is enough to find them in the logs of cloud and connector.
 */
const HIDDEN = '•••';
const DEEPEST = 6;
const ENTRIES = 50;
const TEXT = 300;

/** Fields whose contents nobody needs to see. */
const hiddenKey =
  /pass|secret|token|cookie|auth|credential|api_?key|digit|dtmf|name|mail|display|remote|party|ufrag|pwd/iu;
const idKey = /^(?:call|otherCall|correlation|report|leg|client|request|record)Id$/u;
/** Counts and instants, which are no telephone numbers. */
const measureKey = /(?:^at|At|Ms|Seconds|seconds|delay|attempt|chars|gap|rev|count|looks)$/u;

export function redact(value: unknown, key = '', depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  // Which setting it was, or what an error is called, is a word of ours.
  if (hiddenKey.test(key)) return HIDDEN;
  if (typeof value === 'number') return redactNumber(value, key);
  if (typeof value === 'string') return idKey.test(key) ? redactId(value) : redactText(value);
  if (depth >= DEEPEST) return HIDDEN;
  if (Array.isArray(value)) return value.slice(0, ENTRIES).map((one) => redact(one, key, depth + 1));
  if (typeof value !== 'object') return HIDDEN;
  const fields = Object.entries(value).slice(0, ENTRIES);
  return Object.fromEntries(
    fields.map(([field, of]) => [redactText(field), redact(of, field, depth + 1)] as const),
  );
}

function redactNumber(value: number, key: string): number | string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) < 1_000 || measureKey.test(key) ? value : redactText(String(value));
}

function redactId(id: string): string {
  const start = id.slice(0, 8);
  return id.length > 8 ? `${redactText(start)}…` : redactText(start);
}

/** In this order: what is wider first. */
const patterns: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  // A session description, or a candidate of one, tells the addresses of this device and the keys of the call.
  [/^v=0[\s\S]*$|(?:a=)?candidate:[^"]*|a=(?:crypto|fingerprint|ice-\w+)[^\r\n]*/gu, '[sdp]'],
  [/(?:bearer|basic)\s+\S+/giu, HIDDEN],
  [/(?:token|password|secret|key|code|state|cookie|session)["']?\s*[=:]\s*["']?[^\s&"',;]+/giu, HIDDEN],
  [/[^\s@<>"'()]+@[^\s@<>"'()]+/gu, HIDDEN],
  [/https?:\/\/[^\s"']+/giu, (found) => `[${found.startsWith('https') ? 'https' : 'http'} address]`],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}/giu, '[address]'],
  [/[\w+/=.-]*\.local\b/gu, '[address]'],
  // What is long and has letters and digits in no order: tokens, keys, hashes.
  [/[A-Za-z0-9_+/=-]{20,}/gu, (found) => (/\d/u.test(found) || /[a-z][A-Z]/u.test(found) ? HIDDEN : found)],
  // Telephone numbers as people write them, and anything else of three digits or more.
  [/\+?\d(?:[\s()/.-]*\d){2,}/gu, (found) => `…${found.replaceAll(/\D/gu, '').slice(-2)}`],
];

export function redactText(text: string): string {
  const cut = text.slice(0, TEXT);
  return patterns.reduce((rest, [pattern, by]) => {
    return typeof by === 'string' ? rest.replaceAll(pattern, by) : rest.replaceAll(pattern, by);
  }, cut);
}

/** Names that this window knows, wherever they stand. */
export function withoutNames(text: string, names: readonly string[]): string {
  const wanted = names.flatMap((name) => [name, ...name.split(/\s+/u)]).filter((part) => part.length >= 2);
  const longestFirst = [...new Set(wanted)].toSorted((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return text;
  const any = longestFirst
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`))
    .join('|');
  return text.replaceAll(new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${any})(?![\p{L}\p{N}])`, 'giu'), HIDDEN);
}
