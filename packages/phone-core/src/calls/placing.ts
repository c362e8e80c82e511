import type { Call, CallId, CorrelationId, MediaAnswer } from '@offhook/contract';
import type { PhoneStore } from '../state/store.ts';
import type { Acts, Request } from './acts.ts';
import type { Attempts } from './attempts.ts';
import type { CallVoice } from './call-voice.ts';
import { problemOf } from './problems.ts';
import type { Voices } from './voices.ts';

/** What placing needs of whoever looks after the calls. */
export interface PlacingHandlers {
  /** The person gave the attempt up before its call stood. */
  onUnwanted(callId: CallId): Promise<void>;
  /** The call stands, and this is the other half of its voice. */
  onMedia(voice: CallVoice, media: MediaAnswer, callId: CallId): Promise<void>;
  onChange(): void;
  onDoubt(): void;
}

export interface PlaceOptions {
  readonly name?: string | undefined;
  /** The call that is held meanwhile, to be asked about. */
  readonly consultationFor?: CallId | undefined;
}

/**
 * How a call of this window's making begins. The connector sees to it that the person's other conversation waits: as part
 * of the same request, so that nobody is put on hold for a call that does not come about.
 */
export class Placing {
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #parts: { readonly attempts: Attempts; readonly voices: Voices; readonly acts: Acts };
  readonly #handlers: PlacingHandlers;

  constructor(
    store: PhoneStore,
    request: Request,
    parts: { readonly attempts: Attempts; readonly voices: Voices; readonly acts: Acts },
    handlers: PlacingHandlers,
  ) {
    this.#store = store;
    this.#request = request;
    this.#parts = parts;
    this.#handlers = handlers;
  }

  async place(to: string, { name, consultationFor }: PlaceOptions): Promise<void> {
    const correlationId = this.#parts.attempts.begin({ kind: 'here', to, name, consultationFor });
    const consulting = consultationFor === undefined ? {} : { consultationFor };
    await this.#withVoice(correlationId, (offer) =>
      this.#request('call.place', { to, offer, correlationId, ...consulting }),
    );
  }

  /** Takes a call that rings at a colleague's number, or without one whatever rings in the own group. */
  async pickUp(number: string | undefined, name: string | undefined): Promise<void> {
    const correlationId = this.#parts.attempts.begin({ kind: 'pick_up', to: number ?? '', name });
    const from = number === undefined ? {} : { number };
    await this.#withVoice(correlationId, (offer) =>
      this.#request('call.pickUp', { offer, correlationId, ...from }),
    );
  }

  /** The desk phone calls; there is no voice here. */
  async placeAtDesk(to: string, { name, consultationFor }: PlaceOptions): Promise<void> {
    const { attempts } = this.#parts;
    const correlationId = attempts.begin({ kind: 'at_desk', to, name, consultationFor });
    const sent = this.#isOnline();
    const consulting = consultationFor === undefined ? {} : { consultationFor };
    try {
      await this.#request('call.placeAtDesk', { to, correlationId, ...consulting });
      attempts.toldDesk(correlationId);
    } catch (thrown) {
      attempts.failed(correlationId, problemOf(thrown), sent);
      if (sent && this.#isOnline()) this.#handlers.onDoubt();
    }
    this.#handlers.onChange();
  }

  async #withVoice(
    correlationId: CorrelationId,
    ask: (offer: string) => Promise<{ call: Call; media: MediaAnswer }>,
  ): Promise<void> {
    const { attempts, voices, acts } = this.#parts;
    const { voice, assign } = voices.openUnassigned();
    let sent = false;
    try {
      const offer = await voice.offer('required');
      attempts.throwIfUnwanted(correlationId);
      sent = this.#isOnline();
      const revs = acts.revs();
      const { call, media } = await ask(offer);
      acts.adopt(call, revs);
      assign(call.callId);
      attempts.placed(correlationId);
      if (attempts.takeUnwanted(correlationId)) await this.#handlers.onUnwanted(call.callId);
      else await this.#handlers.onMedia(voice, media, call.callId);
    } catch (thrown) {
      voice.close();
      attempts.failed(correlationId, problemOf(thrown), sent);
      if (sent && this.#isOnline()) this.#handlers.onDoubt();
    }
    this.#handlers.onChange();
  }

  #isOnline(): boolean {
    return this.#store.getState().connection.name === 'online';
  }
}
