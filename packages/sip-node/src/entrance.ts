import type { SocketLimit } from './limits.ts';

export interface EntranceOptions {
  /** Connections that may be there at the same time, with those that we have dialled. */
  readonly connections: number;
  /** Of those, connections that one address may have made to us. */
  readonly connectionsPerSource: number;
  /** Connections that do not come through here: those that we have dialled. */
  readonly others: () => number;
  readonly isListenedTo: (address: string) => boolean;
  readonly limited: (limit: SocketLimit) => void;
}

/**
 * Who may connect. Connections are counted from their first packet to their last, also while they are in a handshake and
 * after they have been told to go: a peer could otherwise hold as many sockets as it likes without ever saying a word.
 */
export class Entrance {
  readonly #options: EntranceOptions;
  readonly #bySource = new Map<string, number>();
  #size = 0;

  constructor(options: EntranceOptions) {
    this.#options = options;
  }

  /** Connections that came in and are not gone. */
  get size(): number {
    return this.#size;
  }

  /** What to call once when the connection is gone; `undefined`: it is not let in. */
  enter(address: string): (() => void) | undefined {
    const problem = this.#problemWith(address);
    if (problem !== undefined) {
      this.#options.limited(problem);
      return undefined;
    }
    this.#size += 1;
    this.#bySource.set(address, (this.#bySource.get(address) ?? 0) + 1);
    return () => this.#leave(address);
  }

  #problemWith(address: string): SocketLimit | undefined {
    const { connections, connectionsPerSource, others, isListenedTo } = this.#options;
    if (!isListenedTo(address)) return 'connections_of_flooders';
    if (this.#size + others() >= connections) return 'connections';
    const ofSource = this.#bySource.get(address) ?? 0;
    return ofSource >= connectionsPerSource ? 'connections_per_source' : undefined;
  }

  #leave(address: string): void {
    this.#size -= 1;
    const others = (this.#bySource.get(address) ?? 1) - 1;
    if (others === 0) this.#bySource.delete(address);
    else this.#bySource.set(address, others);
  }
}
