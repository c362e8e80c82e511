import { Words } from './words.ts';

/**
 * The three spellings of a header name: compact (`v`), canonical lower-case as `HeaderField.name` has it (`via`), and
 * usual, as it goes out (`Via`).
 */

/** RFC 3261 section 7.3.3 and the IANA registry of header fields. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** Names in their usual spelling that are not plain `Word-Word`, and those of the hot path. */
const USUAL = [
  'Via',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Contact',
  'Max-Forwards',
  'Content-Type',
  'Content-Length',
  'Route',
  'Record-Route',
  'Allow',
  'Supported',
  'Require',
  'Expires',
  'User-Agent',
  'Server',
  'Accept',
  'Authorization',
  'Proxy-Authorization',
  'Proxy-Authenticate',
  'WWW-Authenticate',
  'Authentication-Info',
  'MIME-Version',
  'RSeq',
  'RAck',
  'SIP-ETag',
  'SIP-If-Match',
  'Min-SE',
  'Session-ID',
  'P-Asserted-Identity',
  'Allow-Events',
  'Accept-Language',
  'Date',
  'Event',
  'Subscription-State',
  'Refer-To',
  'Referred-By',
  'Reason',
  'Warning',
  'Timestamp',
] as const;

/** From the spellings of most messages to the canonical name, so that most lines need no lower-casing. */
const CANONICAL = new Map<string, string>();
const SPELLING = new Map<string, string>();
for (const name of USUAL) {
  const canonical = name.toLowerCase();
  CANONICAL.set(name, canonical).set(canonical, canonical);
  SPELLING.set(canonical, name);
}
for (const [compact, name] of Object.entries(COMPACT)) {
  CANONICAL.set(compact, name).set(compact.toUpperCase(), name);
}

const SPELLINGS = new Words(CANONICAL);

/** The canonical form of the name that stands at `text[from, to)`. */
export function canonicalNameAt(text: string, from: number, to: number): string {
  return SPELLINGS.find(text, from, to) ?? canonicalName(text.slice(from, to));
}

/** `v`, `VIA` and `Via` become `via`. */
export function canonicalName(name: string): string {
  const known = CANONICAL.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  return CANONICAL.get(lower) ?? lower;
}

const PREFIX = new Map(USUAL.map((name) => [name.toLowerCase(), `\r\n${name}: `]));

/** What stands before a header's value: the end of the line above and the usual name. Line breaks in a name are spaces. */
export function linePrefix(canonical: string): string {
  return PREFIX.get(canonical) ?? `\r\n${usualName(canonical).replaceAll(/[\r\n]+/g, ' ')}: `;
}

/** `www-authenticate` becomes `WWW-Authenticate`, `x-unknown-name` becomes `X-Unknown-Name`. */
export function usualName(canonical: string): string {
  const known = SPELLING.get(canonical);
  if (known !== undefined) return known;
  return canonical.replaceAll(
    /(^|-)([a-z])/g,
    (_, dash: string, letter: string) => dash + letter.toUpperCase(),
  );
}
