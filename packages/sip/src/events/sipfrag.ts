import type { Body } from '../endpoint/api.ts';
import { isToken, parseDecimal } from '../message/chars.ts';
import { canonicalName } from '../message/names.ts';
import { reasonPhrase } from '../message/reasons.ts';
import type { HeaderField } from '../message/types.ts';

/** What a NOTIFY of the package `refer` says of the request that was sent (RFC 3420, RFC 3515 section 2.4.5). */
export interface Sipfrag {
  /** 100–699. */
  readonly status: number;
  readonly reason: string;
  /** What else of the response there is. */
  readonly headers: readonly HeaderField[];
}

export const sipfragType = 'message/sipfrag';

const mostOctets = 16_384;
const mostHeaders = 64;

/**
 * A fragment with a status line. `undefined` for others, which RFC 3420 permits and which say nothing of an outcome. Header
 * lines that cannot be read are left out; a body is not looked at.
 */
export function parseSipfrag(bytes: Uint8Array): Sipfrag | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, mostOctets)).toString(
    'utf8',
  );
  const [start = '', ...lines] = text.trimStart().split(/\r\n|\n/);
  const match = /^SIP\/2\.0[ \t]+([1-6]\d\d)(?:[ \t]+(.*))?$/i.exec(start.trimEnd());
  const status = match === null ? undefined : parseDecimal(match[1] ?? '', 699);
  if (match === null || status === undefined) return undefined;
  return { status, reason: (match[2] ?? '').trim(), headers: readHeaders(lines) };
}

function readHeaders(lines: readonly string[]): HeaderField[] {
  const headers: { name: string; value: string }[] = [];
  for (const line of lines) {
    if (line.trim() === '' || headers.length === mostHeaders) break;
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (isToken(name)) headers.push({ name: canonicalName(name), value: line.slice(colon + 1).trim() });
  }
  return headers;
}

/** A status line and nothing else: what every referrer understands. */
export function formatSipfrag(status: number, reason: string = reasonPhrase(status)): Body {
  const line = `SIP/2.0 ${status} ${reason.replaceAll(/[\r\n\0]+/g, ' ')}`;
  return { contentType: `${sipfragType};version=2.0`, bytes: Buffer.from(`${line}\r\n`) };
}
