import { isUtf8 } from 'node:buffer';
import { isAscii, isToken, isTokenCode, parseDecimal, skipSpace } from './chars.ts';
import type { CoreFields } from './core-fields.ts';
import { keepCoreFields } from './core-fields.ts';
import { parseCSeq, splitValues } from './headers.ts';
import { parseNameAddr } from './name-addr.ts';
import type { NameAddr } from './name-addr.ts';
import { canonicalNameAt } from './names.ts';
import type { HeaderField, MessageLimits, ParseFault, SipMessage, SipRequest } from './types.ts';
import { parseUri } from './uri.ts';
import { parseVia } from './via.ts';

/** What the start line and the header fields of one message say, before its body is known. */
export interface Head {
  readonly start: StartLine | undefined;
  readonly headers: readonly HeaderField[];
  /** `undefined` where the header is absent, repeated or no number. */
  readonly contentLength: number | undefined;
  /** The first thing that is wrong. Reading goes on after it, so that an answer can carry the other headers. */
  readonly fault: Fault | undefined;
}

export type Fault = Pick<ParseFault, 'code' | 'text'>;

type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string };

const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/** Must come at most once (RFC 4475 section 3.3.8). */
const SINGLE: ReadonlySet<string> = new Set([
  'from',
  'to',
  'call-id',
  'cseq',
  'max-forwards',
  'content-type',
  'content-length',
]);

/**
 * Reads a message head in one pass. `text` holds its octets as Latin-1, from the start line through the line break
 * of the last header field, without the empty line.
 */
export function readHead(text: string, limits: MessageLimits): Head {
  const scan = new HeadScan(limits);
  const lineEnd = text.indexOf('\r\n');
  const start = scan.startLine(text.slice(0, lineEnd < 0 ? text.length : lineEnd));
  if (lineEnd >= 0) scan.fields(text, lineEnd + 2);
  scan.check(start);
  return { start, headers: scan.headers, contentLength: scan.contentLength, fault: scan.fault };
}

class HeadScan {
  readonly headers: HeaderField[] = [];
  contentLength: number | undefined;
  fault: Fault | undefined;
  readonly #limits: MessageLimits;
  readonly #seen = new Map<string, string>();
  #via: string | undefined;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  #fail(code: Fault['code'], text: string): void {
    this.fault ??= { code, text };
  }

  /** Section 7.1 and 7.2. */
  startLine(line: string): StartLine | undefined {
    if (line.length > this.#limits.headerBytes) {
      this.#fail('too_large', `The start line is longer than ${this.#limits.headerBytes} octets`);
    }
    const start = line.startsWith('SIP/') ? this.#statusLine(line) : this.#requestLine(line);
    if (start === undefined)
      this.#fail('start_line', 'The start line is neither a request line nor a status line');
    return start;
  }

  #requestLine(line: string): StartLine | undefined {
    const first = line.indexOf(' ');
    const last = line.lastIndexOf(' ');
    const method = line.slice(0, first);
    if (first < 0 || !isToken(method)) return undefined;
    const uri = first < last ? line.slice(first + 1, last) : line.slice(first + 1);
    const version = first < last ? line.slice(last + 1) : '';
    if (version !== 'SIP/2.0' && version.toUpperCase() !== 'SIP/2.0') {
      if (/^SIP\/\d+\.\d+$/i.test(version)) this.#fail('version', 'Only SIP/2.0 is spoken here');
      else if (/ SIP\/2\.0\s*$/i.test(line)) this.#fail('start_line', 'White space after the SIP version');
      else return undefined;
    } else if (!isRequestUri(uri)) this.#fail('start_line', 'The Request-URI is malformed');
    return { kind: 'request', method, uri: decodeText(uri) };
  }

  #statusLine(line: string): StartLine {
    const versionEnd = line.indexOf(' ');
    const version = versionEnd < 0 ? line : line.slice(0, versionEnd);
    if (version !== 'SIP/2.0') this.#fail('version', 'Only SIP/2.0 is spoken here');
    const statusEnd = version.length + 4;
    const status = parseDecimal(line.slice(version.length + 1, statusEnd), 699) ?? 0;
    const isEnded = line.length === statusEnd || line.charCodeAt(statusEnd) === SPACE;
    // Its end on a stream is still certain, so it is a response that nobody takes, not the end of the stream.
    if (line.includes('\r') || line.includes('\n')) {
      this.#fail('start_line', 'A carriage return or line feed stands alone');
    } else if (status < 100 || !isEnded) this.#fail('start_line', 'The status is no number from 100 to 699');
    return { kind: 'response', status, reason: decodeText(line.slice(statusEnd + 1)) };
  }

  fields(text: string, from: number): void {
    let at = from;
    const end = text.length;
    while (at < end) {
      if (this.headers.length >= this.#limits.headerCount) {
        // Content-Length may stand in what is not read any more, so nothing is known of it.
        this.contentLength = undefined;
        this.#fail('too_many_headers', `More than ${this.#limits.headerCount} header fields`);
        return;
      }
      const nameStart = at;
      while (at < end && isTokenCode(text.charCodeAt(at))) at += 1;
      const nameEnd = at;
      at = skipSpace(text, at);
      const isNamed = nameEnd > nameStart && text.charCodeAt(at) === COLON;
      if (!isNamed) this.#fail('header', 'A header line has no name or no colon');
      const valueStart = isNamed ? skipSpace(text, at + 1) : at;
      at = valueStart;
      // The common case is one line; `folded` collects where there are more (section 7.3.1).
      let folded: string | undefined;
      let partStart = valueStart;
      let codes = 0;
      for (;;) {
        let code = text.charCodeAt(at);
        while (code !== CR && code !== LF && at < end) {
          codes |= code;
          at += 1;
          code = text.charCodeAt(at);
        }
        const isBreak = code === CR && text.charCodeAt(at + 1) === LF;
        if (!isBreak && at < end) {
          this.#fail('header', 'A carriage return or line feed stands alone');
          at += 1;
          continue;
        }
        const next = text.charCodeAt(at + 2);
        if (next !== SPACE && next !== HTAB) break;
        const part = text.slice(partStart, trimmedEnd(text, partStart, at));
        folded = folded === undefined ? part : joinFolded(folded, part);
        at = skipSpace(text, at + 2);
        partStart = at;
      }
      let value = text.slice(partStart, trimmedEnd(text, partStart, at));
      if (folded !== undefined) value = joinFolded(folded, value);
      at += 2;
      if (isNamed)
        this.#field(
          canonicalNameAt(text, nameStart, nameEnd),
          codes > 0x7f ? decodeText(value) : value,
          value.length,
        );
    }
  }

  #field(name: string, value: string, octets: number): void {
    if (octets > this.#limits.headerBytes) {
      this.#fail('too_large', `A header value is longer than ${this.#limits.headerBytes} octets`);
      return;
    }
    this.headers.push({ name, value });
    if (name === 'via') {
      this.#via ??= value;
      return;
    }
    if (!SINGLE.has(name)) return;
    if (this.#seen.has(name)) {
      if (name === 'content-length') this.#badContentLength('Content-Length is repeated');
      else this.#fail('duplicate_header', `${name} is repeated`);
      return;
    }
    this.#seen.set(name, value);
    if (name === 'content-length') {
      this.contentLength = parseDecimal(value, 0xffff_ffff);
      if (this.contentLength === undefined) this.#badContentLength('Content-Length is no number');
    }
  }

  #badContentLength(text: string): void {
    this.contentLength = undefined;
    this.#fail('content_length', text);
  }

  /** The mandatory headers (section 8.1.1) and whether they can be read. Max-Forwards may lack: RFC 2543 had none. */
  check(start: StartLine | undefined): void {
    const core = keepCoreFields(this.headers, {});
    this.#checkVia(core);
    core.from = this.#checkAddress('from');
    core.to = this.#checkAddress('to');
    const callId = this.#required('call-id');
    if (callId === '') this.#fail('header', 'Call-ID is empty');
    const value = this.#required('cseq');
    if (value === undefined) return;
    const cseq = parseCSeq(value);
    core.cseq = cseq;
    if (cseq === undefined) this.#fail('header', 'CSeq is malformed');
    else if (start?.kind === 'request' && cseq.method !== start.method) {
      this.#fail('header', 'CSeq names another method than the request line');
    }
  }

  #checkVia(core: CoreFields): void {
    const value = this.#via;
    if (value === undefined) {
      this.#fail('missing_header', 'Via is missing');
      return;
    }
    const values = value.includes(',') ? splitValues(value) : [value];
    const [top, ...others] = values;
    core.via = top === undefined ? undefined : parseVia(top);
    if (core.via === undefined || others.some((via) => parseVia(via) === undefined)) {
      this.#fail('header', 'Via is malformed');
    }
  }

  #checkAddress(name: 'from' | 'to'): NameAddr | undefined {
    const value = this.#required(name);
    const address = value === undefined ? undefined : parseNameAddr(value);
    if (value !== undefined && address === undefined) this.#fail('header', `${name} is malformed`);
    return address;
  }

  #required(name: string): string | undefined {
    const value = this.#seen.get(name);
    if (value === undefined) this.#fail('missing_header', `${name} is missing`);
    return value;
  }
}

