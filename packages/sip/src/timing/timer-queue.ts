import type { Millis } from '../endpoint/api.ts';

/** A timer that is armed; cancelling it twice, or after it fired, is no error. */
export interface Timer {
  cancel(): void;
}

/** A timer in the heap. One object does for it and its handle: calls arm many, and hold them for half a minute. */
class Entry implements Timer {
  /** Its place in the heap. */
  at: Millis;
  /** Timers due at the same time fire in the order in which they were armed. */
  sequence: number;
  /** When it is due: not before its place in the heap, which is put right when it surfaces there. */
  dueAt: Millis;
  dueSequence: number;
  run: ((now: Millis) => void) | undefined;
  readonly #onCancelled: () => void;

  constructor(at: Millis, sequence: number, run: (now: Millis) => void, onCancelled: () => void) {
    this.at = at;
    this.sequence = sequence;
    this.dueAt = at;
    this.dueSequence = sequence;
    this.run = run;
    this.#onCancelled = onCancelled;
  }

  cancel(): void {
    if (this.run === undefined) return;
    this.run = undefined;
    this.#onCancelled();
  }
}

/**
 * The timers of one endpoint: a binary heap that knows nothing of clocks. Whoever drives it asks `deadline()` and
 * calls `fire(now)`. Cancelled entries stay in the heap until they surface or outnumber the live ones.
 */
export class TimerQueue {
  #heap: Entry[] = [];
  #sequence = 0;
  #armed = 0;

  /** Timers armed now. */
  get size(): number {
    return this.#armed;
  }

  /** Calls `run` once in the first `fire` at or after `at`. */
  arm(at: Millis, run: (now: Millis) => void): Timer {
    const entry = new Entry(at, this.#sequence++, run, this.#onCancelled);
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    this.#armed++;
    return entry;
  }

  /**
   * Another time for a timer that may be armed, `undefined` for none; gives the timer that counts from now on. Mostly a time
   * is put off, and then nothing moves in the heap.
   */
  rearm(timer: Timer | undefined, at: Millis | undefined, run: (now: Millis) => void): Timer | undefined {
    if (at !== undefined && timer instanceof Entry && timer.run === run && at >= timer.at) {
      if (at !== timer.dueAt) timer.dueSequence = this.#sequence++;
      timer.dueAt = at;
      return timer;
    }
    timer?.cancel();
    return at === undefined ? undefined : this.arm(at, run);
  }

  readonly #onCancelled = (): void => {
    this.#armed--;
    if (this.#heap.length > 64 && this.#heap.length > 2 * this.#armed) this.#compact();
  };

  deadline(): Millis | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (top.run === undefined) this.#removeTop();
      else if (top.dueSequence === top.sequence) return top.at;
      else {
        top.at = top.dueAt;
        top.sequence = top.dueSequence;
        this.#siftDown(0);
      }
    }
    return undefined;
  }

  /** Runs what is due, earliest first, with the time of now; timers armed meanwhile run as well if they are due. */
  fire(now: Millis): void {
    for (;;) {
      const due = this.deadline();
      if (due === undefined || due > now) return;
      const entry = this.#removeTop();
      const run = entry.run;
      entry.run = undefined;
      this.#armed--;
      run?.(now);
    }
  }

  #removeTop(): Entry {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top === undefined || last === undefined) throw new Error('no timer to remove');
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#siftDown(0);
    }
    return top;
  }

  #compact(): void {
    this.#heap = this.#heap.filter((entry) => entry.run !== undefined).toSorted(compare);
  }

  #siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #siftDown(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = this.#isEarlier(right, left) ? right : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #isEarlier(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    return first !== undefined && (second === undefined || compare(first, second) < 0);
  }

  #swapIfEarlier(lower: number, upper: number): boolean {
    const first = this.#heap[lower];
    const second = this.#heap[upper];
    if (first === undefined || second === undefined || compare(first, second) >= 0) return false;
    this.#heap[lower] = second;
    this.#heap[upper] = first;
    return true;
  }
}

const compare = (a: Entry, b: Entry): number => a.at - b.at || a.sequence - b.sequence;
