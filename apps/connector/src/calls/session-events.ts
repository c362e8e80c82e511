import {
  decodeEscapes,
  header,
  headerValues,
  parseNameAddr,
  parseSipUri,
  type Body,
  type EndpointEvent,
  type SessionId,
  type SipRequest,
} from '@offhook/sip';
import type { CallInput } from './model.ts';

/** What a call hears of its session; the rest comes only to those who ask for it, and the connector does not. */
export type SessionEvent = Exclude<
  Extract<EndpointEvent, { session: SessionId }>,
  { type: 'session.early_confirmed' | 'session.redirected' }
>;

export const isSessionEvent = (event: EndpointEvent): event is SessionEvent =>
  'session' in event && event.type !== 'session.early_confirmed' && event.type !== 'session.redirected';

/** A session's event as the machine takes it. */
export function inputOf(
  event: Exclude<SessionEvent, { type: 'session.incoming' | 'session.request' }>,
): CallInput {
  switch (event.type) {
    case 'session.progress':
      return { kind: 'sip.progress', status: event.response.status, answer: sdpOf(event.body) };
    case 'session.accepted':
      return { kind: 'sip.accepted', answer: sdpOf(event.body), needsAnswer: event.needsAnswer };
    case 'session.confirmed':
      return { kind: 'sip.confirmed', answer: sdpOf(event.body) };
    case 'session.reoffer':
      return { kind: 'sip.reoffer', offer: event.offer === undefined ? undefined : textOf(event.offer) };
    case 'session.reoffer_result':
      return {
        kind: 'sip.reoffer_result',
        ok: event.ok,
        answer: sdpOf(event.answer),
        status: event.status,
      };
    case 'session.ended':
      return { kind: 'sip.ended', end: event.end };
  }
}

/** The same of a session that shall become the call's; what is of no interest before is left out. */
export function nextInputOf(
  event: Exclude<SessionEvent, { type: 'session.incoming' | 'session.request' }>,
): CallInput | undefined {
  switch (event.type) {
    case 'session.progress':
      return { kind: 'next.progress', status: event.response.status, answer: sdpOf(event.body) };
    case 'session.accepted':
      return { kind: 'next.accepted', answer: sdpOf(event.body), needsAnswer: event.needsAnswer };
    case 'session.ended':
      return { kind: 'next.ended', end: event.end };
    case 'session.confirmed':
    case 'session.reoffer':
    case 'session.reoffer_result':
      return undefined;
  }
}

export const textOf = (body: Body): string => new TextDecoder().decode(body.bytes);

export const isSdp = (body: Body): boolean =>
  body.contentType.split(';')[0]?.trim().toLowerCase() === 'application/sdp';

/** Anything else beside a response (ISUP, XML) is no answer to an offer. */
const sdpOf = (body: Body | undefined): string | undefined =>
  body !== undefined && isSdp(body) ? textOf(body) : undefined;

/**
 * Whether the caller wants to be answered without ringing: RFC 5373, or as PBXs ask their telephones, `answer-after=0`
 * in Call-Info and `info=alert-autoanswer` in Alert-Info.
 */
export const isAnsweredAtOnce = (invite: SipRequest): boolean =>
  headerValues(invite, 'Answer-Mode').some((value) => /^\s*auto\b/iu.test(value)) ||
  headerValues(invite, 'Call-Info').some((value) => /;\s*answer-after\s*=\s*"?0\b/iu.test(value)) ||
  headerValues(invite, 'Alert-Info').some((value) => /;\s*info\s*=\s*"?alert-autoanswer\b/iu.test(value));

/** The user part of the Request-URI; empty where there is none. */
export const requestUser = (request: SipRequest): string => userOf(request.uri);

export function toUser(request: SipRequest): string {
  const to = header(request, 'To');
  return userOf((to === undefined ? undefined : parseNameAddr(to)?.uri) ?? '');
}

function userOf(uri: string): string {
  const user = parseSipUri(uri)?.user ?? '';
  return decodeEscapes(user) ?? user;
}
