import type { Dialog } from '../dialog/dialog.ts';
import type { ExtraHeaders } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type { ReferParams } from '../endpoint/subscription-api.ts';
import { formatReferredBy, formatReferTo, parseReferredBy } from '../headers/refer.ts';
import { parseUri } from '../message/uri.ts';

/**
 * The headers of a REFER (RFC 3515 section 2.1, RFC 3892, RFC 4488); throws where a parameter cannot be one.
 *
 * @param replaced the dialog of the call whose other side shall be called instead of us
 */
export function referHeaders(params: ReferParams, replaced: Dialog | undefined): ExtraHeaders {
  const { referTo, referredBy, report, headers = [] } = params;
  const target = referTo ?? replaced?.remoteTarget;
  if (target === undefined || parseUri(target) === undefined) {
    throw new SipUsageError('bad_argument', `${target ?? 'nothing'} is no URI to refer to`);
  }
  const refer = formatReferTo({
    uri: target,
    ...(replaced !== undefined && { replaces: replacesOf(replaced) }),
  });
  return [
    ['Refer-To', refer],
    ...(referredBy === undefined ? [] : [['Referred-By', referredByValue(referredBy)] as const]),
    ...(report === false
      ? ([
          ['Refer-Sub', 'false'],
          ['Supported', 'norefersub'],
        ] as const)
      : []),
    ...headers,
  ];
}

/** Named as its other side knows it, who gets the INVITE: its local tag is our remote one (RFC 3891 section 3). */
function replacesOf(dialog: Dialog) {
  const { callId, localTag, remoteTag } = dialog;
  return { callId, toTag: remoteTag, fromTag: localTag, earlyOnly: false };
}

function referredByValue(text: string): string {
  const value = parseReferredBy({ headers: [{ name: 'referred-by', value: text }] });
  if (value === undefined || parseUri(value.uri) === undefined) {
    throw new SipUsageError('bad_argument', `${text} is no address`);
  }
  return formatReferredBy(value);
}
