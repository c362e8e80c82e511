import {
  linkMethods,
  OffhookError,
  type AnswerFrame,
  type LinkMethod,
  type Params,
  type Result,
} from '@offhook/contract';
import type { Clock } from '../clock.ts';

type LinkParams<M extends LinkMethod> = Params<typeof linkMethods, M>;
export type LinkResult<M extends LinkMethod> = Result<typeof linkMethods, M>;

interface Open {
  readonly method: LinkMethod;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: OffhookError) => void;
  readonly cancelTimeout: () => void;
}

const TIMEOUT = 15_000;

/** Our requests to the cloud on one socket, and their answers. */
export class OutgoingRequests {
  readonly #clock: Clock;
  readonly #send: (text: string) => void;
  readonly #open = new Map<number, Open>();
  #lastId = 0;

  constructor(clock: Clock, send: (text: string) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Rejects with `OffhookError`: the cloud's, `timeout`, or `unavailable` when the socket closes. */
  async request<M extends LinkMethod>(method: M, params: LinkParams<M>): Promise<LinkResult<M>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancelTimeout = this.#clock.after(TIMEOUT, () => {
      this.#open.delete(id);
      reject(new OffhookError('timeout'));
    });
    this.#open.set(id, { method, resolve, reject, cancelTimeout });
    this.#send(JSON.stringify({ type: 'request', id, method, params }));
    return (await promise) as LinkResult<M>;
  }

  onAnswer(frame: AnswerFrame): void {
    const open = this.#open.get(frame.id);
    // Late, after its time-out.
    if (open === undefined) return;
    this.#open.delete(frame.id);
    open.cancelTimeout();
    if (!frame.ok) {
      open.reject(OffhookError.fromWire(frame.error));
      return;
    }
    const result = linkMethods[open.method].result.safeParse(frame.result);
    if (result.success) open.resolve(result.data);
    else open.reject(new OffhookError('internal', { cause: result.error }));
  }

  /** The socket is gone. */
  close(): void {
    for (const open of this.#open.values()) {
      open.cancelTimeout();
      open.reject(new OffhookError('unavailable'));
    }
    this.#open.clear();
  }
}
