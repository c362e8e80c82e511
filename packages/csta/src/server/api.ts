import type { WireStyle } from '../codec/encode.ts';
import type { CstaRequest } from '../codec/messages.ts';
import type { Note } from '../link/incoming.ts';
import type { LinkLimit, Millis } from '../link/limits.ts';
import type { Edition } from '../schema/namespaces.ts';
import type { SessionError } from '../session/messages.ts';
import type { SystemStatusValue } from '../session/system.ts';

/** Who asks for a session. */
export interface Applicant {
  readonly applicationId: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

export interface CstaServerOptions {
  /** The name of this session, unlike all others. */
  readonly sessionId: string;
  /** Whether the application may have a session; everybody may where nothing is said. */
  readonly admit?: (applicant: Applicant) => 'admitted' | SessionError;
  /** Of which the client chooses; 2 to 6. */
  readonly editions?: readonly Edition[];
  readonly isMisspelt?: WireStyle['isMisspelt'];
  /** The most that is given; 600. */
  readonly sessionSeconds?: number;
  /** Between our `SystemStatus`, and what the client is told; 0, none, where nothing is said. */
  readonly heartbeatSeconds?: number;
  /** For the answer to a heartbeat; 10 s. */
  readonly answerMs?: Millis;
  /** From the open link to a started session; 30 s. */
  readonly startMs?: Millis;
  /** Requests that the owner has not answered; 1,000. */
  readonly unansweredRequests?: number;
  /** Octets of a frame that is taken; 65,535. */
  readonly frameOctets?: number;
}

/** Why the link is closed. A closed set. */
export type ServerEndCode =
  /** The client stopped its session. */
  | 'stopped'
  /** The client is gone. */
  | 'closed'
  | 'wrong_frame'
  /** No session was started. */
  | 'session_start_time'
  /** A session was refused. */
  | 'session_refused'
  /** It was not renewed. */
  | 'session_expired'
  /** Nothing was heard after a heartbeat. */
  | 'silent'
  /** The owner wanted it so. */
  | 'terminated';

export type CstaServerInput =
  | { readonly kind: 'received'; readonly octets: Uint8Array }
  | { readonly kind: 'closed' }
  | { readonly kind: 'tick' };

export type CstaServerEffect =
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** Close the link when everything is sent. */
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'started'; readonly applicant: Applicant; readonly edition: Edition }
  /** To be answered with `answer` or `refuse`; the session's own are answered already. */
  | { readonly kind: 'request'; readonly invokeId: number; readonly request: CstaRequest }
  /** The last effect: nothing comes of this session any more. */
  | { readonly kind: 'ended'; readonly code: ServerEndCode }
  | { readonly kind: 'system_status'; readonly status: SystemStatusValue }
  | { readonly kind: 'limit'; readonly limit: LinkLimit }
  | Note;
