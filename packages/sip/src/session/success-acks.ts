import type { Agent } from '../agent/agent.ts';
import type { GuardedDigest } from '../auth/guarded-digest.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { Body, Flow, Millis, Target } from '../endpoint/api.ts';
import { withTopVia } from '../message/build.ts';
import { cseq } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';

/**
 * The ACKs to the 2xx of one INVITE (RFC 3261 section 13.2.2.4): one for each dialog, sent again for each 2xx that
 * comes again. Lives as long as the INVITE's transaction, which may be longer than the session.
 */
export class SuccessAcks {
  readonly #agent: Agent;
  readonly #digest: GuardedDigest | undefined;
  readonly #byRemoteTag = new Map<
    string,
    { readonly dialog: Dialog; readonly send: (now: Millis) => void }
  >();

  /** @param digest whose credentials the INVITE has: the ACK may go straight to the far end, who must not see them */
  constructor(agent: Agent, digest: GuardedDigest | undefined) {
    this.#agent = agent;
    this.#digest = digest;
  }

  /** Dialogs. */
  get size(): number {
    return this.#byRemoteTag.size;
  }

  /** Sends the ACK of this dialog again, to where its 2xx has come from now; `false` for a dialog that is new. */
  repeat(remoteTag: string, flow: Flow, now: Millis): boolean {
    const known = this.#byRemoteTag.get(remoteTag);
    known?.dialog.seenOn(flow);
    known?.send(now);
    return known !== undefined;
  }

  /** The ACK waits for an answer of ours (a delayed offer); until then 2xx that come again are passed over. */
  postpone(dialog: Dialog): void {
    this.#byRemoteTag.set(dialog.remoteTag, { dialog, send: () => undefined });
  }

  send(dialog: Dialog, invite: SipRequest, answer: Body | undefined, now: Millis): void {
    const ack = ackFor(dialog, invite, answer);
    const branch = this.#agent.identifiers.branch();
    let isLocating = false;
    const send = (at: Millis): void => {
      // One look-up at a time, however fast its 2xx comes again.
      if (isLocating) return;
      const { uri, preferred } = dialog.nextHop();
      const transmit = (target: Target | undefined): void => {
        isLocating = false;
        const via = target === undefined ? undefined : this.#agent.local.via(target, branch);
        if (target === undefined || via === undefined) return;
        const shown = this.#digest?.shownTo(ack, target) ?? ack;
        this.#agent.transmit(target, withTopVia(shown, via));
      };
      isLocating = preferred === undefined;
      if (preferred === undefined) this.#agent.locate(uri, ([target]) => transmit(target), at);
      else transmit(preferred);
    };
    this.#byRemoteTag.set(dialog.remoteTag, { dialog, send });
    send(now);
  }
}

/** With the credentials of its INVITE, which a proxy on the way may ask for again. */
function ackFor(dialog: Dialog, invite: SipRequest, answer: Body | undefined): SipRequest {
  const ack = dialog.createRequest({
    method: 'ACK',
    sequence: cseq(invite)?.number ?? 0,
    ...(answer !== undefined && { body: answer }),
  });
  const credentials = invite.headers.filter(
    ({ name }) => name === 'authorization' || name === 'proxy-authorization',
  );
  return { ...ack, headers: [...ack.headers, ...credentials] };
}
