import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  type connectorMethods,
  FrameFromConnector,
  LINK_SOCKET_PATH,
  LinkHello,
  OffhookError,
  type AnyEvent,
  type CallRecord,
  type ConnectorMethod,
  type connectorEvents,
  type LineConfig,
  type Params,
  type PbxConfig,
  type Result,
} from '@offhook/contract';
import { WebSocketServer, type WebSocket } from 'ws';
import { id } from './ids.ts';

type ConnectorEventFrame = AnyEvent<typeof connectorEvents>;

export interface CloudContent {
  revision: number;
  pbx: PbxConfig;
  lines: LineConfig[];
  clients: { userId: string; clientId: string }[];
}

const linesPerPage = 2;
const clientsPerPage = 1_000;

/**
 * A cloud that speaks the contract and no more, for tests of the connector: it can be stopped and started on the same port,
 * sends whatever it is told, and keeps what comes.
 */
export class FakeCloud implements AsyncDisposable {
  readonly apiKey = 'key-1';
  readonly content: CloudContent;
  readonly records: CallRecord[] = [];
  events: ConnectorEventFrame[] = [];
  hellos: LinkHello[] = [];
  attempts = 0;
  /** Milliseconds between heartbeats that `welcome` announces, as seconds. */
  heartbeatSeconds = 15;
  /** Records that are answered as refused. */
  refuseRecords = false;
  #server: Server | undefined;
  #port = 0;
  #socket: WebSocket | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #answers = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: unknown) => void }
  >();
  #nextId = 1;
  #seqOut = 0;
  readonly #waiting = new Set<() => void>();

  constructor(content: CloudContent) {
    this.content = content;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  async start(): Promise<void> {
    const server = createServer((_request, response) => {
      response.writeHead(404).end();
    });
    const sockets = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024 });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
      this.attempts += 1;
      this.#tell();
      if (request.url !== LINK_SOCKET_PATH || request.headers.authorization !== `Bearer ${this.apiKey}`) {
        const body = JSON.stringify(new OffhookError('api_key_invalid').toWire());
        const length = String(Buffer.byteLength(body));
        socket.end(
          `HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
        );
        return;
      }
      sockets.handleUpgrade(request, socket, head, (connected) => {
        this.#accept(connected);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
  }

  /** As if its power went: sockets are torn off. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    this.#socket = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Any text, as it is. */
  sendRaw(text: string | Buffer): void {
    this.#socket?.send(text);
  }

  send(name: string, data: unknown): void {
    this.#seqOut += 1;
    this.sendRaw(JSON.stringify({ type: 'event', seq: this.#seqOut, name, data }));
  }

  /** Takes nothing and says nothing any more, without closing: a cable that was cut. */
  freeze(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  close(code: number): void {
    this.#socket?.close(code);
  }

  request<M extends ConnectorMethod>(
    method: M,
    params: Params<typeof connectorMethods, M>,
  ): Promise<Result<typeof connectorMethods, M>> {
    const requestId = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#answers.set(requestId, { resolve, reject });
    this.sendRaw(JSON.stringify({ type: 'request', id: requestId, method, params }));
    return promise as Promise<Result<typeof connectorMethods, M>>;
  }

  /** Resolves when it is true; looks again whenever something comes. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  /** The next or an earlier `call.changed` in this state. */
  async call(state: string): Promise<Extract<ConnectorEventFrame, { name: 'call.changed' }>['data']['call']> {
    const find = () =>
      this.events.findLast(
        (event): event is Extract<ConnectorEventFrame, { name: 'call.changed' }> =>
          event.name === 'call.changed' && event.data.call.state.name === state,
      );
    await this.until(() => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error('unreachable');
    return found.data.call;
  }

  #accept(socket: WebSocket): void {
    this.#socket = socket;
    this.#seqOut = 0;
    let seqIn = 0;
    socket.on('message', (data) => {
      const frame = FrameFromConnector.parse(JSON.parse((data as Buffer).toString('utf8')));
      switch (frame.type) {
        case 'hello':
          this.hellos.push(LinkHello.parse(frame));
          this.sendRaw(
            JSON.stringify({
              type: 'welcome',
              protocol: 1,
              connectorId: id.connector('connector-1'),
              tenantId: id.tenant('tenant-1'),
              heartbeatSeconds: this.heartbeatSeconds,
            }),
          );
          this.#sendClients();
          break;
        case 'request':
          this.#answer(frame);
          break;
        case 'answer': {
          const waiting = this.#answers.get(frame.id);
          this.#answers.delete(frame.id);
          if (frame.ok) waiting?.resolve(frame.result);
          else waiting?.reject(OffhookError.fromWire(frame.error));
          break;
        }
        case 'event':
          if (frame.seq !== seqIn + 1) throw new Error('the connector left out an event');
          seqIn = frame.seq;
          this.events.push({ name: frame.name, data: frame.data } as ConnectorEventFrame);
          break;
      }
      this.#tell();
    });
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#tell();
    });
    this.#tell();
  }

  #sendClients(): void {
    const { clients } = this.content;
    for (let from = 0; from === 0 || from < clients.length; from += clientsPerPage) {
      const more = from + clientsPerPage < clients.length;
      this.send('clients.snapshot', { clients: clients.slice(from, from + clientsPerPage), more });
    }
  }

  #answer(frame: { id: number; method: string; params?: unknown }): void {
    const ok = (result: unknown): void => {
      this.sendRaw(JSON.stringify({ type: 'answer', id: frame.id, ok: true, result }));
    };
    if (frame.method === 'config.get') {
      const { cursor } = frame.params as { cursor?: string };
      const from = Number(cursor ?? '0');
      const { revision, pbx, lines } = this.content;
      const more = from + linesPerPage < lines.length;
      ok({
        revision,
        pbx,
        lines: lines.slice(from, from + linesPerPage),
        ...(more ? { next: String(from + linesPerPage) } : {}),
      });
      return;
    }
    const { records } = frame.params as { records: CallRecord[] };
    const ids = records.map(({ recordId }) => recordId);
    if (this.refuseRecords) ok({ accepted: [], refused: ids });
    else {
      // The same record again changes nothing: the connector may not have heard that we have it.
      for (const record of records) {
        if (!this.records.some(({ recordId }) => recordId === record.recordId)) this.records.push(record);
      }
      ok({ accepted: ids, refused: [] });
    }
  }

  #tell(): void {
    for (const look of this.#waiting) look();
  }
}
