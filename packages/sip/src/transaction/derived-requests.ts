import { cseq, header, headerFields } from '../message/headers.ts';
import type { HeaderField, SipRequest, SipResponse } from '../message/types.ts';

const noBody = new Uint8Array(0);

/**
 * The ACK to a 300–699: the INVITE's topmost Via, Route, From and Call-ID, the response's To (RFC 3261 section
 * 17.1.1.3), and the INVITE's credentials, for nobody can challenge an ACK (section 22.1).
 */
export function ackForFailure(invite: SipRequest, response: SipResponse): SipRequest {
  const ack = derived(invite, 'ACK', header(response, 'to') ?? header(invite, 'to') ?? '');
  const credentials = invite.headers.filter(
    ({ name }) => name === 'authorization' || name === 'proxy-authorization',
  );
  return { ...ack, headers: [...ack.headers, ...credentials] };
}

/** The CANCEL of a request that is outstanding (section 9.1): same branch, same CSeq number, same way. */
export function cancelFor(invite: SipRequest): SipRequest {
  return derived(invite, 'CANCEL', header(invite, 'to') ?? '');
}

function derived(invite: SipRequest, method: 'ACK' | 'CANCEL', to: string): SipRequest {
  const headers: HeaderField[] = [
    { name: 'via', value: header(invite, 'via') ?? '' },
    { name: 'max-forwards', value: '70' },
    ...headerFields(invite, 'route').map((value) => ({ name: 'route', value })),
    { name: 'from', value: header(invite, 'from') ?? '' },
    { name: 'to', value: to },
    { name: 'call-id', value: header(invite, 'call-id') ?? '' },
    { name: 'cseq', value: `${cseq(invite)?.number ?? 0} ${method}` },
  ];
  return { kind: 'request', method, uri: invite.uri, headers, body: noBody };
}
