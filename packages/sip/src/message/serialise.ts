import { usualName } from './names.ts';
import type { SipMessage } from './types.ts';

/**
 * The octets of a message: header names in their usual spelling, in the order they stand, Content-Length (and no
 * other) last. Line breaks inside a value become spaces, so that no value can smuggle in a header of its own.
 */
export function serialise(message: SipMessage): Uint8Array {
  let head =
    message.kind === 'request'
      ? `${oneLine(message.method)} ${oneLine(message.uri)} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${oneLine(message.reason)}\r\n`;
  for (const field of message.headers) {
    if (field.name === 'content-length') continue;
    head += `${oneLine(usualName(field.name))}: ${oneLine(field.value)}\r\n`;
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  const headLength = Buffer.byteLength(head);
  const bytes = new Uint8Array(headLength + message.body.length);
  Buffer.from(bytes.buffer).write(head);
  bytes.set(message.body, headLength);
  return bytes;
}

function oneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]+/g, ' ') : text;
}
