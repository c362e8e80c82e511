import { faultOf, finishMessage, readHead } from './head.ts';
import type { Head } from './head.ts';
import { messageLimits } from './limits.ts';
import type { MessageLimits, ParseFault, SipMessage } from './types.ts';

export type StreamItem =
  | { readonly kind: 'message'; readonly message: SipMessage }
  | { readonly kind: 'fault'; readonly fault: ParseFault }
  /** RFC 5626 section 3.5.1: a ping is to be answered with CRLF. */
  | { readonly kind: 'keepalive'; readonly ping: boolean };

const EMPTY_LINE = Buffer.from('\r\n\r\n');
const CR = 0x0d;
const LF = 0x0a;
/** A buffer above this size is given back once its message is complete. */
const KEPT_CAPACITY = 16 * 1024;

/**
 * Cuts a stream (TCP, TLS) into messages by Content-Length (RFC 3261 section 18.3), whatever the pieces it comes in.
 *
 * ```
 *   between ──CRLF──► keepalive ──► between
 *      │ octet of a start line
 *      ▼
 *   reading head ──empty line──► reading body ──Content-Length octets──► message or fault ──► between
 *      │                            │
 *      └── head without end, ───────┴──► broken: the peer's messages can no longer be told apart
 *          no start line, no usable Content-Length, too large
 * ```
 *
 * A malformed message whose end is certain is a fault and the next one is read. Work and memory are bounded: each octet
 * is searched once, and at most one message of `messageBytes` is held.
 */
export class StreamFramer {
  readonly #limits: MessageLimits;
  /** Octets of the unfinished message; only the first `#heldLength` count. */
  #held: Buffer = Buffer.alloc(0);
  #heldLength = 0;
  /** Held octets in which the empty line was already looked for. */
  #searched = 0;
  #reading: { readonly head: Head; readonly headLength: number; readonly total: number } | undefined;
  /** The last thing read was a CRLF that was reported as a pong. */
  #afterPong = false;
  #broken = false;

  constructor(limits?: Partial<MessageLimits>) {
    this.#limits = messageLimits(limits);
  }

  /** After this the stream has to be closed; what is pushed is ignored. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Octets held of a message that is not complete. */
  get heldBytes(): number {
    return this.#heldLength;
  }

  /**
   * Takes the next octets and gives what they complete, in order. A single CRLF at the end of the octets is reported as a
   * pong at once, because nothing may follow it; if the next octets begin with another, that pair is a ping.
   */
  push(chunk: Uint8Array): readonly StreamItem[] {
    if (this.#broken || chunk.length === 0) return [];
    const items: StreamItem[] = [];
    const view = this.#heldLength === 0 ? asBuffer(chunk) : this.#append(chunk);
    const used = this.#consume(view, items);
    if (this.#broken) this.#drop();
    else this.#keep(view, used);
    return items;
  }

  #consume(view: Buffer, items: StreamItem[]): number {
    let at = 0;
    for (;;) {
      if (this.#reading === undefined) {
        at = this.#keepalives(view, at, items);
        if (at === view.length || (view.length - at === 1 && view[at] === CR)) return at;
        this.#afterPong = false;
        if (!this.#readHead(view, at, items)) return at;
      }
      const reading = this.#reading;
      if (reading === undefined || view.length - at < reading.total) return at;
      const body = new Uint8Array(view.subarray(at + reading.headLength, at + reading.total));
      const result = finishMessage(reading.head, body);
      items.push(
        result.kind === 'fault' ? { kind: 'fault', fault: result } : { kind: 'message', message: result },
      );
      at += reading.total;
      this.#reading = undefined;
      this.#searched = 0;
    }
  }

  #keepalives(view: Buffer, from: number, items: StreamItem[]): number {
    let at = from;
    while (view[at] === CR && view[at + 1] === LF) {
      if (this.#afterPong) {
        this.#afterPong = false;
        items.push({ kind: 'keepalive', ping: true });
        at += 2;
      } else if (view[at + 2] === CR && view[at + 3] === LF) {
        items.push({ kind: 'keepalive', ping: true });
        at += 4;
      } else {
        this.#afterPong = true;
        items.push({ kind: 'keepalive', ping: false });
        at += 2;
      }
    }
    return at;
  }

  /** True when the head is complete and its message's length is known. */
  #readHead(view: Buffer, at: number, items: StreamItem[]): boolean {
    const { messageBytes, bodyBytes } = this.#limits;
    if (isControl(view[at])) {
      // TLS on the port for plain SIP begins with 0x16, has no empty line, and would wait for an answer.
      return this.#break(items, { kind: 'fault', code: 'start_line', text: 'This is not SIP' });
    }
    const headEnd = view.indexOf(EMPTY_LINE, at + Math.max(0, this.#searched - 3));
    const headLength = (headEnd < 0 ? view.length : headEnd + EMPTY_LINE.length) - at;
    if (headLength > messageBytes) {
      const text = `More than ${messageBytes} octets without the end of a message`;
      return this.#break(items, { kind: 'fault', code: 'too_large', text });
    }
    if (headEnd < 0) {
      this.#searched = headLength;
      return false;
    }
    const head = readHead(view.toString('latin1', at, headEnd + 2), this.#limits);
    const { contentLength } = head;
    if (head.start === undefined) {
      return this.#break(items, faultOf(head, { code: 'start_line', text: 'This is not SIP' }));
    }
    if (contentLength === undefined) {
      const text = 'Content-Length, which tells where a message ends on a stream, is missing or malformed';
      const isOther = head.fault?.code === 'too_many_headers' || head.fault?.code === 'content_length';
      return this.#break(items, faultOf(head, isOther ? head.fault : { code: 'content_length', text }));
    }
    if (contentLength > bodyBytes || headLength + contentLength > messageBytes) {
      const text = `More than ${messageBytes} octets in a message, or ${bodyBytes} in its body`;
      return this.#break(items, faultOf(head, { code: 'too_large', text }));
    }
    this.#reading = { head, headLength, total: headLength + contentLength };
    return true;
  }

  #break(items: StreamItem[], fault: ParseFault): false {
    items.push({ kind: 'fault', fault });
    this.#broken = true;
    return false;
  }

  #append(chunk: Uint8Array): Buffer {
    this.#reserve(this.#heldLength + chunk.length);
    this.#held.set(chunk, this.#heldLength);
    this.#heldLength += chunk.length;
    return this.#held.subarray(0, this.#heldLength);
  }

  /** Keeps what is not consumed. At most the last chunk's octets move, so the cost stays linear. */
  #keep(view: Buffer, used: number): void {
    const rest = view.subarray(used);
    if (rest.length === 0) {
      this.#drop();
    } else if (view.buffer !== this.#held.buffer) {
      this.#heldLength = 0;
      this.#reserve(rest.length);
      this.#held.set(rest);
    } else if (used > 0) {
      this.#held.copyWithin(0, used, view.length);
    }
    this.#heldLength = rest.length;
  }

  #drop(): void {
    this.#heldLength = 0;
    if (this.#held.length > KEPT_CAPACITY || this.#broken) this.#held = Buffer.alloc(0);
  }

  #reserve(length: number): void {
    if (length <= this.#held.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(length, this.#held.length * 2, 1024));
    larger.set(this.#held.subarray(0, this.#heldLength));
    this.#held = larger;
  }
}

/** No start line begins with one; white space is left to who reads the head. */
const isControl = (octet = 0x20): boolean => octet < 0x09 || (octet > CR && octet < 0x20);

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
