import { OffhookError, type IceCandidate, type LegId, type MediaAnswer } from '@offhook/contract';
import {
  MicrophoneError,
  type Clock,
  type Microphone,
  type MicrophoneFailure,
  type Microphones,
  type Mix,
  type Mixers,
  type Peers,
  type RemoteAudio,
  type VoiceSource,
  type VoiceStats,
} from '../ports.ts';
import type { VoiceState } from '../state/state.ts';
import { PeerLeg } from './peer-leg.ts';

export interface VoicePorts {
  readonly clock: Clock;
  readonly microphones: Microphones;
  readonly peers: Peers;
  readonly mixers: Mixers;
}

export interface VoiceHandlers {
  onChange(voice: VoiceState): void;
  onCandidate(legId: LegId, candidate: IceCandidate): void;
  /** The path broke and has to be made anew with a new offer. */
  onLost(): void;
}

/** `required`: no offer without one. `preferred`: else only listen. `none`: only listen. */
export type MicrophoneWish = 'required' | 'preferred' | 'none';

/** The voice was closed while its offer was made: nobody waits for it. */
export class VoiceClosedError extends OffhookError {
  constructor() {
    super('call_not_found');
  }
}

/**
 * The voice of one call at this window: the microphone, kept as long as the call, a mix with another call for as long as
 * the two are one conversation, and a peer connection, which can be replaced while the old one still plays.
 * ```
 *  offer() ─► accept(answer) ─► flowing ─► onLost ─► offer() ─► accept(answer) …      close() at any time
 * ```
 */
export class CallVoice {
  readonly #ports: VoicePorts;
  readonly #handlers: VoiceHandlers;
  #microphone: Microphone | undefined;
  #microphoneProblem: MicrophoneFailure | undefined;
  #sending = true;
  /** Of the newest opening of a microphone: what an older one brings is not wanted any more. */
  #opening = 0;
  #mix: { readonly other: RemoteAudio; readonly mix: Mix } | undefined;
  #leg: PeerLeg | undefined;
  /** Offered, not yet answered. */
  #nextLeg: PeerLeg | undefined;
  #path: VoiceState['path'] = 'connecting';
  #remoteAudio: RemoteAudio | undefined;
  #closed = false;

  constructor(ports: VoicePorts, handlers: VoiceHandlers) {
    this.#ports = ports;
    this.#handlers = handlers;
  }

  get state(): VoiceState {
    const { path, remoteAudio, microphoneProblem } = {
      path: this.#path,
      remoteAudio: this.#remoteAudio,
      microphoneProblem: this.#microphoneProblem,
    };
    return { path, remoteAudio, microphoneProblem };
  }

  get closed(): boolean {
    return this.#closed;
  }

  get connected(): boolean {
    return this.#leg?.connected ?? false;
  }

