/**
 * Finds known words in a text without cutting them out of it: most header and parameter names of most messages are a few
 * dozen, and a string cut out, put into lower case and looked up costs more than all else that is done with it.
 */
export class Words {
  /** By length and first letter, see {@link shapeOf}. */
  readonly #byShape: (Entry[] | undefined)[] = [];

  /** @param words what each spelling means; spellings are ASCII and begin with a letter */
  constructor(words: Iterable<readonly [spelling: string, word: string]>) {
    for (const [spelling, word] of words) {
      const shape = shapeOf(spelling, 0, spelling.length);
      (this.#byShape[shape] ??= []).push({ spelling, word });
    }
  }

  /** The word that `text[from, to)` spells; `undefined` where it is none of them. */
  find(text: string, from: number, to: number): string | undefined {
    const entries = this.#byShape[shapeOf(text, from, to)];
    if (entries === undefined) return undefined;
    for (const { spelling, word } of entries) if (standsAt(text, from, to, spelling)) return word;
    return undefined;
  }
}

interface Entry {
  readonly spelling: string;
  readonly word: string;
}

/** Small, and alike for few words. */
const shapeOf = (text: string, from: number, to: number): number =>
  ((to - from) << 5) | (text.charCodeAt(from) & 0x1f);

function standsAt(text: string, from: number, to: number, spelling: string): boolean {
  if (spelling.length !== to - from) return false;
  for (let at = 0; at < spelling.length; at += 1) {
    if (text.charCodeAt(from + at) !== spelling.charCodeAt(at)) return false;
  }
  return true;
}
