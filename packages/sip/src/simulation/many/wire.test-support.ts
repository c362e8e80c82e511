import { callId, cseq, fromTag, toTag, topVia } from '../../message/headers.ts';
import type { SipMessage } from '../../message/types.ts';
import type { Life } from './life.test-support.ts';

/** A request that a host has sent in a call. */
export interface OwnRequest {
  readonly method: string;
  readonly number: number;
  readonly firstSentAt: number;
  provisionalAt?: number;
  final?: { readonly status: number; readonly at: number };
}

/** How a host has answered a request. */
export interface OwnAnswer {
  readonly method: string;
  readonly number: number;
  final?: { readonly status: number; readonly at: number };
}

/** 2xx to an INVITE of one dialog, and their ACKs. */
export interface Success {
  readonly firstHeardAt: number;
  /** When the ACK went out first. */
  acknowledgedAt?: number;
  acksSent: number;
  /** 2xx that came after the ACK had gone out. */
  repeats: number;
}

/** What one life of a host has sent and heard of one call, message for message. */
export class CallWire {
  /** By branch and method. */
  readonly requests = new Map<string, OwnRequest>();
  /** By branch and method. */
  readonly answers = new Map<string, OwnAnswer>();
  /** Its own in the dialogs of the call: what is meant for others was meant for an earlier life. */
  readonly tags = new Set<string>();
  /** The highest CSeq number by dialog. */
  readonly numbers = new Map<string, number>();
  /** When the first BYE went out, by dialog. */
  readonly byesSent = new Map<string, number>();
  /** When the first BYE came, by the tag of its sender. */
  readonly byesHeard = new Map<string, number>();
  cancelHeardAt?: number;
  readonly pracksHeardAt: number[] = [];
  /** The last INVITE outside a dialog that was heard begins something: it is no retransmission, or its transaction is over. */
  mayBegin = true;
  /** When the first ACK came, by CSeq number. */
  readonly acksHeard = new Map<number, number>();
  /** By CSeq number and the tag of whoever accepted. */
  readonly successes = new Map<string, Success>();
  /** Final responses that came. */
  readonly finals: { readonly status: number; readonly method: string; readonly at: number }[] = [];
}

/** What a message on the wire was, with what its host had done before. */
export type WireEvent =
  | {
      readonly kind: 'request_sent';
      readonly method: string;
      readonly number: number;
      /** Not a retransmission. */
      readonly isNew: boolean;
      readonly before: {
        /** The highest number of its dialog. */
        readonly number: number | undefined;
        readonly byeSentAt: number | undefined;
        /** Of CANCEL: a provisional response to its INVITE has come. */
        readonly hasProvisional: boolean;
        /** Of ACK and CANCEL: an INVITE with this number was sent. */
        readonly hasInvite: boolean;
      };
    }
  | {
      readonly kind: 'response_sent';
      readonly method: string;
      readonly status: number;
      readonly before: { readonly final: number | undefined };
    }
  | { readonly kind: 'heard' };

/**
 * How long a server transaction stays after its final response (timers H, J and L). The last retransmission of a request may
 * come later than that, where the network was late: RFC 6026 has it begin anew then, with whatever that means.
 */
const absorbedFor = 64 * 500;

const keyOf = (branch: string, method: string): string => `${branch} ${method}`;
export const successKey = (number: number, tag: string): string => `${number} ${tag}`;

/** The Call-ID of a message that belongs to a call. */
export const callOf = (message: SipMessage): string | undefined => callId(message);

const isAbsorbing = ({ final }: OwnAnswer, now: number): boolean =>
  final === undefined || now < final.at + absorbedFor;

