import type { i18n } from 'i18next';
import { KEPT_CACHE, WORDS_AT, type NotificationWords } from '../service-worker/messages.ts';

/** Leaves the words of notifications for the worker, which speaks when no window is there to ask; anew with each change of language. */
export function keepWords(instance: i18n): void {
  if (!('caches' in window)) return;
  const raw = (key: string): string => String(instance.getResource(instance.language, 'translation', key));
  const keep = async (): Promise<void> => {
    const words: NotificationWords = {
      ringing: raw('notify.title'),
      missed: raw('notify.missed'),
      unknown: raw('call.unknownCaller'),
      answer: raw('shortcuts.answer'),
      reject: raw('shortcuts.reject'),
    };
    const cache = await caches.open(KEPT_CACHE);
    await cache.put(WORDS_AT, new Response(JSON.stringify(words)));
  };
  const quietly = (): void => void keep().catch(() => undefined);
  instance.on('languageChanged', quietly);
  quietly();
}
