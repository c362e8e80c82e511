import {
  clientMethods,
  Limits,
  OffhookError,
  type AnswerFrame,
  type ClientMethod,
  type RequestFrame,
  type Result,
} from '@offhook/contract';
import type { Cancel, Clock } from '../ports.ts';

export type ClientResult<M extends ClientMethod> = Result<typeof clientMethods, M>;

interface Pending {
  readonly method: ClientMethod;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: OffhookError) => void;
  readonly cancelTimeout: Cancel;
}

/** Requests of one socket that wait for their answers; each ends by answer, timeout or the socket's end. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Rejects with `queue_full`, `timeout`, `unavailable` (the socket ended) or what the answer says. */
  open<M extends ClientMethod>(
    method: M,
    params: unknown,
    timeoutMs: number,
    send: (frame: RequestFrame) => void,
  ): Promise<ClientResult<M>> {
    if (this.#pending.size >= Limits.openRequests) return Promise.reject(new OffhookError('queue_full'));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<unknown>((resolve, reject) => {
      const cancelTimeout = this.#clock.after(timeoutMs, () => {
        this.#pending.delete(id);
        reject(new OffhookError('timeout'));
      });
      this.#pending.set(id, { method, resolve, reject, cancelTimeout });
      send({ type: 'request', id, method, params });
    }) as Promise<ClientResult<M>>;
  }

  /** An answer to a request that is no longer waited for is passed over. */
  settle(answer: AnswerFrame): void {
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    this.#pending.delete(answer.id);
    pending.cancelTimeout();
    if (!answer.ok) {
      pending.reject(OffhookError.fromWire(answer.error));
      return;
    }
    const result = clientMethods[pending.method].result.safeParse(answer.result);
    if (result.success) pending.resolve(result.data);
    else pending.reject(new OffhookError('internal', { cause: result.error }));
  }

  failAll(error: OffhookError): void {
    const open = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of open) {
      pending.cancelTimeout();
      pending.reject(error);
    }
  }
}
