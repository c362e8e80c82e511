/**
 * Telephone events (RFC 4733): a key press as data in the RTP stream.
 *
 * ```
 *  0               8       10      16                              32
 *  |     event     |E|R|  volume   |          duration             |
 * ```
 */
export interface TelephoneEvent {
  /** 0–15 are the DTMF keys (section 3.2), 16 is flash. */
  readonly event: number;
  /** Last packet of the event (sent three times). */
  readonly end: boolean;
  /** −dBm0, 0–63. */
  readonly volume: number;
  /** In RTP ticks since the packet's timestamp, at most 65,535. */
  readonly duration: number;
}

const KEYS = '0123456789*#ABCD';

export function parseTelephoneEvent(payload: Uint8Array): TelephoneEvent | undefined {
  if (payload.byteLength < 4) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, 4);
  const flags = view.getUint8(1);
  return {
    event: view.getUint8(0),
    end: (flags & 0x80) !== 0,
    volume: flags & 0x3f,
    duration: view.getUint16(2),
  };
}

export function buildTelephoneEvent(event: TelephoneEvent): Uint8Array {
  const payload = new Uint8Array(4);
  const view = new DataView(payload.buffer);
  view.setUint8(0, event.event);
  view.setUint8(1, (event.end ? 0x80 : 0) | (event.volume & 0x3f));
  view.setUint16(2, Math.min(event.duration, 0xffff));
  return payload;
}

/** The key of an event code; undefined for flash and everything above. */
export function digitOfEvent(event: number): string | undefined {
  return KEYS[event];
}

/** The event code of a key (`0`–`9`, `*`, `#`, `A`–`D` in either case). */
export function eventOfDigit(digit: string): number | undefined {
  const event = digit.length === 1 ? KEYS.indexOf(digit.toUpperCase()) : -1;
  return event < 0 ? undefined : event;
}

/** True where each character is a key, and there is at least one. */
export function areDtmfDigits(digits: string): boolean {
  return /^[0-9*#A-D]+$/i.test(digits);
}

/** One packet of an event: `delayTicks` after its start, all with the timestamp of the start. */
export interface TelephoneEventPacket {
  readonly payload: Uint8Array;
  /** Set on the first packet (section 2.5.1.1). */
  readonly marker: boolean;
  /** When to send it, in RTP ticks after the event's start. */
  readonly delayTicks: number;
}

/**
 * The packets of one key press: an update every `packetTicks` and the end three times (section 2.5.1.4), the first of
 * these at the press's end. Ticks at 8,000 Hz: 800 is 100 ms. Undefined for what is no key.
 */
export function telephoneEventPackets(
  digit: string,
  durationTicks = 800,
  packetTicks = 160,
): readonly TelephoneEventPacket[] | undefined {
  const event = eventOfDigit(digit);
  if (event === undefined) return undefined;
  const packets: TelephoneEventPacket[] = [];
  const add = (duration: number, end: boolean, delayTicks: number): void => {
    const payload = buildTelephoneEvent({ event, end, volume: 10, duration });
    packets.push({ payload, marker: packets.length === 0, delayTicks });
  };
  for (let elapsed = 0; elapsed + packetTicks < durationTicks; elapsed += packetTicks) {
    add(elapsed + packetTicks, false, elapsed);
  }
  const last = Math.max(0, durationTicks - packetTicks);
  for (let copy = 0; copy < 3; copy += 1) add(durationTicks, true, last + copy * packetTicks);
  return packets;
}
