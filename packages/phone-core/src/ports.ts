import type { IceCandidate } from '@offhook/contract';

/**
 * Everything that the phone needs of the place where it runs. A browser, a mobile shell and the tests each bring
 * their own; nothing else in this package touches the outside.
 */
export interface Ports {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A new id of 128 random bits that fits the contract's id alphabet. */
  readonly newId: () => string;
  readonly http: Http;
  readonly openSocket: OpenSocket;
  readonly microphones: Microphones;
  readonly peers: Peers;
  readonly mixers: Mixers;
  readonly attention: Attention;
  /** Lives as long as the tab and over its reload, e.g. `sessionStorage`. */
  readonly tabStorage: TabStorage;
  readonly locks: Locks;
  readonly log: Log;
  /** Told to the cloud for its logs, e.g. `phone 0.1.0 (Chrome 156)`. */
  readonly agent: string;
}

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since the epoch, by this device. */
  now(): number;
  /** Runs once, no sooner than in `ms`. */
  after(ms: number, run: () => void): Cancel;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its query, relative to the service's origin. */
  readonly path: string;
  readonly body?: unknown;
}

export interface HttpResponse {
  readonly status: number;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
}

/** Sends the session cookie. Rejects only where no answer came at all. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  /** Once, also where the socket never opened. */
  onClose(code: number, reason: string): void;
}

export interface Socket {
  send(text: string): void;
  /** No handler runs after this. */
  close(code: number, reason: string): void;
}

export type OpenSocket = (handlers: SocketHandlers) => Socket;

export interface Microphones {
  /** Asks for permission where needed. Rejects with `MicrophoneError`. */
  open(): Promise<Microphone>;
}

export interface Microphone {
  /** False sends silence. */
  setEnabled(enabled: boolean): void;
  /** Called when the device goes away; not after `close`. */
  onEnded(listener: () => void): void;
  close(): void;
}

/**
 * Why there is no microphone: `refused` by the person or a policy · `missing` no device · `in_use` by another
 * program · `insecure` the page is not served over HTTPS · `failed` any other.
 */
export type MicrophoneFailure = 'refused' | 'missing' | 'in_use' | 'insecure' | 'failed';

export class MicrophoneError extends Error {
  readonly reason: MicrophoneFailure;

  constructor(reason: MicrophoneFailure, options?: { cause?: unknown }) {
    super(`No microphone: ${reason}`, options);
    this.name = 'MicrophoneError';
    this.reason = reason;
  }
}

/** The platform's handle for what the other side says, e.g. a `MediaStream`. Only the shell looks inside. */
export type RemoteAudio = object;

export type PeerState = 'connecting' | 'connected' | 'disconnected' | 'failed';

export interface PeerHandlers {
  onState(state: PeerState): void;
  onCandidate(candidate: IceCandidate): void;
  onRemoteAudio(audio: RemoteAudio): void;
}

/** The way of the voice, as ICE chose it. */
export interface VoicePath {
  readonly kind: 'direct' | 'relayed';
  /** Of a relayed path: how this device reaches the relay. */
  readonly protocol: 'udp' | 'tcp' | 'tls';
  /** What the browser says of the network, e.g. `wifi`; most say nothing. */
  readonly network: string | undefined;
}

/** Counts of sound: `energy` as `totalAudioEnergy` of W3C webrtc-stats, over `seconds`. */
export interface SoundEnergy {
  readonly energy: number | undefined;
  readonly seconds: number | undefined;
}

/** Counts of one peer connection since it began. What a browser does not tell is undefined. */
export interface VoiceStats {
  /** Counts of two connections cannot be compared. */
  readonly connection: object;
  readonly roundTripMs: number | undefined;
  readonly codec: string | undefined;
  readonly path: VoicePath | undefined;
  readonly received:
    | (SoundEnergy & {
        readonly packets: number | undefined;
        readonly lost: number | undefined;
        readonly jitterMs: number | undefined;
        readonly samples: number | undefined;
        /** Samples made up for what was missing, silence that nobody noticed left out. */
        readonly concealed: number | undefined;
        /** Seconds that all samples together waited in the jitter buffer, and how many left it. */
        readonly bufferSeconds: number | undefined;
        readonly emitted: number | undefined;
      })
    | undefined;
  /** As the other end reports it (RTCP receiver reports): packets sent until then, and lost of them. */
  readonly sent: { readonly packets: number | undefined; readonly lost: number | undefined } | undefined;
  /** What the microphone gives, before it is sent. */
  readonly source: SoundEnergy | undefined;
}

/** One audio peer connection. */
export interface Peer {
  /** Makes the offer and starts gathering. */
  createOffer(): Promise<string>;
  acceptAnswer(sdp: string): Promise<void>;
  /** Changes what is sent without a new negotiation; for a connection that was opened with a source. */
  replaceSource(source: VoiceSource | undefined): Promise<void>;
  /** Undefined where there is nothing to count yet, or no more. Does not reject. */
  stats(): Promise<VoiceStats | undefined>;
  /** Idempotent; no handler runs after this. */
  close(): void;
}

export interface Peers {
  /** Without a source the connection only receives. */
  open(source: VoiceSource | undefined, handlers: PeerHandlers): Peer;
}

/** What the other side of a call hears: this person's microphone, or a mix. */
export type VoiceSource = Microphone | Mix;

/** A microphone together with what the other side of another call says. A microphone that is silenced is silent in it. */
export interface Mix {
  readonly mixed: true;
  /** Idempotent. Leaves the microphone alone. */
  close(): void;
}

/** For conferences where the telephone system has none: this device mixes its own two calls. */
export interface Mixers {
  open(microphone: Microphone | undefined, other: RemoteAudio): Mix;
}

/** Whether a person is at the device. */
export interface Attention {
  /** Each sign of them: a key, the pointer, the window coming to the front. May be called as often as these happen. */
  onSign(listener: () => void): Cancel;
}

export interface TabStorage {
  read(key: string): string | undefined;
  write(key: string, value: string): void;
}

export interface Locks {
  /** Takes a lock for the rest of this page's life; false where it is not free within `waitMs`. */
  hold(name: string, waitMs: number): Promise<boolean>;
}

/** Fields hold no secrets, no numbers, no digits. */
export type Log = (level: 'debug' | 'info' | 'warn', event: string, fields?: Record<string, unknown>) => void;
