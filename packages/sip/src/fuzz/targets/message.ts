import { createResponse, withoutHeader } from '../../message/build.ts';
import * as headers from '../../message/headers.ts';
import { parseNameAddr } from '../../message/name-addr.ts';
import { parseMessage } from '../../message/parse.ts';
import { serialise } from '../../message/serialise.ts';
import type { ParseFault, SipMessage } from '../../message/types.ts';
import { formatUri, parseUri, uriEquals } from '../../message/uri.ts';
import { formatVia, parseVia } from '../../message/via.ts';
import { responseToFault } from '../../endpoint/stateless.ts';
import { demand } from '../entropy.ts';

/**
 * Reads a datagram, asks its message for everything, writes it and reads it again.
 *
 * @returns whether it was accepted
 */
export function exerciseMessage(bytes: Uint8Array): boolean {
  const result = parseMessage(bytes);
  if (result.kind === 'fault') {
    exerciseFault(result);
    return false;
  }
  exerciseAccessors(result);
  exerciseRoundTrip(result);
  return true;
}

function exerciseFault(fault: ParseFault): void {
  demand(fault.text.length < 200, 'the text of a fault is short');
  const response = responseToFault(fault);
  if (response !== undefined) {
    demand(response.status >= 400 && response.status < 600, 'a fault is answered 4xx or 5xx');
    serialise(response);
  }
}

const LISTS = ['via', 'contact', 'route', 'record-route', 'allow', 'supported', 'warning', 'reason', 'x-abc'];

function exerciseAccessors(message: SipMessage): void {
  demand(headers.cseq(message) !== undefined, 'an accepted message has a CSeq');
  demand(headers.topVia(message) !== undefined, 'an accepted message has a Via');
  demand((headers.callId(message) ?? '') !== '', 'an accepted message has a Call-ID');
  demand(
    parseNameAddr(headers.header(message, 'from') ?? '') !== undefined,
    'an accepted message has a From',
  );
  headers.fromTag(message);
  headers.toTag(message);
  headers.retryAfter(message);
  headers.contentType(message);
  headers.parseContactList(message);
  headers.hasToken(message, 'require', '100rel');
  headers.numberHeader(message, 'expires');
  for (const name of LISTS) headers.headerValues(message, name);
  headers.headerValues(message, 'warning').forEach(headers.parseWarning);
  headers.headerValues(message, 'reason').forEach(headers.parseReason);
  for (const value of headers.headerValues(message, 'via')) {
    const via = parseVia(value);
    if (via === undefined) continue;
    const again = parseVia(formatVia(via));
    demand(again !== undefined && formatVia(again) === formatVia(via), 'a Via that is written can be read');
  }
  for (const name of ['from', 'to', 'contact', 'refer-to']) {
    for (const value of headers.headerValues(message, name)) exerciseUri(parseNameAddr(value)?.uri ?? '');
  }
  if (message.kind === 'request') {
    exerciseUri(message.uri);
    serialise(createResponse(message, 200, undefined, { toTag: 'x' }));
  }
}

function exerciseUri(text: string): void {
  const uri = parseUri(text);
  if (uri === undefined) return;
  const again = parseUri(formatUri(uri));
  demand(again !== undefined && uriEquals(uri, again), 'a URI that is written is equal when read');
}

function exerciseRoundTrip(message: SipMessage): void {
  const octets = serialise(message);
  const again = parseMessage(octets);
  if (again.kind === 'fault') {
    // Long names and UTF-8 take more octets than what came.
    demand(again.code === 'too_large', `what was accepted is refused when written: ${again.text}`);
    return;
  }
  const before = JSON.stringify(comparable(message));
  demand(
    JSON.stringify(comparable(again)) === before,
    'a message says the same after it was written and read',
  );
  demand(Buffer.compare(serialise(again), octets) === 0, 'writing what was written gives the same octets');
}

function comparable(message: SipMessage) {
  return { ...withoutHeader(message, 'content-length'), body: Buffer.from(message.body).toString('latin1') };
}
