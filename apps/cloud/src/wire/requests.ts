import { OffhookError } from '@offhook/contract';

/** Requests of ours that wait for the peer's answers on one socket. */
export type OutgoingRequests = {
  /**
   * @param urgent is sent at once, whatever is open or waits
   * @throws OffhookError `queue_full`, `timeout`, the peer's error, or that of {@link OutgoingRequests.fail}
   */
  ask: (method: string, params: unknown, timeoutMs: number, urgent?: boolean) => Promise<unknown>;
  /** An answer has come; false when nothing waits for it (it came too late). */
  answered: (
    id: number,
    answer: { ok: true; result: unknown } | { ok: false; error: OffhookError },
  ) => boolean;
  /** The socket is gone: everything that waits ends with this. */
  fail: (error: OffhookError) => void;
};

export type OutgoingRequestsOptions = {
  send: (id: number, method: string, params: unknown) => void;
  /** At most so many are with the peer at a time; further ones wait here in order, at most `waiting`. */
  open: number;
  waiting: number;
  onFull: () => void;
};

type Entry = {
  method: string;
  params: unknown;
  settle: PromiseWithResolvers<unknown>;
  timer: NodeJS.Timeout;
};

export function createOutgoingRequests(options: OutgoingRequestsOptions): OutgoingRequests {
  const open = new Map<number, Entry>();
  const waiting = new Set<Entry>();
  let lastId = 0;

  const sendNext = () => {
    for (const entry of waiting) {
      if (open.size >= options.open) return;
      waiting.delete(entry);
      sendNow(entry);
    }
  };

  const sendNow = (entry: Entry) => {
    lastId += 1;
    open.set(lastId, entry);
    options.send(lastId, entry.method, entry.params);
  };

  const ask = (method: string, params: unknown, timeoutMs: number, urgent = false): Promise<unknown> => {
    if (!urgent && waiting.size >= options.waiting) {
      options.onFull();
      return Promise.reject(new OffhookError('queue_full'));
    }
    const settle = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      waiting.delete(entry);
      for (const [id, other] of open) if (other === entry) open.delete(id);
      settle.reject(new OffhookError('timeout'));
      sendNext();
    }, timeoutMs);
    const entry: Entry = { method, params, settle, timer };
    if (urgent) sendNow(entry);
    else waiting.add(entry);
    sendNext();
    return settle.promise;
  };

  return {
    ask,
    answered: (id, answer) => {
      const entry = open.get(id);
      if (entry === undefined) return false;
      open.delete(id);
      clearTimeout(entry.timer);
      if (answer.ok) entry.settle.resolve(answer.result);
      else entry.settle.reject(answer.error);
      sendNext();
      return true;
    },
    fail: (error) => {
      for (const entry of [...open.values(), ...waiting]) {
        clearTimeout(entry.timer);
        entry.settle.reject(error);
      }
      open.clear();
      waiting.clear();
    },
  };
}
