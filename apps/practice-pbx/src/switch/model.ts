import type { NegotiatedAudio } from '@offhook/sdp';
import type { Body, DiversionReason, ExtraHeaders, Millis, Target } from '@offhook/sip';
import type { Person } from '../person.ts';
import type { LocalVoice } from '../voice/party.ts';
import type { DeviceId, SwitchEvent } from './api.ts';

/* What goes into the switch and comes out of it. */

declare const legBrand: unique symbol;
/** One SIP session of the switch: the way to one device, or from it. */
export type LegId = number & { readonly [legBrand]: true };

declare const referBrand: unique symbol;
/** A REFER that waits for its answer and its reports. */
export type ReferId = number & { readonly [referBrand]: true };

/** Where a device can be reached: what it registered. */
export interface Place {
  /** The Contact URI, which becomes the Request-URI (RFC 3261 section 16.6). */
  readonly uri: string;
  readonly target: Target;
}

/** What the PBX itself has to say. `confirm` is the short tone of a feature code. */
export type Sound =
  | 'echo'
  | 'tone'
  | 'digits'
  | 'announcement'
  | 'emergency'
  | 'music'
  | 'ringback'
  | 'confirm';

/** Sounds that have an end, after which the call is cleared. */
export const SOUNDS_WITH_END: ReadonlySet<Sound> = new Set(['announcement', 'confirm']);

/** A call of the voicemail application. */
export interface Mailbox {
  readonly box: string;
  readonly purpose: 'own' | 'leave';
}

/** What a leg hears now. One other leg alone is relayed or transcoded, several are mixed. */
export type Heard =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'legs'; readonly legs: readonly LegId[] }
  | { readonly kind: 'sound'; readonly sound: Sound }
  | ({ readonly kind: 'voicemail'; readonly caller: Person } & Mailbox);

/** What the calls that go on from an incoming one have to carry, so that no circle of PBXs rings for ever. */
export interface Onward {
  readonly maxForwards: number;
  /** Each branch's share of the phones that may ring at the same time (RFC 5393 section 5). */
  readonly breadthOf: (branch: number) => number | undefined;
  readonly headers: ExtraHeaders;
}

/** Whether a call may go on to so many phones at once. */
export type PassOn = (
  branches: number,
) =>
  | { readonly kind: 'pass'; readonly onward: Onward }
  | { readonly kind: 'refuse'; readonly status: number };

/** One redirection of a call (RFC 5806): who has sent it on, and why. */
export interface Diverted {
  readonly from: Person;
  readonly reason: DiversionReason;
}

