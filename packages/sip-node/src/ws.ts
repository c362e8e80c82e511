import { isUtf8 } from 'node:buffer';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Target } from '@offhook/sip';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import type { TlsOptions, WebSocketOptions } from './api.ts';
import type { Carrier, Channel, ChannelListener, Door } from './channel.ts';
import { listenOn, remoteOf } from './listening.ts';
import { admittedClient, connectTls, contextOf, peerText, serverOptions, tellRejected } from './tls.ts';
import { tlsProblem } from './tls-errors.ts';
import { placeText } from './transport.ts';

/** RFC 7118 section 4.1. */
const SUBPROTOCOL = 'sip';
/** One SIP message per WebSocket message (section 5): the same bound as for messages over UDP. */
const MOST_BYTES = 65_535;
const MOST_HEADER_BYTES = 16 * 1024;
/** For a peer to answer our closing of a WebSocket. */
const CLOSING_MS = 5_000;

const PING = '\r\n\r\n';
const PONG = Buffer.from('\r\n');

const socketOptions = {
  maxPayload: MOST_BYTES,
  maxFragments: 1_024,
  maxBufferedChunks: 16 * 1024,
  closeTimeout: CLOSING_MS,
  // Ours are bounded by what may wait for a peer that does not read.
  autoPong: false,
  perMessageDeflate: false,
} as const;

/** SIP over WebSocket (RFC 7118), server and client. */
export function wsCarrier(options: WebSocketOptions): Carrier {
  return {
    transport: 'ws',
    listen(place, door, handshakeMs) {
      const server = createHttpServer(httpOptions, refuseHttp);
      upgrade(server, 'connection', door, handshakeMs);
      return listenOn(server, place, door);
    },
    dial: (target, listener) => {
      const socket = new WebSocket(urlOf('ws', target, options), SUBPROTOCOL, {
        ...socketOptions,
        createConnection: () => connect({ host: target.address, port: target.port, noDelay: true }),
      });
      return webSocketChannel(
        socket,
        'dialled',
        listener,
        (error) => `${placeText(target)}: ${error.message}`,
      );
    },
  };
}

/** The same over TLS, with the checks and options of SIP over TLS. */
export function wssCarrier(options: WebSocketOptions, tls: TlsOptions): Carrier {
  contextOf(tls);
  return {
    transport: 'wss',
    listen(place, door, handshakeMs) {
      const server = createHttpsServer({ ...serverOptions(tls, handshakeMs), ...httpOptions }, refuseHttp);
      server.on('secureConnection', (socket: TLSSocket) => admittedClient(socket, tls, door));
      tellRejected(server, door);
      upgrade(server, 'secureConnection', door, handshakeMs);
      return listenOn(server, place, door);
    },
    dial: (target, listener) => {
      const socket = new WebSocket(urlOf('wss', target, options), SUBPROTOCOL, {
        ...socketOptions,
        createConnection: () => connectTls(target, tls, ['http/1.1']),
      });
      return webSocketChannel(socket, 'dialled', listener, (error) => tlsProblem(error, peerText(target)));
    },
  };
}

/** Without Node's own timers, which look twice a minute: {@link limitUpgrades} has one for each connection. */
const httpOptions = { headersTimeout: 0, requestTimeout: 0, maxHeaderSize: MOST_HEADER_BYTES };

