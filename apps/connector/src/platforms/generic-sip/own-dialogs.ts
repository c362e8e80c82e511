import { header, type EndpointEvent, type SessionId } from '@offhook/sip';

/** Milliseconds for which the dialog of a call that we have had is still ours: the PBX tells of its end a moment later. */
const AFTER_END = 5_000;
/** Ended dialogs that are remembered. */
const MOST_ENDED = 2_000;

/**
 * The Call-IDs of the connector's own SIP sessions, as far as they are in what is received: by them the PBX's view of our
 * legs is told from that of other devices of the same number.
 *
 * A dialog that was cancelled before we answered is not ours any more at once: behind a proxy all branches of a call have one
 * Call-ID, and another device has taken it.
 */
export class OwnDialogs {
  readonly #bySession = new Map<SessionId, { readonly callId: string; answered: boolean }>();
  readonly #live = new Map<string, number>();
  /** When each of those that have ended is forgotten; in the order of time. */
  readonly #ended = new Map<string, number>();
  /** The same for those that ended before we answered. */
  readonly #left = new Map<string, number>();

  note(event: EndpointEvent, at: number): void {
    switch (event.type) {
      case 'session.incoming':
        this.#begin(event.session, event.info.callId);
        break;
      case 'session.progress':
        this.#begin(event.session, header(event.response, 'Call-ID'));
        break;
      case 'session.accepted': {
        this.#begin(event.session, event.info.callId);
        this.#answered(event.session);
        break;
      }
      case 'session.confirmed':
        this.#answered(event.session);
        break;
      case 'session.ended':
        this.#end(event.session, at);
        break;
      case 'session.reoffer':
      case 'session.reoffer_result':
      case 'session.request':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'request':
      case 'response':
      case 'registration.changed':
      case 'subscription.changed':
      case 'subscription.notified':
      case 'notifier.wanted':
      case 'notifier.ended':
      case 'referral.changed':
        break;
    }
  }

  has(callId: string, at: number): boolean {
    return this.#live.has(callId) || at < (this.#ended.get(callId) ?? -Infinity);
  }

  /** Whether we were rung, or called, and are out of it: whoever has this Call-ID now is another device. */
  hasLeft(callId: string, at: number): boolean {
    return !this.#live.has(callId) && at < (this.#left.get(callId) ?? -Infinity);
  }

  #begin(session: SessionId, callId: string | undefined): void {
    if (callId === undefined || this.#bySession.has(session)) return;
    this.#bySession.set(session, { callId, answered: false });
    this.#live.set(callId, (this.#live.get(callId) ?? 0) + 1);
    this.#ended.delete(callId);
  }

  #answered(session: SessionId): void {
    const known = this.#bySession.get(session);
    if (known !== undefined) known.answered = true;
  }

  #end(session: SessionId, at: number): void {
    const known = this.#bySession.get(session);
    if (known === undefined) return;
    this.#bySession.delete(session);
    const left = (this.#live.get(known.callId) ?? 1) - 1;
    if (left > 0) {
      this.#live.set(known.callId, left);
      return;
    }
    this.#live.delete(known.callId);
    const remembered = known.answered ? this.#ended : this.#left;
    remembered.set(known.callId, at + AFTER_END);
    for (const [callId, until] of remembered) {
      if (until > at && remembered.size <= MOST_ENDED) break;
      remembered.delete(callId);
    }
  }
}
