import type { EndCause } from '@offhook/contract';
import type { EndReason, SipResponse } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { causeOfEnd, lostAtPbx, type Progress } from './causes.ts';

const refused = (status: number): EndReason => {
  const response: SipResponse = { kind: 'response', status, reason: '', headers: [], body: new Uint8Array() };
  return { by: 'refused', response };
};
const calling: Progress = { at: 'outgoing', rang: false };
const alerting: Progress = { at: 'outgoing', rang: true };
const incoming: Progress = { at: 'incoming' };
const talking: Progress = { at: 'talking' };

describe('final responses to our INVITE [RFC3261-21]', () => {
  const table: [number, EndCause, EndCause][] = [
    [302, 'failed', 'failed'],
    [401, 'not_permitted', 'not_permitted'],
    [403, 'not_permitted', 'not_permitted'],
    [404, 'unknown_number', 'unknown_number'],
    [407, 'not_permitted', 'not_permitted'],
    [408, 'pbx_unreachable', 'no_answer'],
    [410, 'unknown_number', 'unknown_number'],
    [430, 'unreachable', 'no_answer'],
    [480, 'unreachable', 'no_answer'],
    [484, 'unknown_number', 'unknown_number'],
    [485, 'unknown_number', 'unknown_number'],
    [486, 'busy', 'busy'],
    [487, 'cancelled', 'cancelled'],
    [488, 'media_failed', 'media_failed'],
    [500, 'failed', 'failed'],
    [502, 'failed', 'failed'],
    [503, 'pbx_unreachable', 'pbx_unreachable'],
    [600, 'busy', 'busy'],
    [603, 'rejected', 'rejected'],
    [604, 'unknown_number', 'unknown_number'],
  ];
  test.each(table)('%i before it rang is %s, after it rang %s', (status, before, rang) => {
    expect(causeOfEnd(refused(status), calling)).toBe(before);
    expect(causeOfEnd(refused(status), alerting)).toBe(rang);
  });
});

describe('an incoming call that the PBX takes away [RFC3326]', () => {
  const table: [string | undefined, EndCause][] = [
    [undefined, 'cancelled'],
    ['SIP;cause=200;text="Call completed elsewhere"', 'answered_elsewhere'],
    ['SIP ;cause=200', 'answered_elsewhere'],
    ['Q.850;cause=26', 'answered_elsewhere'],
    ['Q.850;cause=16, SIP;cause=200', 'answered_elsewhere'],
    ['X-PBX;text="Call completed elsewhere"', 'answered_elsewhere'],
    ['SIP;cause=603;text="Declined"', 'declined'],
    ['Q.850;cause=16;text="Terminated"', 'cancelled'],
    ['nonsense "', 'cancelled'],
  ];
  test.each(table)('Reason %j is %s', (reason, cause) => {
    const end: EndReason = reason === undefined ? { by: 'remote' } : { by: 'remote', reason };
    expect(causeOfEnd(end, incoming)).toBe(cause);
  });
});

describe('other ends', () => {
  test('BYE in a call that talks completes it, whatever its Reason', () => {
    expect(causeOfEnd({ by: 'remote', reason: 'SIP;cause=200' }, talking)).toBe('completed');
  });
  test.each<[EndReason, EndCause, boolean]>([
    [{ by: 'remote', reason: 'SIP;cause=481;text="Call/Transaction Does Not Exist"' }, 'failed', true],
    [{ by: 'remote', reason: 'Q.850;cause=16, SIP ;cause=481' }, 'failed', true],
    [{ by: 'timeout', which: 'transaction' }, 'pbx_unreachable', true],
    [{ by: 'remote', reason: 'Q.850;cause=481' }, 'completed', false],
    [{ by: 'remote' }, 'completed', false],
    [{ by: 'timeout', which: 'session_expired' }, 'failed', false],
  ])('[RFC5057-5.1] a call that talks and ends with %j is %s; lost at the PBX: %s', (end, cause, lost) => {
    expect(causeOfEnd(end, talking)).toBe(cause);
    expect(lostAtPbx(end)).toBe(lost);
  });
  test('no answer of the PBX at all is pbx_unreachable', () => {
    expect(causeOfEnd({ by: 'timeout', which: 'transaction' }, calling)).toBe('pbx_unreachable');
    expect(causeOfEnd({ by: 'transport', text: 'refused' }, calling)).toBe('pbx_unreachable');
  });
  test('our own patience ends with no_answer, a missing ACK with failed', () => {
    expect(causeOfEnd({ by: 'timeout', which: 'no_answer' }, alerting)).toBe('no_answer');
    expect(causeOfEnd({ by: 'timeout', which: 'no_ack' }, talking)).toBe('failed');
  });
});
