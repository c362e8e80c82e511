import { timestampDistance, type RtpPacket } from './rtp.ts';
import { digitOfEvent, parseTelephoneEvent } from './telephone-event.ts';

/** What a stream of telephone-event packets tells. */
export type DtmfReport =
  | { readonly kind: 'pressed'; readonly digit: string }
  /** `ticks` as far as packets told; it is less than the truth where the last ones were lost. */
  | { readonly kind: 'released'; readonly digit: string; readonly ticks: number };

interface CurrentEvent {
  readonly event: number;
  /** Timestamp of the first segment. */
  readonly start: number;
  /** Timestamp of the newest segment: long events go on in further ones (RFC 4733 section 2.5.1.3). */
  segment: number;
  ticks: number;
  released: boolean;
}

/** Duration field of a segment that is full: the next one starts this much later. */
const SEGMENT_TICKS = 0xffff;

/**
 * Key presses out of redundant, lost, repeated and reordered packets: each press once (RFC 4733 section 2.6).
 * Feed it only packets of the payload type that was negotiated as telephone-event.
 */
export class TelephoneEventReceiver {
  #current: CurrentEvent | undefined;

  receive(packet: Pick<RtpPacket, 'timestamp' | 'payload'>): readonly DtmfReport[] {
    const told = parseTelephoneEvent(packet.payload);
    if (told === undefined || digitOfEvent(told.event) === undefined) return [];
    const reports: DtmfReport[] = [];
    const current = this.#current;
    if (current !== undefined) {
      const ahead = timestampDistance(packet.timestamp, current.segment);
      // Older than the newest press: a straggler.
      if (ahead < 0) return [];
      const continues = ahead === SEGMENT_TICKS && told.event === current.event && !current.released;
      if (ahead === 0 || continues) {
        current.segment = packet.timestamp;
        const ticks = timestampDistance(packet.timestamp, current.start) + told.duration;
        current.ticks = Math.max(current.ticks, ticks);
        if (told.end) release(current, reports);
        return reports;
      }
      release(current, reports);
    }
    const next: CurrentEvent = {
      event: told.event,
      start: packet.timestamp,
      segment: packet.timestamp,
      ticks: told.duration,
      released: false,
    };
    this.#current = next;
    reports.push({ kind: 'pressed', digit: digitOfEvent(told.event) ?? '' });
    if (told.end) release(next, reports);
    return reports;
  }
}

function release(current: CurrentEvent, reports: DtmfReport[]): void {
  if (current.released) return;
  current.released = true;
  reports.push({ kind: 'released', digit: digitOfEvent(current.event) ?? '', ticks: current.ticks });
}
