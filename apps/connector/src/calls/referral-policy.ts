import { Limits } from '@offhook/contract';
import { parseReferredBy, parseReferTo, parseUri, type SipRequest } from '@offhook/sip';

/** What may be asked of us by REFER: data of the line and the PBX. */
export interface ReferralBounds {
  /** Hosts that are the PBX: its domain, its name, its addresses. */
  readonly hosts: readonly string[];
  /** Whether the REFER came from the PBX's own address. */
  readonly fromPbx: boolean;
}

/** Where our INVITE goes: always by way of the PBX, which decides by its own rights whether the line may call that. */
export interface ReferredTarget {
  readonly uri: string;
  /** As in Refer-To: what the INVITE takes the place of. */
  readonly replaces?: { readonly callId: string; readonly toTag: string; readonly fromTag: string };
  /** For the INVITE (RFC 3892 section 2.1.2), and who is to be shown as having transferred the call. */
  readonly referredBy?: string;
  /** The called number, for people; empty where there is none. */
  readonly number: string;
}

export type ReferralVerdict =
  | { readonly ok: true; readonly target: ReferredTarget }
  | { readonly ok: false; readonly status: 400 | 403 | 416 | 501 };

/**
 * Whether the other side of a call may have the user's line call somebody (RFC 3515 section 4.2, RFC 5589 section 9). It
 * costs the user's money, so:
 *
 * - only INVITE (501), only SIP (416), exactly one readable Refer-To (400);
 * - only to the PBX itself (403). A contact elsewhere is permitted where the REFER comes from the PBX and names a dialog to take the
 *   place of: an attended transfer by way of a proxy (RFC 5589 section 7.3) knows no other address;
 * - nothing else that the URI asks for is taken over: no headers, no body.
 *
 * How often a call may be sent on is bounded in `on-move.ts`; at most one referral is under way in a call.
 */
export function judgeReferral(request: SipRequest, bounds: ReferralBounds): ReferralVerdict {
  const referTo = parseReferTo(request);
  if (referTo === undefined) return { ok: false, status: 400 };
  if (referTo.method !== 'INVITE') return { ok: false, status: 501 };
  const uri = parseUri(referTo.uri);
  if (uri?.kind !== 'sip') return { ok: false, status: 416 };
  const { replaces } = referTo;
  const isPbx = bounds.hosts.some((host) => host.toLowerCase() === uri.host.toLowerCase());
  if (!isPbx && !(bounds.fromPbx && replaces !== undefined)) return { ok: false, status: 403 };
  const referredBy = parseReferredBy(request)?.uri;
  return {
    ok: true,
    target: {
      uri: referTo.uri,
      ...(replaces === undefined
        ? {}
        : {
            replaces: { callId: replaces.callId, toTag: replaces.toTag, fromTag: replaces.fromTag },
          }),
      ...(referredBy === undefined ? {} : { referredBy }),
      number: (uri.user ?? '').slice(0, Limits.targetChars),
    },
  };
}
