import type { ClientId, UserId } from '@offhook/contract';
import type { Presence } from './model.ts';

export interface Client {
  readonly userId: UserId;
  readonly clientId: ClientId;
}

/** Milliseconds for which a client counts as reachable that was there when the link to the cloud broke. */
const GRACE = 15_000;

/**
 * Which of the users' clients are connected to the cloud, as far as the connector knows: exactly while the link is
 * up and the cloud has sent its list, not at all otherwise. A break of the link takes all clients off their sockets when
 * the cloud restarts, so those that were there before count as reachable for a grace.
 */
export class ClientPresence {
  #online = new Map<UserId, Set<ClientId>>();
  #before: ReadonlyMap<UserId, ReadonlySet<ClientId>> = new Map();
  #beforeUntil = 0;
  #known = false;

  /** The cloud's full list, which comes after each welcome. */
  snapshot(clients: readonly Client[], at: number): void {
    this.#online = new Map();
    this.#known = true;
    if (this.#before.size > 0) this.#beforeUntil = at + GRACE;
    for (const client of clients) this.joined(client);
  }

  joined({ userId, clientId }: Client): void {
    const clients = this.#online.get(userId) ?? new Set();
    clients.add(clientId);
    this.#online.set(userId, clients);
  }

  left({ userId, clientId }: Client): void {
    const clients = this.#online.get(userId);
    clients?.delete(clientId);
    if (clients?.size === 0) this.#online.delete(userId);
  }

  linkLost(at: number): void {
    if (!this.#known) return;
    this.#known = false;
    this.#before = this.#online;
    this.#beforeUntil = at + GRACE;
    this.#online = new Map();
  }

  presenceOf({ userId, clientId }: Client): Presence {
    if (!this.#known) return 'unknown';
    return this.#online.get(userId)?.has(clientId) === true ? 'present' : 'absent';
  }

  /** Whether it makes sense to ring: somebody is there, or was until the link broke a moment ago. */
  reachable(userId: UserId, at: number): boolean {
    return this.#online.has(userId) || (at < this.#beforeUntil && this.#before.has(userId));
  }
}
