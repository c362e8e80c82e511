import type {
  Ability,
  Call,
  CallId,
  CallService,
  CorrelationId,
  DirectoryPerson,
  ErrorCode,
  Hindrance,
  LineSettings,
  LineState,
  Me,
  OwnPresence,
  Party,
  Presence,
  PresenceChoice,
  ReportId,
  Revision,
  SettingName,
  SettingsChange,
  UserId,
} from '@offhook/contract';
import type { MicrophoneFailure, RemoteAudio } from '../ports.ts';
import type { Measures } from '../quality/measures.ts';
import type { TroubleKind, Verdict } from '../quality/verdict.ts';
import type { People } from '../directory/people.ts';
import type { ConnectionState } from '../realtime/connection.ts';

/** Why the person sees the sign-in page; absent at a first visit. */
/** `second_factor_missing`: the company asks for one, and only the own account is open until it has been set up. */
export type SignedOutReason = 'signed_out' | 'expired' | 'revoked' | 'second_factor_missing';

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
  | {
      readonly kind: 'error';
      readonly code: ErrorCode;
      /** What stood in the way, where the telephone system says. */
      readonly hindrance?: Hindrance;
    }
  | { readonly kind: 'microphone'; readonly reason: MicrophoneFailure };

/** A call, with what this window knows of it beside. */
export type KnownCall = Call & {
  /** The revision at which it was last stated. */
  readonly rev: number;
  /** It is at this window, or was until it ended: an ended call is nowhere. */
  readonly wasHere: boolean;
  /** The other side has answered it while this window talked in another call, and this person has not spoken in it yet. */
  readonly waits?: true;
};

/** Placed here, placed at the desk phone, or a call that rings at a colleague's. */
export type AttemptKind = 'here' | 'at_desk' | 'pick_up';

/** A call that this window is placing and that the connector has not stated yet. */
export interface CallAttempt {
  readonly correlationId: CorrelationId;
  readonly kind: AttemptKind;
  /** As the person typed it; empty for whatever rings in the own group. */
  readonly to: string;
  readonly name: string | undefined;
  /** The call that waits meanwhile. */
  readonly consultationFor: CallId | undefined;
  readonly phase:
    | { readonly name: 'placing' }
    /** The desk phone has been asked: it calls as soon as it is off hook. */
    | { readonly name: 'atDesk' }
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

/** How a call sounds at this window. */
export interface CallQuality {
  readonly verdict: Verdict;
  /** Of the last look. */
  readonly measures: Measures;
  /** R of the E-model for the last look; undefined where its inputs are not known. */
  readonly estimate: number | undefined;
}

/** The question what a call that is over was like. */
export interface RatingQuestion {
  readonly reportId: ReportId;
  readonly remote: Party;
  /** What the person was told of during the call, to be offered first. */
  readonly troubles: readonly TroubleKind[];
}

/** What this window is doing with a call, beside what the connector says of it. */
export interface CallActivity {
  readonly pending: CallService | undefined;
  readonly problem: Problem | undefined;
  /** What the person chose, until the connector has said the same. */
  readonly muteWanted: boolean | undefined;
  /** The person asked to be called back, and the telephone system took note of it. */
  readonly calledBack: boolean;
}

/** A person's own presence, and what they chose until the cloud has said the same. */
export interface OwnPresenceState {
  readonly held: OwnPresence | undefined;
  readonly pending: PresenceChoice | undefined;
  readonly problem: Problem | undefined;
}

/** What became of the last change of a setting. */
export type SettingsOutcome =
  | { readonly name: 'changed'; readonly undo: SettingsChange }
  /** The platform answered, and still says something else. */
  | { readonly name: 'not_taken' }
  | { readonly name: 'failed'; readonly problem: Problem };

export interface SettingsState {
  /** What the platform says; undefined while it cannot be asked, and for somebody without a line. */
  readonly held: LineSettings | undefined;
  readonly pending: SettingsChange | undefined;
  readonly last: { readonly of: readonly SettingName[]; readonly outcome: SettingsOutcome } | undefined;
}

/** Whom this person has starred, in their order; undefined until the cloud has said. */
export interface FavouritesState {
  readonly held: readonly DirectoryPerson[] | undefined;
  readonly problem: Problem | undefined;
}

/**
 * The people of the company, as far as they have been read. `unread`: nobody has looked for anybody yet · `under_way`: those who are there can be
 * found, others may come · `whole` · `failed`: it is tried again by itself.
 */
export interface DirectoryState {
  readonly people: People | undefined;
  readonly reading: 'unread' | 'under_way' | 'whole' | 'failed';
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
  /** Of calls that talk here. */
  readonly quality: Readonly<Record<CallId, CallQuality>>;
  readonly rating: RatingQuestion | undefined;
  readonly ownPresence: OwnPresenceState;
  /** Of the colleagues that are watched. */
  readonly presences: Readonly<Record<UserId, Presence>>;
  readonly settings: SettingsState;
  readonly favourites: FavouritesState;
  readonly directory: DirectoryState;
  readonly abilities: readonly Ability[];
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
  quality: {},
  rating: undefined,
  ownPresence: { held: undefined, pending: undefined, problem: undefined },
  presences: {},
  favourites: { held: undefined, problem: undefined },
  directory: { people: undefined, reading: 'unread' },
  settings: { held: undefined, pending: undefined, last: undefined },
  abilities: [],
};

export const noActivity: CallActivity = {
  pending: undefined,
  problem: undefined,
  muteWanted: undefined,
  calledBack: false,
};
