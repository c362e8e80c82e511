import type { Agent } from '../agent/agent.ts';
import type { Body, Millis } from '../endpoint/api.ts';
import type { DialogTable } from '../endpoint/dialog-table.ts';
import type { SubscriptionStateValue as NotifiedState } from '../headers/subscription.ts';
import { subscriptionState } from '../headers/subscription.ts';
import { header } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import type { DialogRequestResult, DialogUser } from '../session/dialog-request.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { AwaitedDialogs } from './awaited-dialogs.ts';

/** What a subscription finds around it. */
export interface SubscriptionScope {
  readonly agent: Agent;
  readonly dialogs: DialogTable;
  readonly awaited: AwaitedDialogs;
}

/** Responses that end a subscription (RFC 6665 sections 4.1.2.2 and 4.2.2, RFC 5057): it, its dialog or its user is gone. */
function isEnding(status: number): boolean {
  return [404, 405, 408, 410, 416, 489, 501, 604].includes(status) || (status >= 480 && status <= 485);
}

/** Whether the other side has the subscription no more, by what it answers inside its dialog. */
export function endsSubscription(result: DialogRequestResult): boolean {
  return result.kind === 'response' && isEnding(result.response.status);
}

export interface Notification {
  readonly state: NotifiedState;
  readonly body?: Body;
}

/** `undefined`, to be answered 400, where it does not say how its subscription stands (RFC 6665 section 8.2.3). */
export function readNotification(notify: SipRequest): Notification | undefined {
  const state = subscriptionState(notify);
  if (state === undefined) return undefined;
  if (notify.body.length === 0) return { state };
  const contentType = header(notify, 'content-type') ?? 'application/octet-stream';
  return { state, body: { contentType, bytes: notify.body } };
}

/** Answers inside a dialog, with the Contact that SUBSCRIBE, REFER and NOTIFY ask for. */
export function answerInDialog(
  user: DialogUser,
  transaction: ServerTransaction,
  status: number,
  now: Millis,
  headers: readonly (readonly [string, string])[] = [],
): void {
  const contact = status < 300 ? { contact: user.contact(transaction.flow) } : {};
  transaction.respond(user.agent.response(transaction.request, status, { headers, ...contact }), now);
}
