import type { LineConfig, UserId } from '@offhook/contract';
import type { Credentials, Flow, Target } from '@offhook/sip';

/** What call control needs to know of the PBX and of its users' lines. */
export interface LineBook {
  /** Whether the configuration has come. */
  readonly configured: boolean;
  ofUser(userId: UserId): LineOfUser | undefined;
  /** The line that an INVITE is for, by the user part of its Request-URI and, from the PBX, of its To. */
  ofInvite(requestUser: string, toUser: string, fromPbx: boolean): LineConfig | undefined;
  /** Whether this comes from the PBX's own address. */
  isPbx(flow: Flow): boolean;
  /** A number that can always be dialled. */
  isEmergency(number: string): boolean;
  /** Milliseconds that an incoming call rings. */
  ringTime(): number;
}

export interface LineOfUser {
  readonly line: LineConfig;
  readonly registered: boolean;
  readonly credentials: Credentials;
  /** Where requests for the PBX go, once its name has been looked up. */
  readonly target: Target | undefined;
  /** Where calls go instead, when the registrar has said so (Service-Route, RFC 3608). */
  readonly route: readonly string[];
  /** On a trunk: the number that our calls are made for (P-Asserted-Identity, RFC 3325). */
  readonly asserted?: string;
  /** The SIP domain of the PBX's addresses of record. */
  readonly domain: string;
}
