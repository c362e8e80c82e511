import type { CallId, IceCandidate, LegId } from '@offhook/contract';
import { withVoice } from '../state/local.ts';
import type { VoiceState } from '../state/state.ts';
import type { PhoneStore } from '../state/store.ts';
import { CallVoice, type VoicePorts } from './call-voice.ts';

export interface VoicesHandlers {
  onCandidate(callId: CallId, legId: LegId, candidate: IceCandidate): void;
  onFlowing(callId: CallId): void;
  /** The other side's sound is there, or is another one. */
  onHeard(callId: CallId): void;
  onLost(callId: CallId): void;
}

/** The voices of this window, each with its call; keeps the store's picture of them. */
export class Voices {
  readonly #ports: VoicePorts;
  readonly #store: PhoneStore;
  readonly #handlers: VoicesHandlers;
  readonly #byCall = new Map<CallId, CallVoice>();

  constructor(ports: VoicePorts, store: PhoneStore, handlers: VoicesHandlers) {
    this.#ports = ports;
    this.#store = store;
    this.#handlers = handlers;
  }

  /** A voice whose call does not exist yet. Whoever opens it assigns it before its offer is answered, or closes it. */
  openUnassigned(): UnassignedVoice {
    let callId: CallId | undefined;
    const voice = new CallVoice(this.#ports, {
      onChange: (state) => {
        if (callId !== undefined) this.#changed(callId, voice, state);
      },
      onCandidate: (legId, candidate) => {
        if (callId !== undefined) this.#handlers.onCandidate(callId, legId, candidate);
      },
      onLost: () => {
        if (callId !== undefined) this.#handlers.onLost(callId);
      },
    });
    const assign = (to: CallId): void => {
      callId = to;
      this.#byCall.get(to)?.close();
      this.#byCall.set(to, voice);
      this.#changed(to, voice, voice.state);
    };
    return { voice, assign };
  }

  open(callId: CallId): CallVoice {
    const { voice, assign } = this.openUnassigned();
    assign(callId);
    return voice;
  }

  get(callId: CallId): CallVoice | undefined {
    return this.#byCall.get(callId);
  }

  callIds(): readonly CallId[] {
    return [...this.#byCall.keys()];
  }

  async renewMicrophones(): Promise<void> {
    await Promise.all([...this.#byCall.values()].map((voice) => voice.renewMicrophone()));
  }

  close(callId: CallId): void {
    const voice = this.#byCall.get(callId);
    if (voice === undefined) return;
    this.#byCall.delete(callId);
    voice.close();
    this.#store.setState((state) => withVoice(state, callId, undefined));
  }

  closeAll(): void {
    for (const callId of this.callIds()) this.close(callId);
  }

  #changed(callId: CallId, voice: CallVoice, voiceState: VoiceState): void {
    if (this.#byCall.get(callId) !== voice) return;
    const heard = this.#store.getState().voices[callId]?.remoteAudio;
    this.#store.setState((state) => withVoice(state, callId, voiceState));
    if (heard !== voiceState.remoteAudio) this.#handlers.onHeard(callId);
    if (voiceState.path === 'flowing') this.#handlers.onFlowing(callId);
  }
}

export interface UnassignedVoice {
  readonly voice: CallVoice;
  readonly assign: (callId: CallId) => void;
}
