import { onTestFinished } from 'vitest';
import type { Person } from './peers.ts';

/** A person's stream of events, as its text comes. */
export async function openEvents(url: string, person: Person) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(`${url}/api/admin/events`, {
    headers: { cookie: person.cookie },
    signal: stop.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    /** All that has been read so far. */
    text: () => text,
    /** Reads until something is there. */
    until: async (wanted: RegExp): Promise<RegExpExecArray | 'ended'> => {
      for (;;) {
        const found = wanted.exec(text);
        if (found !== null) return found;
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return 'ended';
        text += chunk.value;
      }
    },
  };
}
