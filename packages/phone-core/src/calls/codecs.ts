/** What a browser says of one codec (`RTCRtpCodec`). */
export interface CodecCapability {
  readonly mimeType: string;
  readonly clockRate: number;
}

/**
 * The codecs that browsers and PBXs share come first, so that nobody has to transcode; telephone-event always goes
 * along (RFC 4733); Opus stays behind for engines that can transcode. The rest (redundancy, comfort noise) would only
 * lengthen the offer.
 */
const preference = ['audio/g722', 'audio/pcma', 'audio/pcmu', 'audio/telephone-event', 'audio/opus'] as const;

export function orderCodecs<C extends CodecCapability>(codecs: readonly C[]): C[] {
  return preference.flatMap((wanted) => codecs.filter((codec) => codec.mimeType.toLowerCase() === wanted));
}
