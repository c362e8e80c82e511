import type { ClientEvent, ErrorCode } from '@offhook/contract';
import { errorSentences, PROTOCOL_VERSION } from '@offhook/contract';
import type { OpenSocket, SocketHandlers } from '../ports.ts';

export interface SentRequest {
  readonly id: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** The cloud's end of one socket. */
export class FakeSocket {
  readonly sent: Record<string, unknown>[] = [];
  closedByClient: number | undefined;
  readonly #handlers: SocketHandlers;
  readonly #answers: Map<string, Answer>;
  #seq = 0;

  constructor(handlers: SocketHandlers, answers: Map<string, Answer>) {
    this.#handlers = handlers;
    this.#answers = answers;
  }

  open(): void {
    this.#handlers.onOpen();
  }

  welcome(rest: Record<string, unknown> = {}): void {
    this.#say({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      tenantId: 'demo',
      userId: 'anna',
      heartbeatSeconds: 15,
      now: 1_700_000_000_000,
      ...rest,
    });
  }

  event(name: ClientEvent, data: unknown): void {
    this.#seq += 1;
    this.#say({ type: 'event', seq: this.#seq, name, data });
  }

  /** The number of the next event; skipping one is losing it. */
  loseEvent(): void {
    this.#seq += 1;
  }

  answer(id: number, result: unknown): void {
    this.#say({ type: 'answer', id, ok: true, result });
  }

  refuse(id: number, code: ErrorCode): void {
    this.#say({ type: 'answer', id, ok: false, error: { code, message: errorSentences[code] } });
  }

  refused(code: ErrorCode): void {
    this.#say({ type: 'refused', error: { code, message: errorSentences[code] } });
  }

  text(text: string): void {
    if (this.closedByClient === undefined) this.#handlers.onText(text);
  }

  drop(code = 1006): void {
    if (this.closedByClient === undefined) this.#handlers.onClose(code, '');
  }

  requests(method?: string): readonly SentRequest[] {
    const requests = this.sent.filter((frame) => frame['type'] === 'request') as unknown as SentRequest[];
    return method === undefined ? requests : requests.filter((request) => request.method === method);
  }

  /** A frame of the client. */
  receive(frame: Record<string, unknown>): void {
    this.sent.push(frame);
    if (frame['type'] !== 'request') return;
    const request = frame as unknown as SentRequest;
    const answer = this.#answers.get(request.method);
    if (answer === undefined) return;
    queueMicrotask(() => {
      const outcome = answer(request.params);
      if ('refuse' in outcome) this.refuse(request.id, outcome.refuse);
      else this.answer(request.id, outcome.result);
    });
  }

  #say(frame: unknown): void {
    this.text(JSON.stringify(frame));
  }
}

export type Answer = (
  params: Record<string, unknown>,
) => { readonly result: unknown } | { readonly refuse: ErrorCode };

/** A cloud that answers what it was told to answer, and is silent about the rest. */
export class FakeCloud {
  readonly sockets: FakeSocket[] = [];
  readonly #answers = new Map<string, Answer>();

  readonly open: OpenSocket = (handlers) => {
    const socket = new FakeSocket(handlers, this.#answers);
    this.sockets.push(socket);
    return {
      send: (text) => socket.receive(JSON.parse(text) as Record<string, unknown>),
      close: (code) => {
        socket.closedByClient = code;
      },
    };
  };

  on(method: string, answer: Answer): void {
    this.#answers.set(method, answer);
  }

  silent(method: string): void {
    this.#answers.delete(method);
  }

  /** The newest one. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('No socket was opened.');
    return socket;
  }
}
