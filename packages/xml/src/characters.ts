/** What a name may begin with (XML 1.0 section 2.3), taking every character above 127 for a letter. */
function isNameStart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === 0x3a ||
    code >= 0x80
  );
}

/** The position after the name that begins at `from`; `from` itself where none does. */
export function skipName(text: string, from: number): number {
  if (!isNameStart(text.charCodeAt(from))) return from;
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const isFurther = code === 0x2d || code === 0x2e || (code >= 0x30 && code <= 0x39);
    if (!isFurther && !isNameStart(code)) break;
    at += 1;
  }
  return at;
}

export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** XML 1.0 section 2.2: no control characters but tab and line breaks, no U+FFFE, no U+FFFF. */
function isForeign(code: number): boolean {
  return code < 0x20 ? code !== 0x09 && code !== 0x0a && code !== 0x0d : code === 0xfffe || code === 0xffff;
}

/** Characters that no document can hold, not even as references; lone surrogates are some. */
export function hasForeignCharacters(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (isForeign(text.charCodeAt(at))) return true;
  return !text.isWellFormed();
}

/** With U+FFFD in their place. */
export function withoutForeignCharacters(text: string): string {
  if (!hasForeignCharacters(text)) return text;
  return Array.from(text.toWellFormed(), (character) =>
    isForeign(character.charCodeAt(0)) ? '\ufffd' : character,
  ).join('');
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Longer references than `&#x10ffff;` with some zeros before it are refused. */
const longestReference = 12;

/** Resolves the five entities of XML itself and numeric references; `undefined` where there is any other `&`. */
export function resolveReferences(text: string): string | undefined {
  let ampersand = text.indexOf('&');
  if (ampersand < 0) return text;
  const pieces: string[] = [];
  let from = 0;
  while (ampersand >= 0) {
    const semicolon = text.indexOf(';', ampersand);
    if (semicolon < 0 || semicolon - ampersand > longestReference) return undefined;
    const character = resolve(text.slice(ampersand + 1, semicolon));
    if (character === undefined) return undefined;
    pieces.push(text.slice(from, ampersand), character);
    from = semicolon + 1;
    ampersand = text.indexOf('&', from);
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

function resolve(reference: string): string | undefined {
  const match = /^#(?:([0-9]+)|x([0-9a-fA-F]+))$/.exec(reference);
  if (match === null) return ENTITIES.get(reference);
  const [, decimal, hexadecimal = ''] = match;
  const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number.parseInt(decimal, 10);
  if (code > 0x10_ffff) return undefined;
  const character = String.fromCodePoint(code);
  return hasForeignCharacters(character) ? undefined : character;
}
