import type { Entropy } from '../entropy.ts';
import { several } from '../entropy.ts';
import { sdp } from './sdp.ts';
import * as values from './values.ts';

/** A message before it is written: what its octets have to mean. */
export interface Draft {
  startLine: string;
  /** Usual names with their values. */
  readonly fields: [name: string, value: string][];
  body: string;
}

export const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'UPDATE',
  'PRACK',
  'INFO',
  'REFER',
  'NOTIFY',
  'SUBSCRIBE',
  'MESSAGE',
  'PUBLISH',
] as const;

const STATUSES = [
  100, 180, 183, 200, 202, 302, 401, 404, 407, 422, 423, 481, 486, 487, 491, 500, 503, 603, 699,
];

/** Compact spellings (section 7.3.3). */
const COMPACT: Readonly<Record<string, string>> = {
  Via: 'v',
  From: 'f',
  To: 't',
  'Call-ID': 'i',
  Contact: 'm',
  'Content-Type': 'c',
  'Content-Length': 'l',
  Supported: 'k',
  Subject: 's',
  'Refer-To': 'r',
  'Referred-By': 'b',
  Event: 'o',
  'Session-Expires': 'x',
};

/** Headers that any message may have. */
const OPTIONAL: readonly ((entropy: Entropy) => [string, string])[] = [
  (entropy) => ['Contact', values.list(entropy, values.nameAddr)],
  (entropy) => ['Record-Route', values.list(entropy, (each) => `<${values.sipUri(each)};lr>`)],
  (entropy) => ['Route', values.list(entropy, (each) => `<${values.sipUri(each)};lr>`)],
  (entropy) => ['Allow', values.list(entropy, (each) => each.pick(METHODS), 8)],
  (entropy) => [
    'Supported',
    values.list(entropy, (each) => each.pick(['timer', '100rel', values.token(each)])),
  ],
  (entropy) => ['Require', values.list(entropy, values.token)],
  (entropy) => ['User-Agent', `${values.token(entropy)}/1.0 (${values.token(entropy)})`],
  (entropy) => ['Subject', `${values.token(entropy)} ${values.quoted(entropy)}`],
  (entropy) => ['Expires', `${entropy.pick([0, 60, 3_600, 4_294_967_295])}`],
  (entropy) => ['Session-Expires', `${entropy.integer(0, 9_999)};refresher=${entropy.pick(['uac', 'uas'])}`],
  (entropy) => ['Min-SE', `${entropy.integer(0, 999)}`],
  (entropy) => ['RSeq', `${entropy.integer(0, 2 ** 31)}`],
  (entropy) => ['RAck', `${entropy.integer(0, 9_999)} ${entropy.integer(0, 9_999)} INVITE`],
  (entropy) => ['Refer-To', values.nameAddr(entropy)],
  (entropy) => ['Referred-By', values.nameAddr(entropy)],
  (entropy) => [
    'Replaces',
    `${values.token(entropy)};to-tag=${values.token(entropy)};from-tag=${values.token(entropy)}`,
  ],
  (entropy) => [
    'Event',
    `${entropy.pick(['dialog', 'refer', 'message-summary'])}${values.genericParams(entropy)}`,
  ],
  (entropy) => ['Subscription-State', `${entropy.pick(['active', 'terminated', 'pending'])};expires=60`],
  (entropy) => ['P-Asserted-Identity', values.list(entropy, values.nameAddr, 2)],
  (entropy) => ['Diversion', values.list(entropy, values.nameAddr, 2)],
  (entropy) => ['Reason', `Q.850;cause=${entropy.integer(0, 127)};text=${values.quoted(entropy)}`],
  (entropy) => ['Warning', `${entropy.integer(300, 399)} ${values.host(entropy)} ${values.quoted(entropy)}`],
  (entropy) => ['Retry-After', `${entropy.integer(0, 9_999)} (${values.token(entropy)});duration=1`],
  (entropy) => ['Timestamp', `${entropy.integer(0, 99)}.${entropy.integer(0, 99)}`],
  (entropy) => ['Authorization', values.credentials(entropy)],
  (entropy) => ['Proxy-Authorization', values.credentials(entropy)],
  (entropy) => ['WWW-Authenticate', values.challenge(entropy)],
  (entropy) => ['Proxy-Authenticate', values.challenge(entropy)],
  (entropy) => [`X-${values.text(entropy, 'abcxyz-', 1, 12)}`, values.text(entropy, 'abc 01;,:<>"=@', 0, 40)],
];

/** A message with random structure and legal throughout. */
export function draftMessage(entropy: Entropy): Draft {
  const method = entropy.chance(0.95) ? entropy.pick(METHODS) : values.token(entropy);
  const isRequest = entropy.chance(0.65);
  const body = entropy.chance(0.4)
    ? sdp(entropy)
    : values.text(entropy, 'abc \r\n', 0, entropy.pick([0, 0, 30]));
  const mandatory: [string, string][] = [
    ['Via', values.list(entropy, values.via, 2)],
    ['From', values.partyAddress(entropy, 0.95)],
    ['To', values.partyAddress(entropy, isRequest ? 0.3 : 0.95)],
    ['Call-ID', `${values.token(entropy)}${entropy.chance(0.5) ? `@${values.host(entropy)}` : ''}`],
    [
      'CSeq',
      `${entropy.pick([0, 1, 2_147_483_647, entropy.integer(0, 99_999)])}${entropy.pick([' ', ' ', '\t', '  '])}${method}`,
    ],
    ['Max-Forwards', `${entropy.integer(0, 255)}`],
    ['Content-Length', `${entropy.pick(['', '', '00'])}${body.length}`],
  ];
  if (body.length > 0)
    mandatory.push(['Content-Type', entropy.pick(['application/sdp', 'text/plain;charset=UTF-8'])]);
  const optional = several(entropy, 0, 8, () => entropy.pick(OPTIONAL)(entropy));
  return {
    startLine: isRequest
      ? `${method} ${values.anyUri(entropy)} SIP/2.0`
      : `SIP/2.0 ${entropy.pick(STATUSES)} ${entropy.pick(['OK', '', 'Not Found', 'Ja \u00c3\u00bc'])}`,
    fields: shuffled(entropy, [...mandatory, ...optional]),
    body,
  };
}

/** The octets of a draft: names in any spelling, white space and folding where the grammar lets them stand. */
export function writeDraft(entropy: Entropy, draft: Draft): Uint8Array {
  const isPlain = entropy.chance(0.5);
  let text = `${draft.startLine}\r\n`;
  for (const [name, value] of draft.fields) {
    text += isPlain ? `${name}: ${value}\r\n` : headerLine(entropy, name, value);
  }
  return Buffer.from(`${text}\r\n${draft.body}`, 'latin1');
}

function headerLine(entropy: Entropy, name: string, value: string): string {
  const spelling = entropy.pick([name, name, COMPACT[name] ?? name, name.toLowerCase(), name.toUpperCase()]);
  const [before, after] = [values.space(entropy), entropy.pick([' ', '', '\t', '\r\n '])];
  // Outside quoted strings white space may be folded; every value here has its strings free of double spaces.
  const folded = entropy.chance(0.05) && !value.includes('"') ? value.replace(' ', '\r\n\t') : value;
  return `${spelling}${before}:${after}${folded}${values.space(entropy)}\r\n`;
}

function shuffled<T>(entropy: Entropy, items: T[]): T[] {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = entropy.integer(0, at);
    const [a, b] = [items[at], items[other]];
    if (a !== undefined && b !== undefined) [items[at], items[other]] = [b, a];
  }
  return items;
}
