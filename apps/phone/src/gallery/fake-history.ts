import { historyKindOf, OffhookError, type HistoryEntry } from '@offhook/contract';
import type { HistoryNews, HistoryWish, Phone } from '@offhook/phone-core';
import type { Scene } from './scene.ts';

/** The history of a scene: it finds, takes notes and deletes as the cloud does, for as long as the page is open. */
export function fakeHistory(scene: Scene): Phone['history'] {
  const listeners = new Set<(news: HistoryNews) => void>();
  const tell = (news: HistoryNews): void => {
    for (const listener of listeners) listener(news);
  };
  let entries = typeof scene.history === 'string' ? [] : [...scene.history];
  const deleted = new Set<string>();
  return {
    page: (wish) => {
      if (scene.history === 'loading') return new Promise(() => undefined);
      if (scene.history === 'error') return Promise.reject(new OffhookError('unavailable'));
      const found = entries.filter((one) => !deleted.has(one.recordId) && isWanted(wish, one));
      return Promise.resolve({ entries: found, more: false });
    },
    change: (recordId, { note, deleted: gone }) => {
      const entry = entries.find((one) => one.recordId === recordId);
      if (entry === undefined || scene.historyFails === true)
        return Promise.reject(new OffhookError('unavailable'));
      const { note: _before, ...rest } = entry;
      const next = note === undefined ? entry : note === '' ? rest : { ...rest, note };
      entries = entries.map((one) => (one.recordId === recordId ? next : one));
      if (gone === true) deleted.add(recordId);
      if (gone === false) deleted.delete(recordId);
      tell(gone === true ? { kind: 'removed', recordId } : { kind: 'changed', entry: next });
      return Promise.resolve(next);
    },
    markSeen: () => Promise.resolve(),
    onNews: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isWanted({ filter, search }: HistoryWish, entry: HistoryEntry): boolean {
  const kind = historyKindOf(entry);
  if (filter === 'missed' ? kind !== 'missed' : filter !== 'all' && entry.direction !== filter) return false;
  const text = `${entry.remote.name ?? ''} ${entry.remote.number} ${entry.note ?? ''}`.toLowerCase();
  return text.includes(search.toLowerCase());
}
