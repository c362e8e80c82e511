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
  /** Pages of the cloud's list that have come so far, and who has joined or left since the first. */
  #gathered: { readonly clients: Client[]; readonly since: (() => void)[] } | undefined;

  /** One page of the cloud's full list, which comes after each welcome. It holds once the last page has come. */
  page(clients: readonly Client[], more: boolean, at: number): void {
    const gathered = (this.#gathered ??= { clients: [], since: [] });
    for (const client of clients) gathered.clients.push(client);
    if (more) return;
    this.#gathered = undefined;
    this.snapshot(gathered.clients, at);
    for (const again of gathered.since) again();
  }

  /** The cloud's full list. */
  snapshot(clients: readonly Client[], at: number): void {
    this.#online.clear();
    this.#known = true;
    for (const userId of this.#before) this.#expected.set(userId, at + BREAK);
    this.#before = [];
    for (const client of clients) this.joined(client);
  }

  joined(client: Client): void {
    this.#gathered?.since.push(() => this.joined(client));
    const { userId, clientId } = client;
    const clients = this.#online.get(userId) ?? new Set();
    clients.add(clientId);
    this.#online.set(userId, clients);
    this.#expected.delete(userId);
  }

  left(client: Client, at: number): void {
    this.#gathered?.since.push(() => this.left(client, at));
    const { userId, clientId } = client;
    const clients = this.#online.get(userId);
    clients?.delete(clientId);
    if (clients?.size !== 0) return;
    this.#online.delete(userId);
    this.#expected.set(userId, at + RELOAD);
  }

  linkLost(at: number): void {
    this.#gathered = undefined;
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
