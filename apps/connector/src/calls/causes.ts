import { Hindrance, type EndCause } from '@offhook/contract';
import { parseReason, splitValues } from '@offhook/sip';
import type { EndReason, ReferralOutcome } from '@offhook/sip';

/** How far a call had come when its SIP session ended. */
export type Progress =
  /** Outgoing, not answered; `rang` once the PBX said that the other side rings. */
  | { readonly at: 'outgoing'; readonly rang: boolean }
  /** Incoming, not answered by this user. */
  | { readonly at: 'incoming' }
  | { readonly at: 'talking' };

/** Why a call ended, in the contract's words, from why its SIP session ended. */
export function causeOfEnd(end: EndReason, progress: Progress): EndCause {
  switch (end.by) {
    case 'local':
      return 'failed';
    case 'remote':
      if (progress.at !== 'talking') return causeOfCancel(end.reason);
      return isForgotten(end.reason) ? 'failed' : 'completed';
    case 'refused':
      return causeOfStatus(end.response.status, progress.at === 'outgoing' && progress.rang);
    case 'timeout':
      return causeOfTimeout(end.which);
    case 'transport':
      return 'pbx_unreachable';
    case 'replaced':
      return 'completed';
  }
}

function causeOfTimeout(which: Extract<EndReason, { by: 'timeout' }>['which']): EndCause {
  switch (which) {
    case 'transaction':
      return 'pbx_unreachable';
    case 'no_answer':
      return 'no_answer';
    case 'no_ack':
    case 'no_prack':
    case 'session_expired':
      return 'failed';
  }
}

/**
 * Final responses to our INVITE (RFC 3261 section 21). Where a status means one thing before and another
 * after the other side rang, both are given.
 */
const causeByStatus: Readonly<Record<number, EndCause | { before: EndCause; rang: EndCause }>> = {
  401: 'not_permitted',
  402: 'not_permitted',
  403: 'not_permitted',
  404: 'unknown_number',
  406: 'media_failed',
  407: 'not_permitted',
  408: { before: 'pbx_unreachable', rang: 'no_answer' },
  410: 'unknown_number',
  415: 'media_failed',
  416: 'unknown_number',
  430: { before: 'unreachable', rang: 'no_answer' },
  433: 'not_permitted',
  480: { before: 'unreachable', rang: 'no_answer' },
  484: 'unknown_number',
  485: 'unknown_number',
  486: 'busy',
  487: 'cancelled',
  488: 'media_failed',
  503: 'pbx_unreachable',
  600: 'busy',
  603: 'rejected',
  604: 'unknown_number',
  606: 'media_failed',
  607: 'rejected',
  608: 'rejected',
};

export function causeOfStatus(status: number, rang: boolean): EndCause {
  const known = causeByStatus[status];
  if (known === undefined) return 'failed';
  return typeof known === 'string' ? known : rang ? known.rang : known.before;
}

/** What stood in the way of a call that did not come about. */
export const hindranceOf = (cause: EndCause): Hindrance | undefined =>
  cause === 'pbx_unreachable' ? 'unreachable' : Hindrance.safeParse(cause).data;

/** What a PBX means that refuses a REFER itself, and not the call that it asks for. */
const REFUSED_REFER: Readonly<Record<number, Hindrance>> = {
  401: 'not_permitted',
  403: 'not_permitted',
  404: 'unknown_number',
  407: 'not_permitted',
  484: 'unknown_number',
  486: 'busy',
  503: 'overloaded',
  603: 'not_permitted',
  604: 'unknown_number',
};

/** What stood in the way of a call that another was referred to. */
export function hindranceOfReferral(outcome: ReferralOutcome): Hindrance | undefined {
  switch (outcome.kind) {
    case 'reported':
      // 408 is about the person there: the PBX itself has just reported.
      return hindranceOf(causeOfStatus(outcome.status, outcome.status === 408));
    case 'refused':
      return REFUSED_REFER[outcome.response.status];
    case 'unreported':
    case 'timeout':
    case 'transport':
      return undefined;
  }
}

/** Statuses that say that the PBX knows no REFER at all. */
const NO_REFER: ReadonlySet<number> = new Set([405, 501]);

export const knowsNoRefer = (outcome: ReferralOutcome): boolean =>
  outcome.kind === 'refused' && NO_REFER.has(outcome.response.status);

/** Why what a REFER asked for did not come about, for people. */
export function wordsOfReferral(outcome: ReferralOutcome): string {
  switch (outcome.kind) {
    case 'reported':
      return `the new call was answered ${statusWords(outcome.status, outcome.reason)}`;
    case 'refused':
      return `the telephone system answered ${statusWords(outcome.response.status, outcome.response.reason)}`;
    case 'unreported':
      return 'the telephone system did not say what became of it';
    case 'timeout':
      return 'the telephone system did not answer';
    case 'transport':
      return 'the telephone system cannot be reached';
  }
}

const statusWords = (status: number, reason: string): string =>
  `${String(status)} ${reason.slice(0, 100)}`.trim();

/** Whether a call that talked was not hung up, but the PBX does not know it any more, as after its restart, or is silent. */
export const lostAtPbx = (end: EndReason): boolean =>
  end.by === 'remote' ? isForgotten(end.reason) : end.by === 'timeout' && end.which === 'transaction';

/** 481 Call/Transaction Does Not Exist, to a request of ours in the dialog. */
const isForgotten = (reason: string | undefined): boolean =>
  splitValues(reason ?? '').some((value) => {
    const why = parseReason(value);
    return why?.protocol.toLowerCase() === 'sip' && why.cause === 481;
  });

/**
 * Why the PBX took an incoming call away, from the CANCEL's Reason header (RFC 3326): `SIP;cause=200` or the
 * Q.850 cause 26 (non-selected user clearing) say that another device of the user answered, `SIP;cause=603`
 * that another device refused for all.
 */
function causeOfCancel(reason: string | undefined): EndCause {
  for (const value of splitValues(reason ?? '')) {
    const why = parseReason(value);
    const protocol = why?.protocol.toLowerCase();
    if (protocol === 'sip' && why?.cause === 200) return 'answered_elsewhere';
    if (protocol === 'q.850' && why?.cause === 26) return 'answered_elsewhere';
    if (protocol === 'sip' && (why?.cause === 600 || why?.cause === 603)) return 'declined';
    if (why?.text !== undefined && /completed elsewhere/iu.test(why.text)) return 'answered_elsewhere';
  }
  return 'cancelled';
}
