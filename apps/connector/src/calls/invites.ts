import { escapeUser, formatHostPort, formatIdentity, type Body, type InviteParams } from '@offhook/sip';
import type { LineOfUser } from './lines.ts';
import type { ReferralBounds } from './referral-policy.ts';

/** Longest time for which an outgoing call may ring; PBXs give up sooner (RFC 3261 timer C is 3 minutes). */
const ANSWER_TIMEOUT = 180_000;

/** The address of a number at the line's PBX. */
export const uriOf = (line: LineOfUser, number: string): string =>
  `sip:${escapeUser(number)}@${formatHostPort(line.domain, undefined)}`;

/** The address of record of a line. */
export const ownUriOf = (line: LineOfUser): string => uriOf(line, line.asserted ?? line.line.number);

/** With the name that the line shows: a platform that takes the one takes the other. */
const preferred = (line: LineOfUser, callerId: string): string => {
  const { displayName } = line.line;
  const uri = uriOf(line, callerId.replaceAll(/[\s().\-/]/gu, ''));
  return formatIdentity({ uri, ...(displayName === '' ? {} : { displayName }) });
};

/** An INVITE of this line, by way of its PBX whatever the URI says. */
export function inviteOf(
  line: LineOfUser,
  call: {
    readonly to: string;
    readonly sipCallId: string;
    readonly offer: Body;
    readonly replaces?: NonNullable<InviteParams['replaces']> | undefined;
    /** RFC 3892: at whose wish. */
    readonly referredBy?: string | undefined;
    /** RFC 3325 section 9.2: who the line would like to be to the called. On a trunk, which asserts who calls, it is not said. */
    readonly callerId?: string | undefined;
  },
): InviteParams {
  const { to, sipCallId, offer, replaces, referredBy, callerId } = call;
  return {
    to,
    from: ownUriOf(line),
    fromName: line.line.displayName,
    offer,
    ...(line.route.length > 0 ? { route: line.route } : line.target && { target: line.target }),
    credentials: line.credentials,
    contactUser: line.line.lineId,
    callId: sipCallId,
    answerTimeout: ANSWER_TIMEOUT,
    ...(replaces === undefined ? {} : { replaces }),
    headers: [
      ...(line.asserted === undefined
        ? []
        : ([['P-Asserted-Identity', `<${uriOf(line, line.asserted)}>`]] as const)),
      ...(callerId === undefined || line.asserted !== undefined
        ? []
        : ([['P-Preferred-Identity', preferred(line, callerId)]] as const)),
      ...(referredBy === undefined ? [] : ([['Referred-By', `<${referredBy}>`]] as const)),
    ],
  };
}

/** What the PBX, or the other side by way of it, may have this line call. */
export const boundsOf = (line: LineOfUser | undefined, fromPbx: boolean): ReferralBounds => ({
  hosts: line === undefined ? [] : [line.domain, ...(line.target === undefined ? [] : [line.target.address])],
  fromPbx,
});