function joinFolded(before: string, after: string): string {
  if (before === '' || after === '') return before + after;
  return `${before} ${after}`;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start) {
    const code = text.charCodeAt(at - 1);
    if (code !== SPACE && code !== HTAB) break;
    at -= 1;
  }
  return at;
}

/** No white space, no brackets, no header part (section 19.1.1); unknown schemes are for the user agent to refuse (416). */
function isRequestUri(text: string): boolean {
  const uri = parseUri(text);
  return uri !== undefined && (uri.kind !== 'sip' || uri.headers.size === 0);
}

/**
 * Octets as UTF-8 (section 7.3.1). What is no UTF-8 is taken for Latin-1, which some desk phones still send in display
 * names, rather than refused or replaced by question marks.
 */
function decodeText(latin1: string): string {
  if (isAscii(latin1)) return latin1;
  const octets = Buffer.from(latin1, 'latin1');
  return isUtf8(octets) ? octets.toString('utf8') : latin1;
}

/** The message, or the fault that its head or body has. */
export function finishMessage(head: Head, body: Uint8Array, bodyFault?: Fault): SipMessage | ParseFault {
  const fault = head.fault ?? bodyFault;
  if (fault !== undefined || head.start === undefined) {
    return faultOf(head, fault ?? { code: 'start_line', text: 'There is no start line' });
  }
  const { start, headers } = head;
  return start.kind === 'request'
    ? { kind: 'request', method: start.method, uri: start.uri, headers, body }
    : { kind: 'response', status: start.status, reason: start.reason, headers, body };
}

const NO_BODY = new Uint8Array(0);

/** Answerable is a request with a Via to copy; an ACK is never answered, nor is a response. */
export function faultOf(head: Head, fault: Fault): ParseFault {
  const { start, headers } = head;
  const isAnswerable =
    start?.kind === 'request' && start.method !== 'ACK' && headers.some((field) => field.name === 'via');
  if (!isAnswerable) return { kind: 'fault', ...fault };
  const answerable: SipRequest = {
    kind: 'request',
    method: start.method,
    uri: start.uri,
    headers,
    body: NO_BODY,
  };
  return { kind: 'fault', ...fault, answerable };
}
