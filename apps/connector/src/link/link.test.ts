import { PROTOCOL_VERSION, type ConnectorMethod } from '@offhook/contract';
import { VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { clockOn, settle } from '../testing/virtual-clock.ts';
import { CloudLink, type LinkPort } from './link.ts';
import type { ConnectorHandlers } from './serve.ts';
import type { LinkSocketHandlers } from './socket.ts';

/** A socket whose other end is the test: what is sent stays in it until the test takes it out. */
class HeldSocket implements LinkPort {
  open = true;
  waiting = 0;
  readonly sent: { type: string; name?: string }[] = [];
  #callbacks: (() => void)[] = [];
  readonly handlers: LinkSocketHandlers;

  constructor(handlers: LinkSocketHandlers) {
    this.handlers = handlers;
  }

  send(text: string, sent?: () => void): void {
    this.sent.push(JSON.parse(text) as { type: string; name?: string });
    this.#callbacks.push(() => sent?.());
  }

  /** All that was sent leaves the process. */
  letGo(): void {
    this.waiting = 0;
    for (const callback of this.#callbacks.splice(0)) callback();
  }

  receive(frame: unknown): void {
    this.handlers.onText(JSON.stringify(frame));
  }

  request(method: ConnectorMethod, params: unknown): void {
    this.receive({ type: 'request', id: 1, method, params });
  }

  breakOff(): void {
    this.open = false;
    this.handlers.onClosed({ kind: 'closed', code: 1006, reason: '' });
  }

  ping(): void {}
  close(): void {}
  terminate(): void {}
}

const userId = id.user('anna');

/** A link that is up; its snapshots are answered when the test says so. */
function connected() {
  const sockets: HeldSocket[] = [];
  const undelivered: string[] = [];
  const answer = Promise.withResolvers<unknown>();
  const link = new CloudLink({
    cloudUrl: 'http://cloud.example',
    apiKey: 'key',
    version: '1',
    epoch: id.epoch('epoch-1'),
    clock: clockOn(new VirtualClock()),
    random: () => 0.5,
    log: quiet,
    handlers: { 'user.snapshot': () => answer.promise } as unknown as ConnectorHandlers,
    onEvent: () => {},
    onUp: () => {},
    onDown: () => {},
    onUndelivered: (method) => undelivered.push(method),
    openSocket: (_url, _key, _product, handlers) => {
      const opened = new HeldSocket(handlers);
      sockets.push(opened);
      return opened;
    },
  });
  link.start();
  const [socket] = sockets;
  if (socket === undefined) throw new Error('nothing was dialled');
  socket.handlers.onOpen();
  socket.receive({
    type: 'welcome',
    protocol: PROTOCOL_VERSION,
    connectorId: id.connector('connector-1'),
    tenantId: id.tenant('tenant-1'),
    heartbeatSeconds: 15,
  });
  socket.letGo();
  socket.sent.length = 0;
  const resolveSnapshot = async (): Promise<void> => {
    answer.resolve({ revision: { epoch: 'epoch-1', rev: 1 }, calls: [] });
    await settle();
  };
  return { link, socket, undelivered, resolveSnapshot };
}

describe('events that wait for a socket that is full', () => {
  test('go when an answer has left it', async () => {
    const { link, socket, resolveSnapshot } = connected();
    socket.request('user.snapshot', { userId });
    await resolveSnapshot();
    socket.waiting = 1024 * 1024;
    link.publish({ name: 'line.changed', data: { userId, line: { number: '101', state: 'registered' } } });
    expect(socket.sent.map(({ type }) => type)).toEqual(['answer']);
    socket.letGo();
    expect(socket.sent.map(({ type }) => type)).toEqual(['answer', 'event']);
  });

  test('go when a request has left it', () => {
    const { link, socket } = connected();
    void link.request('config.get', {}).catch(() => {});
    socket.waiting = 1024 * 1024;
    link.publish({ name: 'status', data: { lines: 0, registered: 0, calls: 0, spooledRecords: 0 } });
    socket.letGo();
    expect(socket.sent.map(({ type }) => type)).toEqual(['request', 'event']);
  });
});

describe('an answer', () => {
  test('that finds its socket gone is said to be undelivered', async () => {
    const { socket, undelivered, resolveSnapshot } = connected();
    socket.request('user.snapshot', { userId });
    socket.breakOff();
    await resolveSnapshot();
    expect(undelivered).toEqual(['user.snapshot']);
    expect(socket.sent).toEqual([]);
  });

  test('that says no needs nobody to hear it', async () => {
    const { socket, undelivered } = connected();
    socket.request('nonsense' as ConnectorMethod, {});
    socket.breakOff();
    await settle();
    expect(undelivered).toEqual([]);
  });
});
