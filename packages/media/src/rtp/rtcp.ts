import type { ReceptionReport } from './receiver-statistics.ts';

/**
 * RTCP as far as two parties to a call need it: compound packets of a sender or receiver report and the canonical
 * name (RFC 3550 section 6.1), and the walk through those that come.
 */
const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
const CNAME_ITEM = 1;

export interface OutgoingReport {
  readonly ssrc: number;
  readonly cname: string;
  /** Absent where nothing was sent since the last report: a receiver report then. */
  readonly sender?: {
    /** Milliseconds since the Unix epoch. */
    readonly wallClock: number;
    readonly timestamp: number;
    readonly packets: number;
    readonly bytes: number;
  };
  readonly reception?: ReceptionReport & {
    /** Of the last sender report that came from there, and how long ago that was in ms. */
    readonly lastSenderReport?: { readonly middle: number; readonly agoMs: number };
  };
  /** The stream ends. */
  readonly goodbye: boolean;
}

export interface IncomingReports {
  /** Middle 32 bits of the NTP time of the sender report, to be given back in our next report. */
  readonly senderReport?: number;
  readonly goodbye: boolean;
}

export function buildRtcp(report: OutgoingReport): Uint8Array {
  const octets: number[] = [];
  const word = (value: number): void => {
    octets.push((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
  };
  const header = (count: number, type: number, words: number): void => {
    octets.push(0x80 | count, type, (words >> 8) & 0xff, words & 0xff);
  };
  const { sender, reception } = report;
  const blocks = reception === undefined ? 0 : 1;
  header(
    blocks,
    sender === undefined ? RECEIVER_REPORT : SENDER_REPORT,
    (sender === undefined ? 1 : 6) + 6 * blocks,
  );
  word(report.ssrc);
  if (sender !== undefined) {
    const ntp = ntpOf(sender.wallClock);
    word(ntp.seconds);
    word(ntp.fraction);
    word(sender.timestamp);
    word(sender.packets);
    word(sender.bytes);
  }
  if (reception !== undefined) {
    word(reception.ssrc);
    word(((reception.fractionLost & 0xff) << 24) | Math.min(reception.cumulativeLost, 0x7f_ffff));
    word(reception.highestSequence);
    word(reception.jitter);
    word(reception.lastSenderReport?.middle ?? 0);
    word(Math.round((reception.lastSenderReport?.agoMs ?? 0) * 65.536));
  }
  const name = new TextEncoder().encode(report.cname).subarray(0, 255);
  // The item list ends with at least one zero octet, up to the next word.
  const itemBytes = 2 + name.byteLength;
  const padding = 4 - (itemBytes % 4);
  header(1, SOURCE_DESCRIPTION, 1 + (itemBytes + padding) / 4);
  word(report.ssrc);
  octets.push(CNAME_ITEM, name.byteLength, ...name, ...Array.from({ length: padding }, () => 0));
  if (report.goodbye) {
    header(1, GOODBYE, 1);
    word(report.ssrc);
  }
  return Uint8Array.from(octets);
}

/** Undefined for what is no RTCP (RFC 3550 appendix A.2). */
export function parseRtcp(datagram: Uint8Array): IncomingReports | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  let senderReport: number | undefined;
  let goodbye = false;
  let start = 0;
  while (start < view.byteLength) {
    if (start + 4 > view.byteLength || view.getUint8(start) >> 6 !== 2) return undefined;
    const type = view.getUint8(start + 1);
    const end = start + 4 + view.getUint16(start + 2) * 4;
    if (end > view.byteLength) return undefined;
    // With RFC 5506 any RTCP packet may come first.
    if (type < 192 || type > 223) return undefined;
    if (type === SENDER_REPORT && end - start >= 28) senderReport = view.getUint32(start + 10);
    if (type === GOODBYE) goodbye = true;
    start = end;
  }
  if (start === 0) return undefined;
  return { ...(senderReport === undefined ? {} : { senderReport }), goodbye };
}

/** Seconds since 1900 and their 2^-32 parts. */
function ntpOf(wallClock: number): { seconds: number; fraction: number } {
  const seconds = Math.floor(wallClock / 1000);
  const fraction = Math.floor(((wallClock - seconds * 1000) / 1000) * 2 ** 32);
  return { seconds: (seconds + 2_208_988_800) >>> 0, fraction };
}
