import { ClientRequest } from '../agent/client-request.ts';
import type { ExtraHeaders, Flow, Millis, RequestFailure } from '../endpoint/api.ts';
import type { SubscribeParams } from '../endpoint/subscription-api.ts';
import { createRequest } from '../message/build.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { DialogUser } from '../session/dialog-request.ts';
import type { AwaitedDialogs, DialogAwaiter } from './awaited-dialogs.ts';

export interface SubscribeAttemptOptions {
  readonly params: SubscribeParams;
  readonly user: DialogUser;
  readonly headers: ExtraHeaders;
  readonly awaited: AwaitedDialogs;
  readonly awaiter: DialogAwaiter;
  /** A final response. */
  readonly onResponse: (
    attempt: SubscribeAttempt,
    answer: { readonly response: SipResponse; readonly sent: SipRequest; readonly flow: Flow },
    now: Millis,
  ) => void;
  readonly onFailure: (attempt: SubscribeAttempt, failure: RequestFailure, now: Millis) => void;
}

/**
 * One SUBSCRIBE outside dialogs, with a Call-ID and tag of its own (RFC 6665 section 4.1.2.2), and the wait for the dialog that
 * its 2xx or a NOTIFY makes.
 */
export class SubscribeAttempt {
  readonly callId: string;
  readonly localTag: string;
  readonly #options: SubscribeAttemptOptions;
  readonly #request: ClientRequest;
  #cseq = 0;

  constructor(options: SubscribeAttemptOptions, now: Millis) {
    const { params, user, awaited, awaiter } = options;
    const { agent } = user;
    const { to, target } = params;
    this.#options = options;
    this.callId = agent.identifiers.callId();
    this.localTag = agent.identifiers.tag();
    awaited.add(this, awaiter);
    this.#request = new ClientRequest(
      agent,
      {
        nextHop: target === undefined ? { uri: to } : { uri: to, preferred: target },
        digest: user.digest,
        purpose: 'trunk',
        build: (towards) => this.#build(user.contact(towards)),
        onResponse: (response, sent, flow, at) => {
          if (response.status >= 200) options.onResponse(this, { response, sent, flow }, at);
        },
        onFailure: (failure, at) => options.onFailure(this, failure, at),
      },
      now,
    );
  }

  /** Of the newest request; where there is a dialog, its own requests go on from here. */
  get sequence(): number {
    return this.#cseq;
  }

  /** The dialog is there, or nobody waits for it any more. */
  settle(): void {
    this.#options.awaited.remove(this);
  }

  /** `true` where nothing was sent yet, and nothing will be. */
  withdraw(): boolean {
    return this.#request.withdraw();
  }

  /** Challenges and failures are not followed any more. */
  stopRetrying(): void {
    this.#request.stopRetrying();
  }

  /** Whatever the answer is, nobody hears it. */
  abandon(): void {
    this.settle();
    this.#request.abandon();
  }

  #build(contact: string): SipRequest {
    const { params, headers } = this.#options;
    const { to, from, route } = params;
    this.#cseq += 1;
    return createRequest({
      method: 'SUBSCRIBE',
      uri: to,
      from: { uri: from, params: new Map([['tag', this.localTag]]) },
      to: { uri: to, params: new Map() },
      callId: this.callId,
      cseq: this.#cseq,
      contact,
      ...(route !== undefined && { route }),
      headers,
    });
  }
}
