import { TelephoneEventReceiver, createVoiceCodec, parseRtp } from '@offhook/audio';
import type { RtpPacket, RtpStreamStart, VoiceCodec, VoiceCodecName } from '@offhook/audio';
import type { NegotiatedAudio } from '@offhook/sdp';
import { isOurCodec, wantsVoice } from './negotiation.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import type { SampleSource } from './source.ts';

type Rate = 8000 | 16_000;

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** What a datagram of one side turned out to be. */
export type Received =
  | { readonly kind: 'voice'; readonly codec: VoiceCodecName; readonly packet: RtpPacket }
  /** A packet of a telephone event, and the digits that it makes known. */
  | { readonly kind: 'event'; readonly packet: RtpPacket; readonly pressed: string };

/**
 * The RTP stream from and to one side, without its socket: payload types by what was negotiated, numbering by
 * {@link OutgoingStream}. Only one sender is listened to: the described one, or the first that was heard since the
 * last negotiation (a device behind NAT).
 */
export class VoiceLeg {
  readonly #stream: OutgoingStream;
  readonly #events = new TelephoneEventReceiver();
  #voice: NegotiatedAudio | undefined;
  #codec: VoiceCodec | undefined;
  /** Decodes what comes in another codec than the one in use. */
  #other: VoiceCodec | undefined;
  #sender: SocketAddress | undefined;
  #lastHeardAt: number | undefined;

  constructor(start: RtpStreamStart) {
    this.#stream = new OutgoingStream(start);
  }

  agree(voice: NegotiatedAudio): void {
    const before = this.#voice;
    this.#voice = voice;
    if (before?.remote.address !== voice.remote.address || before.remote.port !== voice.remote.port) {
      this.#sender = undefined;
    }
    const { name } = voice.codec;
    if (isOurCodec(name) && this.#codec?.name !== name) this.#codec = createVoiceCodec(name);
  }

  /** Where to send; undefined while nothing is agreed or the other side does not want to hear us. */
  get destination(): SocketAddress | undefined {
    return wantsVoice(this.#voice) ? this.#voice?.remote : undefined;
  }

  /** Hz of the samples that {@link play} takes and {@link decode} gives. */
  get sampleRate(): Rate | undefined {
    return this.#codec?.sampleRate;
  }

  get lastHeardAt(): number | undefined {
    return this.#lastHeardAt;
  }

  get takesEvents(): boolean {
    return this.#voice?.telephoneEvent !== undefined;
  }

  /** A packet of this codec need not be transcoded for the device. */
  speaks(codec: VoiceCodecName): boolean {
    return this.#voice?.codecs.some(({ name }) => name === codec) ?? false;
  }

  /** The other side has described this as the place where it sends from. */
  isFrom(from: SocketAddress): boolean {
    const remote = this.#voice?.remote;
    return remote?.address === from.address && remote.port === from.port;
  }

  receive(datagram: Uint8Array, from: SocketAddress, now: number): Received | undefined {
    const voice = this.#voice;
    const packet = voice === undefined ? undefined : parseRtp(datagram);
    if (voice === undefined || packet === undefined || !this.#isSender(from, voice.remote)) return undefined;
    if (packet.payloadType === voice.telephoneEvent?.receivePayloadType) {
      this.#lastHeardAt = now;
      const reports = this.#events.receive(packet);
      const pressed = reports.map((report) => (report.kind === 'pressed' ? report.digit : '')).join('');
      return { kind: 'event', packet, pressed };
    }
    const codec = voice.codecs.find(({ receivePayloadType }) => receivePayloadType === packet.payloadType);
    if (codec === undefined || !isOurCodec(codec.name)) return undefined;
    this.#lastHeardAt = now;
    return { kind: 'voice', codec: codec.name, packet };
  }

  /** What the other side sent, for this side; undefined where this side does not speak it or wants nothing. */
  relay(received: Received, now: number): Uint8Array | undefined {
    const voice = this.#voice;
    if (voice === undefined || this.destination === undefined) return undefined;
    if (received.kind === 'event') {
      const payloadType = voice.telephoneEvent?.sendPayloadType;
      return payloadType === undefined ? undefined : this.#stream.relay(received.packet, payloadType, now);
    }
    const codec = voice.codecs.find(({ name }) => name === received.codec);
    return codec === undefined ? undefined : this.#stream.relay(received.packet, codec.payloadType, now);
  }

  /** The next 20 ms of a source; undefined at its end, or where nothing is to be sent. */
  play(source: SampleSource, now: number): Uint8Array | undefined {
    const [voice, codec] = [this.#voice, this.#codec];
    if (voice === undefined || codec === undefined || this.destination === undefined) return undefined;
    const samples = source.next(codec.sampleRate / 50);
    if (samples === undefined) return undefined;
    return this.#stream.local(voice.codec.payloadType, codec.encode(samples), now);
  }

  /** A packet of a key press of ours, in the place of 20 ms of voice. */
  playEvent(payload: Uint8Array, isFirst: boolean, now: number): Uint8Array | undefined {
    const payloadType = this.#voice?.telephoneEvent?.sendPayloadType;
    if (payloadType === undefined || this.destination === undefined) return undefined;
    return this.#stream.localEvent(payloadType, payload, isFirst, now);
  }

  /** The samples of a voice packet, at {@link sampleRate} where it is of the codec in use, else at that of its own. */
  decode(packet: RtpPacket, codec: VoiceCodecName): { readonly samples: Int16Array; readonly rate: Rate } {
    const decoder = this.#decoderOf(codec);
    return { samples: decoder.decode(packet.payload), rate: decoder.sampleRate };
  }

  /** A device may change between the codecs that were agreed at any time. */
  #decoderOf(name: VoiceCodecName): VoiceCodec {
    if (this.#codec?.name === name) return this.#codec;
    if (this.#other?.name !== name) this.#other = createVoiceCodec(name);
    return this.#other;
  }

  #isSender(from: SocketAddress, described: SocketAddress): boolean {
    if (from.address === described.address && from.port === described.port) this.#sender = from;
    this.#sender ??= from;
    return from.address === this.#sender.address && from.port === this.#sender.port;
  }
}
