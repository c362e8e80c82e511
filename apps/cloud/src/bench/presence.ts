import { setImmediate as turn } from 'node:timers/promises';
import {
  ClientHello,
  clientMethods,
  PROTOCOL_VERSION,
  type ClientId,
  type ConnectorId,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type { WebSocket } from 'ws';
import { createInProcessBus } from '../bus/in-process.ts';
import type { TenantDirectory } from '../directory/service.ts';
import { createMetrics } from '../operations/metrics.ts';
import { createTenantPresence, presenceTimings } from '../presence/tenant.ts';
import { createPeer } from '../wire/peer.ts';

/**
 * `npm run bench:presence`: how many changes of one user's presence a second a node tells to so many watchers, from the
 * connector's event to the text of each watcher's frame. No sockets: what the kernel takes for them comes on top. Beside
 * it the limit: the same texts made in a bare loop.
 */
const office = 'office' as ConnectorId;
const anna = 'user-anna' as UserId;
const SECONDS = Number(process.env['SECONDS'] ?? 2);
const RUNS = 5;

let sent = 0;
let bytes = 0;
function createCountingSocket() {
  const handlers = new Map<string, (...args: unknown[]) => void>();
  return {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    on: (name: string, handler: (...args: unknown[]) => void) => void handlers.set(name, handler),
    send: (text: string) => {
      sent += 1;
      bytes += text.length;
    },
    ping: () => {},
    close: () => {},
    terminate: () => {},
    resume: () => {},
    say: (frame: object) => handlers.get('message')?.(Buffer.from(JSON.stringify(frame)), false),
  };
}

function openNode(watchers: number) {
  const bus = createInProcessBus({ onError: (error) => console.error(error) });
  const metrics = createMetrics();
  const presence = createTenantPresence({
    tenantId: 'acme' as TenantId,
    bus,
    directory: {
      known: () => ({ user: () => ({ connectorId: office }) }) as unknown as TenantDirectory,
      watch: () => () => {},
    },
    store: { load: async () => [] },
    timings: presenceTimings,
    onFailed: () => {},
    onChange: () => metrics.presenceChanges.inc(),
    onWatching: () => {},
  });
  const link = presence.link(office, 'link');
  link.activities({ users: [], more: false });
  const closers = Array.from({ length: watchers }, (_, index) => {
    const socket = createCountingSocket();
    const userId = `user-${index}` as UserId;
    const peer = createPeer({
      socket: socket as unknown as WebSocket,
      side: 'client',
      hello: ClientHello,
      methods: clientMethods,
      metrics,
      log: { info: () => {}, warn: () => {} },
      onHello: () => {},
      onRequest: async () => ({}),
      onClosed: () => {},
    });
    socket.say({ type: 'hello', protocol: PROTOCOL_VERSION, clientId: `cli-${index}` });
    const listener = {
      userId,
      onOwn: () => {},
      onPresence: (of: UserId, seen: object) => {
        metrics.events.inc({ from: 'cloud', name: 'presence.changed' });
        peer.event('presence.changed', { userId: of, presence: seen });
      },
    };
    presence.join(listener, `cli-${index}` as ClientId, `skt-${index}`).watch([anna]);
    return () => peer.close(1001, 'done');
  });
  return { link, close: () => (presence.close(), closers.forEach((close) => close())) };
}

/** Tells go out in turns of the event loop. */
async function everybodyHasHeard(messages: number): Promise<void> {
  if (sent >= messages) return;
  await turn();
  await everybodyHasHeard(messages);
}

/** Changes a second, and messages a second. */
async function measure(watchers: number): Promise<{ changes: number; messages: number }> {
  const { link, close } = openNode(watchers);
  await turn();
  sent = 0;
  const begun = performance.now();
  let changes = 0;
  while (performance.now() - begun < SECONDS * 1000) {
    link.activity({ userId: anna, activity: changes % 2 === 0 ? 'talking' : 'idle' });
    changes += 1;
    await everybodyHasHeard(changes * watchers);
  }
  const seconds = (performance.now() - begun) / 1000;
  close();
  if (sent !== changes * watchers) throw new Error(`${sent} messages for ${changes} changes`);
  return { changes: changes / seconds, messages: sent / seconds };
}

function limit(watchers: number): number {
  const socket = createCountingSocket();
  const begun = performance.now();
  let changes = 0;
  while (performance.now() - begun < SECONDS * 1000) {
    changes += 1;
    for (let seq = 1; seq <= watchers; seq += 1) {
      const data = { userId: anna, presence: { state: 'busy', line: 'talking' } };
      socket.send(JSON.stringify({ type: 'event', seq, name: 'presence.changed', data }));
    }
  }
  return changes / ((performance.now() - begun) / 1000);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const range = (values: number[]) => `${Math.round(Math.min(...values))} – ${Math.round(Math.max(...values))}`;

console.log('| watchers | changes/s | least – most | messages/s | limit, changes/s | of the limit |');
console.log('|---|---|---|---|---|---|');
for (const watchers of [100, 1_000, 5_000]) {
  const [changes, messages, limits]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < RUNS; run += 1) {
    const result = await measure(watchers);
    changes.push(result.changes);
    messages.push(result.messages);
    limits.push(limit(watchers));
  }
  const share = Math.round((median(changes) / median(limits)) * 100);
  console.log(
    `| ${watchers} | ${Math.round(median(changes))} | ${range(changes)} | ${Math.round(median(messages))} | ${Math.round(median(limits))} | ${share} % |`,
  );
}
if (bytes === 0) throw new Error('nothing was sent');
process.exit(0);
