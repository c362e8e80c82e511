import { header } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import type { Lab } from '../simulation/lab.test-support.ts';

/**
 * The text of a NOTIFY of the peer for a request of the endpoint: what it would send whether or not it has answered that.
 */
export function notifyOf(
  lab: Lab,
  request: SipRequest,
  cseq: number,
  state: string | undefined,
  options: {
    event?: string;
    tag?: string;
    body?: string;
    contentType?: string;
    contact?: string;
    headers?: string[];
  } = {},
): string {
  const event = options.event ?? header(request, 'event') ?? 'refer';
  const contentType = options.contentType ?? 'message/sipfrag;version=2.0';
  return [
    'NOTIFY sip:alice@192.0.2.1:5060 SIP/2.0',
    `Via: SIP/2.0/UDP 192.0.2.2:5060;branch=${lab.newBranch()};rport`,
    'Max-Forwards: 70',
    `From: <sip:bob@192.0.2.2>;tag=${options.tag ?? 'bob'}`,
    `To: ${header(request, 'from') ?? ''}`,
    `Call-ID: ${header(request, 'call-id') ?? ''}`,
    `CSeq: ${cseq} NOTIFY`,
    `Contact: <${options.contact ?? 'sip:bob@192.0.2.2:5060'}>`,
    `Event: ${event}`,
    ...(state === undefined ? [] : [`Subscription-State: ${state}`]),
    ...(options.headers ?? []),
    ...(options.body === undefined ? [] : [`Content-Type: ${contentType}`]),
    '',
    options.body ?? '',
  ].join('\n');
}
