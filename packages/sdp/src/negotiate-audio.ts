import { attribute, connectionOf } from './attributes.ts';
import { formatAttributes, sameCodec, type AudioFormat } from './audio-codecs.ts';
import { readAudio, type AudioMedia } from './audio-media.ts';
import { answerDirection, type Direction } from './direction.ts';
import type { Attribute, MediaDescription, SessionDescription } from './types.ts';

/** What our side can do, in order of preference; the payload types are those of our offers. */
export interface AudioCapabilities {
  readonly codecs: readonly AudioFormat[];
  /** One per clock rate. */
  readonly telephoneEvents: readonly AudioFormat[];
}

/** Our side of the stream. */
export interface LocalAudio {
  /** Kept for the life of the session. */
  readonly sessionId: string;
  /** One more for each description that differs from the last one (RFC 3264 section 8). */
  readonly sessionVersion: number;
  /** Where we receive; also the origin's address. */
  readonly address: string;
  readonly port: number;
  readonly direction: Direction;
  /** Of an answer: over the other side's order, where the other side offers it too. */
  readonly preferredCodec?: string;
  /** In an offer: that RTCP may share the port (RFC 5761); an answer says so where the offer does. */
  readonly rtcpMux?: boolean;
}

/** `payloadType` is the other side's number, to send with. */
export interface AgreedCodec extends AudioFormat {
  /** Our number, which the other side sends with. */
  readonly receivePayloadType: number;
}

/** What both sides have agreed on. */
export interface NegotiatedAudio {
  readonly codec: AgreedCodec;
  /** All that were agreed, `codec` first; the other side may change between them at any time. */
  readonly codecs: readonly AgreedCodec[];
  readonly telephoneEvent?: { readonly sendPayloadType: number; readonly receivePayloadType: number };
  /** As we see ourselves. */
  readonly direction: Direction;
  readonly remote: AudioMedia;
  readonly rtcpMux: boolean;
}

export type AudioAnswer =
  | { readonly kind: 'answer'; readonly description: SessionDescription; readonly audio: NegotiatedAudio }
  /** `no_audio`: no live audio line over plain RTP. */
  | { readonly kind: 'rejected'; readonly reason: 'no_audio' | 'no_common_codec' };

/** Our offer of one audio stream (RFC 3264 section 5). */
export function offerAudio(capabilities: AudioCapabilities, local: LocalAudio): SessionDescription {
  const formats = [...capabilities.codecs, ...eventsFor(capabilities.codecs, capabilities.telephoneEvents)];
  return describe(local, [audioLine(local, 'RTP/AVP', formats, local.direction, local.rtcpMux === true)]);
}

/**
 * Our answer (RFC 3264 section 6): one codec and its telephone-event with the offer's payload types, the first
 * acceptable audio line, all other media lines rejected with port 0.
 */
export function negotiateAudio(
  offer: SessionDescription,
  capabilities: AudioCapabilities,
  local: LocalAudio,
): AudioAnswer {
  const remote = readAudio(offer);
  if (remote === undefined) return { kind: 'rejected', reason: 'no_audio' };
  const able = remote.codecs.filter((theirs) => capabilities.codecs.some((ours) => sameCodec(ours, theirs)));
  const codec = able.find((theirs) => theirs.name === local.preferredCodec) ?? able[0];
  if (codec === undefined) return { kind: 'rejected', reason: 'no_common_codec' };
  const event = remote.telephoneEvents.find(
    (theirs) =>
      theirs.clockRate === codec.clockRate &&
      capabilities.telephoneEvents.some((ours) => sameCodec(ours, theirs)),
  );
  const direction = answerDirection(remote.direction, local.direction);
  const protocol = offer.media[remote.index]?.protocol ?? 'RTP/AVP';
  const formats = event === undefined ? [codec] : [codec, event];
  const agreed = { ...codec, receivePayloadType: codec.payloadType };
  const media = offer.media.map((line, index) =>
    index === remote.index
      ? audioLine(local, protocol, formats, direction, remote.rtcpMux)
      : rejectedLine(line),
  );
  return {
    kind: 'answer',
    description: describe(local, media),
    audio: {
      codec: agreed,
      codecs: [agreed],
      ...(event === undefined
        ? {}
        : { telephoneEvent: { sendPayloadType: event.payloadType, receivePayloadType: event.payloadType } }),
      direction,
      remote,
      rtcpMux: remote.rtcpMux,
    },
  };
}

/** What the other side's answer to our offer settles (RFC 3264 section 7). */
export function settleAudio(
  offer: SessionDescription,
  answer: SessionDescription,
):
  | { readonly kind: 'settled'; readonly audio: NegotiatedAudio }
  | Extract<AudioAnswer, { kind: 'rejected' }> {
  const ours = readAudio(offer);
  const remote = readAudio(answer);
  if (ours === undefined || remote === undefined) return { kind: 'rejected', reason: 'no_audio' };
  const codecs = remote.codecs.flatMap((theirs) => {
    const own = ours.codecs.find((format) => sameCodec(format, theirs));
    return own === undefined ? [] : [{ ...theirs, receivePayloadType: own.payloadType }];
  });
  const [codec] = codecs;
  if (codec === undefined) return { kind: 'rejected', reason: 'no_common_codec' };
  const sendEvent = remote.telephoneEvents.find((event) => event.clockRate === codec.clockRate);
  const receiveEvent = ours.telephoneEvents.find((event) => event.clockRate === codec.clockRate);
  const events =
    sendEvent === undefined || receiveEvent === undefined
      ? {}
      : {
          telephoneEvent: {
            sendPayloadType: sendEvent.payloadType,
            receivePayloadType: receiveEvent.payloadType,
          },
        };
  return {
    kind: 'settled',
    audio: {
      codec,
      codecs,
      ...events,
      direction: answerDirection(remote.direction, ours.direction),
      remote,
      rtcpMux: ours.rtcpMux && remote.rtcpMux,
    },
  };
}

/** The media line of an answer that refuses it: same kind, protocol and formats, port 0. */
export function rejectedLine(offered: MediaDescription): MediaDescription {
  const { kind, protocol, formats } = offered;
  return { kind, port: 0, protocol, formats, attributes: [], otherLines: [] };
}

function describe(local: LocalAudio, media: readonly MediaDescription[]): SessionDescription {
  return {
    version: 0,
    origin: {
      username: '-',
      sessionId: local.sessionId,
      sessionVersion: `${local.sessionVersion}`,
      address: local.address,
    },
    sessionName: '-',
    connection: connectionOf(local.address),
    attributes: [],
    otherLines: [],
    timing: ['t=0 0'],
    media,
  };
}

function audioLine(
  local: LocalAudio,
  protocol: string,
  formats: readonly AudioFormat[],
  direction: Direction,
  rtcpMux: boolean,
): MediaDescription {
  const attributes: Attribute[] = [
    ...formats.flatMap(formatAttributes),
    attribute('ptime', 20),
    attribute(direction),
    ...(rtcpMux ? [attribute('rtcp-mux')] : []),
  ];
  const payloadTypes = formats.map((format) => `${format.payloadType}`);
  return { kind: 'audio', port: local.port, protocol, formats: payloadTypes, attributes, otherLines: [] };
}

/** Telephone events have the clock of the voice beside them (RFC 4733 section 2.1). */
function eventsFor(codecs: readonly AudioFormat[], events: readonly AudioFormat[]): readonly AudioFormat[] {
  return events.filter((event) => codecs.some((codec) => codec.clockRate === event.clockRate));
}
