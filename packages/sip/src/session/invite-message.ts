import { capabilitiesWithout, capabilityHeaders } from '../agent/capabilities.ts';
import type { ExtraHeaders, InviteParams } from '../endpoint/api.ts';
import { formatReplaces } from '../headers/index.ts';
import { createRequest } from '../message/build.ts';
import type { SipRequest } from '../message/types.ts';

/** What stays the same over all attempts of one call: challenges, redirects, longer session intervals. */
export interface CallIdentity {
  readonly callId: string;
  readonly localTag: string;
}

/** The INVITE of a call of ours, without Via (RFC 3261 section 8.1.1). */
export function createInvite(
  params: InviteParams,
  identity: CallIdentity,
  attempt: {
    readonly uri: string;
    readonly sequence: number;
    readonly contact: string;
    /** Of the session timer. */
    readonly timer: ExtraHeaders;
  },
): SipRequest {
  const { offer, maxForwards, route } = params;
  return createRequest({
    method: 'INVITE',
    uri: attempt.uri,
    from: {
      ...(params.fromName !== undefined && { displayName: params.fromName }),
      uri: params.from,
      params: new Map([['tag', identity.localTag]]),
    },
    to: { uri: params.to, params: new Map() },
    callId: identity.callId,
    cseq: attempt.sequence,
    contact: attempt.contact,
    ...(maxForwards !== undefined && { maxForwards }),
    // A redirected call goes straight to its new target (RFC 3261 section 8.1.3.4).
    ...(route !== undefined && attempt.uri === params.to && { route }),
    headers: [...extensionHeaders(params), ...attempt.timer, ...(params.headers ?? [])],
    ...(offer !== undefined && { body: offer }),
  });
}

function extensionHeaders(params: InviteParams): ExtraHeaders {
  const { reliableProvisionals, replaces, maxBreadth } = params;
  const required = [
    ...(reliableProvisionals === 'required' ? ['100rel'] : []),
    ...(replaces === undefined ? [] : ['replaces']),
  ];
  return [
    ...(reliableProvisionals === 'off' ? capabilitiesWithout('100rel') : capabilityHeaders),
    ...(required.length === 0 ? [] : [['Require', required.join(', ')] as const]),
    ...(replaces === undefined
      ? []
      : [['Replaces', formatReplaces({ ...replaces, earlyOnly: false })] as const]),
    ...(maxBreadth === undefined ? [] : [['Max-Breadth', String(maxBreadth)] as const]),
  ];
}
