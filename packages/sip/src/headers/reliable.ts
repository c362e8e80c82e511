import { isToken, parseDecimal } from '../message/chars.ts';
import { headerFields } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';

/** Which response a PRACK acknowledges (RFC 3262 section 7.2). */
export interface RAckValue {
  /** The RSeq of the response. */
  readonly rseq: number;
  /** The CSeq number of the response. */
  readonly cseq: number;
  /** The CSeq method of the response. */
  readonly method: string;
}

/** From 1 to 2^32 - 1 (RFC 3262 section 7.1). */
export function parseRSeq(text: string): number | undefined {
  const number = parseDecimal(text.trim(), 0xffff_ffff);
  return number === 0 ? undefined : number;
}

/** RSeq of a provisional response; `undefined` where there is none, several, or one that cannot be read. */
export function rseq(message: WithHeaders): number | undefined {
  const fields = headerFields(message, 'rseq');
  return fields.length === 1 ? parseRSeq(fields[0] ?? '') : undefined;
}

export function parseRAck(text: string): RAckValue | undefined {
  const [first = '', second = '', method = '', ...more] = text.trim().split(/[ \t]+/);
  const number = parseRSeq(first);
  const cseq = parseDecimal(second, 0xffff_ffff);
  if (number === undefined || cseq === undefined || !isToken(method) || more.length > 0) return undefined;
  return { rseq: number, cseq, method };
}

/** RAck of a PRACK; `undefined`, to be answered 400, where there is not exactly one that can be read. */
export function rack(message: WithHeaders): RAckValue | undefined {
  const fields = headerFields(message, 'rack');
  return fields.length === 1 ? parseRAck(fields[0] ?? '') : undefined;
}

export function formatRAck(value: RAckValue): string {
  return `${value.rseq} ${value.cseq} ${value.method}`;
}
