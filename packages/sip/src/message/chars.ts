/**
 * Character classes of RFC 3261 section 25.1, as one table that is asked by code. Characters above 127 belong to
 * no class but `VISIBLE`: they may stand in display names, quoted strings and (tolerated) user parts.
 */
const TOKEN = 1;
const HOST = 2;
const URI_PARAM = 4;
const USER = 8;
const VISIBLE = 16;
const HEX = 32;

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const MARK = "-_.!~*'()";

const CLASSES = new Uint8Array(256);
function mark(characters: string, bit: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASSES[code] = (CLASSES[code] ?? 0) | bit;
  }
}
mark(`${ALPHANUMERIC}-.!%*_+\`'~`, TOKEN);
// The underscore is no host character by the grammar, but names of machines in company networks have it.
mark(`${ALPHANUMERIC}-._`, HOST);
mark(`${ALPHANUMERIC}${MARK}[]/:&+$%`, URI_PARAM);
// By the grammar `#` has to be escaped; desk phones send feature codes such as `*21#` with it bare.
mark(`${ALPHANUMERIC}${MARK}&=+$,;?/%#[]{}|^\``, USER);
mark('0123456789abcdefABCDEF', HEX);
for (let code = 0x21; code < 0x7f; code += 1) mark(String.fromCharCode(code), VISIBLE);
for (let code = 0x80; code < 0x100; code += 1) CLASSES[code] = VISIBLE | USER;

function all(text: string, from: number, to: number, bit: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    const classes = code > 0xff ? VISIBLE | USER : (CLASSES[code] ?? 0);
    if ((classes & bit) === 0) return false;
  }
  return true;
}

/** True when `text[from, to)` is a non-empty token. */
export function isToken(text: string, from = 0, to = text.length): boolean {
  return to > from && all(text, from, to, TOKEN);
}

export function isTokenCode(code: number): boolean {
  return ((CLASSES[code] ?? 0) & TOKEN) !== 0;
}

/** A host name or IPv4 address, by its characters. */
export function isHostName(text: string): boolean {
  return text.length > 0 && all(text, 0, text.length, HOST);
}

/**
 * What may stand between the brackets of an IPv6 reference, by its characters. The grammar of RFC 3261 lets `:::`
 * pass and RFC 5118 section 4.10 asks to tolerate it, so nothing more is checked.
 */
export function isIpv6(text: string): boolean {
  if (text.length < 2 || !text.includes(':')) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 0x3a && code !== 0x2e && ((CLASSES[code] ?? 0) & HEX) === 0) return false;
  }
  return true;
}

/** Characters of a URI parameter's or header's name or value, with every `%` followed by two hexadecimal digits. */
export function isUriParamText(text: string): boolean {
  return all(text, 0, text.length, URI_PARAM) && areEscapesWhole(text);
}

/** Characters of a user part or password, with every `%` followed by two hexadecimal digits. */
export function isUserText(text: string): boolean {
  return all(text, 0, text.length, USER) && areEscapesWhole(text);
}

/** No white space and no control character. */
export function isVisible(text: string): boolean {
  return all(text, 0, text.length, VISIBLE);
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function areEscapesWhole(text: string): boolean {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    if (at + 2 >= text.length || !all(text, at + 1, at + 3, HEX)) return false;
  }
  return true;
}

/** Digits only, at most `max`; else `undefined`. Leading zeros are permitted. */
export function parseDecimal(text: string, max: number): number | undefined {
  if (text.length === 0) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
    if (value > max) return undefined;
  }
  return value;
}

/** The first position at or after `from` that is neither space nor tab. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09) break;
    at += 1;
  }
  return at;
}

/** The position after the quoted string that opens at `from`, or -1 when it never closes. */
export function skipQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at + 1;
  }
  return -1;
}
