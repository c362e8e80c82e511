import type { RtpPacket, RtpStreamStart, VoiceCodecName } from '@offhook/audio';
import { ComfortClock, silenceFrame } from './comfort.ts';
import { DTMF_MS, DtmfSender } from './dtmf-sender.ts';
import { StreamRewriter, type PacketKind } from './stream-rewriter.ts';

/** What the receiver of the stream has agreed to. */
export interface StreamFormat {
  readonly codec: VoiceCodecName;
  readonly payloadType: number;
  /** Undefined where it takes no telephone events. */
  readonly telephoneEvent: number | undefined;
}

const EVENT_TICKS = DTMF_MS * 8;

/**
 * One direction of a call's voice as its receiver sees it: the source's packets, key presses that push the voice
 * aside, and silence wherever neither is there. Pure: packets and milliseconds come in, datagrams come out.
 */
export class OutgoingStream {
  readonly #rewriter: StreamRewriter;
  readonly #comfort = new ComfortClock();
  readonly #dtmf = new DtmfSender();
  #format: StreamFormat | undefined;
  #eventTimestamp = 0;
  #packets = 0;
  #bytes = 0;

  constructor(start: RtpStreamStart) {
    this.#rewriter = new StreamRewriter(start);
  }

  get ssrc(): number {
    return this.#rewriter.ssrc;
  }

  get format(): StreamFormat | undefined {
    return this.#format;
  }

  /** As RTCP sender reports tell it: payload octets only (RFC 3550 section 6.4.1). */
  get sent(): { readonly packets: number; readonly bytes: number; readonly timestamp: number } {
    return { packets: this.#packets, bytes: this.#bytes, timestamp: this.#rewriter.timestamp };
  }

  /** Undefined: there is nobody to send to. The numbering goes on over every change. */
  setFormat(format: StreamFormat | undefined): void {
    this.#format = format;
    if (format === undefined) this.pause();
    if (format?.telephoneEvent === undefined) this.#dtmf.clear();
  }

  /** Nothing is sent until the next `tick`; queued digits are dropped. */
  pause(): void {
    this.#comfort.reset();
    this.#dtmf.clear();
  }

  /** The source's packet, which has the format's codec or is a telephone event. */
  forward(packet: RtpPacket, kind: PacketKind, now: number): Uint8Array | undefined {
    const format = this.#format;
    if (format === undefined || this.#dtmf.busy) return undefined;
    const payloadType = kind === 'voice' ? format.payloadType : format.telephoneEvent;
    if (payloadType === undefined) return undefined;
    const datagram = this.#rewriter.forward(packet, payloadType, kind, now);
    if (datagram === undefined) return undefined;
    this.#comfort.postpone(now);
    return this.#count(datagram);
  }

  /** Queues key presses. False where the receiver takes none. */
  sendDtmf(digits: string): boolean {
    return this.#format?.telephoneEvent !== undefined && this.#dtmf.enqueue(digits);
  }

  /** What is to be sent now beside the source's packets. To be asked about every 10 ms. */
  tick(now: number): readonly Uint8Array[] {
    const format = this.#format;
    if (format === undefined) return [];
    const { telephoneEvent } = format;
    if (telephoneEvent !== undefined && this.#dtmf.busy) {
      const events = this.#dtmf.due(now).map(({ payload, marker, startedAt }) => {
        if (marker) this.#eventTimestamp = this.#rewriter.timestampAt(startedAt);
        const timestamp = this.#eventTimestamp;
        const datagram = this.#rewriter.insert(
          { payloadType: telephoneEvent, payload, timestamp, marker },
          startedAt,
        );
        this.#rewriter.coverUntil((timestamp + EVENT_TICKS) >>> 0, startedAt + DTMF_MS);
        return this.#count(datagram);
      });
      this.#comfort.postpone(now);
      return events;
    }
    return this.#comfort.due(now).map((time) => {
      const timestamp = this.#rewriter.timestampAt(time);
      const payload = silenceFrame(format.codec);
      const insertion = { payloadType: format.payloadType, payload, timestamp, marker: false };
      return this.#count(this.#rewriter.insert(insertion, time));
    });
  }

  #count(datagram: Uint8Array): Uint8Array {
    this.#packets += 1;
    this.#bytes += datagram.byteLength - 12;
    return datagram;
  }
}
