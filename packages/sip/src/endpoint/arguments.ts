import { isToken } from '../message/chars.ts';
import { canonicalName } from '../message/names.ts';
import { parseUri } from '../message/uri.ts';
import type { Body, ExtraHeaders, InviteParams, RegisterParams, SessionTimer } from './api.ts';
import { SipUsageError } from './errors.ts';

/*
 * What a command is given has to be able to stand in a message. It is looked at here, before anything is made of it: a mistake of the
 * application is told to it in words, and not by a peer that answers 400 or not at all.
 */

/** Methods that have machines of their own: as a bare request nobody would acknowledge, answer or end what they begin. */
const ownMethods = new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'PRACK', 'UPDATE']);

/** Headers by which a message finds its transaction, dialog and end. */
const ownHeaders = new Set(['via', 'from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length']);

const mostSeconds = 0xffff_ffff;

export function assertInvite(params: InviteParams): void {
  assertUri(params.to, 'to');
  assertUri(params.from, 'from');
  assertSessionTimer(params.sessionTimer);
  assertDescription(params.offer);
  assertHeaders(params.headers);
  if (params.callId !== undefined && !/^[\x21-\x7e]+$/.test(params.callId)) {
    throw unfit(`callId: ${quoted(params.callId)} is no Call-ID`);
  }
}

export function assertRegister(params: RegisterParams): void {
  assertUri(params.registrar, 'registrar');
  assertUri(params.aor, 'aor');
  assertSeconds(params.expires, 1, 'expires');
}

export function assertRequest(request: {
  readonly method: string;
  readonly to?: string;
  readonly from?: string;
  readonly body?: Body | undefined;
  readonly headers?: ExtraHeaders | undefined;
}): void {
  const { method, to, from, body, headers } = request;
  if (!isToken(method)) throw unfit(`method: ${quoted(method)} is no method`);
  if (ownMethods.has(method)) throw unfit(`method: ${method} has a command of its own`);
  if (to !== undefined) assertUri(to, 'to');
  if (from !== undefined) assertUri(from, 'from');
  assertBody(body);
  assertHeaders(headers);
}

export function assertHeaders(headers: ExtraHeaders | undefined): void {
  for (const [name, value] of headers ?? []) {
    if (!isToken(name)) throw unfit(`headers: ${quoted(name)} is no name of a header`);
    if (ownHeaders.has(canonicalName(name)))
      throw unfit(`headers: ${name} is written by the endpoint itself`);
    if (/[\r\n]/.test(value)) throw unfit(`headers: the value of ${name} has a line break in it`);
  }
}

/** An offer or answer: without octets it would be none, and the other side would take it for something else. */
export function assertDescription(body: Body | undefined): void {
  assertBody(body);
  if (body?.bytes.length === 0) throw unfit('a description without octets describes nothing');
}

export function assertBody(body: Body | undefined): void {
  if (body === undefined || /^[^\s/;]+\/[^\r\n]+$/.test(body.contentType)) return;
  throw unfit(`contentType: ${quoted(body.contentType)} is no media type`);
}

export function assertSessionTimer(timer: SessionTimer | undefined): void {
  if (timer !== undefined) assertSeconds(timer.expires, 0, 'sessionTimer.expires');
}

function assertUri(uri: string, what: string): void {
  if (parseUri(uri) === undefined)
    throw unfit(`${what}: ${quoted(uri)} is no URI, such as sip:100@pbx.example`);
}

function assertSeconds(seconds: number, least: number, what: string): void {
  if (Number.isInteger(seconds) && seconds >= least && seconds <= mostSeconds) return;
  throw unfit(`${what}: ${seconds} is no number of seconds from ${least} to ${mostSeconds}`);
}

const unfit = (message: string): SipUsageError => new SipUsageError('bad_argument', message);
const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));
