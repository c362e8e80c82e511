import { isToken, skipSpace } from './chars.ts';
import { formatParams, parseParams } from './params.ts';
import type { Params } from './params.ts';
import { remembering } from './remember.ts';
import { formatHostPort, parseHostPort } from './uri.ts';

/** One value of Via (RFC 3261 section 20.42). */
export interface Via {
  /** In capitals: `UDP`, `TCP`, `TLS`, `WS`, `WSS` or something unknown. */
  readonly transport: string;
  /** The sent-by host; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port?: number;
  /** `branch`, `received`, `rport`, `maddr`, `ttl` … */
  readonly params: Params;
}

/** `undefined` where it is none. */
export const parseVia = remembering(readVia, 4);

function readVia(text: string): Via | undefined {
  // SIP / 2.0 / transport, with white space permitted around the slashes.
  const firstSlash = text.indexOf('/');
  const secondSlash = text.indexOf('/', firstSlash + 1);
  if (firstSlash < 0 || secondSlash < 0) return undefined;
  if (!text.startsWith('SIP/2.0/')) {
    if (text.slice(0, firstSlash).trim().toUpperCase() !== 'SIP') return undefined;
    if (text.slice(firstSlash + 1, secondSlash).trim() !== '2.0') return undefined;
  }
  const transportStart = skipSpace(text, secondSlash + 1);
  const transportEnd = endOfWord(text, transportStart);
  const hostStart = skipSpace(text, transportEnd);
  if (hostStart === transportEnd || !isToken(text, transportStart, transportEnd)) return undefined;
  const semicolon = text.indexOf(';', hostStart);
  const sentBy = (semicolon < 0 ? text.slice(hostStart) : text.slice(hostStart, semicolon)).trimEnd();
  const hostPort = parseHostPort(withoutSpaceAtPort(sentBy));
  const params = parseParams(text, semicolon < 0 ? text.length : semicolon);
  if (hostPort === undefined || params === undefined) return undefined;
  return { transport: text.slice(transportStart, transportEnd).toUpperCase(), ...hostPort, params };
}

/** `host : port` becomes `host:port`. */
function withoutSpaceAtPort(sentBy: string): string {
  if (!sentBy.includes(' ') && !sentBy.includes('\t')) return sentBy;
  const colon = sentBy.indexOf(':', sentBy.startsWith('[') ? sentBy.indexOf(']') : 0);
  return colon < 0 ? sentBy : `${sentBy.slice(0, colon).trimEnd()}:${sentBy.slice(colon + 1).trimStart()}`;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) > 0x20) at += 1;
  return at;
}

export function formatVia(via: Via): string {
  return `SIP/2.0/${via.transport} ${formatHostPort(via.host, via.port)}${formatParams(via.params)}`;
}

/** The `received` address without the brackets that some put around IPv6 (RFC 5118 section 4.5). */
export function viaReceived(via: Via): string | undefined {
  const received = via.params.get('received');
  return received?.startsWith('[') === true && received.endsWith(']') ? received.slice(1, -1) : received;
}

/**
 * The top Via of a request as its receiver has to leave it (RFC 3261 section 18.2.1, RFC 3581 section 4): `received` where
 * the sent-by host is not the packet's source or `rport` was asked for, and `rport` filled in.
 */
export function stampVia(via: Via, source: string, sourcePort: number): Via {
  const wantsPort = via.params.has('rport');
  // The zone of a link-local address means something on our side only (RFC 4007 section 11.2).
  const sourceAddress = source.split('%', 1)[0] ?? source;
  if (via.host === sourceAddress && !wantsPort) return via;
  const params = new Map(via.params);
  if (wantsPort) params.set('rport', String(sourcePort));
  params.set('received', sourceAddress);
  return { ...via, params };
}
