import type { Socket } from 'node:net';

/** What a socket has to tell; nothing after `closed`, which comes exactly once unless the line was closed from here. */
export interface LineListener {
  readonly received: (octets: Uint8Array) => void;
  readonly closed: (error: Error | undefined) => void;
  /** Too much waited for a peer that does not read. */
  readonly overflowed: () => void;
}

/** So long a peer may take to read what was sent before the line was closed. */
const farewellMs = 2_000;

/** One socket with an end to what may wait in it. */
export class Line {
  readonly #socket: Socket;
  readonly #mostQueued: number;
  readonly #listener: LineListener;
  #isOver = false;
  #error: Error | undefined;

  constructor(socket: Socket, mostQueued: number, listener: LineListener) {
    this.#socket = socket;
    this.#mostQueued = mostQueued;
    this.#listener = listener;
    socket.on('data', (octets: Buffer) => {
      if (!this.#isOver) listener.received(octets);
    });
    socket.on('error', (error: Error) => {
      this.#error = error;
    });
    socket.once('close', () => this.#closed());
  }

  send(octets: Uint8Array): void {
    if (this.#isOver || this.#socket.destroyed) return;
    this.#socket.write(octets);
    if (this.#socket.writableLength <= this.#mostQueued) return;
    this.#listener.overflowed();
    // `close` follows, and tells the listener.
    this.#socket.destroy(new Error('it does not read what it is sent'));
  }

  /** Sends what waits, for a short while, and tells nothing any more. */
  close(): Promise<void> {
    this.#isOver = true;
    const socket = this.#socket;
    if (socket.destroyed) return Promise.resolve();
    return new Promise((closed) => {
      const timer = setTimeout(() => socket.destroy(), farewellMs);
      socket.once('close', () => {
        clearTimeout(timer);
        closed();
      });
      // The other side may go on sending; nobody reads it, and both directions end.
      socket.resume();
      socket.end();
    });
  }

  /** At once, and without a word: for a line that is not open yet. */
  abort(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #closed(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.closed(this.#error);
  }
}
