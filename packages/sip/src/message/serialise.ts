import { linePrefix } from './names.ts';
import type { SipMessage } from './types.ts';

/**
 * A message as it goes out, short of its octets. Who may have to send it again keeps this rather than the message or its
 * octets: two objects, on the heap, for the half minute of a transaction.
 */
export interface WireMessage {
  /** Start line, headers and the empty line. */
  readonly head: string;
  readonly body: Uint8Array;
}

/**
 * Header names in their usual spelling, in the order they stand, Content-Length (and no other) last. Line breaks inside a
 * value become spaces, so that no value can smuggle in a header of its own.
 */
export function encode(message: SipMessage): WireMessage {
  let head =
    message.kind === 'request'
      ? `${oneLine(message.method)} ${oneLine(message.uri)} SIP/2.0`
      : `SIP/2.0 ${message.status} ${oneLine(message.reason)}`;
  for (const { name, value } of message.headers) {
    if (name !== 'content-length') head += linePrefix(name) + oneLine(value);
  }
  head += `\r\nContent-Length: ${message.body.length}\r\n\r\n`;
  return { head, body: message.body };
}

export function octetsOf({ head, body }: WireMessage): Uint8Array {
  const headLength = Buffer.byteLength(head);
  // From Node's pool: an ArrayBuffer for each message costs more than its octets.
  const octets = Buffer.allocUnsafe(headLength + body.length);
  octets.write(head);
  octets.set(body, headLength);
  return octets;
}

/** The octets of a message; see {@link encode}. */
export function serialise(message: SipMessage): Uint8Array {
  return octetsOf(encode(message));
}

function oneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]+/g, ' ') : text;
}
