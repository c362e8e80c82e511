import { hasForeignCharacters, isSpace, resolveReferences, skipName, skipSpaces } from './characters.ts';
import { DEFAULT_XML_LIMITS } from './types.ts';
import type { XmlElement, XmlFault, XmlLimits } from './types.ts';

/**
 * Reads a document into its root element: elements, attributes, text, CDATA, the entities of XML itself and numeric
 * references; comments and processing instructions are passed over. No DOCTYPE, so no entity, no default and nothing that
 * would have to be fetched. UTF-8 (with or without its mark), or Latin-1 where the declaration says so.
 *
 * It is a reader for what peers send to each other, not a validator: it is content with some names and texts that XML 1.0
 * refuses (`]]>` in text). Time grows with length; nothing is called recursively.
 */
export function parseXml(
  document: Uint8Array | string,
  limits: Partial<XmlLimits> = {},
): XmlElement | XmlFault {
  const bounds = { ...DEFAULT_XML_LIMITS, ...limits };
  // A character has one octet at least.
  if (document.length > bounds.octets) {
    return { kind: 'fault', code: 'too_large', text: `More than ${bounds.octets} octets`, at: 0 };
  }
  const text = typeof document === 'string' ? document : decode(document);
  if (text === undefined)
    return { kind: 'fault', code: 'encoding', text: 'Neither UTF-8 nor Latin-1', at: 0 };
  if (hasForeignCharacters(text)) {
    return { kind: 'fault', code: 'malformed', text: 'A character that XML does not have', at: 0 };
  }
  // Section 2.11: line ends are one line feed.
  return new Reader(text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text, bounds).read();
}

export function isXmlFault(result: XmlElement | XmlFault): result is XmlFault {
  return 'kind' in result;
}

/** Longer declarations are not looked into. */
const declarationOctets = 100;
/** So many code units become a string at a time: each is an argument, and there is room for no more on the stack. */
const chunk = 8_192;

function decode(octets: Uint8Array): string | undefined {
  const start = latin1(octets.subarray(0, declarationOctets));
  const declared = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1];
  if (/^(?:iso-8859-1|latin1)$/i.test(declared ?? '')) return latin1(octets);
  if (declared !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(declared)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}

/** Octet by octet: `TextDecoder` takes Windows-1252 for Latin-1. */
function latin1(octets: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < octets.length; at += chunk) {
    pieces.push(String.fromCharCode(...octets.subarray(at, at + chunk)));
  }
  return pieces.join('');
}

/** The namespaces of an element: those that it declares, then those around it. */
interface Scope {
  readonly around: Scope | undefined;
  readonly declared: ReadonlyMap<string, string>;
}

interface OpenElement {
  /** As written, with its prefix: the end tag has to be the same. */
  readonly tag: string;
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly scope: Scope | undefined;
  readonly children: XmlElement[];
  readonly pieces: string[];
}

class Reader {
  readonly #text: string;
  readonly #limits: XmlLimits;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #elements = 0;
  #root: XmlElement | undefined;
  #fault: XmlFault | undefined;

  constructor(text: string, limits: XmlLimits) {
    this.#text = text;
    this.#limits = limits;
    if (text.startsWith('\ufeff')) this.#at = 1;
  }

