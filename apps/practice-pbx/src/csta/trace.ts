import type { CstaTrace } from '@offhook/csta-node';
import type { TraceEntry } from '../trace/trace-ring.ts';

const TEXT_LIMIT = 8192;

/** The last CSTA messages, in the form in which the page shows SIP messages: both can stand side by side. */
export class CstaTraceRing {
  readonly #size: number;
  #entries: TraceEntry[] = [];
  #count = 0;

  constructor(size = 500) {
    this.#size = size;
  }

  add({ direction, invokeId, document }: CstaTrace, remote: string, at: number): void {
    const text = redact(new TextDecoder().decode(document.subarray(0, TEXT_LIMIT)));
    this.#count += 1;
    this.#entries.push({
      number: this.#count,
      at,
      direction,
      transport: 'csta',
      remote,
      line: `${String(invokeId).padStart(4, '0')} ${messageName(text) ?? text.slice(0, 80)}`,
      callId: /<(?:\w+:)?callID>([^<]{1,200})</.exec(text)?.[1] ?? null,
      text,
    });
    // Room is made in larger steps, not for each message.
    if (this.#entries.length > this.#size * 1.5) this.#entries = this.#entries.slice(-this.#size);
  }

  /** Entries after this number, oldest first; the last {@link size} at most. */
  since(number: number): readonly TraceEntry[] {
    return this.#entries.slice(-this.#size).filter((entry) => entry.number > number);
  }
}

/** The root element: what a message is called. `undefined` where it does not begin like XML. */
export function messageName(document: string): string | undefined {
  return /^(?:\s|<\?[^>]*>|<!--.*?-->)*<(?:[\w.-]+:)?([\w.-]+)/s.exec(document)?.[1];
}

/** Passwords, also such as are cut off. */
function redact(text: string): string {
  return text.replaceAll(/(<(?:[\w.-]+:)?password\b[^>]*>)[^<]*/gi, '$1…');
}
