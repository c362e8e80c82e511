import { OffhookError, type CallId, type CorrelationId, type DeviceKind } from '@offhook/contract';
import type { Cancel, Clock, Log, RemoteAudio, VoiceStats } from '../ports.ts';
import { withoutCall } from '../state/calls.ts';
import { mixedWith, permits } from '../state/selectors.ts';
import type { KnownCall } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import { Acts, isLive, type Request } from './acts.ts';
import { Attempts } from './attempts.ts';
import type { VoicePorts } from './call-voice.ts';
import { DtmfQueue } from './dtmf-queue.ts';
import { Joins } from './joins.ts';
import { Placing } from './placing.ts';
import { planVoices } from './plan.ts';
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
  /** One that offers to call back waits longer for the person. */
  lingerWithOfferMs: 20_000,
  /** Until a hang-up that could not be told is told again. */
  hangUpAgainMs: 2_000,
  /** After a network change a path that has not come back by itself is made anew. */
  networkGraceMs: 1_000,
} as const;

/**
 * What a person does with calls, and what this window owes them: commands in, requests and voices out. Commands never
 * reject: what did not work is in the store, beside the call or attempt it belongs to.
 */
export class Calls {
  readonly #ports: CallsPorts;
  readonly #store: PhoneStore;
  readonly #request: Request;
  readonly #attempts: Attempts;
  readonly #acts: Acts;
  readonly #placing: Placing;
  readonly #voices: Voices;
  readonly #repairs: Repairs;
  readonly #joins: Joins;
  /** Hung up here, not yet confirmed: told again until the call is gone. */
  readonly #hangUps = new Map<CallId, Cancel>();
  readonly #lingering = new Map<CallId, Cancel>();
  readonly #dtmf = new Map<CallId, DtmfQueue>();

