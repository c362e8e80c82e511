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
  /** `INVITE sip:200@pbx SIP/2.0`, `SIP/2.0 180 Ringing`, or how it begins where it is no message. */
  readonly line: string;
  readonly callId: string | null;
  /** The message, without what proves a password. */
  readonly text: string;
}

const TEXT_LIMIT = 8192;
const MESSAGES_PER_CHUNK = 20;

/** The last messages that went through the PBX's SIP sockets. */
export class TraceRing {
  readonly #size: number;
  #entries: TraceEntry[] = [];
  #count = 0;

  constructor(size = 500) {
    this.#size = size;
  }

  /** What was added: a piece of a stream may hold several messages, a keep-alive holds none. */
  add(trace: SipTrace, at: number): readonly TraceEntry[] {
    const isStream = trace.transport === 'tcp' || trace.transport === 'tls';
    const pieces = isStream ? splitStream(trace.bytes) : [trace.bytes];
    const added = pieces.flatMap((piece) => this.#entryOf(trace, piece, at) ?? []);
    this.#entries.push(...added);
    // Room is made in larger steps, not for each message.
    if (this.#entries.length > this.#size * 1.5) this.#entries = this.#entries.slice(-this.#size);
    return added;
  }

  /** Entries after this number, oldest first; the last {@link size} at most. */
  since(number: number): readonly TraceEntry[] {
    return this.#entries.slice(-this.#size).filter((entry) => entry.number > number);
  }

  #entryOf(trace: SipTrace, bytes: Uint8Array, at: number): TraceEntry | undefined {
    const text = new TextDecoder().decode(bytes.subarray(0, TEXT_LIMIT));
    // Keep-alives (RFC 5626 section 3.5.1) are no messages.
    if (text.trim() === '') return undefined;
    this.#count += 1;
    return {
      number: this.#count,
      at,
      direction: trace.direction,
      transport: trace.transport,
      remote: trace.remote,
      line: text.trimStart().split(/\r?\n/, 1)[0]?.slice(0, 200) ?? '',
      callId: /^(?:call-id|i)[ \t]*:[ \t]*(\S{1,200})/im.exec(text)?.[1] ?? null,
      text: redact(text),
    };
  }
}

/**
 * The messages in octets of a stream, as far as these octets tell: what begins in one piece and ends in the next shows
 * as two. The endpoint reads the stream properly; this is for looking.
 */
function splitStream(bytes: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  while (rest.length > 0 && pieces.length < MESSAGES_PER_CHUNK) {
    const headEnd = rest.indexOf('\r\n\r\n', firstVisible(rest));
    const head = headEnd < 0 ? '' : rest.subarray(0, headEnd).toString('latin1');
    const length = Number(/^(?:content-length|l)[ \t]*:[ \t]*(\d{1,7})/im.exec(head)?.[1] ?? 0);
    const end = headEnd < 0 ? rest.length : Math.min(rest.length, headEnd + 4 + length);
    pieces.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return pieces;
}

function firstVisible(bytes: Buffer): number {
  const found = bytes.findIndex((octet) => octet > 0x20);
  return Math.max(0, found);
}

/** The digest response is as good as the password to somebody who can try many. */
function redact(text: string): string {
  return text.replaceAll(/(\bresponse=)"[^"]*"/g, '$1"…"');
}
