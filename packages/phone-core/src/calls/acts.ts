import {
  OffhookError,
  type Call,
  type CallId,
  type CallService,
  type clientMethods,
  type Params,
} from '@offhook/contract';
import type { Log } from '../ports.ts';
import type { Connection } from '../realtime/connection.ts';
import { withCallResult } from '../state/calls.ts';
import { activityOf, withActivity } from '../state/local.ts';
import type { CallActivity, KnownCall } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import { VoiceClosedError } from './call-voice.ts';
import { problemOf } from './problems.ts';

export type Request = Connection['request'];

/** Requests about a call that are answered with the call alone. */
export type PlainMethod =
  | 'call.alternate'
  | 'call.answerAtDesk'
  | 'call.callBack'
  | 'call.completeTransfer'
  | 'call.conference'
  | 'call.deflect'
  | 'call.hangUp'
  | 'call.hold'
  | 'call.mute'
  | 'call.park'
  | 'call.push'
  | 'call.reconnect'
  | 'call.reject'
  | 'call.retrieve'
  | 'call.toVoicemail'
  | 'call.transfer';

export interface ActsHandlers {
  /** Calls changed. */
  onChange(): void;
  /** A request's answer was lost; what became of it must be asked. */
  onDoubt(): void;
}

/** What a person asked of a call and waits for: one thing at a time for each call, and what did not work beside it. */
export class Acts {
  readonly #log: Log;
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #handlers: ActsHandlers;

  constructor(log: Log, store: PhoneStore, request: Request, handlers: ActsHandlers) {
    this.#log = log;
    this.#store = store;
    this.#request = request;
    this.#handlers = handlers;
  }

  /**
   * Does nothing while one of the calls waits for something else. What goes wrong is shown at the first: that is where the
   * person pressed.
   */
  async run(callIds: readonly CallId[], service: CallService, act: () => Promise<void>): Promise<void> {
    if (callIds.some((callId) => this.activity(callId).pending !== undefined)) return;
    for (const callId of callIds) this.change(callId, { pending: service, problem: undefined });
    try {
      await act();
    } catch (thrown) {
      for (const callId of callIds.slice(0, 1)) this.noteProblem(callId, service, thrown);
      if (OffhookError.from(thrown).code === 'timeout') this.#handlers.onDoubt();
    }
    for (const callId of callIds) {
      if (this.activity(callId).pending === service) this.change(callId, { pending: undefined });
    }
    this.#handlers.onChange();
  }

  /** Rejects with `OffhookError`. */
  async ask<M extends PlainMethod>(method: M, params: Params<typeof clientMethods, M>): Promise<void> {
    const revs = this.revs();
    const result: { call: Call } = await this.#request(method, params);
    this.adopt(result.call, revs);
    this.#handlers.onChange();
  }

  /** What is known of each call when a request is sent: an event that overtakes its answer counts more. */
  revs(): ReadonlyMap<CallId, number> {
    return new Map(this.#store.getState().calls.map((call) => [call.callId, call.rev]));
  }

  adopt(call: Call, revsWhenAsked: ReadonlyMap<CallId, number>): void {
    this.#store.setState((state) => withCallResult(state, call, revsWhenAsked.get(call.callId)));
  }

  noteProblem(callId: CallId, service: CallService, thrown: unknown): void {
    const problem = problemOf(thrown);
    this.#log('warn', 'call.act_failed', { callId, service, problem });
    // That a call which just ended, or went elsewhere, does not permit this is no news.
    const news = isLive(this.#call(callId)) && !(thrown instanceof VoiceClosedError);
    this.change(callId, { pending: undefined, problem: news ? problem : undefined });
  }

  change(callId: CallId, change: Partial<CallActivity>): void {
    this.#store.setState((state) => withActivity(state, callId, change));
  }

  activity(callId: CallId): CallActivity {
    return activityOf(this.#store.getState(), callId);
  }

  #call(callId: CallId): KnownCall | undefined {
    return this.#store.getState().calls.find((call) => call.callId === callId);
  }
}

export function isLive(call: KnownCall | undefined): boolean {
  return call !== undefined && call.state.name !== 'ended';
}