function refuseHttp(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { Connection: 'close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
  response.end('SIP over WebSocket is spoken here (RFC 7118).\n');
}

/**
 * From the connection to the end of the upgrade there is little time and little room, whatever is sent: a header at a time,
 * a request of a browser, or nothing.
 *
 * @returns what to call when a socket has become a WebSocket
 */
function limitUpgrades(
  server: Server,
  connected: 'connection' | 'secureConnection',
  door: Door,
  handshakeMs: number,
): (socket: Duplex) => void {
  const timers = new WeakMap<Duplex, NodeJS.Timeout>();
  const done = (socket: Duplex): void => clearTimeout(timers.get(socket));
  server.on(connected, (socket: Socket) => {
    if (socket.destroyed) return;
    const remote = remoteOf(socket) ?? { address: '', port: 0 };
    const timer = setTimeout(() => {
      const text = `${placeText(remote)} did not finish the WebSocket handshake in time`;
      door.rejected(remote, text, 'handshake_time');
      socket.destroy();
    }, handshakeMs);
    timers.set(socket, timer);
    socket.once('close', () => done(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const remote = remoteOf(socket);
    // What is wrong with TLS, or with the connection, is told elsewhere or is nothing to tell.
    if (remote !== undefined && error.code?.startsWith('HPE_') === true) {
      const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
      const text = isLarge ? 'sends more headers than a WebSocket needs' : 'does not speak WebSocket';
      door.rejected(remote, `${placeText(remote)} ${text}`, isLarge ? 'handshake_bytes' : undefined);
    }
    refuse(socket);
  });
  return done;
}

/** What it has to say before the socket is closed, whether the peer closes its side or not. */
function refuse(socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const text = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
  socket.end(text, () => socket.destroy());
}

function upgrade(
  server: Server,
  connected: 'connection' | 'secureConnection',
  door: Door,
  handshakeMs: number,
): void {
  const upgraded = limitUpgrades(server, connected, door, handshakeMs);
  const webSockets = new WebSocketServer({
    ...socketOptions,
    noServer: true,
    clientTracking: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const remote = remoteOf(request.socket);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (remote === undefined || !offered.includes(SUBPROTOCOL)) {
      if (remote !== undefined) {
        door.rejected(remote, `${placeText(remote)} does not offer the WebSocket subprotocol "sip"`);
      }
      refuse(socket);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      upgraded(socket);
      door.accept(remote, (listener) => webSocketChannel(webSocket, 'accepted', listener));
    });
  });
}

/** The name goes into Host; the connection is made to the address, so a zone (`fe80::1%eth0`) does not show. */
function urlOf(scheme: 'ws' | 'wss', target: Target, { path = '/' }: WebSocketOptions): string {
  const name = target.serverName ?? target.address.split('%')[0] ?? '';
  const host = isIP(name) === 6 ? `[${name}]` : name;
  return `${scheme}://${host}:${String(target.port)}${path}`;
}

/** What `ws` says of a message beyond {@link socketOptions}. */
const TOO_LARGE = new Set(['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_TOO_MANY_BUFFERED_PARTS']);

function webSocketChannel(
  socket: WebSocket,
  origin: 'dialled' | 'accepted',
  listener: ChannelListener,
  explain: (error: Error) => string = (error) => error.message,
): Channel {
  let reason: string | undefined;
  if (origin === 'dialled') socket.once('open', () => listener.opened());
  socket.on('message', (data) => {
    const bytes = bytesOf(data);
    // Browsers cannot send WebSocket pings: their libraries send CRLFs (RFC 5626 section 3.5.1).
    if (bytes.length === PING.length && bytes.toString('latin1') === PING) {
      listener.pinged(() => socket.send(PONG));
    } else listener.received(bytes);
  });
  socket.on('ping', (data) => listener.pinged(() => socket.pong(data)));
  socket.on('pong', () => listener.ponged());
  socket.on('error', (error) => {
    reason = explain(error);
    if ('code' in error && TOO_LARGE.has(String(error.code))) listener.limited('message_bytes');
  });
  socket.on('close', (code) => {
    const isAbrupt = code === 1006;
    listener.closed(reason ?? (isAbrupt ? 'the WebSocket broke off' : undefined));
  });
  return {
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    // Text where it can be, as browsers and most servers have it (RFC 7118 section 5).
    send: (bytes) => socket.send(bytes, { binary: !isUtf8(bytes) }),
    ping: () => socket.ping(),
    end: () => socket.close(1000),
    destroy: () => socket.terminate(),
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
