import { SipEndpoint, type Flow, type Target } from '@offhook/sip';
import type { NodeEndpoint, NodeEndpointOptions, SipTrace } from './api.ts';
import { systemDns } from './dns.ts';
import { Driver, type World } from './driver.ts';
import { defaultFloodLimits, FloodGuard, messagesIn } from './flood-guard.ts';
import { LimitCounts } from './limits.ts';
import { pooledRandom } from './random-pool.ts';
import { resolveTargets } from './resolve.ts';
import { localAddresses, openSockets, socketFor, type OpenSocket } from './sockets.ts';
import { defaultTargetCache, TargetCache } from './target-cache.ts';
import { placeText, type SocketListener } from './transport.ts';

/**
 * Opens the sockets and drives a SIP endpoint with them.
 * Rejects with the system's error (`code: 'EADDRINUSE'`, …) where one cannot be opened, or in words where TLS is wanted
 * without a certificate; nothing stays open then.
 */
export async function openNodeEndpoint(options: NodeEndpointOptions): Promise<NodeEndpoint> {
  // Sockets may hear something before the endpoint exists, for it needs their ports.
  let driver: Driver | undefined;
  let sockets: readonly OpenSocket[] = [];
  const limitCounts = new LimitCounts();
  let rejectedConnections = 0;
  let stunAnswered = 0;
  let flowsFailed = 0;
  const guard =
    options.flood === false ? undefined : new FloodGuard({ ...defaultFloodLimits, ...options.flood });
  const trace = (direction: SipTrace['direction'], peer: Target, bytes: Uint8Array): void => {
    options.onTrace?.({ direction, transport: peer.transport, remote: placeText(peer), bytes });
  };
  const listener: SocketListener = {
    received(flow: Flow, bytes: Uint8Array): void {
      const messages = isStream(flow) ? messagesIn(bytes) : 1;
      const verdict = guard?.judge(flow.address, messages, now()) ?? 'pass';
      if (verdict === 'drop') {
        if (flow.connectionId !== undefined) socketFor(sockets, flow)?.end(flow);
        return;
      }
      trace('in', flow, bytes);
      driver?.input({ kind: 'received', flow, bytes, overloaded: verdict === 'refuse' });
    },
    failed(target: Target, text: string): void {
      // Not from inside the send that failed: the endpoint is still giving out effects then.
      queueMicrotask(() => driver?.input({ kind: 'transport_error', target, text }));
    },
    closed(flow: Flow): void {
      if (flow.transport === 'udp') flowsFailed += 1;
      driver?.input({ kind: 'closed', flow });
    },
    judge: (address) => guard?.judge(address, 1, now()) ?? 'pass',
    answeredStun() {
      stunAnswered += 1;
    },
    limited: (limit) => limitCounts.count(limit),
    admits: (address) => guard?.isDropping(address, now()) !== true,
    rejected(peer) {
      rejectedConnections += 1;
      options.onRejected?.(peer);
    },
  };

  sockets = await openSockets(options, listener);
  const local = localAddresses(sockets);
  const { limits, timers, unsolicited } = options;
  const endpoint = new SipEndpoint({
    random: pooledRandom(),
    product: options.product,
    local,
    ...(limits === undefined ? {} : { limits }),
    ...(timers === undefined ? {} : { timers }),
    ...(unsolicited === undefined ? {} : { unsolicited }),
  });
  const dns = options.dns ?? systemDns();
  const names = new TargetCache(now, defaultTargetCache, (limit) => limitCounts.count(limit));
  const means = sockets.map(({ socket }) => ({ transport: socket.transport, address: socket.local.address }));
  const world: World = {
    now,
    send(target, bytes) {
      const socket = socketFor(sockets, target);
      if (socket === undefined) {
        listener.failed(target, `nothing here sends over ${target.transport}`);
        return;
      }
      trace('out', target, bytes);
      socket.send(target, bytes);
    },
    close(flow) {
      socketFor(sockets, flow)?.end(flow);
    },
    resolve(query) {
      const { resolveId, host, port, transport, secure } = query;
      const key = JSON.stringify([host.toLowerCase(), port, transport, secure]);
      void names
        .find(key, () =>
          resolveTargets(query, means, dns, Math.random, () => limitCounts.count('targets_per_name')),
        )
        .then((targets) => driver?.input({ kind: 'resolved', resolveId, targets }));
    },
    deliver: options.onEvent,
  };
  const running = new Driver(endpoint, world);
  driver = running;

  return {
    bound: sockets.map(({ socket, address }) => ({
      transport: socket.transport,
      address,
      port: socket.local.port,
    })),
    run: (commands) => running.run(commands),
    counts: () => ({
      ...endpoint.counts(),
      connections: sockets.reduce((sum, { socket }) => sum + socket.connections, 0),
      rejectedConnections,
      stunAnswered,
      flowsFailed,
      limits: {
        ...endpoint.counts().limits,
        ...limitCounts.all,
        flood_refused: guard?.counts.refused ?? 0,
        flood_dropped: guard?.counts.dropped ?? 0,
        flood_sources: guard?.counts.forgotten ?? 0,
      },
    }),
    async close() {
      running.close();
      driver = undefined;
      await Promise.all(sockets.map(({ socket }) => socket.close()));
    },
  };
}

const now = (): number => performance.now();

/** On TCP and TLS octets come in any pieces; elsewhere each piece is a message. */
const isStream = ({ transport }: Flow): boolean => transport === 'tcp' || transport === 'tls';
