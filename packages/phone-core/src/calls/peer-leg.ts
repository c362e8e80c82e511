import type { IceCandidate, LegId, MediaAnswer } from '@offhook/contract';
import type {
  Cancel,
  Clock,
  Peer,
  PeerHandlers,
  Peers,
  PeerState,
  RemoteAudio,
  VoiceSource,
  VoiceStats,
} from '../ports.ts';

export const LegTimes = {
  /** From the answer until the peer connection stands. */
  connectMs: 15_000,
  /** ICE may recover by itself for this long before the leg counts as lost. */
  graceMs: 4_000,
} as const;

export interface LegHandlers {
  /** In order; none before the answer told the leg's id. */
  onCandidate(legId: LegId, candidate: IceCandidate): void;
  onConnected(): void;
  onInterrupted(): void;
  onRemoteAudio(audio: RemoteAudio): void;
  /** Will not come back. Once. */
  onLost(): void;
}

/** One peer connection from its offer to its end. */
export class PeerLeg {
  readonly #clock: Clock;
  readonly #handlers: LegHandlers;
  readonly #peer: Peer;
  readonly #sends: boolean;
  readonly #waiting: IceCandidate[] = [];
  #legId: LegId | undefined;
  #state: PeerState = 'connecting';
  #cancelTimer: Cancel | undefined;
  #closed = false;

  constructor(ports: { clock: Clock; peers: Peers }, source: VoiceSource | undefined, handlers: LegHandlers) {
    this.#sends = source !== undefined;
    this.#clock = ports.clock;
    this.#handlers = handlers;
    const peerHandlers: PeerHandlers = {
      onState: (state) => this.#stateChanged(state),
      onCandidate: (candidate) => this.#gathered(candidate),
      onRemoteAudio: (audio) => handlers.onRemoteAudio(audio),
    };
    this.#peer = ports.peers.open(source, peerHandlers);
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  /** False where it was offered for listening only: then it takes no source either. */
  get sends(): boolean {
    return this.#sends;
  }

  createOffer(): Promise<string> {
    return this.#peer.createOffer();
  }

  async accept(answer: MediaAnswer): Promise<void> {
    if (this.#closed) return;
    this.#armTimer(LegTimes.connectMs);
    await this.#peer.acceptAnswer(answer.sdp);
    this.#legId = answer.legId;
    for (const candidate of this.#waiting.splice(0)) this.#handlers.onCandidate(answer.legId, candidate);
  }

  async replaceSource(source: VoiceSource | undefined): Promise<void> {
    if (this.#sends && !this.#closed) await this.#peer.replaceSource(source);
  }

  async stats(): Promise<VoiceStats | undefined> {
    return this.#closed ? undefined : this.#peer.stats();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer?.();
    this.#peer.close();
  }

  #gathered(candidate: IceCandidate): void {
    if (this.#legId === undefined) this.#waiting.push(candidate);
    else this.#handlers.onCandidate(this.#legId, candidate);
  }

  #stateChanged(state: PeerState): void {
    if (this.#closed || state === this.#state) return;
    this.#state = state;
    switch (state) {
      case 'connecting':
        return;
      case 'connected':
        this.#cancelTimer?.();
        this.#handlers.onConnected();
        return;
      case 'disconnected':
        this.#handlers.onInterrupted();
        this.#armTimer(LegTimes.graceMs);
        return;
      case 'failed':
        this.#lose();
        return;
    }
  }

  #armTimer(ms: number): void {
    this.#cancelTimer?.();
    if (this.#state === 'connected') return;
    this.#cancelTimer = this.#clock.after(ms, () => this.#lose());
  }

  #lose(): void {
    if (this.#closed) return;
    this.close();
    this.#handlers.onLost();
  }
}
