import { isIPv4 } from 'node:net';
import { crc32 } from 'node:zlib';
import type { Place } from '../transport.ts';
import { addressOctets, addressText } from './address.ts';

/**
 * The part of STUN (RFC 8489) that keeps a flow of SIP over UDP alive (RFC 5626 section 8): Binding requests and their
 * answers, without authentication. Everything else is nothing to us.
 *
 * ```
 *    0                   1                   2                   3
 *    00 | message type (14)          | length of the attributes (16)
 *    magic cookie 0x2112A442
 *    transaction id (96)
 *    attributes: type (16), length (16), value, padded to four octets
 * ```
 */
export type StunMessage =
  | {
      readonly kind: 'request';
      /** 12 octets. */
      readonly transactionId: Buffer;
      /** Attributes that have to be understood and are not: the answer is an error 420 that lists them. */
      readonly unknown: readonly number[];
      readonly hasFingerprint: boolean;
    }
  /** Where the server sees us. */
  | { readonly kind: 'success'; readonly transactionId: Buffer; readonly mapped: Place }
  | { readonly kind: 'error'; readonly transactionId: Buffer; readonly code: number };

const HEADER_BYTES = 20;
const COOKIE = 0x2112a442;
const ID_BYTES = 12;
/** A Binding message between SIP peers has no reason to be larger than the smallest packet of IPv6 lets it. */
const MOST_BYTES = 548;

const TYPES = { request: 0x0001, success: 0x0101, error: 0x0111 } as const;
const ATTRIBUTES = {
  errorCode: 0x0009,
  unknown: 0x000a,
  xorMapped: 0x0020,
  fingerprint: 0x8028,
} as const;
/** MAPPED-ADDRESS and those of authentication, which we need not answer to: this usage has none (RFC 5626 section 8). */
const HARMLESS = new Set([0x0001, 0x0006, 0x0008, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, 0x8003]);
const FINGERPRINT_XOR = 0x5354554e;
const FINGERPRINT_BYTES = 8;
const MOST_UNKNOWN = 8;

/** Whether octets from a SIP socket are STUN: no SIP message begins with an octet 0 or 1 (RFC 5626 section 8). */
export function isStun(bytes: Uint8Array): boolean {
  return (
    bytes.length >= HEADER_BYTES &&
    (bytes[0] === 0 || bytes[0] === 1) &&
    bytes[4] === 0x21 &&
    bytes[5] === 0x12 &&
    bytes[6] === 0xa4 &&
    bytes[7] === 0x42
  );
}

/** `undefined` for what is no Binding message, or a broken one: nothing is answered to it (RFC 8489 section 6.3). */
export function readStun(bytes: Uint8Array): StunMessage | undefined {
  if (!isStun(bytes) || bytes.length > MOST_BYTES) return undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const attributes = readAttributes(view);
  if (attributes === undefined) return undefined;
  const transactionId = Buffer.from(view.subarray(8, HEADER_BYTES));
  const unknown = attributes.flatMap(({ type }) => (isUnderstood(type) ? [] : [type])).slice(0, MOST_UNKNOWN);
  switch (view.readUInt16BE(0)) {
    case TYPES.request: {
      const hasFingerprint = attributes.at(-1)?.type === ATTRIBUTES.fingerprint;
      return { kind: 'request', transactionId, unknown, hasFingerprint };
    }
    case TYPES.success: {
      const mapped = readMapped(attributes, view);
      // An answer with something that has to be understood and is not is none (RFC 8489 section 6.3.3).
      if (mapped === undefined || unknown.length > 0) return undefined;
      return { kind: 'success', transactionId, mapped };
    }
    case TYPES.error: {
      const value = attributes.find(({ type }) => type === ATTRIBUTES.errorCode)?.value;
      const [, , hundreds = 0, rest = 0] = value ?? [];
      const code = (hundreds & 0x07) * 100 + rest;
      return code < 300 || code > 699 ? undefined : { kind: 'error', transactionId, code };
    }
    default:
      return undefined;
  }
}

/** @param transactionId 12 octets that nobody can guess */
export function bindingRequest(transactionId: Uint8Array): Buffer {
  return message(TYPES.request, transactionId, [], true);
}

