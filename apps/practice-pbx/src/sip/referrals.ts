import type { ReferrerId, ServerRequestId } from '@offhook/sip';
import type { ReferId } from '../switch/model.ts';
import { attempt } from './commands.ts';
import type { SipCommands } from './commands.ts';

/** REFERs of devices between their arrival and their last report (RFC 3515). */
export class Referrals {
  readonly #sip: SipCommands;
  readonly #requests = new Map<ReferId, ServerRequestId>();
  readonly #reporters = new Map<ReferId, ReferrerId>();
  #last = 0;

  constructor(sip: SipCommands) {
    this.#sip = sip;
  }

  add(request: ServerRequestId): ReferId {
    this.#last += 1;
    const id = this.#last as ReferId;
    this.#requests.set(id, request);
    return id;
  }

  refuse(id: ReferId, status: number): void {
    const request = this.#take(id);
    if (request !== undefined) attempt(this.#sip, (endpoint, now) => endpoint.respond(request, status, now));
  }

  accept(id: ReferId): void {
    const request = this.#take(id);
    if (request === undefined) return;
    attempt(this.#sip, (endpoint, now) => {
      const reporter = endpoint.acceptRefer(request, now);
      if (reporter !== undefined) this.#reporters.set(id, reporter);
    });
  }

  report(id: ReferId, status: number, text: string | undefined): void {
    const reporter = this.#reporters.get(id);
    if (reporter === undefined) return;
    if (status >= 200) this.#reporters.delete(id);
    attempt(this.#sip, (endpoint, now) => endpoint.report(reporter, status, now, text));
  }

  #take(id: ReferId): ServerRequestId | undefined {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    return request;
  }
}
