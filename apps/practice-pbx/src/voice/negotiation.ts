import { audioCapabilities, parseSdp, readAudio, receives, sends, serialiseSdp } from '@offhook/sdp';
import type { AudioCapabilities, KnownCodecName, NegotiatedAudio, SessionDescription } from '@offhook/sdp';
import type { VoiceCodecName } from '@offhook/audio';
import type { Body } from '@offhook/sip';

/** All that the PBX and its desk phones speak, best first. */
const OUR_CODECS = ['G722', 'PCMA', 'PCMU'] as const satisfies readonly (KnownCodecName & VoiceCodecName)[];
export const OUR_CAPABILITIES: AudioCapabilities = audioCapabilities(OUR_CODECS);

/** Why a body is no description that we can work with. */
export interface BodyFault {
  readonly kind: 'body_fault';
  /** To answer an INVITE with: 400 for nonsense, 415 for another type (RFC 3261 section 21.4.13). */
  readonly status: 400 | 415;
}

const SDP_TYPE = 'application/sdp';
const decoder = new TextDecoder();
const encoder = new TextEncoder();

export function readBody(body: Body): SessionDescription | BodyFault {
  const type = (body.contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (type !== SDP_TYPE) return { kind: 'body_fault', status: 415 };
  const description = parseSdp(decoder.decode(body.bytes));
  return 'kind' in description ? { kind: 'body_fault', status: 400 } : description;
}

export function bodyOf(description: SessionDescription): Body {
  return { contentType: SDP_TYPE, bytes: encoder.encode(serialiseSdp(description)) };
}

/** The part of an offer that we speak, with the offer's payload types: what may be offered on to the other side. */
export function capabilitiesOf(offer: SessionDescription): AudioCapabilities {
  const audio = readAudio(offer);
  if (audio === undefined) return { codecs: [], telephoneEvents: [] };
  return {
    codecs: audio.codecs.filter(({ name }) => isOurCodec(name)),
    telephoneEvents: audio.telephoneEvents.filter(({ clockRate }) => clockRate === 8000).slice(0, 1),
  };
}

export function isOurCodec(name: string): name is VoiceCodecName {
  return OUR_CODECS.some((codec) => codec === name);
}

/** The other side wants to hear us. */
export function wantsVoice(voice: NegotiatedAudio | undefined): boolean {
  return voice !== undefined && sends(voice.direction);
}

/** The other side has put us on hold: it does not want to hear us (RFC 3264 section 8.4). */
export function holdsUs(voice: NegotiatedAudio | undefined): boolean {
  return voice !== undefined && !receives(voice.remote.direction);
}
