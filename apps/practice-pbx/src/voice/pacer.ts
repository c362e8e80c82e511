import { FRAME_MS } from './outgoing-stream.ts';

/** Frames that may be made up for after the process was held up; more are left out. */
const CATCH_UP_FRAMES = 5;

/**
 * One timer for everything that sends 20 ms of sound each 20 ms. It follows the clock: a late tick is followed by as
 * many frames as are due. It runs only while somebody plays.
 */
export class Pacer {
  readonly #players = new Set<(now: number) => void>();
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  #nextAt = 0;

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Calls `play` once per frame until the result is disposed of. */
  add(play: (now: number) => void): Disposable {
    // A function of its own each time: the same one may be added twice.
    const player = (now: number): void => play(now);
    this.#players.add(player);
    if (this.#timer === undefined) {
      this.#nextAt = this.#clock() + FRAME_MS;
      this.#timer = setInterval(() => this.#tick(), FRAME_MS / 2);
    }
    return {
      [Symbol.dispose]: () => {
        this.#players.delete(player);
        if (this.#players.size > 0) return;
        clearInterval(this.#timer);
        this.#timer = undefined;
      },
    };
  }

  #tick(): void {
    const now = this.#clock();
    if (now - this.#nextAt > CATCH_UP_FRAMES * FRAME_MS) this.#nextAt = now;
    for (; this.#nextAt <= now; this.#nextAt += FRAME_MS) {
      for (const play of this.#players) play(now);
    }
  }
}
