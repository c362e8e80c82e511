import type { Entropy } from '../entropy.ts';
import { several } from '../entropy.ts';

/*
 * Values of header fields by the grammar of RFC 3261 section 25.1, as octets in Latin-1 text. All of them are legal;
 * `flaws.ts` breaks them.
 */

const TOKEN_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~";
const USER_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()&=+$,;?/";
/** UTF-8, as Latin-1 shows it: `ä`, `電`, an emoji. */
const UTF8 = ['\u00c3\u00a4', '\u00e9\u009b\u00bb', '\u00f0\u009f\u0098\u0080'];

export function text(entropy: Entropy, characters: string, least: number, most: number): string {
  let made = '';
  for (let length = entropy.integer(least, most); length > 0; length -= 1) {
    made += characters.charAt(entropy.integer(0, characters.length - 1));
  }
  return made;
}

export const token = (entropy: Entropy): string => text(entropy, TOKEN_CHARACTERS, 1, 12);

/** Linear white space, without folding: `headerLine` folds. */
export const space = (entropy: Entropy): string =>
  entropy.chance(0.9) ? '' : entropy.pick([' ', '\t', '  ']);

export function quoted(entropy: Entropy): string {
  const parts = several(entropy, 0, 4, () =>
    entropy.pick(['plain', ' ', '\\"', '\\\\', ',', ';', '<', '>', '=', ...UTF8, token(entropy)]),
  );
  return `"${parts.join('')}"`;
}

export function host(entropy: Entropy): string {
  switch (entropy.integer(0, 5)) {
    case 0:
      return `192.0.2.${entropy.integer(0, 255)}`;
    case 1:
      return `[2001:db8::${entropy.integer(0, 9_999)}]`;
    case 2:
      return entropy.pick(['[::1]', '[::ffff:192.0.2.1]', '[2001:db8:0:0:1:0:0:1]']);
    case 3:
      return 'localhost';
    default:
      return `${text(entropy, 'abcxyz019', 1, 8)}.example.${entropy.pick(['com', 'org', 'invalid'])}`;
  }
}

export function hostPort(entropy: Entropy): string {
  return entropy.chance(0.5)
    ? host(entropy)
    : `${host(entropy)}:${entropy.pick([5060, 5061, 1, 65_535, entropy.integer(1, 65_535)])}`;
}

const escaped = (entropy: Entropy): string =>
  entropy.pick(['%20', '%40', '%c3%a4', '%00', '%3B', '%25', '%ff']);

function user(entropy: Entropy): string {
  const name = text(entropy, USER_CHARACTERS, 1, 10) + (entropy.chance(0.15) ? escaped(entropy) : '');
  return entropy.chance(0.05) ? `${name}:${text(entropy, 'abc&=+$,', 0, 6)}@` : `${name}@`;
}

const uriParam = (entropy: Entropy): string =>
  entropy.pick([
    ';lr',
    ';transport=udp',
    ';transport=TCP',
    ';user=phone',
    ';maddr=239.255.255.1',
    ';ttl=15',
    ';method=INVITE',
    `;${text(entropy, 'abcxyz-', 1, 6)}=${text(entropy, "abc[]/:&+$!'()", 1, 6)}`,
  ]);

export function sipUri(entropy: Entropy): string {
  const scheme = entropy.pick(['sip', 'sip', 'sip', 'sips', 'SIP']);
  const params = several(entropy, 0, 3, () => uriParam(entropy)).join('');
  return `${scheme}:${entropy.chance(0.85) ? user(entropy) : ''}${hostPort(entropy)}${params}`;
}

export function anyUri(entropy: Entropy): string {
  if (entropy.chance(0.85)) return sipUri(entropy);
  return entropy.pick([
    'tel:+1-201-555-0123',
    'tel:7042;phone-context=example.com',
    'urn:service:sos',
    `mailto:${token(entropy)}`,
  ]);
}

/** In brackets a SIP URI may have headers. */
function bracketedUri(entropy: Entropy): string {
  const uri = anyUri(entropy);
  const mayHaveHeaders = uri.toLowerCase().startsWith('sip') && entropy.chance(0.05);
  return `<${uri}${mayHaveHeaders ? `?Subject=a%20b&${text(entropy, 'abc', 1, 4)}=` : ''}>`;
}

function genericParam(entropy: Entropy): string {
  const name = text(entropy, 'abcdefgh-_', 1, 8);
  const [a, b, c] = [space(entropy), space(entropy), space(entropy)];
  if (entropy.chance(0.3)) return `${a};${name}`;
  const value = entropy.chance(0.7) ? token(entropy) : quoted(entropy);
  return `${a};${name}${b}=${c}${value}`;
}

export const genericParams = (entropy: Entropy, most = 3): string =>
  several(entropy, 0, most, () => genericParam(entropy)).join('');

export function nameAddr(entropy: Entropy): string {
  const name = entropy.pick([
    '',
    '',
    `${token(entropy)} `,
    `${quoted(entropy)} `,
    `A ${token(entropy)} B `,
    quoted(entropy),
  ]);
  return `${name}${bracketedUri(entropy)}${genericParams(entropy)}`;
}

/** From, To: a name-addr, or an addr-spec without `,`, `;` and `?`, with or without a tag. */
export function partyAddress(entropy: Entropy, tagChance: number): string {
  const plain = `sip:${text(entropy, 'abc019', 1, 8)}@${hostPort(entropy)}`;
  const tag = entropy.chance(tagChance) ? `;tag=${token(entropy)}` : '';
  return (entropy.chance(0.1) ? plain : nameAddr(entropy).replaceAll(/;tag[ \t]*(?==)/g, ';t')) + tag;
}

export function via(entropy: Entropy): string {
  const transport = entropy.pick(['UDP', 'UDP', 'TCP', 'TLS', 'WS', 'WSS', 'SCTP', 'udp', token(entropy)]);
  const slash = entropy.chance(0.95) ? '/' : ' / ';
  const params = several(entropy, 0, 3, () =>
    entropy.pick([
      ';rport',
      ';rport=5060',
      ';received=192.0.2.1',
      ';received=2001:db8::1',
      ';maddr=224.2.0.1',
      ';ttl=16',
      genericParam(entropy),
    ]),
  ).join('');
  const branch = entropy.chance(0.9) ? `;branch=z9hG4bK${token(entropy)}` : '';
  return `SIP${slash}2.0${slash}${transport} ${hostPort(entropy)}${branch}${params}`;
}

export const list = (entropy: Entropy, make: (entropy: Entropy) => string, most = 3): string =>
  several(entropy, 1, most, () => make(entropy)).join(entropy.pick([',', ', ', ' , ']));

const digestValue = (entropy: Entropy): string => text(entropy, 'abcdef0123456789', 1, 32);

export function credentials(entropy: Entropy): string {
  return (
    `Digest username="${token(entropy)}", realm=${quoted(entropy)}, nonce="${digestValue(entropy)}", ` +
    `uri="sip:example.com", response="${digestValue(entropy)}"` +
    entropy.pick(['', ', algorithm=MD5', ', algorithm=SHA-256, qop=auth, nc=00000001, cnonce="x"', ',x=y'])
  );
}

export function challenge(entropy: Entropy): string {
  return (
    `Digest realm=${quoted(entropy)}, nonce="${digestValue(entropy)}"` +
    entropy.pick([
      '',
      ', algorithm=MD5',
      ', algorithm=SHA-256, qop="auth,auth-int"',
      ', algorithm=MD5-sess, qop="auth"',
      ', stale=true',
      ', opaque=""',
      ', algorithm=unknown',
    ])
  );
}
