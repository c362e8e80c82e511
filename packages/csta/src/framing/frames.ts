/**
 * CSTA XML over TCP without SOAP (ECMA-323 annex J): each document has a header of eight octets before it.
 *
 * ```
 *   0      1      2      3      4      5      6      7      8
 *   +------+------+------+------+------+------+------+------+----------
 *   | 0x00 | 0x00 |  length     |  invoke id, four digits   |  XML …
 *   +------+------+------+------+------+------+------+------+----------
 *                  big endian, with the header
 * ```
 */
export const headerOctets = 8;

/** What two octets of length can say. */
export const mostFrameOctets = 0xffff;

/** Events carry it, and whatever else wants no answer. Requests are numbered from 1 to 9998. */
export const eventInvokeId = 9999;

/** Throws `RangeError` where the document or the id does not fit: check {@link fitsFrame} for what peers make long. */
export function encodeFrame(invokeId: number, document: Uint8Array): Uint8Array {
  if (!fitsFrame(document)) throw new RangeError(`${document.length} octets do not fit into a frame`);
  if (!Number.isInteger(invokeId) || invokeId < 0 || invokeId > eventInvokeId) {
    throw new RangeError(`${invokeId} is no invoke id`);
  }
  const length = headerOctets + document.length;
  const frame = new Uint8Array(length);
  frame[2] = length >> 8;
  frame[3] = length & 0xff;
  frame.set(new TextEncoder().encode(String(invokeId).padStart(4, '0')), 4);
  frame.set(document, headerOctets);
  return frame;
}

export function fitsFrame(document: Uint8Array): boolean {
  return headerOctets + document.length <= mostFrameOctets;
}
