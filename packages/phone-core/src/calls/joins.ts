import { OffhookError, type CallId, type MediaAnswer } from '@offhook/contract';
import type { Log } from '../ports.ts';
import type { KnownCall } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import type { Acts, Request } from './acts.ts';
import { VoiceClosedError, type CallVoice, type MicrophoneWish } from './call-voice.ts';
import { maySpeak } from './plan.ts';
import { isTransient, problemOf } from './problems.ts';
import type { Repairs } from './repairs.ts';
import type { Voices } from './voices.ts';

export interface JoinsParts {
  readonly voices: Voices;
  readonly acts: Acts;
  readonly repairs: Repairs;
}

/** How a call that stands already gets its voice at this window: answered, brought here, or attached anew. */
export class Joins {
  readonly #log: Log;
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #parts: JoinsParts;
  readonly #onChange: () => void;
  /** Calls whose request is under way. */
  readonly #joining = new Set<CallId>();

  constructor(log: Log, store: PhoneStore, request: Request, parts: JoinsParts, onChange: () => void) {
    this.#log = log;
    this.#store = store;
    this.#request = request;
    this.#parts = parts;
    this.#onChange = onChange;
  }

  isJoining(callId: CallId): boolean {
    return this.#joining.has(callId);
  }

  /** A person answers a call or brings it here. */
  async join(callId: CallId, service: 'answer' | 'pull', wish: MicrophoneWish): Promise<void> {
    if (this.#joining.has(callId)) return;
    this.#joining.add(callId);
    await this.#parts.acts.run([callId], service, () => this.#connect(callId, `call.${service}`, wish));
    this.#joining.delete(callId);
    this.#onChange();
  }

  /** This window makes the voice path of its own call anew. */
  async attach(callId: CallId): Promise<void> {
    const { repairs, acts } = this.#parts;
    this.#joining.add(callId);
    try {
      await this.#connect(callId, 'call.attach', 'preferred');
      repairs.end(callId);
    } catch (thrown) {
      const problem = problemOf(thrown);
      this.#log('warn', 'call.attach_failed', { callId, problem });
      if (isTransient(problem)) {
        repairs.later(callId);
      } else if (!(thrown instanceof VoiceClosedError)) {
        repairs.giveUp(callId);
        acts.noteProblem(callId, 'attach', thrown);
      }
    } finally {
      this.#joining.delete(callId);
    }
    this.#onChange();
  }

  /** The call stands, only its voice does not: that is mended without a word. */
  async acceptOrRepair(voice: CallVoice, media: MediaAnswer, callId: CallId): Promise<void> {
    try {
      await this.#accept(voice, media, callId);
    } catch (cause) {
      this.#log('warn', 'call.answer_not_accepted', { callId, cause: String(cause) });
      this.#parts.repairs.later(callId);
    }
  }

  /** Offer, request, answer. On failure the voice of before, if there was one, goes on. */
  async #connect(
    callId: CallId,
    method: 'call.answer' | 'call.attach' | 'call.pull',
    wish: MicrophoneWish,
  ): Promise<void> {
    const { voices, acts } = this.#parts;
    const former = voices.get(callId);
    const voice = former ?? voices.open(callId);
    const known = this.#call(callId);
    // Before the microphone opens: a muted person is not heard for an instant either.
    if (known !== undefined) voice.setSending(maySpeak(this.#store.getState(), known));
    try {
      const offer = await voice.offer(wish);
      if (voice.closed) throw new VoiceClosedError();
      const revs = acts.revs();
      const { call, media } = await this.#request(method, { callId, offer });
      acts.adopt(call, revs);
      await this.#accept(voice, media, callId);
    } catch (thrown) {
      voice.abandon();
      if (former === undefined) voices.close(callId);
      throw thrown;
    }
  }

  async #accept(voice: CallVoice, media: MediaAnswer, callId: CallId): Promise<void> {
    if (this.#call(callId)?.state.name === 'ended') return;
    try {
      await voice.accept(media);
    } catch (cause) {
      throw new OffhookError('media_failed', { cause });
    }
  }

  #call(callId: CallId): KnownCall | undefined {
    return this.#store.getState().calls.find((call) => call.callId === callId);
  }
}
