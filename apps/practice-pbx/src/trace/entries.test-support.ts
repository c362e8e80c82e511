import type { TraceEntry } from './trace-ring.ts';

/** A SIP message of the trace, as short as it may be. */
export function sipEntry(
  number: number,
  direction: 'in' | 'out',
  remote: string,
  text: string,
  at: number = number,
): TraceEntry {
  const [line = ''] = text.split('\n');
  const callId = /^Call-ID: (\S+)/mu.exec(text)?.[1] ?? null;
  return { number, at, direction, transport: 'udp', remote, line, callId, text };
}

export function cstaEntry(number: number, at: number, line: string, text: string): TraceEntry {
  const remote = '192.0.2.9:4000';
  return { number, at, direction: 'out', transport: 'csta', remote, line, callId: null, text };
}

export const PHONE = '192.0.2.1:5060';
export const OTHER = '192.0.2.2:5060';

/** One call through the PBX: a leg on each side. */
export const CALL_THROUGH: readonly TraceEntry[] = [
  sipEntry(1, 'in', PHONE, 'REGISTER sip:pbx SIP/2.0\nFrom: <sip:101@pbx>\nCSeq: 1 REGISTER\nCall-ID: r'),
  sipEntry(2, 'in', PHONE, 'INVITE sip:201@pbx SIP/2.0\nFrom: <sip:101@pbx>\nCSeq: 1 INVITE\nCall-ID: a'),
  sipEntry(3, 'out', OTHER, 'INVITE sip:201@192.0.2.2 SIP/2.0\nCSeq: 9 INVITE\nCall-ID: b'),
  sipEntry(4, 'in', OTHER, 'SIP/2.0 180 Ringing\nCSeq: 9 INVITE\nCall-ID: b'),
  sipEntry(5, 'out', PHONE, 'SIP/2.0 180 Ringing\nCSeq: 1 INVITE\nCall-ID: a'),
];
