import type { Millis } from '../endpoint/api.ts';
import { callId, toTag } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';

/** A SUBSCRIBE or REFER of ours outside dialogs that has no dialog yet. */
export interface DialogAwaiter {
  matches(notify: SipRequest): boolean;
  /** The NOTIFY that makes the dialog. */
  onFirstNotify(transaction: ServerTransaction, now: Millis): void;
}

/**
 * Requests of ours whose dialog is made by a 2xx or by a NOTIFY that overtakes it, whichever comes first (RFC 6665 sections
 * 4.1.2.4 and 4.4.1). Where the request was forked, one dialog is enough: an awaiter that has its dialog leaves, and
 * the NOTIFY of another fork finds nobody and is answered 481, which ends that subscription.
 */
export class AwaitedDialogs {
  readonly #awaiters = new Map<string, DialogAwaiter>();

  add(id: { readonly callId: string; readonly localTag: string }, awaiter: DialogAwaiter): void {
    this.#awaiters.set(keyOf(id.callId, id.localTag), awaiter);
  }

  remove(id: { readonly callId: string; readonly localTag: string }): void {
    this.#awaiters.delete(keyOf(id.callId, id.localTag));
  }

  find(notify: SipRequest): DialogAwaiter | undefined {
    const awaiter = this.#awaiters.get(keyOf(callId(notify) ?? '', toTag(notify) ?? ''));
    return awaiter?.matches(notify) === true ? awaiter : undefined;
  }
}

const keyOf = (callId: string, localTag: string): string => JSON.stringify([callId, localTag]);
