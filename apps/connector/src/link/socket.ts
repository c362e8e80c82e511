import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { LINK_SOCKET_PATH, Limits, WireError } from '@offhook/contract';
import { WebSocket } from 'ws';

/** Why the cloud did not let us in before the upgrade. */
export interface Refusal {
  readonly status: number;
  readonly error: WireError | undefined;
}

export interface LinkSocketHandlers {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** A ping, a pong or a frame: the peer lives. */
  readonly onLife: () => void;
  /** Once, whatever happened; nothing comes after it. */
  readonly onClosed: (end: SocketEnd) => void;
}

export type SocketEnd =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  | { readonly kind: 'error'; readonly text: string };

const HANDSHAKE_TIMEOUT = 10_000;
const REFUSAL_BYTES = 8 * 1024;

export function linkUrl(cloudUrl: string): string {
  const url = new URL(LINK_SOCKET_PATH, cloudUrl);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.href;
}

/**
 * One WebSocket to the cloud, with the API key, through the proxy that HTTPS_PROXY (and NO_PROXY) name for `wss:`
 * addresses. Frames larger than the contract allows close it (1009).
 */
export class LinkSocket {
  readonly #socket: WebSocket;
  #closed = false;

  constructor(cloudUrl: string, apiKey: string, product: string, handlers: LinkSocketHandlers) {
    const url = linkUrl(cloudUrl);
    const proxyEnv = process.env;
    const agent = url.startsWith('wss:') ? new HttpsAgent({ proxyEnv }) : new HttpAgent();
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${apiKey}`, 'user-agent': product },
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      maxPayload: Limits.frameBytes,
      perMessageDeflate: false,
      agent,
    });
    this.#socket = socket;
    let problem: string | undefined;
    const close = (end: SocketEnd): void => {
      if (this.#closed) return;
      this.#closed = true;
      agent.destroy();
      handlers.onClosed(end);
    };
    socket.on('open', handlers.onOpen);
    socket.on('ping', handlers.onLife);
    socket.on('pong', handlers.onLife);
    socket.on('message', (data, isBinary) => {
      if (this.#closed) return;
      handlers.onLife();
      // Binary frames are no part of the protocol; as text they fail to parse.
      handlers.onText(isBinary ? '' : rawText(data));
    });
    socket.on('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0;
      const chunks: Buffer[] = [];
      let length = 0;
      const done = (): void => {
        request.destroy();
        close({ kind: 'refused', refusal: { status, error: errorIn(Buffer.concat(chunks)) } });
      };
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= REFUSAL_BYTES) chunks.push(chunk);
        else done();
      });
      response.on('end', done);
      response.on('error', done);
      response.setTimeout(HANDSHAKE_TIMEOUT, done);
    });
    socket.on('error', (error) => {
      problem = error.message;
    });
    socket.on('close', (code, reason) => {
      close(
        code === 1006 && problem !== undefined
          ? { kind: 'error', text: problem }
          : { kind: 'closed', code, reason: reason.toString('utf8') },
      );
    });
  }

  /** Octets that wait in this process. */
  get waiting(): number {
    return this.#socket.bufferedAmount;
  }

  get open(): boolean {
    return !this.#closed && this.#socket.readyState === WebSocket.OPEN;
  }

  /** `sent` is called when the octets have left this process. */
  send(text: string, sent?: () => void): void {
    if (!this.open) return;
    this.#socket.send(text, () => sent?.());
  }

  ping(): void {
    if (this.open) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** At once, without the closing handshake. */
  terminate(): void {
    this.#socket.terminate();
  }
}

function rawText(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}

function errorIn(body: Buffer): WireError | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const inner = typeof parsed === 'object' && parsed !== null && 'error' in parsed ? parsed.error : parsed;
    return WireError.safeParse(inner).data;
  } catch {
    return undefined;
  }
}
