import {
  MicrophoneError,
  type Microphone,
  type MicrophoneFailure,
  type Microphones,
  type Mix,
  type Mixers,
  type Peer,
  type PeerHandlers,
  type Peers,
  type PeerState,
  type RemoteAudio,
  type VoiceSource,
  type VoiceStats,
} from '../ports.ts';

export class FakeMicrophone implements Microphone {
  enabled = true;
  closed = false;
  #ended: (() => void) | undefined;

  setEnabled(enabled: boolean): void {
    this.enabled = enabled;
  }

  onEnded(listener: () => void): void {
    this.#ended = listener;
  }

  close(): void {
    this.closed = true;
  }

  unplug(): void {
    this.#ended?.();
  }
}

export class FakeMicrophones implements Microphones {
  readonly opened: FakeMicrophone[] = [];
  failure: MicrophoneFailure | undefined;
  /** While set, the person has not answered the browser's question. */
  asking: Promise<void> | undefined;

  async open(): Promise<Microphone> {
    await this.asking;
    if (this.failure !== undefined) throw new MicrophoneError(this.failure);
    const microphone = new FakeMicrophone();
    this.opened.push(microphone);
    return microphone;
  }
}

export class FakePeer implements Peer {
  /** What it sends now. */
  source: VoiceSource | undefined;
  readonly handlers: PeerHandlers;
  readonly name: string;
  answer: string | undefined;
  answerFails = false;
  closed = false;

  constructor(name: string, source: VoiceSource | undefined, handlers: PeerHandlers) {
    this.name = name;
    this.source = source;
    this.handlers = handlers;
  }

  createOffer(): Promise<string> {
    return Promise.resolve(`offer ${this.name}`);
  }

  acceptAnswer(sdp: string): Promise<void> {
    if (this.answerFails) return Promise.reject(new Error('bad answer'));
    this.answer = sdp;
    this.handlers.onRemoteAudio({ peer: this.name });
    return Promise.resolve();
  }

  /** What it counts now. */
  counted: VoiceStats | undefined;
  /** How often it was asked. */
  looks = 0;

  stats(): Promise<VoiceStats | undefined> {
    this.looks += 1;
    return Promise.resolve(this.counted);
  }

  replaceSource(source: VoiceSource | undefined): Promise<void> {
    this.source = source;
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }

  state(state: PeerState): void {
    if (!this.closed) this.handlers.onState(state);
  }

  candidate(candidate: string): void {
    this.handlers.onCandidate({ candidate, mid: '0' });
  }
}

export class FakePeers implements Peers {
  readonly opened: FakePeer[] = [];

  open(source: VoiceSource | undefined, handlers: PeerHandlers): Peer {
    const peer = new FakePeer(`peer-${this.opened.length + 1}`, source, handlers);
    this.opened.push(peer);
    return peer;
  }

  /** The newest one. */
  get peer(): FakePeer {
    const peer = this.opened.at(-1);
    if (peer === undefined) throw new Error('No peer connection was opened.');
    return peer;
  }
}

export class FakeMix implements Mix {
  readonly mixed = true;
  readonly microphone: Microphone | undefined;
  readonly other: RemoteAudio;
  closed = false;

  constructor(microphone: Microphone | undefined, other: RemoteAudio) {
    this.microphone = microphone;
    this.other = other;
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeMixers implements Mixers {
  readonly opened: FakeMix[] = [];

  open(microphone: Microphone | undefined, other: RemoteAudio): FakeMix {
    const mix = new FakeMix(microphone, other);
    this.opened.push(mix);
    return mix;
  }
}
