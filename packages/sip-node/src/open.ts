import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { SipEndpoint, type Flow, type Target } from '@offhook/sip';
import type { NodeEndpoint, NodeEndpointOptions, SipTrace } from './api.ts';
import { Driver, type World } from './driver.ts';
import { resolveTargets } from './resolve.ts';
import { TcpTable, type StreamListener } from './tcp.ts';
import { openUdp, type DatagramListener, type UdpSocket } from './udp.ts';

type Listening = UdpSocket | TcpTable;
type Listener = DatagramListener & StreamListener;

/**
 * Opens the sockets and drives a SIP endpoint with them.
 * Rejects with the system's error (`code: 'EADDRINUSE'`, …) where one cannot be opened; nothing stays open then.
 */
export async function openNodeEndpoint(options: NodeEndpointOptions): Promise<NodeEndpoint> {
  // Sockets may hear something before the endpoint exists, for it needs their ports.
  let driver: Driver | undefined;
  const trace = (direction: SipTrace['direction'], peer: Target, bytes: Uint8Array): void => {
    const host = peer.address.includes(':') ? `[${peer.address}]` : peer.address;
    options.onTrace?.({
      direction,
      transport: peer.transport,
      remote: `${host}:${String(peer.port)}`,
      bytes,
    });
  };
  const listener: Listener = {
    received(flow: Flow, bytes: Uint8Array): void {
      trace('in', flow, bytes);
      driver?.input({ kind: 'received', flow, bytes });
    },
    failed(target: Target, text: string): void {
      // Not from inside the send that failed: the endpoint is still giving out effects then.
      queueMicrotask(() => driver?.input({ kind: 'transport_error', target, text }));
    },
    closed(flow: Flow): void {
      driver?.input({ kind: 'closed', flow });
    },
  };

  const sockets = await openAll(options.listen, listener);
  const bound = sockets.map(({ transport, local }) => ({
    transport,
    address: reachable(local.address),
    port: local.port,
  }));
  const transports = bound.map(({ transport }) => transport);
  const { limits, timers } = options;
  const endpoint = new SipEndpoint({
    random: (length) => randomBytes(length),
    product: options.product,
    local: bound,
    ...(limits === undefined ? {} : { limits }),
    ...(timers === undefined ? {} : { timers }),
  });
  const world: World = {
    now: () => performance.now(),
    send(target, bytes) {
      const socket = sockets.find(({ transport }) => transport === target.transport);
      if (socket === undefined) {
        listener.failed(target, `nothing here sends over ${target.transport}`);
        return;
      }
      trace('out', target, bytes);
      socket.send(target, bytes);
    },
    close(flow) {
      for (const socket of sockets) if (socket instanceof TcpTable) socket.end(flow);
    },
    resolve(query) {
      const { resolveId } = query;
      void resolveTargets(query, transports).then((targets) =>
        driver?.input({ kind: 'resolved', resolveId, targets }),
      );
    },
    deliver: options.onEvent,
  };
  const running = new Driver(endpoint, world);
  driver = running;

  return {
    bound,
    run: (commands) => running.run(commands),
    counts: () => endpoint.counts(),
    async close() {
      running.close();
      driver = undefined;
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}

/** How often a free port is taken anew because it was free for one transport only. */
const FREE_PORT_ATTEMPTS = 20;

async function openAll(listen: NodeEndpointOptions['listen'], listener: Listener): Promise<Listening[]> {
  for (let attempt = 1; ; attempt += 1) {
    const sockets: Listening[] = [];
    try {
      for (const wanted of listen) sockets.push(await open(wanted, sockets, listener));
      return sockets;
    } catch (error) {
      await Promise.all(sockets.map((socket) => socket.close()));
      const another = listen.some(({ port }) => port === 0) && attempt < FREE_PORT_ATTEMPTS;
      if (!another || !isTaken(error)) throw error;
    }
  }
}

/**
 * Where several transports ask for a free port at one address, the later ones take the port that the first was
 * given: the Contact then means the same over each of them.
 */
async function open(
  wanted: NodeEndpointOptions['listen'][number],
  opened: readonly Listening[],
  listener: Listener,
): Promise<Listening> {
  const { transport, address } = wanted;
  const twin = opened.find(({ local }) => local.address === address);
  const port = wanted.port === 0 && twin !== undefined ? twin.local.port : wanted.port;
  return transport === 'udp' ? openUdp(address, port, listener) : TcpTable.open(address, port, listener);
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** What others may send to: for a wildcard address the machine's first outward one, else loopback. */
function reachable(address: string): string {
  if (address !== '0.0.0.0' && address !== '::') return address;
  const family = address === '::' ? 'IPv6' : 'IPv4';
  const outward = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find((candidate) => !candidate.internal && candidate.family === family);
  return outward?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1');
}
