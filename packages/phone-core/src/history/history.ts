import type { HistoryChange, HistoryEntry, HistoryPage, RecordId } from '@offhook/contract';
import type { ApiClient } from '../api/api-client.ts';
import type { Log } from '../ports.ts';
import type { IncomingEvent } from '../realtime/frames.ts';
import type { PhoneStore } from '../state/store.ts';
import type { HistoryWish } from './wish.ts';

/** What has changed in the history, at this device or another. */
export type HistoryNews =
  | { readonly kind: 'added' | 'changed'; readonly entry: HistoryEntry }
  | { readonly kind: 'removed'; readonly recordId: RecordId };

/** The person's finished calls, and how many missed ones nobody has looked at (`missedCalls` of the state). */
export class History {
  readonly #api: ApiClient;
  readonly #store: PhoneStore;
  readonly #log: Log;
  readonly #listeners = new Set<(news: HistoryNews) => void>();
  /** Counts what was learned of the missed calls: an answer that was overtaken by an event says nothing. */
  #learned = 0;

  constructor(api: ApiClient, store: PhoneStore, log: Log) {
    this.#api = api;
    this.#store = store;
    this.#log = log;
  }

  /** Newest first. Rejects with `OffhookError`. */
  page(wish: HistoryWish, before?: RecordId): Promise<HistoryPage> {
    return this.#api.history(before, wish);
  }

  /** A note, a deletion or its undoing. The listeners hear of it from the cloud. Rejects with `OffhookError`. */
  change(recordId: RecordId, change: HistoryChange): Promise<HistoryEntry> {
    return this.#api.changeHistory(recordId, change);
  }

  /** The missed calls have been looked at. Does not reject: what was not told now is told at the next look. */
  async markSeen(): Promise<void> {
    if (this.#store.getState().missedCalls === 0) return;
    await this.#learn(() => this.#api.markHistorySeen());
  }

  onNews(listener: (news: HistoryNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What was missed while there was no connection came without an event. */
  async online(): Promise<void> {
    await this.#learn(() => this.#api.missedCalls());
  }

  eventCame(event: Extract<IncomingEvent, { name: `history.${string}` }>): void {
    switch (event.name) {
      case 'history.added':
        return this.#tell({ kind: 'added', entry: event.data.entry });
      case 'history.changed':
        return this.#tell({ kind: 'changed', entry: event.data.entry });
      case 'history.removed':
        return this.#tell({ kind: 'removed', recordId: event.data.recordId });
      case 'history.missed':
        this.#learned += 1;
        this.#store.setState({ missedCalls: event.data.count });
    }
  }

  async #learn(ask: () => Promise<number>): Promise<void> {
    this.#learned += 1;
    const asked = this.#learned;
    try {
      const count = await ask();
      if (asked === this.#learned) this.#store.setState({ missedCalls: count });
    } catch (thrown) {
      this.#log('warn', 'history.missed_unknown', { thrown: String(thrown) });
    }
  }

  #tell(news: HistoryNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
