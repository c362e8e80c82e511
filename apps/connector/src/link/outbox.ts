import type { AnyEvent, connectorEvents } from '@offhook/contract';

export type OutgoingEvent = AnyEvent<typeof connectorEvents>;

/**
 * Events that wait for the socket. A newer state of the same thing takes the older one's place, at the end, so that
 * the order of what the cloud hears of one user stays the order in which it happened.
 */
export class Outbox {
  readonly #limit: number;
  readonly #events = new Map<string, OutgoingEvent>();
  #counter = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#events.size;
  }

  /** False when the box is full: the peer reads too slowly. */
  push(event: OutgoingEvent): boolean {
    const key = this.#keyOf(event);
    this.#events.delete(key);
    if (this.#events.size >= this.#limit) return false;
    this.#events.set(key, event);
    return true;
  }

  shift(): OutgoingEvent | undefined {
    for (const [key, event] of this.#events) {
      this.#events.delete(key);
      return event;
    }
    return undefined;
  }

  clear(): void {
    this.#events.clear();
  }

  #keyOf(event: OutgoingEvent): string {
    switch (event.name) {
      case 'call.changed':
        return `call ${event.data.call.callId}`;
      case 'line.changed':
        return `line ${event.data.userId}`;
      case 'settings.changed':
      case 'abilities.changed':
      case 'activity.changed':
        return `${event.name} ${event.data.userId}`;
      case 'status':
      case 'platform.changed':
        return event.name;
      case 'activity.snapshot':
      case 'media.reattach':
        this.#counter += 1;
        return `${event.name} ${String(this.#counter)}`;
    }
  }
}
