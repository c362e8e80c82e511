/**
 * RTP packets (RFC 3550 section 5.1). What cannot be an RTP packet is `undefined`, never an exception: on a media
 * port anybody may send anything.
 */
export interface RtpPacket {
  /** 0–127. */
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bits. */
  readonly sequenceNumber: number;
  /** 32 bits, in the payload format's clock (8,000 Hz for G.711 and also for G.722, RFC 3551 section 4.5.2). */
  readonly timestamp: number;
  /** 32 bits. */
  readonly ssrc: number;
  /** A view into the datagram, not a copy. Without padding, CSRC list and header extension. */
  readonly payload: Uint8Array;
}

/** Octets of the header without CSRC list and extension. */
export const RTP_HEADER_BYTES = 12;

/** The largest datagram that is looked at: an Ethernet frame's worth; voice needs a ninth of it. */
export const RTP_MAX_BYTES = 1500;

export function parseRtp(datagram: Uint8Array): RtpPacket | undefined {
  const size = datagram.byteLength;
  if (size < RTP_HEADER_BYTES || size > RTP_MAX_BYTES) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, size);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  if (first >> 6 !== 2) return undefined;
  // RFC 5761 section 4: RTCP on the same port shows as payload types 64–95 with these bits.
  if (isRtcpType(second)) return undefined;

  let start = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (start + 4 > size) return undefined;
    start += 4 + view.getUint16(start + 2) * 4;
  }
  let end = size;
  if ((first & 0x20) !== 0) {
    const padding = view.getUint8(size - 1);
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: datagram.subarray(start, end),
  };
}

/** True for a datagram that is RTCP and not RTP, when both share a port (RFC 5761 section 4). */
export function isRtcp(datagram: Uint8Array): boolean {
  const [first, second] = datagram;
  return first !== undefined && second !== undefined && first >> 6 === 2 && isRtcpType(second);
}

function isRtcpType(secondOctet: number): boolean {
  return secondOctet >= 192 && secondOctet <= 223;
}

/** A packet without CSRC list, extension and padding. Numbers wrap to their field's width. */
export function buildRtp(packet: RtpPacket): Uint8Array {
  const bytes = new Uint8Array(RTP_HEADER_BYTES + packet.payload.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, (packet.marker ? 0x80 : 0) | (packet.payloadType & 0x7f));
  view.setUint16(2, packet.sequenceNumber & 0xffff);
  view.setUint32(4, packet.timestamp >>> 0);
  view.setUint32(8, packet.ssrc >>> 0);
  bytes.set(packet.payload, RTP_HEADER_BYTES);
  return bytes;
}

/** `a - b` on the circle of 16-bit sequence numbers: −32,768 … 32,767. Positive: `a` was sent after `b`. */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** `a - b` on the circle of 32-bit timestamps. */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}
