import type { ClientId, UserId } from '@offhook/contract';
import type { Presence } from './model.ts';

export interface Client {
  readonly userId: UserId;
  readonly clientId: ClientId;
}

/** Milliseconds for which a user counts as reachable whose last client has left: a page that is loaded again takes some. */
const RELOAD = 5_000;
/** The same after the link to the cloud broke: a cloud that restarts takes all clients off, and they come back with jitter. */
const BREAK = 15_000;

/**
 * Which of the users' clients are connected to the cloud, as far as the connector knows: exactly while the link is
 * up and the cloud has sent its list, not at all otherwise.
 */
export class ClientPresence {
  readonly #online = new Map<UserId, Set<ClientId>>();
  /** Users without a client who probably have one again in a moment, and until when to believe that. */
  readonly #expected = new Map<UserId, number>();
  /** Users who were there when the link broke. */
  #before: readonly UserId[] = [];
  #known = false;

  /** The cloud's full list, which comes after each welcome. */
  snapshot(clients: readonly Client[], at: number): void {
    this.#online.clear();
    this.#known = true;
    for (const userId of this.#before) this.#expected.set(userId, at + BREAK);
    this.#before = [];
    for (const client of clients) this.joined(client);
  }

  joined({ userId, clientId }: Client): void {
    const clients = this.#online.get(userId) ?? new Set();
    clients.add(clientId);
    this.#online.set(userId, clients);
    this.#expected.delete(userId);
  }

  left({ userId, clientId }: Client, at: number): void {
    const clients = this.#online.get(userId);
    clients?.delete(clientId);
    if (clients?.size !== 0) return;
    this.#online.delete(userId);
    this.#expected.set(userId, at + RELOAD);
  }

  linkLost(at: number): void {
    if (!this.#known) return;
    this.#known = false;
    this.#before = [...this.#online.keys()];
    for (const userId of this.#before) this.#expected.set(userId, at + BREAK);
    this.#online.clear();
  }

  presenceOf({ userId, clientId }: Client): Presence {
    if (!this.#known) return 'unknown';
    return this.#online.get(userId)?.has(clientId) === true ? 'present' : 'absent';
  }

  /** Whether the user has a client now. */
  online(userId: UserId): boolean {
    return this.#online.has(userId);
  }

  /** Whether it makes sense to ring: somebody is there, or was a moment ago. */
  reachable(userId: UserId, at: number): boolean {
    if (this.#online.has(userId)) return true;
    const until = this.#expected.get(userId);
    if (until !== undefined && at >= until) this.#expected.delete(userId);
    return until !== undefined && at < until;
  }
}
