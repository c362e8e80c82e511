import type { OutgoingStream } from '../rtp/outgoing-stream.ts';
import type { ReceiverStatistics } from '../rtp/receiver-statistics.ts';
import { buildRtcp, parseRtcp } from '../rtp/rtcp.ts';

/** RFC 3550 section 6.2: five seconds, and each interval between half and one and a half of it. */
const INTERVAL_MS = 5000;

export interface RtcpReporterOptions {
  readonly cname: string;
  readonly outgoing: OutgoingStream;
  readonly incoming: ReceiverStatistics;
  readonly random: () => number;
  readonly wallClock: () => number;
}

/** The RTCP of one side: reports on what we send and hear there, and notes what comes. */
export class RtcpReporter {
  readonly #options: RtcpReporterOptions;
  #nextAt: number | undefined;
  #packetsAtReport = 0;
  #lastSenderReport: { readonly middle: number; readonly at: number } | undefined;

  constructor(options: RtcpReporterOptions) {
    this.#options = options;
  }

  /** The report that is due now. */
  tick(now: number): Uint8Array | undefined {
    // The first one comes sooner (RFC 3550 section 6.2).
    this.#nextAt ??= now + this.#interval() / 2;
    if (now < this.#nextAt) return undefined;
    this.#nextAt = now + this.#interval();
    return this.#report(now, false);
  }

  goodbye(now: number): Uint8Array {
    return this.#report(now, true);
  }

  receive(datagram: Uint8Array, now: number): 'report' | 'goodbye' | 'malformed' {
    const reports = parseRtcp(datagram);
    if (reports === undefined) return 'malformed';
    if (reports.senderReport !== undefined)
      this.#lastSenderReport = { middle: reports.senderReport, at: now };
    return reports.goodbye ? 'goodbye' : 'report';
  }

  #report(now: number, goodbye: boolean): Uint8Array {
    const { outgoing, incoming, cname, wallClock } = this.#options;
    const { sent } = outgoing;
    const sending = sent.packets !== this.#packetsAtReport;
    this.#packetsAtReport = sent.packets;
    const reception = incoming.report();
    const last = this.#lastSenderReport;
    const lastSenderReport =
      last === undefined ? {} : { lastSenderReport: { middle: last.middle, agoMs: now - last.at } };
    return buildRtcp({
      ssrc: outgoing.ssrc,
      cname,
      goodbye,
      ...(sending ? { sender: { wallClock: wallClock(), ...sent } } : {}),
      ...(reception === undefined ? {} : { reception: { ...reception, ...lastSenderReport } }),
    });
  }

  #interval(): number {
    return INTERVAL_MS * (0.5 + this.#options.random());
  }
}
