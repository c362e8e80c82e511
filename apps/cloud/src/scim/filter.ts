import { ScimError } from './errors.ts';

/** RFC 7644 §3.4.2.2, tables 3 to 5. Paths are in lower case, as names of attributes mean the same in any; without the URN of the core schemas. */
export type Filter =
  | { kind: 'and' | 'or'; of: Filter[] }
  | { kind: 'not'; of: Filter }
  | { kind: 'present'; path: string }
  | { kind: 'compare'; path: string; operator: Operator; value: FilterValue }
  /** `emails[type eq "work"]` */
  | { kind: 'where'; path: string; of: Filter };

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof operators)[number];
export type FilterValue = string | number | boolean | null;

/** What a PATCH operation names: `name.givenName`, `emails[type eq "work"].value`. RFC 7644 §3.5.2, figure 1. */
export type Path = { attribute: string; filter?: Filter; sub?: string };

const CHARS = 4_000;
const COMPARISONS = 50;
const DEPTH = 20;

const TOKEN =
  /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.:-])|(\.?[A-Za-z$][\w$\-.:]*))/uy;

type Token = { kind: 'mark' | 'string' | 'number' | 'word'; text: string };

class Unreadable extends Error {}

function tokens(text: string): Token[] {
  if (text.length > CHARS) throw new Unreadable(`longer than ${CHARS} characters`);
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new Unreadable(`not understood from “${text.slice(at, at + 30)}”`);
    const [, mark, string, number, word] = match;
    if (mark !== undefined) found.push({ kind: 'mark', text: mark });
    else if (string !== undefined) found.push({ kind: 'string', text: string });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else found.push({ kind: 'word', text: word ?? '' });
    at = TOKEN.lastIndex;
  }
  return found;
}

const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/u;
const pathOf = (word: string): string => word.toLowerCase().replace(CORE, '');

/** Reads tokens by descent; bounded in depth and in the number of comparisons. */
class Reader {
  readonly #tokens: Token[];
  #at = 0;
  #comparisons = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  take(kind: Token['kind'], text?: string): Token {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) {
      throw new Unreadable(`expected ${text ?? kind} and found ${token?.text ?? 'the end'}`);
    }
    this.#at += 1;
    return token;
  }

  #is(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === kind && token.text.toLowerCase() === text;
  }

  isMark(text: string): boolean {
    return this.#is('mark', text);
  }

  any(depth = 0): Filter {
    if (depth > DEPTH) throw new Unreadable(`nested more than ${DEPTH} deep`);
    return this.#joined('or', () => this.#joined('and', () => this.#one(depth)));
  }

  #joined(word: 'and' | 'or', next: () => Filter): Filter {
    const first = next();
    const of = [first];
    while (this.#is('word', word)) {
      this.#at += 1;
      of.push(next());
    }
    return of.length === 1 ? first : { kind: word, of };
  }

  #group(depth: number): Filter {
    this.take('mark', '(');
    const inner = this.any(depth + 1);
    this.take('mark', ')');
    return inner;
  }

  #one(depth: number): Filter {
    if (this.isMark('(')) return this.#group(depth);
    const { text: word } = this.take('word');
    if (word.toLowerCase() === 'not' && this.isMark('(')) return { kind: 'not', of: this.#group(depth) };
    const path = pathOf(word);
    if (this.isMark('[')) return { kind: 'where', path, of: this.where(depth) };
    this.#comparisons += 1;
    if (this.#comparisons > COMPARISONS) throw new Unreadable(`more than ${COMPARISONS} comparisons`);
    const said = this.take('word').text.toLowerCase();
    if (said === 'pr') return { kind: 'present', path };
    const operator = operators.find((one) => one === said);
    if (operator === undefined) throw new Unreadable(`“${said}” is no operator`);
    return { kind: 'compare', path, operator, value: this.#value() };
  }

  where(depth: number): Filter {
    this.take('mark', '[');
    const inner = this.any(depth + 1);
    this.take('mark', ']');
    return inner;
  }

  #value(): FilterValue {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'number') return Number(token.text);
    if (token?.kind === 'string') {
      const text = JSON.parse(token.text) as string;
      // No text of ours has it, and no database takes it.
      if (text.includes('\0')) throw new Unreadable('a text with the character NUL');
      return text.toWellFormed();
    }
    const word = token?.kind === 'word' ? token.text.toLowerCase() : undefined;
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    throw new Unreadable(`expected a value and found ${token?.text ?? 'the end'}`);
  }
}

/** @throws ScimError `invalidFilter` */
export function parseFilter(text: string): Filter {
  try {
    const reader = new Reader(text);
    const filter = reader.any();
    if (!reader.ended) throw new Unreadable('something is left over');
    return filter;
  } catch (error) {
    throw refused(error, 'invalidFilter', 'The filter');
  }
}

/** @throws ScimError `invalidPath` */
export function parsePath(text: string): Path {
  try {
    const reader = new Reader(text);
    const word = pathOf(reader.take('word').text);
    if (reader.isMark('[')) {
      const filter = reader.where(0);
      if (reader.ended) return { attribute: word, filter };
      const { text: after } = reader.take('word');
      const sub = /^\.(\w+)$/u.exec(after)?.[1]?.toLowerCase();
      if (sub === undefined || !reader.ended) throw new Unreadable('something is left over');
      return { attribute: word, filter, sub };
    }
    if (!reader.ended) throw new Unreadable('something is left over');
    // The URN of an extension has dots of its own.
    if (word.startsWith('urn:')) return { attribute: word };
    const [attribute = '', ...subs] = word.split('.');
    if (subs.length > 1) throw new Unreadable('no attribute is so deep');
    return { attribute, ...(subs[0] === undefined ? {} : { sub: subs[0] }) };
  } catch (error) {
    throw refused(error, 'invalidPath', 'The path');
  }
}

function refused(error: unknown, type: 'invalidFilter' | 'invalidPath', what: string): unknown {
  if (error instanceof Unreadable || error instanceof SyntaxError) {
    return new ScimError(400, type, `${what} cannot be read: ${error.message}.`);
  }
  return error;
}

/** Whether an element of a multi-valued attribute matches. Names in any case; texts too, as all that we have are (RFC 7643 §2.2: `caseExact` false). */
export function matches(filter: Filter, element: Readonly<Record<string, unknown>>): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.of.every((one) => matches(one, element));
    case 'or':
      return filter.of.some((one) => matches(one, element));
    case 'not':
      return !matches(filter.of, element);
    case 'where':
      return false;
    case 'present':
      return (valueOf(element, filter.path) ?? null) !== null;
    case 'compare':
      return compares(valueOf(element, filter.path), filter.operator, filter.value);
  }
}

export const valueOf = (from: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.entries(from).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

const fold = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);

function compares(found: unknown, operator: Operator, wanted: FilterValue): boolean {
  const [left, right] = [fold(found ?? null), fold(wanted)];
  switch (operator) {
    case 'eq':
      return left === right || (typeof left === 'boolean' && String(left) === right);
    case 'ne':
      return !compares(found, 'eq', wanted);
    case 'co':
      return typeof left === 'string' && left.includes(String(right));
    case 'sw':
      return typeof left === 'string' && left.startsWith(String(right));
    case 'ew':
      return typeof left === 'string' && left.endsWith(String(right));
    case 'gt':
      return typeof left === 'string' && left > String(right);
    case 'ge':
      return typeof left === 'string' && left >= String(right);
    case 'lt':
      return typeof left === 'string' && left < String(right);
    case 'le':
      return typeof left === 'string' && left <= String(right);
  }
}
