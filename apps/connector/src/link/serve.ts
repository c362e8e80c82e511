import {
  connectorMethods,
  OffhookError,
  type AnswerFrame,
  type ConnectorMethod,
  type Params,
  type RequestFrame,
  type Result,
} from '@offhook/contract';
import type { Log } from '../log.ts';

/** What the cloud may ask of this connector. Each rejects with `OffhookError`. */
export type ConnectorHandlers = {
  readonly [M in ConnectorMethod]: (
    params: Params<typeof connectorMethods, M>,
  ) => Promise<Result<typeof connectorMethods, M>>;
};

/** Requests of the cloud that may be open at a time: many users share this socket. */
const OPEN_REQUESTS = 1024;

/** Checks a request of the cloud, has it handled, and makes the answer. */
export class RequestServer {
  readonly #handlers: ConnectorHandlers;
  readonly #log: Log;
  #open = 0;

  constructor(handlers: ConnectorHandlers, log: Log) {
    this.#handlers = handlers;
    this.#log = log;
  }

  async answer(frame: RequestFrame): Promise<AnswerFrame> {
    const { id, method } = frame;
    if (this.#open >= OPEN_REQUESTS) return refusal(id, new OffhookError('queue_full', { retryAfter: 1 }));
    this.#open += 1;
    try {
      if (!isConnectorMethod(method)) throw new OffhookError('unknown_method');
      return { type: 'answer', id, ok: true, result: await this.#handle(method, frame.params) };
    } catch (thrown) {
      const error = OffhookError.from(thrown);
      if (error.code === 'internal') this.#log.error({ err: error.cause ?? error, method }, 'request failed');
      else this.#log.info({ method, code: error.code, reason: error.message }, 'request refused');
      return refusal(id, error);
    } finally {
      this.#open -= 1;
    }
  }

  #handle(method: ConnectorMethod, params: unknown): Promise<unknown> {
    // The table pairs each method's schema with its handler; indexed by a variable, the pair loses its types.
    const handler = this.#handlers[method] as (params: unknown) => Promise<unknown>;
    return handler(connectorMethods[method].params.parse(params));
  }
}

const isConnectorMethod = (method: string): method is ConnectorMethod =>
  Object.hasOwn(connectorMethods, method);

const refusal = (id: number, error: OffhookError): AnswerFrame => ({
  type: 'answer',
  id,
  ok: false,
  error: error.toWire(),
});
