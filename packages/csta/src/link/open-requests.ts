import { eventInvokeId } from '../framing/frames.ts';
import type { Millis } from './limits.ts';

const mostInvokeIds = eventInvokeId - 1;

/** Requests that wait for their answers, by invoke id: 0001 to 9998 in turn, so that a late answer does not find another's place. */
export class OpenRequests<T> {
  readonly #open = new Map<number, { readonly value: T; readonly deadline: Millis }>();
  #last = 0;

  get size(): number {
    return this.#open.size;
  }

  /** Its invoke id. Throws `RangeError` where all are taken: whoever adds has a bound of its own. */
  add(value: T, deadline: Millis): number {
    if (this.#open.size >= mostInvokeIds) throw new RangeError('all invoke ids are taken');
    do this.#last = (this.#last % mostInvokeIds) + 1;
    while (this.#open.has(this.#last));
    this.#open.set(this.#last, { value, deadline });
    return this.#last;
  }

  take(invokeId: number): T | undefined {
    const entry = this.#open.get(invokeId);
    this.#open.delete(invokeId);
    return entry?.value;
  }

  takeAll(): T[] {
    const values = Array.from(this.#open.values(), ({ value }) => value);
    this.#open.clear();
    return values;
  }

  /** Those whose time is over, the oldest first. */
  takeDue(now: Millis): T[] {
    const due = [...this.#open].filter(([, { deadline }]) => deadline <= now);
    for (const [invokeId] of due) this.#open.delete(invokeId);
    return due.map(([, { value }]) => value);
  }

  deadline(): Millis | undefined {
    let first: Millis | undefined;
    for (const { deadline } of this.#open.values()) {
      if (first === undefined || deadline < first) first = deadline;
    }
    return first;
  }
}

export function earliest(...times: readonly (Millis | undefined)[]): Millis | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
