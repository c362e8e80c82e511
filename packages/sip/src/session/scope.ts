import type { Agent } from '../agent/agent.ts';
import type { GuardedDigest } from '../auth/guarded-digest.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { EndpointEvent, EndReason, ExtraHeaders, Flow, Millis, SessionId } from '../endpoint/api.ts';
import type { SipRequest } from '../message/types.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';

/** What a phase of a session finds around it. */
export interface SessionScope {
  readonly id: SessionId;
  readonly agent: Agent;
  readonly digest: GuardedDigest | undefined;
  emit(event: EndpointEvent): void;
  /** Requests of the dialog come to this session from now on. */
  addDialog(dialog: Dialog): void;
  removeDialog(dialog: Dialog): void;
  /** The last event; whatever still comes is answered by transactions alone. */
  end(reason: EndReason, now: Millis): void;
  /** Our Contact for the peer at the other end of a flow. */
  contact(flow: Pick<Flow, 'transport' | 'address'>): string;
}

/** What every phase of a session has to cope with. */
export interface SessionPhase {
  /** A request inside one of its dialogs, in order and with extensions that we know. */
  onRequest(transaction: ServerTransaction, dialog: Dialog, now: Millis): void;
  /** An ACK inside one of its dialogs. */
  onAck(ack: SipRequest, now: Millis): void;
  end(headers: ExtraHeaders, now: Millis, why?: EndReason): void;
}
