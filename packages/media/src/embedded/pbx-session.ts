import { isIP } from 'node:net';
import type { VoiceCodecName } from '@offhook/audio';
import {
  audioCapabilities,
  isSdpFault,
  negotiateAudio,
  offerAudio,
  parseSdp,
  serialiseSdp,
  settleAudio,
  type AgreedCodec,
  type AudioCapabilities,
  type LocalAudio,
  type NegotiatedAudio,
  type SessionDescription,
} from '@offhook/sdp';
import { MediaError, type MediaDirection } from '../engine.ts';
import type { PacketKind } from '../rtp/stream-rewriter.ts';

/** So many packets in a row with another agreed codec, and the PBX has changed over to it. */
const SWITCH_AFTER_PACKETS = 3;

export interface PbxSessionOptions {
  readonly codecs: readonly VoiceCodecName[];
  /** Of our RTP: address and port of every description. */
  readonly address: string;
  readonly port: number;
  /** Of the `o=` lines: digits. */
  readonly sessionId: string;
}

/**
 * Offer and answer with the PBX over the life of one leg (RFC 3264). What stands stays in force until a new exchange
 * is complete: an offer of ours that is refused changes nothing. Pure.
 */
export class PbxSession {
  readonly #options: PbxSessionOptions;
  #lastSent: { readonly text: string; readonly version: number } | undefined;
  #offer: SessionDescription | undefined;
  #agreed: NegotiatedAudio | undefined;
  #codec: AgreedCodec | undefined;
  #othersInRow = 0;

  constructor(options: PbxSessionOptions) {
    this.#options = options;
  }

  get agreed(): NegotiatedAudio | undefined {
    return this.#agreed;
  }

  /** The codec in use: one of the agreed ones. */
  get codec(): AgreedCodec | undefined {
    return this.#codec;
  }

  get codecName(): VoiceCodecName | undefined {
    return this.#options.codecs.find((name) => name === this.#codec?.name);
  }

  /** `preferred` comes first, but behind the codec in use. */
  createOffer(direction: MediaDirection, preferred: VoiceCodecName | undefined): string {
    const capabilities = this.#capabilities(this.codecName ?? preferred);
    return this.#issue((sessionVersion) => {
      const offer = offerAudio(capabilities, this.#local(direction, sessionVersion));
      this.#offer = offer;
      return offer;
    });
  }

  /** Throws `bad_sdp`, `no_common_codec`. */
  acceptAnswer(text: string): NegotiatedAudio {
    if (this.#offer === undefined)
      throw new MediaError('bad_sdp', 'The PBX answers, but nothing was offered to it');
    const settled = settleAudio(this.#offer, read(text));
    if (settled.kind === 'rejected') throw refusal(settled.reason);
    return this.#agree(settled.audio);
  }

  /** Throws `bad_sdp`, `no_common_codec`. */
  answerOffer(
    text: string,
    direction: MediaDirection,
    preferred: VoiceCodecName | undefined,
  ): { readonly text: string; readonly audio: NegotiatedAudio } {
    const offer = read(text);
    const capabilities = this.#capabilities(undefined);
    const local = this.#local(direction, 0);
    const wanted = preferred === undefined ? local : { ...local, preferredCodec: preferred };
    const outcome = negotiateAudio(offer, capabilities, wanted);
    if (outcome.kind === 'rejected') throw refusal(outcome.reason);
    const audio = this.#agree(outcome.audio);
    const answer = this.#issue((sessionVersion) => ({
      ...outcome.description,
      origin: { ...outcome.description.origin, sessionVersion: `${sessionVersion}` },
    }));
    return { text: answer, audio };
  }

  /**
   * What an incoming packet is. `switched`: it is voice, and the PBX has changed to another agreed codec, which it may do
   * without a word (RFC 3264 section 5.1). Undefined: none of what was agreed.
   */
  classify(payloadType: number): PacketKind | 'switched' | undefined {
    const agreed = this.#agreed;
    if (agreed === undefined) return undefined;
    if (payloadType === this.#codec?.receivePayloadType) {
      this.#othersInRow = 0;
      return 'voice';
    }
    if (payloadType === agreed.telephoneEvent?.receivePayloadType) return 'event';
    const other = agreed.codecs.find((codec) => codec.receivePayloadType === payloadType);
    if (other === undefined) return undefined;
    this.#othersInRow += 1;
    if (this.#othersInRow < SWITCH_AFTER_PACKETS) return undefined;
    this.#othersInRow = 0;
    this.#codec = other;
    return 'switched';
  }

  #agree(audio: NegotiatedAudio): NegotiatedAudio {
    if (isIP(audio.remote.address) === 0) {
      throw new MediaError(
        'bad_sdp',
        'The PBX names its media address by a host name; a numeric one is needed',
      );
    }
    this.#agreed = audio;
    this.#codec = audio.codec;
    this.#othersInRow = 0;
    return audio;
  }

  /** Our numbers: those that the session already uses, so that none changes its meaning (RFC 3264 section 8.3.2). */
  #capabilities(first: VoiceCodecName | undefined): AudioCapabilities {
    const { codecs, telephoneEvents } = audioCapabilities(this.#options.codecs);
    const used = this.#agreed?.codecs ?? [];
    const own = codecs.map((codec) => {
      const known = used.find((other) => other.name === codec.name);
      return known === undefined ? codec : { ...codec, payloadType: known.receivePayloadType };
    });
    const ordered = own.toSorted((a, b) => Number(b.name === first) - Number(a.name === first));
    const event = this.#agreed?.telephoneEvent?.receivePayloadType;
    return {
      codecs: ordered,
      telephoneEvents: telephoneEvents
        .filter(({ clockRate }) => clockRate === 8000)
        .map((format) => (event === undefined ? format : { ...format, payloadType: event })),
    };
  }

  #local(direction: MediaDirection, sessionVersion: number): LocalAudio {
    const { address, port, sessionId } = this.#options;
    return { sessionId, sessionVersion, address, port, direction };
  }

  /** RFC 3264 section 8: the version rises by one with each description that differs from the last one. */
  #issue(make: (version: number) => SessionDescription): string {
    const version = this.#lastSent?.version ?? 1;
    const same = serialiseSdp(make(version));
    const changed = this.#lastSent !== undefined && same !== this.#lastSent.text;
    const next = changed ? version + 1 : version;
    const text = changed ? serialiseSdp(make(next)) : same;
    this.#lastSent = { text, version: next };
    return text;
  }
}

function read(text: string): SessionDescription {
  const description = parseSdp(text);
  if (isSdpFault(description)) throw new MediaError('bad_sdp', `The PBX sent no SDP: ${description.text}`);
  return description;
}

function refusal(reason: 'no_audio' | 'no_common_codec'): MediaError {
  return reason === 'no_audio'
    ? new MediaError('bad_sdp', 'The PBX describes no audio over plain RTP')
    : new MediaError('no_common_codec', 'The PBX and the browser have no codec in common');
}
