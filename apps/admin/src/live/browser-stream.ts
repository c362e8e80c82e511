import { AdminEvent } from '@offhook/contract';
import type { OpenStream } from './live.ts';

const kinds = AdminEvent.options.map(({ shape }) => shape.kind.value);

/** The service's stream by the browser's `EventSource`. Coming back is ours: its own way knows no growing waits. */
export const browserStream: OpenStream = ({ open, event, end }) => {
  const source = new EventSource('/api/admin/events');
  source.addEventListener('open', open);
  source.addEventListener('error', () => {
    source.close();
    end();
  });
  for (const kind of kinds) {
    source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
      const told = AdminEvent.safeParse({ kind, ...(JSON.parse(data) as object) });
      // Of a service that is newer than this page: what it is about is fetched when somebody looks.
      if (told.success) event(told.data);
    });
  }
  return () => source.close();
};