export function noteSent(wire: CallWire, message: SipMessage, now: number): WireEvent {
  const { number = 0, method = '' } = cseq(message) ?? {};
  const branch = topVia(message)?.params.get('branch') ?? '';
  const key = keyOf(branch, method);
  const ownTag = message.kind === 'request' ? fromTag(message) : toTag(message);
  if (ownTag !== undefined) wire.tags.add(ownTag);
  if (message.kind === 'response') {
    const known = wire.answers.get(key);
    const answer = known !== undefined && isAbsorbing(known, now) ? known : { method, number };
    if (known !== undefined && answer !== known) wire.answers.set(`${key} at ${now}`, known);
    wire.answers.set(key, answer);
    const before = { final: answer.final?.status };
    if (message.status >= 200) answer.final ??= { status: message.status, at: now };
    return { kind: 'response_sent', method, status: message.status, before };
  }
  const tag = toTag(message) ?? '';
  const local = fromTag(message) ?? '';
  const dialog = `${local} ${tag}`;
  const invite = [...wire.requests.values()].findLast(
    (request) => request.method === 'INVITE' && request.number === number,
  );
  const isNew = !wire.requests.has(key) && method !== 'ACK';
  const before = {
    number: wire.numbers.get(dialog) ?? wire.numbers.get(`${local} `),
    byeSentAt: wire.byesSent.get(dialog),
    hasProvisional: invite?.provisionalAt !== undefined,
    hasInvite: invite !== undefined,
  };
  if (method === 'ACK') noteAckSent(wire, number, tag, now);
  if (isNew) {
    wire.requests.set(key, { method, number, firstSentAt: now });
    if (method !== 'CANCEL') wire.numbers.set(dialog, number);
    if (method === 'BYE' && before.byeSentAt === undefined) wire.byesSent.set(dialog, now);
  }
  return { kind: 'request_sent', method, number, isNew, before };
}

function noteAckSent(wire: CallWire, number: number, tag: string, now: number): void {
  const success = wire.successes.get(successKey(number, tag));
  if (success === undefined) return;
  success.acknowledgedAt ??= now;
  success.acksSent += 1;
}

export function noteHeard(wire: CallWire, message: SipMessage, now: number): WireEvent {
  const { number = 0, method = '' } = cseq(message) ?? {};
  if (message.kind === 'request') {
    if (method === 'INVITE' && toTag(message) === undefined) {
      const known = wire.answers.get(keyOf(topVia(message)?.params.get('branch') ?? '', method));
      wire.mayBegin = known === undefined || !isAbsorbing(known, now);
    }
    const isOurs = wire.tags.has(toTag(message) ?? '');
    if (method === 'ACK' && isOurs && !wire.acksHeard.has(number)) wire.acksHeard.set(number, now);
    const branch = topVia(message)?.params.get('branch') ?? '';
    // One that comes before its INVITE, to a host that was restarted meanwhile, means nothing to it.
    if (method === 'CANCEL' && wire.answers.has(keyOf(branch, 'INVITE'))) wire.cancelHeardAt ??= now;
    if (method === 'PRACK') wire.pracksHeardAt.push(now);
    const tag = fromTag(message) ?? '';
    if (method === 'BYE' && isOurs && !wire.byesHeard.has(tag)) wire.byesHeard.set(tag, now);
    return { kind: 'heard' };
  }
  const request = wire.requests.get(keyOf(topVia(message)?.params.get('branch') ?? '', method));
  if (request === undefined) return { kind: 'heard' };
  if (message.status < 200) {
    request.provisionalAt ??= now;
    return { kind: 'heard' };
  }
  // A failure ends the INVITE: no other phone of the same fork may answer it any more (RFC 3261 section 16.7 step 6).
  const hasFailed = request.final !== undefined && request.final.status >= 300;
  request.final ??= { status: message.status, at: now };
  wire.finals.push({ status: message.status, method, at: now });
  if (method === 'INVITE' && message.status < 300 && !hasFailed) {
    const key = successKey(number, toTag(message) ?? '');
    const known = wire.successes.get(key);
    if (known === undefined) wire.successes.set(key, { firstHeardAt: now, acksSent: 0, repeats: 0 });
    // As long as the client transaction lives (timer M).
    else if (known.acknowledgedAt !== undefined && now < known.firstHeardAt + absorbedFor) known.repeats += 1;
  }
  return { kind: 'heard' };
}

/** When something last kept the session alive (RFC 4028): a 2xx to an INVITE or UPDATE, sent or heard for the first time. */
export function refreshedAt(wire: CallWire): number {
  const times = [...wire.requests.values(), ...wire.answers.values()].flatMap(({ method, final }) =>
    (method === 'INVITE' || method === 'UPDATE') && final !== undefined && final.status < 300
      ? [final.at]
      : [],
  );
  return Math.max(-Infinity, ...times);
}

/** The wire of one life in one call, made when it is first asked for. */
export function wireOf(wires: Map<Life, CallWire>, life: Life): CallWire {
  const found = wires.get(life);
  if (found !== undefined) return found;
  const wire = new CallWire();
  wires.set(life, wire);
  return wire;
}