  /** `onDoubt`: a request's answer was lost; what became of it must be asked. */
  constructor(ports: CallsPorts, store: PhoneStore, request: Request, onDoubt: () => void) {
    this.#ports = ports;
    this.#store = store;
    this.#request = request;
    this.#attempts = new Attempts(ports, store);
    const onChange = (): void => this.reconcile();
    this.#acts = new Acts(ports.log, store, request, { onChange, onDoubt });
    this.#repairs = new Repairs(ports, onChange);
    this.#voices = new Voices(ports, store, {
      onCandidate: (callId, legId, candidate) => {
        // A lost candidate is not worth a word: others follow, and a dead path is repaired.
        this.#request('call.candidate', { callId, legId, candidate }).catch((thrown: unknown) =>
          ports.log('debug', 'call.candidate_lost', { code: OffhookError.from(thrown).code }),
        );
      },
      onFlowing: (callId) => this.#repairs.end(callId),
      onHeard: onChange,
      onLost: (callId) => {
        this.#repairs.break(callId);
        this.reconcile();
      },
    });
    const parts = {
      attempts: this.#attempts,
      voices: this.#voices,
      acts: this.#acts,
      repairs: this.#repairs,
    };
    this.#joins = new Joins(ports.log, store, request, parts, onChange);
    this.#placing = new Placing(store, request, parts, {
      onUnwanted: (callId) => this.hangUp(callId),
      onMedia: (voice, media, callId) => this.#joins.acceptOrRepair(voice, media, callId),
      onChange,
      onDoubt,
    });
  }

  place(to: string, name?: string): Promise<void> {
    return this.#placing.place(to, { name });
  }

  placeAtDesk(to: string, name?: string): Promise<void> {
    return this.#placing.placeAtDesk(to, { name });
  }

  /** A second call beside this one, at the device where this one is. */
  consult(callId: CallId, to: string, name?: string): Promise<void> {
    const options = { name, consultationFor: callId };
    if (this.#call(callId)?.position === 'desk_phone') return this.#placing.placeAtDesk(to, options);
    return this.#placing.place(to, options);
  }

  /** Takes a call that rings at a colleague's number, or without one whatever rings in the own group. */
  pickUp(number?: string, name?: string): Promise<void> {
    return this.#placing.pickUp(number, name);
  }

  /** Gives an attempt up, or takes a failed one off the screen. */
  cancelAttempt(correlationId: CorrelationId): void {
    this.#attempts.cancel(correlationId);
  }

  /** `listenOnly` answers without a microphone. */
  answer(callId: CallId, options: { listenOnly?: boolean } = {}): Promise<void> {
    return this.#joins.join(callId, 'answer', options.listenOnly === true ? 'none' : 'required');
  }

  /** Brings a call here from wherever it is. */
  pull(callId: CallId): Promise<void> {
    return this.#joins.join(callId, 'pull', 'preferred');
  }

  push(callId: CallId, to: DeviceKind): Promise<void> {
    const service = to === 'desk_phone' ? 'pushToDesk' : 'pushToAlternative';
    return this.#acts.run([callId], service, () => this.#acts.ask('call.push', { callId, to }));
  }

  answerAtDesk(callId: CallId): Promise<void> {
    return this.#simply(callId, 'answerAtDesk');
  }

  reject(callId: CallId): Promise<void> {
    return this.#simply(callId, 'reject');
  }

  /** Sends a ringing call to a number. */
  deflect(callId: CallId, to: string): Promise<void> {
    return this.#acts.run([callId], 'deflect', () => this.#acts.ask('call.deflect', { callId, to }));
  }

  toVoicemail(callId: CallId): Promise<void> {
    return this.#simply(callId, 'toVoicemail');
  }

  hold(callId: CallId): Promise<void> {
    return this.#simply(callId, 'hold');
  }

  /** Whoever else talks at this window is held by the connector, in the same breath. */
  retrieve(callId: CallId): Promise<void> {
    return this.#simply(callId, 'retrieve');
  }

  /** Takes this held call; the one that talks is held. */
  alternate(callId: CallId): Promise<void> {
    return this.#simply(callId, 'alternate');
  }

  /** Takes this held call back; the one that was placed beside it ends. */
  reconnect(callId: CallId): Promise<void> {
    return this.#simply(callId, 'reconnect');
  }

  /** Hands the other side over to a number without asking first. */
  transfer(callId: CallId, to: string): Promise<void> {
    return this.#acts.run([callId], 'transfer', () => this.#acts.ask('call.transfer', { callId, to }));
  }

  /** Connects the other sides of two calls with each other. */
  completeTransfer(callId: CallId, otherCallId: CallId): Promise<void> {
    return this.#acts.run([callId, otherCallId], 'completeTransfer', () =>
      this.#acts.ask('call.completeTransfer', { callId, otherCallId }),
    );
  }

  /** Makes one conversation of two calls. */
  conference(callId: CallId, otherCallId: CallId): Promise<void> {
    return this.#acts.run([callId, otherCallId], 'conference', () =>
      this.#acts.ask('call.conference', { callId, otherCallId }),
    );
  }

  park(callId: CallId): Promise<void> {
    return this.#simply(callId, 'park');
  }

  /** Asks to be called when the other side is free; that it was taken note of is in the store. */
  callBack(callId: CallId): Promise<void> {
    return this.#acts.run([callId], 'callBack', async () => {
      await this.#acts.ask('call.callBack', { callId });
      this.#acts.change(callId, { calledBack: true });
    });
  }

  /** The voice ends at once, whatever the connection does; the call follows as soon as it can be told. */
  async hangUp(callId: CallId): Promise<void> {
    this.#hangUps.get(callId)?.();
    const again = () => void this.hangUp(callId);
    this.#hangUps.set(callId, this.#ports.clock.after(CallTimes.hangUpAgainMs, again));
    this.#voices.close(callId);
    this.#acts.change(callId, { pending: 'hangUp', problem: undefined });
    try {
      await this.#acts.ask('call.hangUp', { callId });
      this.#endHangUp(callId);
    } catch (thrown) {
      if (isTransient(problemOf(thrown))) return;
      this.#endHangUp(callId);
      this.#acts.noteProblem(callId, 'hangUp', thrown);
    }
    this.reconcile();
  }

  /**
   * The microphone obeys at once; a wish to be muted outlives a broken connection. Of two calls that this window mixes both
   * are meant: to the person they are one conversation.
   */
  async setMuted(callId: CallId, muted: boolean): Promise<void> {
    const call = this.#call(callId);
    const other = call === undefined ? undefined : mixedWith(this.#store.getState(), call);
    const both = other === undefined ? [callId] : [callId, other.callId];
    for (const one of both) this.#acts.change(one, { muteWanted: muted });
    this.reconcile();
    await Promise.all(both.map((one) => this.#tellMuted(one, muted)));
    this.reconcile();
  }

  /** Another microphone was chosen, or the trouble with it may be over: running calls take it, without a new negotiation. */
  renewMicrophones(): Promise<void> {
    return this.#voices.renewMicrophones();
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
      this.#acts.noteProblem(callId, 'dtmf', thrown);
    }
  }

  /** Counts of the voice of a call at this window. */
  async voiceStats(callId: CallId): Promise<VoiceStats | undefined> {
    return this.#voices.get(callId)?.stats();
  }

  dismissProblem(callId: CallId): void {
    this.#acts.change(callId, { problem: undefined });
  }

  /** Takes an ended call off the screen. */
  dismissCall(callId: CallId): void {
    this.#lingering.get(callId)?.();
    this.#lingering.delete(callId);
    this.#store.setState((state) => withoutCall(state, callId));
  }

  /** The connector or the PBX asks for a new voice path. */
  reattach(callId: CallId): void {
    if (this.#voices.get(callId) === undefined && this.#call(callId)?.position !== 'here') return;
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
      const wanted = this.#acts.activity(call.callId).muteWanted;
      if (wanted !== undefined && isLive(call)) void this.#tellMuted(call.callId, wanted);
    }
    this.#repairs.retryAll();
    this.reconcile();
  }

  /** The device has another network: paths that do not come back by themselves are made anew. */
  networkChanged(): void {
    this.#ports.clock.after(CallTimes.networkGraceMs, () => {
      for (const callId of this.#voices.callIds()) {
        if (this.#voices.get(callId)?.connected === false && !this.#joins.isJoining(callId)) {
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
      isJoining: (callId) => this.#joins.isJoining(callId),
      mayAttach: (callId) => this.#repairs.mayAttach(callId),
      isHangingUp: (callId) => this.#hangUps.has(callId),
    });
    for (const step of steps) {
      switch (step.do) {
        case 'attach':
          void this.#joins.attach(step.callId);
          break;
        case 'close':
          this.#repairs.end(step.callId);
          this.#voices.close(step.callId);
          break;
        case 'send':
          this.#voices.get(step.callId)?.setSending(step.sending);
          break;
        case 'mix':
          this.#voices.get(step.callId)?.setMix(this.#heardIn(step.withCall));
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
    const lingerMs = permits(call, 'callBack') ? CallTimes.lingerWithOfferMs : CallTimes.lingerMs;
    this.#lingering.set(
      callId,
      this.#ports.clock.after(lingerMs, () => this.dismissCall(callId)),
    );
  }

  #heardIn(callId: CallId | undefined): RemoteAudio | undefined {
    return callId === undefined ? undefined : this.#voices.get(callId)?.state.remoteAudio;
  }

  #simply(callId: CallId, service: SimpleService): Promise<void> {
    return this.#acts.run([callId], service, () => this.#acts.ask(`call.${service}`, { callId }));
  }

  async #tellMuted(callId: CallId, muted: boolean): Promise<void> {
    try {
      await this.#acts.ask('call.mute', { callId, muted });
    } catch (thrown) {
      if (isTransient(problemOf(thrown))) return;
      this.#acts.noteProblem(callId, 'mute', thrown);
    }
    if (this.#acts.activity(callId).muteWanted === muted) {
      this.#acts.change(callId, { muteWanted: undefined });
    }
    this.reconcile();
  }

  #endHangUp(callId: CallId): void {
    this.#hangUps.get(callId)?.();
    this.#hangUps.delete(callId);
  }

  #call(callId: CallId): KnownCall | undefined {
    return this.#store.getState().calls.find((call) => call.callId === callId);
  }
}

/** Services that need nothing but the call. */
type SimpleService =
  | 'alternate'
  | 'answerAtDesk'
  | 'hold'
  | 'park'
  | 'reconnect'
  | 'reject'
  | 'retrieve'
  | 'toVoicemail';