export type SwitchInput =
  /** An INVITE whose user is known. `from` is the line that it comes from. */
  | {
      readonly kind: 'incoming';
      readonly leg: LegId;
      readonly from: DeviceId;
      readonly dialled: string | undefined;
      readonly offer: Body | undefined;
      /** Where it came from, so that a phone is not called by itself. */
      readonly source: Target;
      readonly passOn: PassOn;
      /** The leg that it takes the place of (RFC 3891). */
      readonly replaces: LegId | undefined;
      /** The device obeys NOTIFY with the events `talk` and `hold`. */
      readonly obeys: boolean;
    }
  /** The port of a leg, or undefined where there is none to be had. */
  | { readonly kind: 'opened'; readonly leg: LegId; readonly voice: LocalVoice | undefined }
  | { readonly kind: 'progress'; readonly leg: LegId; readonly status: number; readonly obeys: boolean }
  | {
      readonly kind: 'accepted';
      readonly leg: LegId;
      readonly body: Body | undefined;
      readonly obeys: boolean;
    }
  /** A final failure of a leg of ours; 408 for silence, 503 where it could not be reached; `redirect` of a 3xx. */
  | {
      readonly kind: 'failed';
      readonly leg: LegId;
      readonly status: number;
      readonly redirect: string | undefined;
    }
  /** BYE, CANCEL, or a session that broke; `reason` is the Reason header where there was one. */
  | { readonly kind: 'ended'; readonly leg: LegId; readonly reason: string | undefined }
  /** An ACK, with the answer where the offer was ours. */
  | { readonly kind: 'confirmed'; readonly leg: LegId; readonly body: Body | undefined }
  | { readonly kind: 'offered'; readonly leg: LegId; readonly offer: Body | undefined }
  | {
      readonly kind: 'offer_result';
      readonly leg: LegId;
      readonly ok: boolean;
      readonly answer: Body | undefined;
    }
  /**
   * REFER inside a leg's dialog. `replaces`: the leg that the target shall take the place of; `unknown` where the REFER names a
   * dialog that is none of ours.
   */
  | {
      readonly kind: 'refer';
      readonly leg: LegId;
      readonly refer: ReferId;
      readonly to: string | undefined;
      readonly replaces: LegId | 'unknown' | undefined;
    }
  /** The sound that a leg hears is at its end, or the voicemail hangs up. */
  | { readonly kind: 'played'; readonly leg: LegId }
  | { readonly kind: 'digits'; readonly leg: LegId; readonly digits: string }
  /** Nothing has been heard from a leg for some time. */
  | { readonly kind: 'silent'; readonly leg: LegId }
  /** The answer to a probe: `alive` is false when the other side does not know the call any more, or is gone. */
  | { readonly kind: 'probed'; readonly leg: LegId; readonly alive: boolean }
  /** Somebody has registered, or a registration has run out. */
  | { readonly kind: 'registrations' }
  /** The PBX stops. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'tick' };

export type SwitchEffect =
  /** A port for the voice of this leg, to be answered with `opened`. */
  | { readonly kind: 'open'; readonly leg: LegId }
  | {
      readonly kind: 'invite';
      readonly leg: LegId;
      readonly place: Place;
      readonly from: Person;
      readonly offer: Body;
      readonly onward: Onward | undefined;
      readonly branch: number;
      /** The latest redirection first. */
      readonly diverted: readonly Diverted[];
      /** Ask the phone to answer by itself. */
      readonly autoAnswer: boolean;
    }
  /** 180 to the caller; `peer` is who rings. */
  | { readonly kind: 'ring'; readonly leg: LegId; readonly peer: Person }
  | {
      readonly kind: 'accept';
      readonly leg: LegId;
      readonly body: Body;
      readonly peer: Person;
      /** The room that the leg is in: its own address, as the focus of a conference (RFC 4579). */
      readonly focus: string | undefined;
    }
  | { readonly kind: 'refuse'; readonly leg: LegId; readonly status: number }
  /** CANCEL or BYE; `reason` is the value of a Reason header (RFC 3326). */
  | { readonly kind: 'end'; readonly leg: LegId; readonly reason: string | undefined }
  /** `peer`: who is at the other side from now on. */
  | { readonly kind: 'reoffer'; readonly leg: LegId; readonly offer: Body; readonly peer: Person }
  | { readonly kind: 'accept_offer'; readonly leg: LegId; readonly body: Body }
  | { readonly kind: 'refuse_offer'; readonly leg: LegId; readonly status: number }
  /** NOTIFY inside the dialog, as phones obey it: answer or retrieve, hold. */
  | { readonly kind: 'order'; readonly leg: LegId; readonly order: 'talk' | 'hold' }
  /** OPTIONS inside the dialog: does the other side still know this call? */
  | { readonly kind: 'probe'; readonly leg: LegId }
  | { readonly kind: 'refuse_refer'; readonly refer: ReferId; readonly status: number }
  | { readonly kind: 'accept_refer'; readonly refer: ReferId }
  | { readonly kind: 'report'; readonly refer: ReferId; readonly status: number; readonly text?: string }
  | { readonly kind: 'agree'; readonly leg: LegId; readonly voice: NegotiatedAudio }
  | { readonly kind: 'hear'; readonly leg: LegId; readonly heard: Heard }
  /** Keys to a leg, as telephone events or as tones. */
  | { readonly kind: 'press'; readonly leg: LegId; readonly digits: string }
  /** The leg is gone: its port and its session can be forgotten. */
  | { readonly kind: 'close'; readonly leg: LegId }
  | { readonly kind: 'event'; readonly event: SwitchEvent };

/** RFC 3326, to the devices that did not answer first. */
export const ANSWERED_ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';

export const NOTHING: Heard = { kind: 'nothing' };

/** A deadline of a feature: the switch gives `tick` to all at the earliest. */
export interface Timed {
  deadline(): Millis | undefined;
  tick(now: Millis): void;
}
