import { isUtf8 } from 'node:buffer';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Target } from '@offhook/sip';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import type { TlsOptions, WebSocketOptions } from './api.ts';
import type { Carrier, Channel, ChannelListener, Door } from './channel.ts';
import { listenOn } from './listening.ts';
import { admittedClient, connectTls, contextOf, peerText, serverOptions, tellRejected } from './tls.ts';
import { tlsProblem } from './tls-errors.ts';
import { placeText, type Place } from './transport.ts';

/** RFC 7118 section 4.1. */
const SUBPROTOCOL = 'sip';
/** One SIP message per WebSocket message (section 5): the same bound as for messages over UDP. */
const MOST_BYTES = 65_535;
const UPGRADE_MS = 10_000;

const PING = '\r\n\r\n';
const PONG = Buffer.from('\r\n');

const socketOptions = { maxPayload: MOST_BYTES, perMessageDeflate: false } as const;

/** SIP over WebSocket (RFC 7118), server and client. */
export function wsCarrier(options: WebSocketOptions): Carrier {
  return {
    transport: 'ws',
    listen(place, door) {
      const server = createHttpServer(httpLimits, refuseHttp);
      upgrade(server, door);
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
    listen(place, door) {
      const server = createHttpsServer({ ...serverOptions(tls), ...httpLimits }, refuseHttp);
      server.on('secureConnection', (socket: TLSSocket) => admittedClient(socket, tls, door));
      tellRejected(server, door);
      upgrade(server, door);
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

const httpLimits = { headersTimeout: UPGRADE_MS, requestTimeout: UPGRADE_MS, maxHeaderSize: 16 * 1024 };

function refuseHttp(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { Connection: 'close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
  response.end('SIP over WebSocket is spoken here (RFC 7118).\n');
}

function upgrade(server: Server, door: Door): void {
  const webSockets = new WebSocketServer({
    ...socketOptions,
    noServer: true,
    clientTracking: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const remote = placeOf(request);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (remote === undefined || !offered.includes(SUBPROTOCOL)) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      if (remote !== undefined) {
        door.rejected(remote, `${placeText(remote)} does not offer the WebSocket subprotocol "sip"`);
      }
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      door.accept(remote, (listener) => webSocketChannel(webSocket, 'accepted', listener)),
    );
  });
}

function placeOf({ socket }: IncomingMessage): Place | undefined {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined || remotePort === undefined
    ? undefined
    : { address: remoteAddress, port: remotePort };
}

/** The name goes into Host; the connection is made to the address, so a zone (`fe80::1%eth0`) does not show. */
function urlOf(scheme: 'ws' | 'wss', target: Target, { path = '/' }: WebSocketOptions): string {
  const name = target.serverName ?? target.address.split('%')[0] ?? '';
  const host = isIP(name) === 6 ? `[${name}]` : name;
  return `${scheme}://${host}:${String(target.port)}${path}`;
}

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
    if (bytes.length === PING.length && bytes.toString('latin1') === PING) socket.send(PONG);
    listener.received(bytes);
  });
  socket.on('ping', () => listener.ponged());
  socket.on('pong', () => listener.ponged());
  socket.on('error', (error) => {
    reason = explain(error);
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
