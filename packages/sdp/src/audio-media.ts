import { attributeValue, connectionAddress } from './attributes.ts';
import { readAudioFormats, type AudioFormat } from './audio-codecs.ts';
import { directionOf, readDirection, receives, sends, type Direction } from './direction.ts';
import type { MediaDescription, SessionDescription } from './types.ts';

/** What one side says of its audio. */
export interface AudioMedia {
  /** Place among the media lines. */
  readonly index: number;
  /** Where that side receives. May be a host name. */
  readonly address: string;
  readonly port: number;
  /** Port of its RTCP (RFC 3605); the same as `port` with `rtcpMux`. */
  readonly rtcpPort: number;
  readonly rtcpMux: boolean;
  /** As that side sees itself; the old way of hold, the address 0.0.0.0, counts as not receiving. */
  readonly direction: Direction;
  /** Codecs in order of preference, without telephone-event. */
  readonly codecs: readonly AudioFormat[];
  readonly telephoneEvents: readonly AudioFormat[];
}

/** Plain RTP, as PBXs speak it. */
export const PLAIN_RTP: readonly string[] = ['RTP/AVP', 'RTP/AVPF'];
/** DTLS-SRTP, as browsers speak it (RFC 5764, RFC 8834). */
export const BROWSER_RTP: readonly string[] = ['UDP/TLS/RTP/SAVPF', 'UDP/TLS/RTP/SAVP'];

/** The first live audio line over one of the protocols; undefined where there is none. */
export function readAudio(
  description: SessionDescription,
  protocols: readonly string[] = PLAIN_RTP,
): AudioMedia | undefined {
  for (const [index, media] of description.media.entries()) {
    if (media.kind !== 'audio' || media.port === 0 || !protocols.includes(media.protocol)) continue;
    const audio = readMedia(description, media, index);
    if (audio !== undefined) return audio;
  }
  return undefined;
}

/** True where that side has put us on hold: it does not want to hear us. */
export function holdsOther(description: SessionDescription): boolean {
  const audio = readAudio(description);
  return audio !== undefined && !receives(audio.direction);
}

function readMedia(
  description: SessionDescription,
  media: MediaDescription,
  index: number,
): AudioMedia | undefined {
  const address = connectionAddress(media.connection ?? description.connection ?? '');
  if (address === undefined) return undefined;
  const told = readDirection(description, media);
  // A browser's 0.0.0.0 says nothing: its addresses are ICE candidates (RFC 8839 section 4.3.2).
  const reachable = !PLAIN_RTP.includes(media.protocol) || (address !== '0.0.0.0' && address !== '::');
  const formats = readAudioFormats(media);
  const rtcpMux = attributeValue(media, 'rtcp-mux') !== undefined;
  const rtcp = /^\d{1,5}/.exec(attributeValue(media, 'rtcp') ?? '')?.[0];
  const ownRtcp = rtcp === undefined ? Math.min(media.port + 1, 65_535) : Number(rtcp);
  return {
    index,
    address,
    port: media.port,
    rtcpPort: rtcpMux || ownRtcp > 65_535 ? media.port : ownRtcp,
    rtcpMux,
    direction: directionOf(sends(told), receives(told) && reachable),
    codecs: formats.filter((format) => format.name !== 'telephone-event'),
    telephoneEvents: formats.filter((format) => format.name === 'telephone-event'),
  };
}