  read(): XmlElement | XmlFault {
    while (this.#fault === undefined && this.#at < this.#text.length) this.#item();
    if (this.#fault !== undefined) return this.#fault;
    if (this.#root === undefined || this.#open.length > 0) {
      return this.#fail('malformed', 'The document ends too early');
    }
    return this.#root;
  }

  #fail(code: XmlFault['code'], text: string): XmlFault {
    this.#fault ??= { kind: 'fault', code, text, at: this.#at };
    return this.#fault;
  }

  /** What begins here: text up to the next `<`, or one piece of markup. */
  #item(): void {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== 0x3c) {
      const end = text.indexOf('<', this.#at);
      this.#characters(text.slice(this.#at, end < 0 ? text.length : end));
      this.#at = end < 0 ? text.length : end;
      return;
    }
    if (text.startsWith('</', this.#at)) this.#endTag();
    else if (text.startsWith('<!--', this.#at)) this.#skipPast('-->', 4);
    else if (text.startsWith('<?', this.#at)) this.#skipPast('?>', 2);
    else if (text.startsWith('<![CDATA[', this.#at)) this.#cdata();
    else if (text.startsWith('<!', this.#at)) this.#fail('doctype', 'Declarations are not read');
    else this.#startTag();
  }

  #characters(raw: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) {
      if (skipSpaces(raw, 0) < raw.length) this.#fail('malformed', 'Text outside the root element');
      return;
    }
    const resolved = resolveReferences(raw);
    if (resolved === undefined) this.#fail('malformed', 'An unknown reference');
    else element.pieces.push(resolved);
  }

  #skipPast(end: string, opening: number): string {
    const from = this.#at + opening;
    const found = this.#text.indexOf(end, from);
    if (found < 0) {
      this.#fail('malformed', `"${end}" is missing`);
      return '';
    }
    this.#at = found + end.length;
    return this.#text.slice(from, found);
  }

  #cdata(): void {
    const element = this.#open.at(-1);
    if (element === undefined) this.#fail('malformed', 'Text outside the root element');
    else element.pieces.push(this.#skipPast(']]>', 9));
  }

  #startTag(): void {
    const nameEnd = skipName(this.#text, this.#at + 1);
    const tag = this.#text.slice(this.#at + 1, nameEnd);
    const qualified = splitName(tag);
    if (qualified === undefined) {
      this.#fail('malformed', 'A "<" without a name');
      return;
    }
    if (this.#root !== undefined && this.#open.length === 0) {
      this.#fail('malformed', 'More than one root element');
      return;
    }
    if (this.#open.length >= this.#limits.depth) {
      this.#fail('too_deep', `Elements nest more than ${this.#limits.depth} deep`);
      return;
    }
    this.#elements += 1;
    if (this.#elements > this.#limits.elements) {
      this.#fail('too_many', `More than ${this.#limits.elements} elements`);
      return;
    }
    this.#at = nameEnd;
    const attributes = this.#attributes();
    if (attributes === undefined) return;
    const scope = scopeOf(attributes, this.#open.at(-1)?.scope);
    const namespace = lookUp(scope, qualified.prefix);
    const { name } = qualified;
    this.#open.push({ tag, name, namespace, attributes, scope, children: [], pieces: [] });
    if (this.#text.startsWith('/>', this.#at)) {
      this.#at += 2;
      this.#close();
    } else this.#at += 1;
  }

  /** Up to `>` or `/>`, on which it stops; `undefined` after a fault. */
  #attributes(): ReadonlyMap<string, string> | undefined {
    const attributes = new Map<string, string>();
    for (;;) {
      const from = this.#at;
      this.#at = skipSpaces(this.#text, this.#at);
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x3e || this.#text.startsWith('/>', this.#at)) return attributes;
      const nameEnd = skipName(this.#text, this.#at);
      const name = this.#text.slice(this.#at, nameEnd);
      if (name === '' || from === this.#at) {
        this.#fail('malformed', 'A tag is malformed');
        return undefined;
      }
      if (attributes.has(name)) {
        this.#fail('malformed', 'An attribute comes twice');
        return undefined;
      }
      if (attributes.size >= this.#limits.attributes) {
        this.#fail('too_many', `More than ${this.#limits.attributes} attributes`);
        return undefined;
      }
      const value = this.#attributeValue(nameEnd);
      if (value === undefined) return undefined;
      attributes.set(name, value);
    }
  }

  #attributeValue(nameEnd: number): string | undefined {
    const equals = skipSpaces(this.#text, nameEnd);
    const open = skipSpaces(this.#text, equals + 1);
    const quote = this.#text[open];
    const close = quote === '"' || quote === "'" ? this.#text.indexOf(quote, open + 1) : -1;
    const raw = this.#text.slice(open + 1, Math.max(open + 1, close));
    if (this.#text[equals] !== '=' || close < 0 || raw.includes('<')) {
      this.#fail('malformed', 'An attribute is malformed');
      return undefined;
    }
    // Section 3.3.3: white space is spaces, before references are resolved.
    const value = resolveReferences(raw.replaceAll(/[\n\t]/g, ' '));
    if (value === undefined) this.#fail('malformed', 'An unknown reference');
    this.#at = close + 1;
    return value;
  }

  #endTag(): void {
    const nameEnd = skipName(this.#text, this.#at + 2);
    const end = skipSpaces(this.#text, nameEnd);
    const tag = this.#text.slice(this.#at + 2, nameEnd);
    if (this.#open.at(-1)?.tag !== tag || this.#text[end] !== '>') {
      this.#fail('malformed', 'An end tag that ends nothing');
      return;
    }
    this.#at = end + 1;
    this.#close();
  }

  #close(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const { name, namespace, attributes, children, pieces } = open;
    const element: XmlElement = { name, namespace, attributes, children, text: pieces.join('') };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }
}

/** One name, or two with a colon between (Namespaces in XML section 4). */
function splitName(tag: string): { readonly prefix: string; readonly name: string } | undefined {
  const colon = tag.indexOf(':');
  const name = tag.slice(colon + 1);
  const isName = colon !== 0 && !name.includes(':') && skipName(name, 0) === name.length && name !== '';
  return isName ? { prefix: tag.slice(0, Math.max(0, colon)), name } : undefined;
}

function scopeOf(attributes: ReadonlyMap<string, string>, around: Scope | undefined): Scope | undefined {
  const declared = new Map<string, string>();
  for (const [name, value] of attributes) {
    if (name === 'xmlns') declared.set('', value);
    else if (name.startsWith('xmlns:')) declared.set(name.slice(6), value);
  }
  return declared.size === 0 ? around : { around, declared };
}

function lookUp(scope: Scope | undefined, prefix: string): string {
  for (let at = scope; at !== undefined; at = at.around) {
    const uri = at.declared.get(prefix);
    if (uri !== undefined) return uri;
  }
  return '';
}

/** The children with this name that are of the same namespace as their parent: those of others are extensions. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === element.namespace);
}

/** The first of {@link childrenOf}. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name && child.namespace === element.namespace);
}

/** The text without white space at its ends. */
export function textOf(element: XmlElement): string {
  const { text } = element;
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
