import {
  OffhookError,
  type Call,
  type CallId,
  type CallService,
  type ClientMethod,
  type CorrelationId,
  type MediaAnswer,
} from '@offhook/contract';
import type { Cancel, Clock, Log } from '../ports.ts';
import type { Connection } from '../realtime/connection.ts';
import { withCallResult, withoutCall } from '../state/calls.ts';
import { activityOf, withActivity } from '../state/local.ts';
import { isActiveHere, permits } from '../state/selectors.ts';
import type { KnownCall } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import { Attempts } from './attempts.ts';
import { VoiceClosedError, type CallVoice, type MicrophoneWish, type VoicePorts } from './call-voice.ts';
import { DtmfQueue } from './dtmf-queue.ts';
import { maySpeak, planVoices } from './plan.ts';
import { isTransient, problemOf } from './problems.ts';
import { Repairs } from './repairs.ts';
import { Voices } from './voices.ts';

export interface CallsPorts extends VoicePorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

export const CallTimes = {
  /** An ended call says why for this long. */
  lingerMs: 4_000,
  /** Until a hang-up that could not be told is told again. */
  hangUpAgainMs: 2_000,
  /** After a network change a path that has not come back by itself is made anew. */
  networkGraceMs: 1_000,
} as const;

type Request = Connection['request'];

/**
 * What a person does with calls, and what this window owes them: commands in, requests and voices out. Commands never
 * reject: what did not work is in the store, beside the call or attempt it belongs to.
 */
export class Calls {
  readonly #ports: CallsPorts;
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #onDoubt: () => void;
  readonly #attempts: Attempts;
  readonly #voices: Voices;
  /** Calls whose answer or attach is under way. */
  readonly #joining = new Set<CallId>();
  readonly #repairs: Repairs;
  /** Hung up here, not yet confirmed: told again until the call is gone. */
  readonly #hangUps = new Map<CallId, Cancel>();
  readonly #lingering = new Map<CallId, Cancel>();
  readonly #dtmf = new Map<CallId, DtmfQueue>();