/** The answer to a Binding request: where it came from, or that it wants something that we do not know. */
export function bindingAnswer(
  request: Extract<StunMessage, { kind: 'request' }>,
  from: Place,
): Buffer | undefined {
  const { transactionId, unknown, hasFingerprint } = request;
  if (unknown.length > 0) {
    const list = Buffer.alloc(2 * unknown.length);
    for (const [at, type] of unknown.entries()) list.writeUInt16BE(type, 2 * at);
    const code = Buffer.from([0, 0, 4, 20]);
    const attributes = [attribute(ATTRIBUTES.errorCode, code), attribute(ATTRIBUTES.unknown, list)];
    return message(TYPES.error, transactionId, attributes, hasFingerprint);
  }
  const address = addressOctets(from.address);
  if (address === undefined) return undefined;
  const value = Buffer.alloc(4 + address.length);
  value[1] = isIPv4(from.address) ? 1 : 2;
  value.writeUInt16BE(from.port ^ (COOKIE >>> 16), 2);
  xor(address, transactionId).copy(value, 4);
  return message(TYPES.success, transactionId, [attribute(ATTRIBUTES.xorMapped, value)], hasFingerprint);
}

interface Attribute {
  readonly type: number;
  readonly value: Buffer;
}

/** `undefined` where lengths do not fit or the fingerprint is wrong. */
function readAttributes(view: Buffer): readonly Attribute[] | undefined {
  const length = view.readUInt16BE(2);
  if (length % 4 !== 0 || HEADER_BYTES + length !== view.length) return undefined;
  const attributes: Attribute[] = [];
  for (let at = HEADER_BYTES; at < view.length;) {
    const type = view.readUInt16BE(at);
    const size = view.readUInt16BE(at + 2);
    const end = at + 4 + size;
    if (end > view.length) return undefined;
    const value = view.subarray(at + 4, end);
    if (type === ATTRIBUTES.fingerprint) {
      // It is the last one, over everything before it (RFC 8489 section 14.7).
      if (size !== 4 || end !== view.length) return undefined;
      if (value.readUInt32BE(0) !== fingerprint(view.subarray(0, at))) return undefined;
    }
    attributes.push({ type, value });
    at = end + padding(size);
  }
  return attributes;
}

const isUnderstood = (type: number): boolean =>
  type >= 0x8000 || HARMLESS.has(type) || Object.values<number>(ATTRIBUTES).includes(type);

function readMapped(attributes: readonly Attribute[], view: Buffer): Place | undefined {
  const value = attributes.find(({ type }) => type === ATTRIBUTES.xorMapped)?.value;
  const size = value?.[1] === 1 ? 4 : 16;
  if (value === undefined || (value[1] !== 1 && value[1] !== 2) || value.length !== 4 + size)
    return undefined;
  const octets = xor(value.subarray(4), view.subarray(8, HEADER_BYTES));
  return { address: addressText(octets), port: value.readUInt16BE(2) ^ (COOKIE >>> 16) };
}

/** With the magic cookie and, for IPv6, the transaction id behind it (RFC 8489 section 14.2). */
function xor(octets: Uint8Array, transactionId: Uint8Array): Buffer {
  const mask = Buffer.alloc(4 + ID_BYTES);
  mask.writeUInt32BE(COOKIE, 0);
  mask.set(transactionId, 4);
  return Buffer.from(octets.map((octet, at) => octet ^ (mask[at] ?? 0)));
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

function message(
  type: number,
  transactionId: Uint8Array,
  attributes: readonly Buffer[],
  hasFingerprint: boolean,
): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  const length = attributes.reduce((sum, one) => sum + one.length, hasFingerprint ? FINGERPRINT_BYTES : 0);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(length, 2);
  head.writeUInt32BE(COOKIE, 4);
  head.set(transactionId, 8);
  const plain = Buffer.concat([head, ...attributes]);
  if (!hasFingerprint) return plain;
  const check = Buffer.alloc(4);
  check.writeUInt32BE(fingerprint(plain), 0);
  return Buffer.concat([plain, attribute(ATTRIBUTES.fingerprint, check)]);
}

/** The header's length already counts the fingerprint itself. */
const fingerprint = (before: Buffer): number => (crc32(before) ^ FINGERPRINT_XOR) >>> 0;

const padding = (size: number): number => -size & 3;
