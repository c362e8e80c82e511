import {
  buildRtp,
  sequenceDistance,
  timestampDistance,
  type RtpPacket,
  type RtpStreamStart,
} from '@offhook/audio';

/** One packet of voice: 20 ms at 8,000 Hz. */
export const PACKET_TICKS = 160;
export const PACKET_MS = 20;
const TICKS_PER_MS = PACKET_TICKS / PACKET_MS;

/** A step of more sequence numbers is a restart of the source, not loss (RFC 3550 appendix A.1). */
const MAX_DROPOUT = 3000;
/** A source whose timestamps stray so far from the clock is anchored anew: 2 s. */
const MAX_STRAY_TICKS = 2000 * TICKS_PER_MS;
/** After an insertion the source's own timestamps are kept where they are this near to the clock: 100 ms. */
const KEPT_STRAY_TICKS = 100 * TICKS_PER_MS;

export type PacketKind = 'voice' | 'event';

/** How the numbers of the present source become ours. */
interface Mapping {
  readonly ssrc: number;
  readonly sequenceOffset: number;
  readonly timestampOffset: number;
  /** Highest sequence number seen from the source. */
  highest: number;
  /** Something was inserted since: the offsets no longer hold, and what is older comes too late. */
  stale: boolean;
}

/** A packet that does not come from the source: comfort, a telephone event. */
export interface Insertion {
  readonly payloadType: number;
  readonly payload: Uint8Array;
  readonly timestamp: number;
  readonly marker: boolean;
}

/**
 * Makes one RTP stream out of what changing sources send and of what is inserted between: one SSRC, sequence
 * numbers and timestamps without a jump (RFC 3550 section 5.1). Loss and reordering of a source stay visible to
 * the receiver; only what arrives behind an insertion is dropped. Times are milliseconds of a monotonic clock.
 */
export class StreamRewriter {
  readonly #ssrc: number;
  #sequenceNumber: number;
  #timestamp: number;
  /** When the packet with `#timestamp` left; undefined before the first one. */
  #at: number | undefined;
  #mapping: Mapping | undefined;

  constructor(start: RtpStreamStart) {
    this.#ssrc = start.ssrc >>> 0;
    this.#sequenceNumber = (start.sequenceNumber - 1) & 0xffff;
    this.#timestamp = start.timestamp >>> 0;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  /** Timestamp of the newest packet, for RTCP. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** Timestamp of a packet that begins at that time: on the grid of whole packets, and after all that was sent. */
  timestampAt(time: number): number {
    if (this.#at === undefined) return this.#timestamp;
    const packets = Math.max(1, Math.round((time - this.#at) / PACKET_MS));
    return (this.#timestamp + packets * PACKET_TICKS) >>> 0;
  }

  /** The source's packet with our numbers; undefined where it comes too late. */
  forward(packet: RtpPacket, payloadType: number, kind: PacketKind, now: number): Uint8Array | undefined {
    const known = this.#mapping;
    let mapping: Mapping;
    if (known === undefined || this.#restarted(known, packet, kind, now)) {
      mapping = this.#anchor(packet, this.timestampAt(now));
    } else if (known.stale) {
      if (sequenceDistance(packet.sequenceNumber, known.highest) <= 0) return undefined;
      mapping = this.#anchor(packet, this.#resumeAt(known, packet, now));
    } else {
      mapping = known;
    }
    if (sequenceDistance(packet.sequenceNumber, mapping.highest) > 0) mapping.highest = packet.sequenceNumber;

    const sequenceNumber = (packet.sequenceNumber + mapping.sequenceOffset) & 0xffff;
    const timestamp = (packet.timestamp + mapping.timestampOffset) >>> 0;
    const marker = packet.marker || mapping !== known;
    if (sequenceDistance(sequenceNumber, this.#sequenceNumber) > 0) this.#sequenceNumber = sequenceNumber;
    this.#advance(timestamp, now);
    return buildRtp({
      payloadType,
      marker,
      sequenceNumber,
      timestamp,
      ssrc: this.#ssrc,
      payload: packet.payload,
    });
  }

  /** The next packet of the stream, not from the source; `at` is the time that its timestamp stands for. */
  insert(insertion: Insertion, at: number): Uint8Array {
    if (this.#mapping !== undefined) this.#mapping.stale = true;
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#advance(insertion.timestamp, at);
    return buildRtp({ ...insertion, sequenceNumber: this.#sequenceNumber, ssrc: this.#ssrc });
  }

  /** What was inserted covers the time up to `at`: later packets have later timestamps. */
  coverUntil(timestamp: number, at: number): void {
    this.#advance(timestamp, at);
  }

  #restarted(mapping: Mapping, packet: RtpPacket, kind: PacketKind, now: number): boolean {
    if (mapping.ssrc !== packet.ssrc) return true;
    if (Math.abs(sequenceDistance(packet.sequenceNumber, mapping.highest)) > MAX_DROPOUT) return true;
    // A long event keeps the timestamp of its start, and behind an insertion `#resumeAt` judges.
    if (kind === 'event' || mapping.stale) return false;
    const mapped = packet.timestamp + mapping.timestampOffset;
    return Math.abs(timestampDistance(mapped, this.timestampAt(now))) > MAX_STRAY_TICKS;
  }

  #resumeAt(mapping: Mapping, packet: RtpPacket, now: number): number {
    const own = (packet.timestamp + mapping.timestampOffset) >>> 0;
    const expected = this.timestampAt(now);
    const near = Math.abs(timestampDistance(own, expected)) <= KEPT_STRAY_TICKS;
    return near && timestampDistance(own, this.#timestamp) > 0 ? own : expected;
  }

  #anchor(packet: RtpPacket, timestamp: number): Mapping {
    const mapping: Mapping = {
      ssrc: packet.ssrc,
      sequenceOffset: this.#sequenceNumber + 1 - packet.sequenceNumber,
      timestampOffset: timestamp - packet.timestamp,
      highest: packet.sequenceNumber,
      stale: false,
    };
    this.#mapping = mapping;
    return mapping;
  }

  #advance(timestamp: number, at: number): void {
    if (this.#at !== undefined && timestampDistance(timestamp, this.#timestamp) <= 0) return;
    this.#timestamp = timestamp >>> 0;
    this.#at = at;
  }
}
