import { networkInterfaces } from 'node:os';
import type { Flow, Target, Transport } from '@offhook/sip';
import type { DatagramPingOptions, KeepAliveOptions, ListenOptions, NodeEndpointOptions } from './api.ts';
import type { Carrier } from './channel.ts';
import {
  ConnectionTable,
  defaultLiveness,
  defaultStreamLimits,
  type TableOptions,
} from './connection-table.ts';
import { defaultDatagramKeepAlive, type DatagramKeepAliveOptions } from './datagram-keep-alive.ts';
import { tcp } from './tcp.ts';
import { tlsCarrier } from './tls.ts';
import { reaches, type Place, type SipSocket, type SocketListener } from './transport.ts';
import { UdpSocket } from './udp.ts';
import { wsCarrier, wssCarrier } from './ws.ts';

export type SocketOptions = Pick<NodeEndpointOptions, 'listen' | 'tls' | 'ws' | 'streams' | 'keepAlive'>;

/** A listening place as it was asked for, with the socket behind it. */
export interface OpenSocket {
  readonly socket: SipSocket;
  /** What others may send to. */
  readonly address: string;
}

/** How often a free port is taken anew because it was free for one transport only. */
const FREE_PORT_ATTEMPTS = 20;

/**
 * Opens all sockets or none. Rejects with the system's error (`EADDRINUSE`, …), or in words where TLS is wanted without a
 * certificate.
 */
export async function openSockets(
  options: SocketOptions,
  listener: SocketListener,
): Promise<readonly OpenSocket[]> {
  for (let attempt = 1; ; attempt += 1) {
    const sockets: SipSocket[] = [];
    try {
      const open = opener(options, listener);
      // One after the other: a later one takes the port of an earlier one.
      for (const wanted of options.listen) sockets.push(await open(wanted, sockets));
      return sockets.map((socket) => ({ socket, address: reachable(socket.local.address) }));
    } catch (error) {
      await Promise.all(sockets.map((socket) => socket.close()));
      const mayTryAgain = options.listen.some(({ port }) => port === 0) && attempt < FREE_PORT_ATTEMPTS;
      if (!mayTryAgain || !isTaken(error)) throw error;
    }
  }
}

/** The socket for a target: the one that has its connection, else one of its transport and, where there is one, its family. */
export function socketFor(sockets: readonly OpenSocket[], target: Target): SipSocket | undefined {
  let best: SipSocket | undefined;
  let isBestInFamily = false;
  for (const { socket } of sockets) {
    if (socket.transport !== target.transport) continue;
    if (isLocalSideOf(socket.local, target)) return socket;
    const isInFamily = reaches(socket.local.address, target.address);
    if (best === undefined || (isInFamily && !isBestInFamily)) {
      best = socket;
      isBestInFamily = isInFamily;
    }
  }
  return best;
}

/** Our addresses of each transport for Via and Contact; both of a dual-stack socket. */
export function localAddresses(
  sockets: readonly OpenSocket[],
): { transport: Transport; address: string; port: number }[] {
  return sockets.flatMap(({ socket, address }) => {
    const { transport, local } = socket;
    const addresses = local.address === '::' ? [address, reachable('0.0.0.0')] : [address];
    return addresses.map((one) => ({ transport, address: withoutZone(one), port: local.port }));
  });
}

function isLocalSideOf(local: Place, target: Target): boolean {
  const { localAddress, localPort } = target as Partial<Flow>;
  return localAddress === local.address && localPort === local.port;
}

function opener(options: SocketOptions, listener: SocketListener) {
  let lastId = 0;
  const { tls = {}, ws = {}, streams = {}, keepAlive = {} } = options;
  const table: TableOptions = {
    limits: {
      connections: streams.connections ?? defaultStreamLimits.connections,
      connectionsPerSource: streams.connectionsPerSource ?? defaultStreamLimits.connectionsPerSource,
      queuedBytes: streams.queuedBytes ?? defaultStreamLimits.queuedBytes,
      queuedMs: streams.queuedTime ?? defaultStreamLimits.queuedMs,
      connectTimeoutMs: streams.connectTimeout ?? defaultStreamLimits.connectTimeoutMs,
      handshakeMs: streams.handshakeTimeout ?? defaultStreamLimits.handshakeMs,
    },
    liveness: {
      ...defaultLiveness,
      pingMs: keepAlive.streams === 0 ? undefined : (keepAlive.streams ?? defaultLiveness.pingMs),
      expectPong: keepAlive.expectPong ?? defaultLiveness.expectPong,
      idleMs: streams.idle ?? defaultLiveness.idleMs,
    },
    nextId: () => String((lastId += 1)),
  };
  const datagrams = datagramKeepAlive(keepAlive);
  const carriers: Record<Exclude<Transport, 'udp'>, () => Carrier> = {
    tcp: () => tcp,
    tls: () => tlsCarrier(tls),
    ws: () => wsCarrier(ws),
    wss: () => wssCarrier(ws, tls),
  };
  return (wanted: ListenOptions, opened: readonly SipSocket[]): Promise<SipSocket> => {
    const place = { address: wanted.address, port: portFor(wanted, opened) };
    if (wanted.transport === 'udp') return UdpSocket.open(place, listener, datagrams);
    const carrier = carriers[wanted.transport]();
    return ConnectionTable.open(
      wanted.accept === false ? dialOnly(carrier) : carrier,
      place,
      listener,
      table,
    );
  };
}

function datagramKeepAlive({
  datagrams,
  expectPong,
}: KeepAliveOptions): DatagramKeepAliveOptions | undefined {
  if (datagrams === undefined) return undefined;
  const { binding, expectAnswer, ...usual } = defaultDatagramKeepAlive;
  const wanted: DatagramPingOptions =
    typeof datagrams === 'number' ? { every: datagrams, method: 'crlf' } : datagrams;
  return {
    ...usual,
    method: wanted.method,
    everyMs: wanted.every,
    binding: { ...binding, rtoMs: wanted.retransmit ?? binding.rtoMs },
    expectAnswer: expectPong ?? expectAnswer,
  };
}

/** Takes no connections. Peers answer over those that we make; the port in Via and Contact is the usual one. */
function dialOnly(carrier: Carrier): Carrier {
  const usual = { tcp: 5060, tls: 5061, ws: 80, wss: 443 };
  return {
    ...carrier,
    listen: ({ address, port }) =>
      Promise.resolve({
        local: { address, port: port === 0 ? usual[carrier.transport] : port },
        close: () => Promise.resolve(),
      }),
  };
}

/**
 * Where UDP and TCP ask for a free port at one address, the later one takes the port that the earlier was given: the
 * Contact then means the same over both.
 */
function portFor({ transport, address, port }: ListenOptions, opened: readonly SipSocket[]): number {
  if (port !== 0 || !isPlain(transport)) return port;
  const twin = opened.find(
    (other) => isPlain(other.transport) && other.transport !== transport && other.local.address === address,
  );
  return twin?.local.port ?? 0;
}

const isPlain = (transport: Transport): boolean => transport === 'udp' || transport === 'tcp';

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

const withoutZone = (address: string): string => address.split('%')[0] ?? address;

/** What others may send to: for a wildcard address the machine's first outward one, else loopback. */
function reachable(address: string): string {
  if (address !== '0.0.0.0' && address !== '::') return withoutZone(address);
  const family = address === '::' ? 'IPv6' : 'IPv4';
  const candidates = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((candidate) => !candidate.internal && candidate.family === family);
  // A link-local address means nothing beyond its link.
  const outward = candidates.find((one) => !one.address.startsWith('fe80:')) ?? candidates[0];
  return outward?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1');
}
