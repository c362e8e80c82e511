import { finishMessage, readHead } from './head.ts';
import type { Fault } from './head.ts';
import { messageLimits } from './limits.ts';
import type { MessageLimits, ParseFault, SipMessage } from './types.ts';

const EMPTY_LINE = Buffer.from('\r\n\r\n');
const CR = 0x0d;
const LF = 0x0a;

/**
 * One message from a datagram (RFC 3261 section 18.3): the body ends where Content-Length says, octets after it are
 * discarded, too few of them are a fault; without Content-Length the body is the rest. The body is a copy.
 */
export function parseMessage(bytes: Uint8Array, limits?: Partial<MessageLimits>): SipMessage | ParseFault {
  const bounds = messageLimits(limits);
  if (bytes.length > bounds.messageBytes) {
    return { kind: 'fault', code: 'too_large', text: `More than ${bounds.messageBytes} octets` };
  }
  const octets = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = skipLineBreaks(octets);
  const headEnd = octets.indexOf(EMPTY_LINE, start);
  if (headEnd < 0) {
    // Read what whole lines there are, so that the request can be answered.
    const lastLine = octets.lastIndexOf('\r\n');
    const head = readHead(octets.toString('latin1', start, Math.max(start, lastLine + 2)), bounds);
    const fault: Fault = { code: 'truncated', text: 'The empty line after the headers is missing' };
    return finishMessage({ ...head, fault }, new Uint8Array(0));
  }
  const head = readHead(octets.toString('latin1', start, headEnd + 2), bounds);
  const bodyStart = headEnd + EMPTY_LINE.length;
  const available = bytes.length - bodyStart;
  const length = head.contentLength ?? available;
  return finishMessage(
    head,
    copyOf(octets, bodyStart, Math.min(length, available)),
    bodyFault(length, available, bounds),
  );
}

const NO_BODY = new Uint8Array(0);

function copyOf(octets: Buffer, from: number, length: number): Uint8Array {
  if (length === 0) return NO_BODY;
  const copy = new Uint8Array(length);
  octets.copy(copy, 0, from, from + length);
  return copy;
}

function bodyFault(length: number, available: number, limits: MessageLimits): Fault | undefined {
  if (length > available) {
    return { code: 'truncated', text: 'The body is shorter than Content-Length says' };
  }
  if (length > limits.bodyBytes) {
    return { code: 'too_large', text: `The body is longer than ${limits.bodyBytes} octets` };
  }
  return undefined;
}

/** Line breaks before the start line are passed over (section 7.5). */
function skipLineBreaks(octets: Uint8Array): number {
  let at = 0;
  while (octets[at] === CR && octets[at + 1] === LF) at += 2;
  return at;
}

/** True for a datagram that only keeps a NAT binding open: line breaks and zero octets, or nothing at all. */
export function isKeepalive(bytes: Uint8Array): boolean {
  return bytes.length <= 8 && bytes.every((octet) => octet === CR || octet === LF || octet === 0);
}
