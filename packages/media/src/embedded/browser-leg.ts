import { isRtcp, parseRtp, type RtpPacket } from '@offhook/audio';
import { answerDirection, receives } from '@offhook/sdp';
import { PeerConnection, type Track } from 'node-datachannel';
import { MediaError } from '../engine.ts';
import {
  browserAnswer,
  readLocalTransport,
  reducedOffer,
  type BrowserFormats,
  type BrowserOffer,
} from './browser-sdp.ts';
import { portConfiguration } from './browser-port.ts';
import { isUsableCandidate } from './candidates.ts';
import type { EngineContext } from './options.ts';

/** Connected, but not one packet for so long. */
const INTERRUPTED_AFTER_MS = 3000;
/** Neither ICE nor DTLS came up in so long. */
const CONNECT_WITHIN_MS = 20_000;

export type BrowserLegState = 'connecting' | 'connected' | 'interrupted' | 'failed';

export interface BrowserLegOptions {
  readonly legId: string;
  readonly offer: BrowserOffer;
  readonly formats: BrowserFormats;
  /** Of our stream towards the browser. */
  readonly ssrc: number;
  readonly cname: string;
  readonly onState: (state: BrowserLegState) => void;
  readonly onRtp: (packet: RtpPacket) => void;
  readonly onRtcp: (datagram: Uint8Array) => void;
}

/**
 * One browser's peer connection. The offer and its candidates are applied in order inside the constructor, while
 * nothing else can touch the connection; later candidates follow as they come.
 *
 * ```
 *  connecting ──► connected ◄──► interrupted
 *       └─────────────┴───────────────┴────► failed      close() ends it in any state
 * ```
 */
export class BrowserLeg {
  readonly legId: string;
  readonly formats: BrowserFormats;
  readonly answer: string;
  readonly #context: EngineContext;
  readonly #options: BrowserLegOptions;
  readonly #connection: PeerConnection;
  /** The browser sends voice, so that its absence means something. */
  readonly #hears: boolean;
  #track: Track | undefined;
  #state: BrowserLegState = 'connecting';
  #closed = false;
  /** The peer connection has let go of everything. */
  readonly #ended = Promise.withResolvers<void>();
  #candidates = 0;
  readonly #openedAt: number;
  #lastPacketAt: number;

  /** Throws `bad_sdp` for an offer that cannot be applied, `engine` where no connection can be made. */
  constructor(context: EngineContext, options: BrowserLegOptions) {
    this.legId = options.legId;
    this.formats = options.formats;
    this.#context = context;
    this.#options = options;
    this.#hears = receives(answerDirection(options.offer.direction, 'sendrecv'));
    this.#openedAt = context.now();
    this.#lastPacketAt = this.#openedAt;
    this.#connection = this.#createConnection();
    try {
      this.answer = this.#negotiate();
    } catch (cause) {
      void this.close();
      if (cause instanceof MediaError) throw cause;
      throw new MediaError('bad_sdp', "The browser's offer could not be applied", { cause });
    }
    for (const candidate of options.offer.candidates)
      this.addCandidate(`candidate:${candidate}`, options.offer.mid);
  }

  get state(): BrowserLegState {
    return this.#state;
  }

  /** Whether voice can be sent to it. */
  get open(): boolean {
    return !this.#closed && this.#track?.isOpen() === true;
  }

  addCandidate(candidate: string, mid: string): void {
    if (this.#closed || this.#state === 'failed' || !isUsableCandidate(candidate)) return;
    if (this.#candidates >= this.#context.limits.candidatesPerLeg) return;
    this.#candidates += 1;
    try {
      this.#connection.addRemoteCandidate(candidate, mid);
    } catch (error) {
      // The connection can have ended this instant in its own thread; its state change is under way to us.
      this.#context.log.debug({ legId: this.legId, error: String(error) }, 'candidate not taken');
    }
  }

  /** RTP or RTCP. False where it could not be sent. */
  send(datagram: Uint8Array): boolean {
    if (!this.open || this.#track === undefined) return false;
    try {
      const { buffer, byteOffset, byteLength } = datagram;
      return this.#track.sendMessageBinary(Buffer.from(buffer, byteOffset, byteLength));
    } catch {
      return false;
    }
  }

  /** Judges by the clock. To be called a few times a second. */
  tick(now: number): void {
    if (this.#state === 'connecting' && now - this.#openedAt > CONNECT_WITHIN_MS) this.#enter('failed');
    const silentFor = now - this.#lastPacketAt;
    if (this.#state === 'connected' && this.#hears && silentFor > INTERRUPTED_AFTER_MS)
      this.#enter('interrupted');
  }

  /** Idempotent. Resolves when the peer connection has let go of everything. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      // The track first: its callbacks live until it says that it is closed.
      this.#track?.close();
      this.#connection.close();
    }
    return this.#ended.promise;
  }

  #createConnection(): PeerConnection {
    try {
      return new PeerConnection(this.legId, portConfiguration(this.#context.browserPort));
    } catch (cause) {
      throw new MediaError('engine', 'No peer connection can be made', { cause });
    }
  }

  #negotiate(): string {
    const { offer, formats, ssrc, cname } = this.#options;
    const connection = this.#connection;
    connection.onStateChange((state) => this.#onConnectionState(state));
    connection.onTrack((track) => this.#adopt(track));
    connection.setRemoteDescription(reducedOffer(offer, formats), 'offer');
    const local = connection.localDescription();
    if (local === null) throw new MediaError('engine', 'The peer connection gave no answer');
    const transport = readLocalTransport(local.sdp);
    return browserAnswer(offer, {
      formats,
      transport,
      endpoints: this.#context.browserEndpoints,
      ssrc,
      cname,
    });
  }

  #adopt(track: Track): void {
    // Without a listener a track never lets go of the event loop, not even a closed one.
    track.onClosed(() => undefined);
    if (this.#closed || this.#track !== undefined) {
      track.close();
      return;
    }
    this.#track = track;
    track.onMessage((datagram) => this.#onDatagram(datagram));
  }

  #onDatagram(datagram: Uint8Array): void {
    if (this.#closed || this.#state === 'failed') return;
    this.#lastPacketAt = this.#context.now();
    if (this.#state === 'interrupted') this.#enter('connected');
    if (isRtcp(datagram)) {
      this.#options.onRtcp(datagram);
      return;
    }
    const packet = parseRtp(datagram);
    if (packet !== undefined) this.#options.onRtp(packet);
  }

  #onConnectionState(state: string): void {
    if (state === 'closed') this.#ended.resolve();
    if (this.#closed) return;
    if (state === 'connected') {
      this.#lastPacketAt = this.#context.now();
      this.#enter('connected');
    }
    // libdatachannel closes by itself behind each of these: the other side's DTLS is gone, or ICE lost consent.
    if (state === 'disconnected' || state === 'failed' || state === 'closed') this.#enter('failed');
  }

  #enter(state: BrowserLegState): void {
    if (this.#state === state || this.#state === 'failed') return;
    this.#state = state;
    this.#options.onState(state);
  }
}
