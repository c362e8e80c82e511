import { sequenceDistance, timestampDistance, type RtpPacket } from '@offhook/audio';
import type { StreamStats } from '../engine.ts';

const TICKS_PER_MS = 8;
/** A larger step is a restart of the source and not loss (RFC 3550 appendix A.1). */
const MAX_DROPOUT = 3000;

/** One SSRC from its first packet on. */
interface Source {
  readonly ssrc: number;
  readonly base: number;
  /** Highest sequence number with its wraps counted: 0 is the first packet. */
  highest: number;
  received: number;
  transit: number | undefined;
  /** At the last report, for its fraction lost. */
  reported: { expected: number; received: number };
}

/** What an RTCP report says of a source (RFC 3550 section 6.4.1). */
export interface ReceptionReport {
  readonly ssrc: number;
  /** Of 256. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In RTP ticks. */
  readonly jitter: number;
}

/**
 * Counts what arrives from one side over all its sources: loss by RFC 3550 appendix A.3, interarrival jitter by
 * appendix A.8. Pure.
 */
export class ReceiverStatistics {
  #packets = 0;
  #bytes = 0;
  #lostBefore = 0;
  #jitterTicks = 0;
  #source: Source | undefined;

  /** `now` in milliseconds. Telephone events repeat a timestamp, and so tell nothing of jitter. */
  receive(packet: RtpPacket, kind: 'voice' | 'event', now: number): void {
    this.#packets += 1;
    this.#bytes += packet.payload.byteLength;
    const source = this.#sourceOf(packet);
    source.received += 1;
    const step = sequenceDistance(packet.sequenceNumber, (source.base + source.highest) & 0xffff);
    if (step > 0) source.highest += step;
    if (kind === 'event') return;
    const transit = (Math.round(now * TICKS_PER_MS) - packet.timestamp) | 0;
    if (source.transit !== undefined) {
      const difference = Math.abs(timestampDistance(transit, source.transit));
      this.#jitterTicks += (difference - this.#jitterTicks) / 16;
    }
    source.transit = transit;
  }

  stats(): StreamStats {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      jitterMs: this.#jitterTicks / TICKS_PER_MS,
      lost: this.#lostBefore + lostOf(this.#source),
    };
  }

  /** For the next RTCP report; undefined where nothing has come yet. */
  report(): ReceptionReport | undefined {
    const source = this.#source;
    if (source === undefined) return undefined;
    const expected = source.highest + 1;
    const expectedSince = expected - source.reported.expected;
    const lostSince = expectedSince - (source.received - source.reported.received);
    source.reported = { expected, received: source.received };
    const fraction = expectedSince <= 0 || lostSince <= 0 ? 0 : Math.floor((lostSince * 256) / expectedSince);
    return {
      ssrc: source.ssrc,
      fractionLost: Math.min(fraction, 255),
      cumulativeLost: lostOf(source),
      highestSequence: (source.base + source.highest) >>> 0,
      jitter: Math.round(this.#jitterTicks),
    };
  }

  #sourceOf(packet: RtpPacket): Source {
    const source = this.#source;
    if (source !== undefined && source.ssrc === packet.ssrc) {
      const step = sequenceDistance(packet.sequenceNumber, (source.base + source.highest) & 0xffff);
      if (Math.abs(step) <= MAX_DROPOUT) return source;
    }
    this.#lostBefore += lostOf(source);
    const next: Source = {
      ssrc: packet.ssrc,
      base: packet.sequenceNumber,
      highest: 0,
      received: 0,
      transit: undefined,
      reported: { expected: 0, received: 0 },
    };
    this.#source = next;
    return next;
  }
}

/** Duplicates can make it negative on the wire; for people it is not. */
function lostOf(source: Source | undefined): number {
  return source === undefined ? 0 : Math.max(0, source.highest + 1 - source.received);
}
