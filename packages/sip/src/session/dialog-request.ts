import { ClientRequest } from '../agent/client-request.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { Body, ExtraHeaders, Millis, RequestFailure } from '../endpoint/api.ts';
import type { SipResponse } from '../message/types.ts';
import type { SessionScope } from './scope.ts';

export type DialogRequestResult =
  | { readonly kind: 'response'; readonly response: SipResponse }
  | RequestFailure;

/** Who sends inside a dialog: its credentials and its Contact. */
export type DialogUser = Pick<SessionScope, 'agent' | 'digest' | 'contact'>;

/** Sends a request other than INVITE inside a dialog; `done` is told its final response, or why there is none. */
export function sendInDialog(
  scope: DialogUser,
  dialog: Dialog,
  request: { readonly method: string; readonly body?: Body; readonly headers?: ExtraHeaders },
  done: (result: DialogRequestResult, now: Millis) => void,
  now: Millis,
): void {
  // Requests that may refresh the target, or make the peer send requests of its own, show where we are.
  const hasContact = request.method !== 'BYE' && request.method !== 'INFO';
  const client = new ClientRequest(
    scope.agent,
    {
      nextHop: dialog.nextHop(),
      digest: scope.digest,
      build: (target) =>
        dialog.createRequest({
          ...request,
          sequence: dialog.nextSequence(),
          ...(hasContact && { contact: scope.contact(target) }),
        }),
      onResponse: (response, _sent, _flow, at) => {
        if (response.status >= 200) done({ kind: 'response', response }, at);
      },
      onFailure: (failure, at) => done(failure, at),
    },
    now,
  );
  void client;
}

/** A NOTIFY of the same dialog (RFC 5057) may overtake a BYE, but not for ever. */
const mostByes = 3;

/**
 * BYE. One that is refused 500 was overtaken by a later request of ours (RFC 3261 section 12.2.2), and the other side goes on:
 * so it is sent again.
 */
export function sendBye(
  scope: DialogUser,
  dialog: Dialog,
  headers: ExtraHeaders,
  done: (now: Millis) => void,
  now: Millis,
  attempt = 1,
): void {
  const onResult = (result: DialogRequestResult, at: Millis): void => {
    const isOvertaken = result.kind === 'response' && result.response.status === 500;
    if (isOvertaken && attempt < mostByes) sendBye(scope, dialog, headers, done, at, attempt + 1);
    else done(at);
  };
  sendInDialog(scope, dialog, { method: 'BYE', headers }, onResult, now);
}

/** BYE that nobody waits for: the session is over already. */
export function sendLastBye(scope: SessionScope, dialog: Dialog, headers: ExtraHeaders, now: Millis): void {
  sendBye(scope, dialog, headers, () => undefined, now);
}

/** 408, 481 and silence say that the other side has no such dialog any more (RFC 3261 section 12.2.1.2, RFC 5057). */
export function endsDialog(result: DialogRequestResult): boolean {
  switch (result.kind) {
    case 'response':
      return result.response.status === 408 || result.response.status === 481;
    case 'timeout':
      return true;
    case 'transport':
      return false;
  }
}
