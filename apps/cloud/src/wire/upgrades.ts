import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Limits, OffhookError } from '@offhook/contract';
import type { Attempts } from '../attempts.ts';
import { WebSocketServer, type WebSocket } from 'ws';

/** Decides about one WebSocket handshake: refuse with an HTTP answer, or accept the socket. */
export type UpgradeHandler = (request: IncomingMessage, decision: UpgradeDecision) => void | Promise<void>;
export type UpgradeDecision = {
  refuse: (status: number, error: OffhookError) => void;
  accept: (onSocket: (socket: WebSocket) => void) => void;
};

/** Who comes, and how often in vain: an address that fails too often is refused before it costs a look-up. */
export type Admission = { failures: Attempts; addressOf: (request: IncomingMessage) => string };

export type Upgrades = {
  add: (path: string, handler: UpgradeHandler) => void;
  /** Refuse new sockets from now on; those that are open belong to their features. */
  close: () => void;
};

/** WebSocket handshakes of an HTTP server, sent to the feature that owns the path. */
export function createUpgrades(server: Server, onError: (error: unknown) => void): Upgrades {
  const handlers = new Map<string, UpgradeHandler>();
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: Limits.frameBytes,
  });
  let closed = false;

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const decision: UpgradeDecision = {
      refuse: (status, error) => refuse(stream, status, error),
      accept: (onSocket) => sockets.handleUpgrade(request, stream, head, onSocket),
    };
    if (closed) return decision.refuse(503, new OffhookError('unavailable', { retryAfter: 2 }));
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const handler = handlers.get(path);
    if (handler === undefined) return decision.refuse(404, new OffhookError('not_found'));
    Promise.resolve()
      .then(() => handler(request, decision))
      .catch((error: unknown) => {
        onError(error);
        decision.refuse(500, OffhookError.from(error));
      });
  };
  server.on('upgrade', onUpgrade);

  return {
    add: (path, handler) => void handlers.set(path, handler),
    close: () => {
      closed = true;
    },
  };
}

function refuse(stream: Duplex, status: number, error: OffhookError): void {
  if (stream.destroyed) return;
  const body = JSON.stringify(error.toWire());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      'Connection: close\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  stream.once('finish', () => stream.destroy());
}
