import {
  bareNumber,
  fold,
  internationalDigits,
  wordsOf,
  type DirectoryPerson,
  type Numbering,
} from '@offhook/contract';

/**
 * People, found while one types. They come in parts, and each part is merged into the order of names by itself, so that nothing holds the page up. What
 * is searched is one text with a line for each person: looking through all of it takes some milliseconds at 50,000, and it ends where enough
 * have been found.
 */
export interface People {
  /** By name. */
  readonly entries: readonly PersonEntry[];
  readonly numbering: Numbering;
}

/** A person with what is searched, prepared once. */
export interface PersonEntry {
  readonly person: DirectoryPerson;
  /** The part they came in. */
  readonly part: string;
  /** The name, folded: also what they are sorted by. */
  readonly name: string;
  /** Words of name and address and the address itself, each after a space. */
  readonly words: string;
  /** Bare numbers, and public ones with a plus and their calling code, each after a space. */
  readonly numbers: string;
}

export const noPeople = (numbering: Numbering): People => ({ entries: [], numbering });

/** Everything at once, as for a measurement. */
export function peopleOf(people: readonly DirectoryPerson[], numbering: Numbering): People {
  return withPart(noPeople(numbering), 'all', people);
}

/** With the people of one more part. */
export function withPart(people: People, part: string, added: readonly DirectoryPerson[]): People {
  const sorted = added.map((person) => entryOf(person, part, people.numbering)).toSorted(byName);
  return { ...people, entries: merged(people.entries, sorted) };
}

export function withoutParts(people: People, gone: ReadonlySet<string>): People {
  return { ...people, entries: people.entries.filter(({ part }) => !gone.has(part)) };
}

function entryOf(person: DirectoryPerson, part: string, numbering: Numbering): PersonEntry {
  const name = fold(person.name);
  const address = fold(person.email);
  const written = [person.number, person.shortNumber, ...(person.others ?? [])];
  const numbers = written.flatMap((number) => (number === undefined ? [] : digitsOf(number, numbering)));
  return {
    person,
    part,
    name,
    words: spaced([...wordsOf(name), ...wordsOf(address.split('@', 1)[0] ?? ''), address]),
    numbers: spaced([...new Set(numbers)]),
  };
}

const spaced = (words: readonly string[]): string => (words.length === 0 ? '' : ` ${words.join(' ')} `);

/** As it is dialled inside, and after a plus as it is known to the world. */
function digitsOf(number: string, numbering: Numbering, atLeast?: number): string[] {
  const bare = bareNumber(number).replace(/^\+/u, '');
  const whole = internationalDigits(number, numbering, atLeast);
  return whole === undefined ? [bare] : [bare, `+${whole}`];
}

function byName(a: PersonEntry, b: PersonEntry): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.person.userId === b.person.userId) return 0;
  return a.person.userId < b.person.userId ? -1 : 1;
}

function merged(left: readonly PersonEntry[], right: readonly PersonEntry[]): PersonEntry[] {
  const all: PersonEntry[] = [];
  let at = 0;
  for (const entry of right) {
    for (let other = left[at]; other !== undefined && byName(other, entry) <= 0; other = left[at]) {
      all.push(other);
      at += 1;
    }
    all.push(entry);
  }
  for (; at < left.length; at += 1) all.push(left[at] as PersonEntry);
  return all;
}

/** Digits from which a number is also found by what is in its middle: its end is what people remember. */
const INNER_DIGITS = 4;

/**
 * Whose name has words that begin so, in any order, without accents; whose address or number does, however the number is written. Best first:
 * the very number, numbers that begin so, names that begin so, names and addresses by a later word, numbers with these digits inside;
 * among equals by name.
 */
export function searchPeople(people: People, query: string, limit: number): DirectoryPerson[] {
  const found = new Set<number>();
  for (const at of matchesOf(people, query)) {
    found.add(at);
    if (found.size >= limit) break;
  }
  return entriesAt(people, found).map(({ person }) => person);
}