  /** `onDoubt`: a request's answer was lost; what became of it must be asked. */
  constructor(ports: CallsPorts, store: PhoneStore, request: Request, onDoubt: () => void) {
    this.#ports = ports;
    this.#store = store;
    this.#request = request;
    this.#onDoubt = onDoubt;
    this.#attempts = new Attempts(ports, store);
    this.#repairs = new Repairs(ports, () => this.reconcile());
    this.#voices = new Voices(ports, store, {
      onCandidate: (callId, legId, candidate) => {
        // A lost candidate is not worth a word: others follow, and a dead path is repaired.
        this.#request('call.candidate', { callId, legId, candidate }).catch((thrown: unknown) =>
          ports.log('debug', 'call.candidate_lost', { code: OffhookError.from(thrown).code }),
        );
      },
      onFlowing: (callId) => this.#repairs.end(callId),
      onLost: (callId) => {
        this.#repairs.break(callId);
        this.reconcile();
      },
    });
  }

  async place(to: string, name?: string): Promise<void> {
    const correlationId = this.#attempts.begin(to, name);
    const { voice, assign } = this.#voices.openUnassigned();
    let sent = false;
    try {
      const offer = await voice.offer('required');
      this.#attempts.throwIfUnwanted(correlationId);
      // As late as can be: a microphone that is refused does not cost the other conversation.
      await this.#holdOthers(undefined);
      this.#attempts.throwIfUnwanted(correlationId);
      sent = this.#store.getState().connection.name === 'online';
      const { call, media } = await this.#request('call.place', { to, offer, correlationId });
      this.#adopt(call, undefined);
      assign(call.callId);
      this.#attempts.placed(correlationId);
      if (this.#attempts.takeUnwanted(correlationId)) await this.hangUp(call.callId);
      else await this.#acceptOrRepair(voice, media, call.callId);
    } catch (thrown) {
      voice.close();
      this.#attempts.failed(correlationId, problemOf(thrown), sent);
      if (sent && this.#store.getState().connection.name === 'online') this.#onDoubt();
    }
    this.reconcile();
  }

  /** Gives an attempt up, or takes a failed one off the screen. */
  cancelAttempt(correlationId: CorrelationId): void {
    this.#attempts.cancel(correlationId);
  }

  /** `listenOnly` answers without a microphone. */
  answer(callId: CallId, options: { listenOnly?: boolean } = {}): Promise<void> {
    return this.#join(callId, 'answer', options.listenOnly === true ? 'none' : 'required');
  }

  /** Takes a call of another window over to this one. */
  takeOver(callId: CallId): Promise<void> {
    return this.#join(callId, 'attach', 'preferred');
  }

  reject(callId: CallId): Promise<void> {
    return this.#act(callId, 'reject', () => this.#ask('call.reject', callId));
  }

  hold(callId: CallId): Promise<void> {
    return this.#act(callId, 'hold', () => this.#ask('call.hold', callId));
  }

  retrieve(callId: CallId): Promise<void> {
    return this.#act(callId, 'retrieve', async () => {
      await this.#holdOthers(callId);
      await this.#ask('call.retrieve', callId);
    });
  }

  /** The voice ends at once, whatever the connection does; the call follows as soon as it can be told. */
  async hangUp(callId: CallId): Promise<void> {
    this.#hangUps.get(callId)?.();
    const again = () => void this.hangUp(callId);
    this.#hangUps.set(callId, this.#ports.clock.after(CallTimes.hangUpAgainMs, again));
    this.#voices.close(callId);
    this.#store.setState((state) => withActivity(state, callId, { pending: 'hangUp', problem: undefined }));
    try {
      await this.#ask('call.hangUp', callId);
      this.#endHangUp(callId);
    } catch (thrown) {
      if (isTransient(problemOf(thrown))) return;
      this.#endHangUp(callId);
      this.#noteProblem(callId, 'hangUp', thrown);
    }
    this.reconcile();
  }

  /** The microphone obeys at once; a wish to be muted outlives a broken connection. */
  async setMuted(callId: CallId, muted: boolean): Promise<void> {
    this.#store.setState((state) => withActivity(state, callId, { muteWanted: muted }));
    this.reconcile();
    const asked = this.#revOf(callId);
    try {
      const { call } = await this.#request('call.mute', { callId, muted });
      this.#adopt(call, asked);
    } catch (thrown) {
      if (isTransient(problemOf(thrown))) return;
      this.#noteProblem(callId, 'mute', thrown);
    }
    if (this.#activity(callId).muteWanted === muted) {
      this.#store.setState((state) => withActivity(state, callId, { muteWanted: undefined }));
    }
    this.reconcile();
  }

  /** One of 0–9, *, #, A–D. */
  async sendDtmf(callId: CallId, digit: string): Promise<void> {
    let queue = this.#dtmf.get(callId);
    if (queue === undefined) {
      queue = new DtmfQueue(async (digits) => {
        await this.#request('call.dtmf', { callId, digits });
      });
      this.#dtmf.set(callId, queue);
    }
    try {
      await queue.press(digit);
    } catch (thrown) {
      this.#noteProblem(callId, 'dtmf', thrown);
    }
  }

  dismissProblem(callId: CallId): void {
    this.#store.setState((state) => withActivity(state, callId, { problem: undefined }));
  }

  /** Takes an ended call off the screen. */
  dismissCall(callId: CallId): void {
    this.#lingering.get(callId)?.();
    this.#lingering.delete(callId);
    this.#store.setState((state) => withoutCall(state, callId));
  }

  /** The connector or the PBX asks for a new voice path. */
  reattach(callId: CallId): void {
    if (this.#voices.get(callId) === undefined && this.#call(callId)?.holder !== 'mine') return;
    this.#repairs.break(callId, { impatient: true });
    this.reconcile();
  }

  /** After a snapshot: what could not be said while the connection was away is said now. */
  catchUp(options: { callsKnown: boolean }): void {
    if (options.callsKnown) this.#attempts.settle();
    for (const callId of this.#hangUps.keys()) {
      if (isLive(this.#call(callId))) void this.hangUp(callId);
    }
    for (const call of this.#store.getState().calls) {
      const wanted = this.#activity(call.callId).muteWanted;
      if (wanted !== undefined && isLive(call)) void this.setMuted(call.callId, wanted);
    }
    this.#repairs.retryAll();
    this.reconcile();
  }

  /** The device has another network: paths that do not come back by themselves are made anew. */
  networkChanged(): void {
    this.#ports.clock.after(CallTimes.networkGraceMs, () => {
      for (const callId of this.#voices.callIds()) {
        if (this.#voices.get(callId)?.connected === false && !this.#joining.has(callId)) {
          this.#repairs.break(callId, { impatient: true });
        }
      }
      this.reconcile();
    });
  }

  /** The person signed out: nothing of theirs goes on here. */
  closeAll(): void {
    this.#attempts.cancelAll();
    this.#voices.closeAll();
    this.#repairs.endAll();
    for (const cancel of [...this.#lingering.values(), ...this.#hangUps.values()]) cancel();
    for (const all of [this.#hangUps, this.#lingering, this.#dtmf]) all.clear();
  }

  /** Brings voices and timers into line with the calls. To be called after every change of the calls. */
  reconcile(): void {
    const state = this.#store.getState();
    for (const call of state.calls) {
      if (call.state.name === 'ended') this.#ended(call);
      else if (permits(call, 'hangUp') && this.#attempts.takeUnwanted(call.correlationId)) {
        void this.hangUp(call.callId);
      }
    }
    const steps = planVoices(state, {
      voices: this.#voices.callIds(),
      voiceOf: (callId) => {
        if (this.#voices.get(callId) === undefined) return 'none';
        return this.#repairs.isBroken(callId) ? 'broken' : 'standing';
      },
      isPlacing: (correlationId) => this.#attempts.isPlacing(correlationId),
      isJoining: (callId) => this.#joining.has(callId),
      mayAttach: (callId) => this.#repairs.mayAttach(callId),
      isHangingUp: (callId) => this.#hangUps.has(callId),
    });
    for (const step of steps) {
      switch (step.do) {
        case 'attach':
          void this.#attach(step.callId);
          break;
        case 'close':
          this.#repairs.end(step.callId);
          this.#voices.close(step.callId);
          break;
        case 'send':
          this.#voices.get(step.callId)?.setSending(step.sending);
          break;
      }
    }
  }

  #ended(call: KnownCall): void {
    const { callId } = call;
    if (this.#lingering.has(callId)) return;
    this.#endHangUp(callId);
    this.#dtmf.delete(callId);
    this.#repairs.end(callId);
    this.#lingering.set(
      callId,
      this.#ports.clock.after(CallTimes.lingerMs, () => this.dismissCall(callId)),
    );
  }

  /** A person answers a call or takes it over. */
  async #join(callId: CallId, service: 'answer' | 'attach', wish: MicrophoneWish): Promise<void> {
    if (this.#joining.has(callId)) return;
    this.#joining.add(callId);
    await this.#act(callId, service, async () => {
      const method = service === 'answer' ? 'call.answer' : 'call.attach';
      await this.#connect(callId, method, wish, () => this.#holdOthers(callId));
    });
    this.#joining.delete(callId);
    this.reconcile();
  }

  /** This window makes the voice path of its own call anew. */
  async #attach(callId: CallId): Promise<void> {
    this.#joining.add(callId);
    try {
      await this.#connect(callId, 'call.attach', 'preferred');
      this.#repairs.end(callId);
    } catch (thrown) {
      const problem = problemOf(thrown);
      this.#ports.log('warn', 'call.attach_failed', { callId, problem });
      if (isTransient(problem)) {
        this.#repairs.later(callId);
      } else if (!(thrown instanceof VoiceClosedError)) {
        this.#repairs.giveUp(callId);
        this.#noteProblem(callId, 'attach', thrown);
      }
    } finally {
      this.#joining.delete(callId);
    }
    this.reconcile();
  }

  /** Offer, `beforeAsking`, request, answer. On failure the voice of before, if there was one, goes on. */
  async #connect(
    callId: CallId,
    method: 'call.answer' | 'call.attach',
    wish: MicrophoneWish,
    beforeAsking?: () => Promise<void>,
  ): Promise<void> {
    const former = this.#voices.get(callId);
    const voice = former ?? this.#voices.open(callId);
    const known = this.#call(callId);
    // Before the microphone opens: a muted person is not heard for an instant either.
    if (known !== undefined) voice.setSending(maySpeak(this.#store.getState(), known));
    try {
      const offer = await voice.offer(wish);
      await beforeAsking?.();
      if (voice.closed) throw new VoiceClosedError();
      const asked = this.#revOf(callId);
      const { call, media } = await this.#request(method, { callId, offer });
      this.#adopt(call, asked);
      await this.#accept(voice, media, callId);
    } catch (thrown) {
      voice.abandon();
      if (former === undefined) this.#voices.close(callId);
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

  /** The call stands, only its voice does not: that is mended without a word. */
  async #acceptOrRepair(voice: CallVoice, media: MediaAnswer, callId: CallId): Promise<void> {
    try {
      await this.#accept(voice, media, callId);
    } catch (cause) {
      this.#ports.log('warn', 'call.answer_not_accepted', { callId, cause: String(cause) });
      this.#repairs.later(callId);
    }
  }

  async #holdOthers(except: CallId | undefined): Promise<void> {
    const others = this.#store
      .getState()
      .calls.filter((call) => call.callId !== except && isActiveHere(call) && permits(call, 'hold'));
    await Promise.all(others.map((call) => this.#holdOther(call.callId)));
  }

  /** One that has ended meanwhile, or whose end its hold brought to light, is out of the way as well. */
  async #holdOther(callId: CallId): Promise<void> {
    try {
      await this.#ask('call.hold', callId);
    } catch (thrown) {
      if (OffhookError.from(thrown).code !== 'call_not_found') throw thrown;
    }
  }

  async #act(callId: CallId, service: CallService, run: () => Promise<void>): Promise<void> {
    if (this.#activity(callId).pending !== undefined) return;
    this.#store.setState((state) => withActivity(state, callId, { pending: service, problem: undefined }));
    try {
      await run();
      this.#store.setState((state) => withActivity(state, callId, { pending: undefined }));
    } catch (thrown) {
      this.#noteProblem(callId, service, thrown);
    }
    this.reconcile();
  }

  async #ask(method: CallMethod, callId: CallId): Promise<void> {
    const asked = this.#revOf(callId);
    const { call } = await this.#request(method, { callId });
    this.#adopt(call, asked);
    this.reconcile();
  }

  #adopt(call: Call, revWhenAsked: number | undefined): void {
    this.#store.setState((state) => withCallResult(state, call, revWhenAsked));
  }

  #endHangUp(callId: CallId): void {
    this.#hangUps.get(callId)?.();
    this.#hangUps.delete(callId);
  }

  #noteProblem(callId: CallId, service: CallService, thrown: unknown): void {
    const problem = problemOf(thrown);
    this.#ports.log('warn', 'call.act_failed', { callId, service, problem });
    // That a call which just ended, or went elsewhere, does not permit this is no news.
    const news = isLive(this.#call(callId)) && !(thrown instanceof VoiceClosedError);
    const shown = news ? problem : undefined;
    this.#store.setState((state) => withActivity(state, callId, { pending: undefined, problem: shown }));
  }

  #activity(callId: CallId) {
    return activityOf(this.#store.getState(), callId);
  }

  #call(callId: CallId): KnownCall | undefined {
    return this.#store.getState().calls.find((call) => call.callId === callId);
  }

  #revOf(callId: CallId): number | undefined {
    return this.#call(callId)?.rev;
  }
}

type CallMethod = Extract<ClientMethod, 'call.reject' | 'call.hangUp' | 'call.hold' | 'call.retrieve'>;

function isLive(call: KnownCall | undefined): boolean {
  return call !== undefined && call.state.name !== 'ended';
}
