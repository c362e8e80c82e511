import { buildRtp, sequenceDistance, timestampDistance } from '@offhook/audio';
import type { RtpPacket, RtpStreamStart } from '@offhook/audio';

/** RTP ticks per millisecond, and per packet of 20 ms, of all our codecs. */
const TICKS_PER_MS = 8;
export const FRAME_TICKS = 160;
export const FRAME_MS = 20;

/** Packets that may come late and still be passed on in their place. */
const LATE_PACKETS = 1000;
/** A jump of the sequence beyond this is a sender that started anew. */
const SEQUENCE_JUMP = 3000;

interface Relayed {
  readonly kind: 'relayed';
  readonly ssrc: number;
  /** Added to the numbers that come in. */
  readonly sequenceOffset: number;
  readonly timestampOffset: number;
  highest: number;
  /** Nothing older than this is passed on: its number may have been used before. */
  lowest: number;
}

/**
 * The stream to one side: one SSRC, sequence numbers without a gap and timestamps that follow the clock, whether
 * packets are passed on from the other side or made here, and however often that changes. Loss and reordering on
 * the way in stay visible on the way out.
 */
export class OutgoingStream {
  readonly #ssrc: number;
  #nextSequence: number;
  #nextTimestamp: number;
  #eventStart = 0;
  #lastAt: number | undefined;
  #source: Relayed | { readonly kind: 'local' } | undefined;

  constructor(start: RtpStreamStart) {
    this.#ssrc = start.ssrc;
    this.#nextSequence = start.sequenceNumber & 0xffff;
    this.#nextTimestamp = start.timestamp >>> 0;
  }

  /** A packet of the other side with our numbers; undefined for one too late. `now` in milliseconds. */
  relay(packet: RtpPacket, payloadType: number, now: number): Uint8Array | undefined {
    let source = this.#source;
    const isNew =
      source?.kind !== 'relayed' ||
      source.ssrc !== packet.ssrc ||
      Math.abs(sequenceDistance(packet.sequenceNumber, source.highest)) > SEQUENCE_JUMP;
    if (source?.kind !== 'relayed' || isNew) {
      this.#passTime(now);
      source = {
        kind: 'relayed',
        ssrc: packet.ssrc,
        sequenceOffset: this.#nextSequence - packet.sequenceNumber,
        timestampOffset: this.#nextTimestamp - packet.timestamp,
        highest: packet.sequenceNumber,
        lowest: packet.sequenceNumber,
      };
      this.#source = source;
    }
    if (sequenceDistance(packet.sequenceNumber, source.lowest) < 0) return undefined;
    if (sequenceDistance(packet.sequenceNumber, source.highest) > 0) {
      source.highest = packet.sequenceNumber;
      if (sequenceDistance(source.highest, source.lowest) > LATE_PACKETS) {
        source.lowest = (source.highest - LATE_PACKETS) & 0xffff;
      }
    }
    const sequenceNumber = (packet.sequenceNumber + source.sequenceOffset) & 0xffff;
    const timestamp = (packet.timestamp + source.timestampOffset) >>> 0;
    this.#used(sequenceNumber, timestamp, now);
    return buildRtp({
      ...packet,
      payloadType,
      marker: packet.marker || isNew,
      sequenceNumber,
      timestamp,
      ssrc: this.#ssrc,
    });
  }

  /** A packet of 20 ms that was made here. */
  local(payloadType: number, payload: Uint8Array, now: number): Uint8Array {
    const isNew = this.#becomeLocal(now);
    const [sequenceNumber, timestamp] = [this.#nextSequence, this.#nextTimestamp];
    this.#used(sequenceNumber, timestamp, now);
    return buildRtp({ payloadType, marker: isNew, sequenceNumber, timestamp, ssrc: this.#ssrc, payload });
  }

  /**
   * A packet of a telephone event that was made here, in the place of 20 ms of voice. All packets of an event have the
   * timestamp of its first, which has the marker (RFC 4733 section 2.5.1.1).
   */
  localEvent(payloadType: number, payload: Uint8Array, isFirst: boolean, now: number): Uint8Array {
    this.#becomeLocal(now);
    if (isFirst) this.#eventStart = this.#nextTimestamp;
    const sequenceNumber = this.#nextSequence;
    this.#used(sequenceNumber, this.#nextTimestamp, now);
    return buildRtp({
      payloadType,
      marker: isFirst,
      sequenceNumber,
      timestamp: this.#eventStart,
      ssrc: this.#ssrc,
      payload,
    });
  }

  #becomeLocal(now: number): boolean {
    if (this.#source?.kind === 'local') return false;
    this.#passTime(now);
    this.#source = { kind: 'local' };
    return true;
  }

  #used(sequenceNumber: number, timestamp: number, now: number): void {
    if (sequenceDistance(sequenceNumber, this.#nextSequence) >= 0)
      this.#nextSequence = (sequenceNumber + 1) & 0xffff;
    const next = (timestamp + FRAME_TICKS) >>> 0;
    if (timestampDistance(next, this.#nextTimestamp) > 0) this.#nextTimestamp = next;
    this.#lastAt = now;
  }

  /** A pause of the stream is a pause of its timestamps too. */
  #passTime(now: number): void {
    if (this.#lastAt === undefined) return;
    const pause = Math.round((now - this.#lastAt - FRAME_MS) * TICKS_PER_MS);
    if (pause > 0) this.#nextTimestamp = (this.#nextTimestamp + pause) >>> 0;
  }
}
