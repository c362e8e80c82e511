import { areDtmfDigits, telephoneEventPackets, type TelephoneEventPacket } from '@offhook/audio';
import { PACKET_TICKS } from './stream-rewriter.ts';

const TICKS_PER_MS = 8;
/** Length of a key press. */
export const DTMF_MS = 100;
/** From the end of one press to the start of the next. */
export const DTMF_GAP_MS = 70;
/** Digits that may wait. A request carries at most 32. */
const MAX_QUEUED = 128;

/** One packet of an event that is due now. */
export interface DueEventPacket {
  readonly payload: Uint8Array;
  /** First packet of its event. */
  readonly marker: boolean;
  /** When its event began: each event has its own timestamp. */
  readonly startedAt: number;
}

interface Press {
  readonly startedAt: number;
  readonly packets: readonly TelephoneEventPacket[];
  sent: number;
}

/**
 * The schedule of key presses as telephone events (RFC 4733 section 2.5): 100 ms each, 70 ms apart, the end three
 * times. Pure. While it is `busy` voice is to be held back.
 */
export class DtmfSender {
  #queue: string[] = [];
  #press: Press | undefined;

  /** False where it is no string of keys, or too many wait already. */
  enqueue(digits: string): boolean {
    if (!areDtmfDigits(digits) || this.#queue.length + digits.length > MAX_QUEUED) return false;
    this.#queue.push(...digits.split(''));
    return true;
  }

  get busy(): boolean {
    return this.#press !== undefined || this.#queue.length > 0;
  }

  due(now: number): readonly DueEventPacket[] {
    const packets: DueEventPacket[] = [];
    for (let press = this.#current(now); press !== undefined; press = this.#current(now)) {
      const packet = press.packets[press.sent];
      if (packet === undefined || press.startedAt + packet.delayTicks / TICKS_PER_MS > now) break;
      press.sent += 1;
      packets.push({ payload: packet.payload, marker: packet.marker, startedAt: press.startedAt });
    }
    return packets;
  }

  clear(): void {
    this.#queue = [];
    this.#press = undefined;
  }

  /** The press under way; begins the next one when its time has come. */
  #current(now: number): Press | undefined {
    const press = this.#press;
    if (press !== undefined && press.sent < press.packets.length) return press;
    const startAt = press === undefined ? now : press.startedAt + DTMF_MS + DTMF_GAP_MS;
    const [digit] = this.#queue;
    if (digit === undefined) {
      this.#press = undefined;
      return undefined;
    }
    if (startAt > now) return undefined;
    this.#queue.shift();
    const packets = telephoneEventPackets(digit, DTMF_MS * TICKS_PER_MS, PACKET_TICKS) ?? [];
    this.#press = { startedAt: startAt, packets, sent: 0 };
    return this.#press;
  }
}
