import { buildRtp } from './rtp.ts';

/** Where a stream starts: random by RFC 3550 section 5.1; given, so that this package has no randomness. */
export interface RtpStreamStart {
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
}

/**
 * The numbering of one outgoing RTP stream: sequence numbers without a gap, timestamps that follow the media clock.
 * Telephone events sit between the voice packets of the same stream (RFC 4733 section 2.6.2).
 */
export class RtpStream {
  readonly #ssrc: number;
  #sequenceNumber: number;
  #timestamp: number;

  constructor(start: RtpStreamStart) {
    this.#ssrc = start.ssrc >>> 0;
    this.#sequenceNumber = start.sequenceNumber & 0xffff;
    this.#timestamp = start.timestamp >>> 0;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  /** Timestamp of the next packet. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** A packet of voice; `ticks` is its length in the RTP clock. */
  voice(payloadType: number, payload: Uint8Array, ticks: number, marker = false): Uint8Array {
    const bytes = this.#packet(payloadType, payload, this.#timestamp, marker);
    this.skip(ticks);
    return bytes;
  }

  /** A packet with a timestamp of its own: each packet of a telephone event carries the event's start. */
  at(timestamp: number, payloadType: number, payload: Uint8Array, marker = false): Uint8Array {
    return this.#packet(payloadType, payload, timestamp, marker);
  }

  /** Time passes without a packet. */
  skip(ticks: number): void {
    this.#timestamp = (this.#timestamp + ticks) >>> 0;
  }

  #packet(payloadType: number, payload: Uint8Array, timestamp: number, marker: boolean): Uint8Array {
    const sequenceNumber = this.#sequenceNumber;
    this.#sequenceNumber = (sequenceNumber + 1) & 0xffff;
    return buildRtp({ payloadType, marker, sequenceNumber, timestamp, ssrc: this.#ssrc, payload });
  }
}
