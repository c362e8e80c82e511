import { OffhookError, type CallStateName, type LinkCall } from '@offhook/contract';
import type { Client } from '../calls/presence.ts';
import type { Actor } from '../calls/requests.ts';
import { id } from '../testing/ids.ts';
import type { Office } from './office.test-support.ts';

type Wish = 'answer' | 'reject' | 'hangUp' | 'hold' | 'retrieve' | 'attach';

/** A user's client that does what it was told to do in each state of its call, and notes what it was refused. */
export class ClientActor {
  readonly client: Client;
  readonly refusals: string[] = [];
  readonly #office: Office;
  readonly #plans: { state: CallStateName; delay: number; act: () => void }[] = [];
  #callId: LinkCall['callId'] | undefined;

  constructor(office: Office, client: Client) {
    this.#office = office;
    this.client = client;
    office.watch(client.userId, (call) => {
      this.#callId = call.callId;
      for (const plan of this.#plans.filter(({ state }) => state === call.state.name)) {
        this.#plans.splice(this.#plans.indexOf(plan), 1);
        office.clock.after(plan.delay, plan.act);
      }
    });
  }

  /** Once, so many milliseconds after the call has come to this state. */
  when(state: CallStateName, delay: number, wish: Wish): this {
    this.#plans.push({
      state,
      delay,
      act: () => {
        this.wish(wish);
      },
    });
    return this;
  }

  place(to: string): this {
    const { userId, clientId } = this.client;
    this.#note(
      this.#office.requests.place({
        userId,
        clientId,
        to,
        offer: 'browser offer',
        correlationId: id.correlation(`click-${userId}`),
      }),
    );
    return this;
  }

  wish(wish: Wish): void {
    if (this.#callId === undefined) return;
    this.#note(this.#ask({ ...this.client, callId: this.#callId }, wish));
  }

  #ask(actor: Actor, wish: Wish): Promise<unknown> {
    const { requests } = this.#office;
    switch (wish) {
      case 'answer':
        return requests.answer(actor, 'browser offer');
      case 'attach':
        return requests.attach(actor, 'browser offer');
      case 'reject':
      case 'hangUp':
      case 'hold':
      case 'retrieve':
        return requests.simple(actor, { method: wish });
    }
  }

  #note(outcome: Promise<unknown>): void {
    outcome.catch((error: unknown) => {
      this.refusals.push(OffhookError.from(error).code);
    });
  }
}