/** All who match, by name: for a list that is narrowed. */
export function filterPeople(people: People, query: string): readonly PersonEntry[] {
  if (query.trim() === '') return people.entries;
  return entriesAt(
    people,
    [...new Set(matchesOf(people, query))].toSorted((a, b) => a - b),
  );
}

/** The person who has this number, where one has. */
export function whoseNumber(people: People, number: string): DirectoryPerson | undefined {
  const texts = textsOf(people);
  const wanted = digitsOf(number, people.numbering).filter(Boolean);
  const found = new Set(wanted.flatMap((digits) => [...hits(texts.numbers, ` ${digits} `)]));
  return found.size === 1 ? entriesAt(people, found)[0]?.person : undefined;
}

const entriesAt = (people: People, places: Iterable<number>): PersonEntry[] =>
  [...places].flatMap((at) => people.entries[at] ?? []);

/** Places in the list of whoever matches, best first; somebody may come twice. */
function* matchesOf(people: People, query: string): Generator<number> {
  const folded = fold(query).trim();
  const { entries } = people;
  if (folded === '') {
    yield* entries.keys();
    return;
  }
  const texts = textsOf(people);
  // It may be a beginning, of which the rest has not been typed yet.
  const numbers = looksLikeNumber(query) ? digitsOf(query, people.numbering, 3).filter(Boolean) : [];
  for (const digits of numbers) yield* hits(texts.numbers, ` ${digits} `);
  for (const digits of numbers) yield* hits(texts.numbers, ` ${digits}`);
  for (let at = firstFrom(entries, folded); entries[at]?.name.startsWith(folded) === true; at += 1) yield at;
  yield* hits(texts.words, ` ${folded}`);
  const words = wordsOf(folded).map((word) => ` ${word}`);
  // The longest has the fewest.
  const [rarest, ...others] = words.toSorted((a, b) => b.length - a.length);
  if (rarest !== undefined) {
    for (const at of hits(texts.words, rarest)) {
      if (others.every((word) => entries[at]?.words.includes(word) === true)) yield at;
    }
  }
  for (const digits of numbers) if (digits.length >= INNER_DIGITS) yield* hits(texts.numbers, digits);
}

/** The first whose name is not before this, by bisection. */
function firstFrom(entries: readonly PersonEntry[], name: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.name ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A line for each person, in their order, and where each begins. */
interface Lines {
  readonly text: string;
  readonly begins: Uint32Array;
}

function linesOf(lines: readonly string[]): Lines {
  const begins = new Uint32Array(lines.length);
  let at = 0;
  for (const [place, line] of lines.entries()) {
    begins[place] = at;
    at += line.length + 1;
  }
  return { text: lines.join('\n'), begins };
}

/** Made when it is first searched: while people come in, nobody may be looking. */
const texts = new WeakMap<People, { readonly words: Lines; readonly numbers: Lines }>();

/** Whoever searches these people first does not wait for what is made of them. */
export function prepareSearch(people: People): void {
  textsOf(people);
}

function textsOf(people: People): { readonly words: Lines; readonly numbers: Lines } {
  const known = texts.get(people);
  if (known !== undefined) return known;
  const made = {
    words: linesOf(people.entries.map(({ words }) => words)),
    numbers: linesOf(people.entries.map(({ numbers }) => numbers)),
  };
  texts.set(people, made);
  return made;
}

/** The lines in which this is, each once. */
function* hits({ text, begins }: Lines, wanted: string): Generator<number> {
  let line = 0;
  for (let at = text.indexOf(wanted); at !== -1;) {
    line = lineAt(begins, at, line);
    yield line;
    const next = begins[line + 1];
    if (next === undefined) return;
    at = text.indexOf(wanted, next);
  }
}

/** The last line that begins at or before this, from a line that does. */
function lineAt(begins: Uint32Array, at: number, from: number): number {
  let [low, high] = [from, begins.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((begins[middle] ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

const looksLikeNumber = (text: string): boolean => /^[\d\s+*#().\-/]+$/u.test(text) && /[\d*#]/u.test(text);
