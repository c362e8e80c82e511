import type { Body } from '../endpoint/api.ts';
import { reasonPhrase } from '../message/reasons.ts';

/** How a referred request gets on: the status line of a message/sipfrag (RFC 3420, RFC 3515 section 2.4.5). */
export interface ReportedStatus {
  /** 100–699. */
  readonly status: number;
  readonly reason: string;
}

/** Octets of a fragment that are looked at, and characters of its reason phrase that are kept. */
const mostOctets = 1_024;
const longestReason = 256;

/** Only the status line counts; headers and a body after it are passed over. `undefined` where it cannot be read. */
export function parseSipfrag(body: Body | undefined): ReportedStatus | undefined {
  if (body === undefined) return undefined;
  const type = (body.contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (type !== 'message/sipfrag') return undefined;
  const text = new TextDecoder().decode(body.bytes.subarray(0, mostOctets));
  const [line = ''] = text.trimStart().split(/[\r\n]/, 1);
  const match = /^SIP\/2\.0[ \t]+([1-6]\d\d)(?:[ \t]+(.*))?$/i.exec(line);
  if (match === null) return undefined;
  const [, status = '', reason = ''] = match;
  return { status: Number(status), reason: printable(reason).slice(0, longestReason) };
}

/** The body of a NOTIFY about a referred request. */
export function formatSipfrag(status: number, reason: string = reasonPhrase(status)): Body {
  const line = `SIP/2.0 ${status} ${printable(reason).slice(0, longestReason)}\r\n`;
  return { contentType: 'message/sipfrag;version=2.0', bytes: new TextEncoder().encode(line) };
}

/** Without control characters, which could begin another line. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
