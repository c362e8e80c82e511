import type { SipTrace } from '@offhook/sip-node';

/** One SIP message in the list of the page. */
export interface TraceEntry {
  /** Grows by one; gaps show what was dropped. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly transport: string;
  readonly remote: string;
  /** `INVITE sip:200@pbx`, `180 Ringing`, or what it is where it is no message. */
  readonly line: string;
  readonly callId: string | null;
  /** The message, without what proves a password. */
  readonly text: string;
}

const TEXT_LIMIT = 8192;

/** The last messages that went through the PBX's SIP sockets. */
export class TraceRing {
  readonly #size: number;
  #entries: TraceEntry[] = [];
  #count = 0;

  constructor(size = 500) {
    this.#size = size;
  }

  add(trace: SipTrace, at: number): void {
    const text = new TextDecoder().decode(trace.bytes.subarray(0, TEXT_LIMIT));
    // Keep-alives (RFC 5626 section 3.5.1) are no messages.
    if (text.trim() === '') return;
    this.#count += 1;
    this.#entries.push({
      number: this.#count,
      at,
      direction: trace.direction,
      transport: trace.transport,
      remote: trace.remote,
      line: text.split(/\r?\n/, 1)[0]?.slice(0, 200) ?? '',
      callId: /^(?:call-id|i)[ \t]*:[ \t]*(\S{1,200})/im.exec(text)?.[1] ?? null,
      text: redact(text),
    });
    if (this.#entries.length > this.#size) this.#entries = this.#entries.slice(-this.#size);
  }

  /** Entries after this number, oldest first. */
  since(number: number): readonly TraceEntry[] {
    return this.#entries.filter((entry) => entry.number > number);
  }
}

/** The digest response is as good as the password to somebody who can try many. */
function redact(text: string): string {
  return text.replaceAll(/(\bresponse=)"[^"]*"/g, '$1"…"');
}
