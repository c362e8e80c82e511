import type { WireStyle } from '../codec/encode.ts';
import type { CstaEvent, CstaRequest, CstaResponse, MessageNamed } from '../codec/messages.ts';
import type { Backoff } from '../link/backoff.ts';
import type { Note } from '../link/incoming.ts';
import type { LinkLimit, Millis } from '../link/limits.ts';
import type { SystemStatusValue } from '../session/system.ts';
import type { CstaError } from '../values/errors.ts';

export interface CstaClientOptions {
  readonly applicationId: string;
  readonly credentials?: { readonly user?: string; readonly password?: string };
  /** How messages are written; the edition that the server chooses takes the place of this one. */
  readonly style?: Partial<WireStyle>;
  /** What is asked for; 600, as OpenScape Voice has it. The session is renewed when a third is left. */
  readonly sessionSeconds?: number;
  /** Between our `SystemStatus`; 30 s, less where the server asks for it, 0 for none. */
  readonly heartbeatMs?: Millis;
  /** For an answer, where the request does not say; 5 s. */
  readonly answerMs?: Millis;
  /** From dialling to the open link; 10 s. */
  readonly connectMs?: Millis;
  /** Requests that wait for answers at a time; 200. */
  readonly openRequests?: number;
  /** Octets of a frame that is taken; 65,535. */
  readonly frameOctets?: number;
  readonly backoff?: Backoff;
  /** In [0, 1): for the jitter of reconnects. */
  readonly random: () => number;
}

/** Why there is no session. A closed set. */
export type ClientDownCode =
  /** The link did not open. */
  | 'unreachable'
  /** The other side closed it, or it broke. */
  | 'closed'
  /** A frame was wrong: where the next one begins is not known. */
  | 'wrong_frame'
  /** Nothing was heard after a heartbeat. */
  | 'silent'
  /** The server does not want this application. */
  | 'session_refused'
  /** It did not answer when the session was started. */
  | 'session_start_time'
  /** It ended the session by itself. */
  | 'session_ended'
  /** It did not renew the session. */
  | 'session_expired'
  /** We wanted it so. */
  | 'stopped';

export type CstaClientStatus =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting' }
  /** Started and registered: requests are taken. Nothing of an earlier session is left: monitors have to be started anew. */
  | { readonly name: 'ready'; readonly sessionId: string; readonly edition: WireStyle['edition'] }
  | { readonly name: 'down'; readonly code: ClientDownCode; readonly text: string; readonly retryAt: Millis }
  | { readonly name: 'stopped' };

/** Why a request has no positive answer. A closed set. */
export type CstaFailure =
  | { readonly code: 'refused'; readonly error: CstaError }
  /** No answer in time. It may have been carried out all the same: a snapshot tells. */
  | { readonly code: 'timeout' }
  /** The link is gone, and with it the answer; see above. */
  | { readonly code: 'link_lost' }
  /** Not sent: there is no session. */
  | { readonly code: 'not_ready' }
  /** Not sent: too many wait for answers. */
  | { readonly code: 'too_many_requests' }
  /** Not sent: it does not fit into a frame. */
  | { readonly code: 'too_large' }
  /** The answer was to something else, or could not be read. */
  | { readonly code: 'wrong_answer' };

export type CstaOutcome<R extends CstaResponse = CstaResponse> =
  | { readonly ok: true; readonly response: R }
  | { readonly ok: false; readonly failure: CstaFailure };

export type CstaClientInput =
  | { readonly kind: 'start' }
  /** The link that `connect` asked for is open. */
  | { readonly kind: 'opened' }
  | { readonly kind: 'received'; readonly octets: Uint8Array }
  /** It could not be opened, or is gone. */
  | { readonly kind: 'closed'; readonly text: string }
  | { readonly kind: 'tick' }
  /** Ends the session in order, and does not come back. */
  | { readonly kind: 'stop' };

export type CstaClientEffect =
  /** Open a link; until it is `closed` or {@link CstaClientEffect} `disconnect` there is only this one. */
  | { readonly kind: 'connect' }
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** Close it when everything is sent. Nothing of it is listened to any more: give no `received` or `closed` of it. */
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'status'; readonly status: CstaClientStatus }
  | { readonly kind: 'event'; readonly event: CstaEvent | MessageNamed<'MonitorStop'> }
  | {
      readonly kind: 'answer';
      readonly key: number;
      readonly request: CstaRequest;
      readonly outcome: CstaOutcome;
    }
  | { readonly kind: 'system_status'; readonly status: SystemStatusValue }
  | { readonly kind: 'limit'; readonly limit: LinkLimit }
  | Note;
