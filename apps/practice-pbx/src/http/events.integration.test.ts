import { afterEach, describe, expect, it } from 'vitest';
import { TraceBook } from '../trace/trace-book.ts';
import type { ViewChange } from './changes.ts';
import { LiveEvents } from './events.ts';
import { quietFace, quietView } from './face.test-support.ts';
import { createServer } from './server.ts';
import type { PbxView } from './views.ts';

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function setUp() {
  let view = quietView();
  const trace = new TraceBook();
  const face = quietFace({ trace, view: () => view });
  const live = new LiveEvents(face);
  const server = createServer(face, live);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  closers.push(
    () => server.close(),
    () => live.close(),
  );
  return {
    trace,
    live,
    open: () => listen(url),
    change: (next: PbxView) => {
      view = next;
      live.changed();
    },
    message: (count: number) => {
      const bytes = new TextEncoder().encode('BYE sip:a SIP/2.0\r\nCall-ID: a\r\n\r\n');
      for (let index = 0; index < count; index += 1) {
        trace.add({ direction: 'in', transport: 'udp', remote: '192.0.2.1:5060', bytes }, index);
      }
      live.changed();
    },
  };
}

/** Events of the stream, one after the other. */
async function listen(url: string) {
  const stop = new AbortController();
  closers.push(() => stop.abort());
  const response = await fetch(new URL('/api/events', url), { signal: stop.signal });
  const events = eventsOf(response);
  return {
    status: response.status,
    next: async <T>(name: string): Promise<T> => {
      for (;;) {
        const { value, done } = await events.next();
        if (done === true) throw new Error(`The stream has ended without ${name}.`);
        if (value.name === name) return value.data as T;
      }
    },
  };
}

async function* eventsOf(response: Response): AsyncGenerator<{ name: string; data: unknown }, undefined> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [event = '', data = ''] = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      if (data !== '') yield { name: event.slice('event: '.length), data: JSON.parse(data.slice(6)) };
    }
  }
  return undefined;
}

describe('live events', () => {
  it('begin with the whole view, then tell changes alone', async () => {
    const pbx = await setUp();
    const stream = await pbx.open();
    expect(await stream.next<PbxView>('state')).toMatchObject({ sip: '127.0.0.1:5070', callBacks: [] });
    const callBacks = [{ device: '101', to: '201' }];
    pbx.change({ ...quietView(), callBacks });
    expect(await stream.next<ViewChange>('change')).toEqual({ set: { callBacks }, gone: {} });
  });

  it('tell many messages in portions, and none twice', async () => {
    const pbx = await setUp();
    const stream = await pbx.open();
    pbx.message(250);
    const portions: number[] = [];
    const numbers: number[] = [];
    while (numbers.length < 250) {
      const entries = await stream.next<readonly { number: number }[]>('trace');
      portions.push(entries.length);
      numbers.push(...entries.map(({ number }) => number));
    }
    expect(portions).toEqual([100, 100, 50]);
    expect(numbers).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });

  it('tell which dialogs belong to which call', async () => {
    const pbx = await setUp();
    const stream = await pbx.open();
    pbx.trace.link({ sip: 'a', call: 'c', from: '101', to: '201', at: 1 });
    pbx.live.changed();
    expect(await stream.next('links')).toEqual([
      { number: 1, sip: 'a', call: 'c', from: '101', to: '201', at: 1 },
    ]);
  });

  it('are for so many pages and no more', async () => {
    const pbx = await setUp();
    for (let index = 0; index < 32; index += 1) expect((await pbx.open()).status).toBe(200);
    expect((await pbx.open()).status).toBe(503);
  });
});