  /**
   * A new offer; the voice of before, if any, goes on until the answer is accepted. Rejects with `MicrophoneError` where
   * a microphone is required and there is none, with `VoiceClosedError` where it was closed meanwhile.
   */
  async offer(wish: MicrophoneWish): Promise<string> {
    if (this.#microphone === undefined && wish !== 'none') await this.#openMicrophone(wish);
    if (this.#closed) throw new VoiceClosedError();
    this.abandon();
    let leg: PeerLeg | undefined = undefined;
    leg = new PeerLeg(this.#ports, this.#source, {
      onCandidate: (legId, candidate) => this.#handlers.onCandidate(legId, candidate),
      onConnected: () => leg === this.#leg && this.#change('flowing'),
      onInterrupted: () => leg === this.#leg && this.#change('repairing'),
      onRemoteAudio: (audio) => this.#heard(audio),
      onLost: () => this.#lost(leg),
    });
    this.#nextLeg = leg;
    return leg.createOffer();
  }

  async accept(answer: MediaAnswer): Promise<void> {
    const leg = this.#nextLeg;
    if (leg === undefined) return;
    this.#nextLeg = undefined;
    const former = this.#leg;
    this.#leg = leg;
    try {
      await leg.accept(answer);
    } finally {
      former?.close();
    }
    if (leg.connected) this.#change('flowing');
  }

  /** Forgets an offer that was not answered. */
  abandon(): void {
    this.#nextLeg?.close();
    this.#nextLeg = undefined;
  }

  /** Lets the other side hear another call as well; undefined ends that. The microphone is sent on either way. */
  setMix(other: RemoteAudio | undefined): void {
    if (this.#closed || this.#mix?.other === other) return;
    this.#renewMix(other);
  }

  /** Whether the other side may hear this person now: not while muted or held. */
  setSending(sending: boolean): void {
    this.#sending = sending;
    this.#microphone?.setEnabled(sending);
  }

  /**
   * Opens the microphone anew: another one was chosen, or the person has done something about its trouble. The former one is
   * sent until the new one is there, and goes on where that cannot be had. Nothing where this voice only listens by wish.
   */
  async renewMicrophone(): Promise<void> {
    const former = this.#microphone;
    if (this.#closed || (former === undefined && this.#microphoneProblem === undefined)) return;
    await this.#openMicrophone('preferred');
    if (this.#closed || this.#microphone === former || this.#microphone === undefined) return;
    former?.close();
    if (this.#mix !== undefined) this.#renewMix(this.#mix.other);
    else this.#sendSource(undefined);
  }

  /** Of the path that plays now. */
  async stats(): Promise<VoiceStats | undefined> {
    return this.#leg?.stats();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.abandon();
    this.#leg?.close();
    this.#mix?.mix.close();
    this.#microphone?.close();
  }

  get #source(): VoiceSource | undefined {
    return this.#mix?.mix ?? this.#microphone;
  }

  #renewMix(other: RemoteAudio | undefined): void {
    const former = this.#mix;
    this.#mix =
      other === undefined ? undefined : { other, mix: this.#ports.mixers.open(this.#microphone, other) };
    this.#sendSource(former?.mix);
  }

  /** `former` may end once nothing sends it any more. */
  #sendSource(former: Mix | undefined): void {
    const source = this.#source;
    const legs = [this.#leg, this.#nextLeg].filter((leg) => leg !== undefined);
    const replaced = legs.map((leg) => leg.replaceSource(source));
    void Promise.allSettled(replaced).then(() => former?.close());
    // Somebody who only listens has a path that sends nothing: the mix needs one that does.
    if (source !== undefined && this.#leg?.sends === false) this.#handlers.onLost();
  }

  async #openMicrophone(wish: 'required' | 'preferred'): Promise<void> {
    this.#opening += 1;
    const opening = this.#opening;
    try {
      const microphone = await this.#ports.microphones.open();
      if (this.#closed || opening !== this.#opening) {
        microphone.close();
        return;
      }
      this.#microphone = microphone;
      this.#microphoneProblem = undefined;
      microphone.setEnabled(this.#sending);
      microphone.onEnded(() => void this.#microphoneGone(microphone));
    } catch (thrown) {
      const error =
        thrown instanceof MicrophoneError ? thrown : new MicrophoneError('failed', { cause: thrown });
      if (opening === this.#opening && this.#microphone === undefined) this.#microphoneProblem = error.reason;
      if (wish === 'required') throw error;
    }
    this.#handlers.onChange(this.state);
  }

  /** The headset was unplugged: go on with whatever microphone there is now. */
  async #microphoneGone(gone: Microphone): Promise<void> {
    if (this.#closed || this.#microphone !== gone) return;
    gone.close();
    this.#microphone = undefined;
    await this.#openMicrophone('preferred');
    if (this.#mix !== undefined) this.#renewMix(this.#mix.other);
    else if (this.#microphone !== undefined) this.#sendSource(undefined);
  }

  #heard(audio: RemoteAudio): void {
    this.#remoteAudio = audio;
    this.#handlers.onChange(this.state);
  }

  #lost(leg: PeerLeg | undefined): void {
    if (this.#closed || leg === undefined || leg !== this.#leg) return;
    this.#leg = undefined;
    this.#change('repairing');
    this.#handlers.onLost();
  }

  #change(path: VoiceState['path']): void {
    this.#path = path;
    this.#handlers.onChange(this.state);
  }
}
