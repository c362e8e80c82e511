import type { Abilities, DeviceConnection, DeviceReport } from '@offhook/call-model';
import type {
  DeviceKind,
  LineConfig,
  LineSettings,
  Party,
  PbxConfig,
  SettingsChange,
  UserId,
} from '@offhook/contract';
import type { EndpointEvent, SessionId } from '@offhook/sip';
import type { CtiCounts } from './csta/counts.ts';

/**
 * What the connector asks of a telephone system beyond placing and taking calls by SIP. One implementation for each kind of
 * platform; one contract suite for all (`contract-suite.ts`). Nothing outside `platforms/` knows which it is.
 *
 * Every promise rejects with `OffhookError` of a closed code: `feature_unsupported` where the platform cannot,
 * `feature_refused` where it would not, `platform_unreachable` where its control link is down, `timeout`, or the code that
 * the method names. A promise that resolves means that the platform has agreed; what becomes of it comes as a report.
 */
export interface Platform {
  /** The configuration has come or has changed. */
  apply(config: PlatformConfig): void;
  /** What this user can have now: probed, and together with their settings. */
  abilities(userId: UserId): Abilities;
  /** As the platform last said; `undefined` before it has said anything. */
  settings(userId: UserId): LineSettings | undefined;
  /** @returns the settings read back after the change */
  change(userId: UserId, change: SettingsChange): Promise<LineSettings>;
  readonly calls: PlatformCalls;
  /** What an incoming INVITE means for the clients: whether they are rung at all (routing, do-not-disturb, busy behaviour). */
  admit(userId: UserId, situation: Admission): Admitted;
  /** Every SIP event that belongs to no session. @returns whether it was for this platform */
  onSip(event: EndpointEvent): boolean;
  /** A line has registered, or lost its registration. */
  lineChanged(userId: UserId, registered: boolean): void;
  /** Numbers of the control link, where there is one. */
  readonly counts?: CtiCounts | undefined;
  /** What the platform calls itself on its control link. */
  readonly product?: string | undefined;
  /** Ends subscriptions and the control link. */
  stop(): void;
}

export interface PlatformConfig {
  readonly pbx: PbxConfig;
  readonly lines: readonly LineConfig[];
}

/** What a platform tells; each is the whole truth of its side at that moment. */
export interface PlatformEvents {
  readonly onDevices: (userId: UserId, report: DeviceReport) => void;
  readonly onSettings: (userId: UserId, settings: LineSettings) => void;
  readonly onAbilities: (userId: UserId) => void;
  readonly onLink: (state: 'none' | 'connecting' | 'up' | 'down', reason?: string) => void;
}

export interface Admission {
  /** The user is in a call, at any of their devices; one that is parked keeps nobody busy. */
  readonly talking: boolean;
  readonly number: string;
}

export type Admitted =
  /** The clients ring. `forward`: where nobody has answered for so many seconds, the PBX is asked to call somebody else (302). */
  | { readonly kind: 'ring'; readonly forward?: { readonly afterSeconds: number; readonly to: string } }
  /** They do not: the PBX is answered so; other devices may ring on. */
  | { readonly kind: 'refuse'; readonly status: 480 | 486 }
  /** The PBX is asked to call somebody else instead (302). */
  | { readonly kind: 'redirect'; readonly to: string };

/** One of the user's calls, as something can be done with it. */
export interface Subject {
  readonly line: LineConfig;
  readonly remoteNumber: string;
  /** The connector's own leg. */
  readonly leg: LegHandle | undefined;
  /** Where the platform sees it: the device that is in the call, or else the own line. */
  readonly connection: DeviceConnection | undefined;
}

/** What a platform may do to a leg by SIP. */
export interface LegHandle {
  readonly session: SessionId;
  readonly sipCallId: string;
  readonly remote: Party;
  /**
   * REFER: the other side shall call `to`, a URI, or take the place of our side in another call of ours. Resolves when the other side has
   * reported success; the leg then ends by itself. Rejects with `transfer_failed`, the call as it was.
   */
  readonly refer: (
    target: { readonly to: string } | { readonly replaces: LegHandle },
    /** Milliseconds after which it has failed; a minute where absent, for somebody may have to come to a telephone. */
    within?: number,
  ) => Promise<void>;
  /** The URI of the conference room that this leg is in. */
  readonly room: string | undefined;
  /**
   * The leg goes into this conference room, a URI, and the other side after it. Resolves when both are there. Rejects with
   * `conference_failed`, the call as it was.
   */
  readonly meet: (room: string) => Promise<void>;
  /** Somebody else was sent to the leg's room, and is shown there. */
  readonly welcome: (member: Party) => void;
  /** 302 to an INVITE that rings, with this URI. `call_already_answered` where it rings no more. */
  readonly redirect: (to: string) => Promise<void>;
  /**
   * Another leg of ours is transferred into the place of this one (`offered`), was not after all (`kept`), or has been
   * (`taken`): then this leg ends as `transferred`, by the other side's BYE or soon by ours. `refer` with `replaces` does so itself.
   */
  readonly yield: (state: 'offered' | 'kept' | 'taken') => void;
}

/** How a call comes to a client. */
export type Bringing =
  /** The connector calls: `to` is a number; with `replaces` it takes the place of another party in a dialog (RFC 3891). */
  | {
      readonly by: 'invite';
      readonly to: string;
      readonly replaces?: { readonly callId: string; readonly toTag: string; readonly fromTag: string };
    }
  /** The platform calls our line after `ask`, or already before it is answered; the connector answers at once. */
  | { readonly by: 'incoming'; readonly ask: () => Promise<void> };

/**
 * Operations on calls. Those on legs hold, resume and end the leg themselves where the platform does not: whoever calls
 * these has passed the gate of the call model and does nothing to the leg meanwhile.
 */
export interface PlatformCalls {
  /** `transfer_failed` */
  transfer(subject: Subject, to: string): Promise<void>;
  /** `transfer_failed` */
  completeTransfer(held: Subject, active: Subject): Promise<void>;
  /** `conference_failed`. `mix`: both calls are as they were, the client has to. */
  conference(held: Subject, active: Subject): Promise<'joined' | 'mix'>;
  deflect(subject: Subject, to: string): Promise<void>;
  toVoicemail(subject: Subject): Promise<void>;
  /** `push_failed`, `no_desk_phone`, `no_alternative_number` */
  push(subject: Subject, to: DeviceKind): Promise<void>;
  /** `pull_failed` */
  pull(subject: Subject): Promise<Bringing>;
  /** `unseen`: where it is parked is not going to be reported; it has simply left. */
  park(subject: Subject): Promise<'seen' | 'unseen'>;
  callBack(line: LineConfig, number: string): Promise<void>;
  pickUp(line: LineConfig, number: string | undefined): Promise<Bringing>;
  /** At the desk phone. */
  place(line: LineConfig, to: string, consultationFor: Subject | undefined): Promise<void>;
  answer(subject: Subject): Promise<void>;
  hangUp(subject: Subject): Promise<void>;
  hold(subject: Subject): Promise<void>;
  retrieve(subject: Subject): Promise<void>;
  alternate(held: Subject, active: Subject): Promise<void>;
  reconnect(held: Subject, active: Subject): Promise<void>;
  digits(subject: Subject, digits: string): Promise<void>;
}
