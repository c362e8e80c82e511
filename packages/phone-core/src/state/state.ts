import type {
  Call,
  CallId,
  CallService,
  CorrelationId,
  ErrorCode,
  LineState,
  Me,
  Revision,
} from '@offhook/contract';
import type { MicrophoneFailure, RemoteAudio } from '../ports.ts';
import type { ConnectionState } from '../realtime/connection.ts';

/** Why the person sees the sign-in page; absent at a first visit. */
export type SignedOutReason = 'signed_out' | 'expired' | 'revoked';

/**
 * ```
 *  unknown ──► signedOut ◄──► signedIn
 *     └──► unreachable ──► (asked again) ──► either
 * ```
 */
export type SessionState =
  | { readonly name: 'unknown' }
  | { readonly name: 'unreachable'; readonly retryAt: number }
  | { readonly name: 'signedOut'; readonly reason: SignedOutReason | undefined }
  | { readonly name: 'signedIn'; readonly me: Me };

/** Something that did not work, for the shell to put into words. */
export type Problem =
  | { readonly kind: 'error'; readonly code: ErrorCode }
  | { readonly kind: 'microphone'; readonly reason: MicrophoneFailure };

/** A call with the revision at which it was last stated. */
export type KnownCall = Call & { readonly rev: number };

/** A call that this window is placing and that the connector has not stated yet. */
export interface CallAttempt {
  readonly correlationId: CorrelationId;
  /** As the person typed it. */
  readonly to: string;
  readonly name: string | undefined;
  readonly phase:
    | { readonly name: 'placing' }
    /** The answer was lost; the call may stand. The connector's next word decides. */
    | { readonly name: 'unsure'; readonly problem: Problem }
    | { readonly name: 'failed'; readonly problem: Problem };
}

/** The voice of one call at this window. */
export interface VoiceState {
  /** `repairing`: the path broke and is being made anew. */
  readonly path: 'connecting' | 'flowing' | 'repairing';
  readonly remoteAudio: RemoteAudio | undefined;
  /** Why the other side cannot hear this person; absent where the microphone works. */
  readonly microphoneProblem: MicrophoneFailure | undefined;
}

/** What this window is doing with a call, beside what the connector says of it. */
export interface CallActivity {
  readonly pending: CallService | undefined;
  readonly problem: Problem | undefined;
  /** What the person chose, until the connector has said the same. */
  readonly muteWanted: boolean | undefined;
}

export type ConnectorState = 'unknown' | 'online' | 'offline' | 'none';

/** Everything that a shell draws. Changed by the reducers of this folder and nowhere else. */
export interface PhoneState {
  readonly session: SessionState;
  readonly connection: ConnectionState;
  /** Milliseconds to add to this device's clock to have the cloud's. */
  readonly clockOffsetMs: number;
  readonly connector: ConnectorState;
  readonly line: LineState | undefined;
  readonly revision: Revision | undefined;
  /** In the order in which they began. Ended ones stay for a moment. */
  readonly calls: readonly KnownCall[];
  readonly attempts: readonly CallAttempt[];
  readonly voices: Readonly<Record<CallId, VoiceState>>;
  readonly activities: Readonly<Record<CallId, CallActivity>>;
}

export const initialState: PhoneState = {
  session: { name: 'unknown' },
  connection: { name: 'idle' },
  clockOffsetMs: 0,
  connector: 'unknown',
  line: undefined,
  revision: undefined,
  calls: [],
  attempts: [],
  voices: {},
  activities: {},
};

export const noActivity: CallActivity = { pending: undefined, problem: undefined, muteWanted: undefined };
