import type { Dialog } from '../dialog/dialog.ts';
import { dialogKey, dialogKeyOfRequest } from '../dialog/dialog.ts';
import type { SipRequest } from '../message/types.ts';
import type { Session } from '../session/session.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Millis } from './api.ts';

/** A subscription inside a dialog, ours or theirs (RFC 6665 section 4.4.1): the usages besides the INVITE session. */
export interface SubscriptionUsage {
  /** Whether a SUBSCRIBE or NOTIFY inside its dialog means this subscription (RFC 6665 section 4.5.2). */
  matches(request: SipRequest): boolean;
  onRequest(transaction: ServerTransaction, now: Millis): void;
}

/** A dialog and everybody who uses it (RFC 5057): it lives until the last of them has left. */
export interface DialogEntry {
  readonly dialog: Dialog;
  readonly session: Session | undefined;
  readonly subscriptions: readonly SubscriptionUsage[];
}

interface Entry extends DialogEntry {
  session: Session | undefined;
  subscriptions: readonly SubscriptionUsage[];
}

const none: readonly SubscriptionUsage[] = [];

/** The dialogs of an endpoint (RFC 3261 section 12). */
export class DialogTable {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  find(request: SipRequest): DialogEntry | undefined {
    const key = dialogKeyOfRequest(request);
    return key === undefined ? undefined : this.#entries.get(key);
  }

  /** As somebody else names it, e.g. in Replaces (RFC 3891 section 3). */
  findByName(callId: string, localTag: string, remoteTag: string): DialogEntry | undefined {
    return this.#entries.get(dialogKey(callId, localTag, remoteTag));
  }

  has(dialog: Dialog): boolean {
    return this.#entries.get(dialog.key)?.dialog === dialog;
  }

  addSession(dialog: Dialog, session: Session): void {
    this.#open(dialog).session = session;
  }

  removeSession(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.session = undefined;
    this.#closeUnused(entry);
  }

  addSubscription(dialog: Dialog, subscription: SubscriptionUsage): void {
    const entry = this.#open(dialog);
    entry.subscriptions = [...entry.subscriptions, subscription];
  }

  removeSubscription(dialog: Dialog, subscription: SubscriptionUsage): void {
    const entry = this.#entries.get(dialog.key);
    if (entry === undefined) return;
    const left = entry.subscriptions.filter((each) => each !== subscription);
    entry.subscriptions = left.length === 0 ? none : left;
    this.#closeUnused(entry);
  }

  #open(dialog: Dialog): Entry {
    const found = this.#entries.get(dialog.key);
    if (found !== undefined) return found;
    const entry: Entry = { dialog, session: undefined, subscriptions: none };
    this.#entries.set(dialog.key, entry);
    return entry;
  }

  #closeUnused(entry: Entry): void {
    if (entry.session === undefined && entry.subscriptions.length === 0)
      this.#entries.delete(entry.dialog.key);
  }
}
