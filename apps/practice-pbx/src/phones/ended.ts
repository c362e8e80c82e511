import { parseReason } from '@offhook/sip';
import type { EndReason } from '@offhook/sip';
import type { PhoneCallInput } from './types.ts';

/** What the end of a session means at the phone. */
export function endedInput(end: EndReason): Extract<PhoneCallInput, { kind: 'ended' }> {
  const reason = end.by === 'remote' ? parseReason(end.reason ?? '') : undefined;
  return {
    kind: 'ended',
    status: end.by === 'refused' ? end.response.status : undefined,
    elsewhere: reason?.protocol.toUpperCase() === 'SIP' && reason.cause === 200,
  };
}
