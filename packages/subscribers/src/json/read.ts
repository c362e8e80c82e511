import { SubscriberFile } from '@offhook/contract';
import * as z from 'zod';

/** Characters of one element, and of everything around the list. */
const ELEMENT_CHARS = 64 * 1024;
const HEADER_CHARS = 16 * 1024;

export type JsonElement = {
  /** From 1. */
  row: number;
  /** As `JSON.parse` gives it; `undefined`: it was longer than an element may be. */
  element: unknown;
};

/** Why a whole file is of no use. */
export type JsonFault = 'unreadable' | 'version_unknown';
export class JsonFileError extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault) {
    super(
      fault === 'unreadable'
        ? 'The file is not JSON of the format “offhook-subscribers”.'
        : 'The file is of a version of the format “offhook-subscribers” that is not known here.',
    );
    this.fault = fault;
  }
}

const Header = SubscriberFile.extend({ subscribers: z.array(z.never()) });
/** What is of our format, of whatever version. */
const AnyVersion = z.object({ format: z.literal('offhook-subscribers'), version: z.number() });

/**
 * Reads {@link SubscriberFile} in pieces of any size, and holds one element at a time: the list is cut into its elements by counting brackets outside of
 * strings, and each is parsed for itself. The rest of the file is checked at its end, so that a caller must not act before {@link JsonReader.end}.
 * @throws JsonFileError from both methods
 */
export class JsonReader {
  #header = '';
  #element = '';
  #elementIsCut = false;
  #row = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inList = false;
  #sawList = false;

  push(text: string): JsonElement[] {
    const elements: JsonElement[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (character === '\\') this.#escaped = true;
        else if (character === '"') this.#inString = false;
        continue;
      }
      switch (character) {
        case '"':
          this.#inString = true;
          break;
        case '[':
        case '{':
          this.#depth += 1;
          if (!this.#inList && this.#depth === 2 && character === '[') {
            this.#take(text.slice(from, at + 1));
            from = at + 1;
            if (/"subscribers"\s*:\s*\[$/u.test(this.#header)) {
              if (this.#sawList) throw new JsonFileError('unreadable');
              this.#sawList = true;
              this.#inList = true;
            }
          }
          break;
        case ']':
        case '}':
          this.#depth -= 1;
          if (this.#inList && this.#depth === 1) {
            this.#take(text.slice(from, at));
            if (this.#row > 0 || this.#element.trim() !== '' || this.#elementIsCut)
              this.#endElement(elements);
            this.#inList = false;
            from = at;
          }
          break;
        case ',':
          if (this.#inList && this.#depth === 2) {
            this.#take(text.slice(from, at));
            this.#endElement(elements);
            from = at + 1;
          }
          break;
        default:
      }
    }
    this.#take(text.slice(from));
    return elements;
  }

  /** What the file says of itself. */
  end(): { source?: string | undefined } {
    const header = parse(this.#header);
    const { success, data } = Header.safeParse(header);
    if (success) return { source: data.source };
    throw new JsonFileError(
      AnyVersion.safeParse(header).data?.version === undefined ||
        AnyVersion.safeParse(header).data?.version === 1
        ? 'unreadable'
        : 'version_unknown',
    );
  }

  #take(text: string): void {
    if (this.#inList) {
      if (this.#element.length + text.length > ELEMENT_CHARS) this.#elementIsCut = true;
      else if (!this.#elementIsCut) this.#element += text;
    } else {
      if (this.#header.length + text.length > HEADER_CHARS) throw new JsonFileError('unreadable');
      this.#header += text;
    }
  }

  #endElement(elements: JsonElement[]): void {
    this.#row += 1;
    elements.push({ row: this.#row, element: this.#elementIsCut ? undefined : parse(this.#element) });
    this.#element = '';
    this.#elementIsCut = false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonFileError('unreadable');
  }
}
