import type { NegotiatedAudio } from '@offhook/sdp';
import type { Body, Millis, Target } from '@offhook/sip';

/** The two ends of a call as a person counts them. */
export type Side = 'caller' | 'callee';

/** One INVITE that the PBX sent for a call: one per binding of the extension. */
export type ForkId = number;

/** A SIP session of a call: the one that came, or one of those that the PBX made. */
export type Leg = 'caller' | ForkId;

export interface Person {
  readonly number: string;
  readonly name?: string;
}

/** Where a device of an extension can be reached: what it registered. */
export interface RingingPlace {
  /** The Contact URI, which becomes the Request-URI (RFC 3261 section 16.6). */
  readonly uri: string;
  readonly target: Target;
}

/** Something at the PBX itself that answers. */
export type Service = 'echo' | 'tone' | 'digits' | 'announcement';

/** What a number that may be called leads to. */
export type Destination =
  | {
      readonly kind: 'extension';
      readonly places: readonly RingingPlace[];
      readonly ringTime: Millis;
    }
  | { readonly kind: 'nobody'; readonly ringTime: Millis }
  | { readonly kind: 'service'; readonly service: Service };

/** What a side hears now. */
export type Heard = 'other' | 'music' | 'nothing' | Service;

export type CallInput =
  | { readonly kind: 'progress'; readonly fork: ForkId; readonly status: number }
  | { readonly kind: 'accepted'; readonly fork: ForkId; readonly body: Body | undefined }
  /** A fork's final failure; `status` is 408 for silence and 503 where it could not be reached. */
  | { readonly kind: 'failed'; readonly fork: ForkId; readonly status: number }
  /** BYE, CANCEL, or a session that broke; `reason` is the Reason header where there was one. */
  | { readonly kind: 'ended'; readonly leg: Leg; readonly reason: string | undefined }
  /** An ACK, with the answer where the offer was ours. */
  | { readonly kind: 'confirmed'; readonly leg: Leg; readonly body: Body | undefined }
  | { readonly kind: 'offered'; readonly leg: Leg; readonly offer: Body | undefined }
  | {
      readonly kind: 'offer_result';
      readonly leg: Leg;
      readonly result:
        | { readonly ok: true; readonly answer: Body | undefined }
        | { readonly ok: false; readonly status: number };
    }
  /** The announcement has been played to its end. */
  | { readonly kind: 'played' }
  /** Nothing has been heard from a side for some time. */
  | { readonly kind: 'silent'; readonly side: Side }
  /** The answer to a probe: `alive` is false when the other side does not know the call any more, or is gone. */
  | { readonly kind: 'probed'; readonly leg: Leg; readonly alive: boolean }
  /** The PBX stops. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'tick' };

export type CallEffect =
  /** 180 to the caller. */
  | { readonly kind: 'ring' }
  | { readonly kind: 'invite'; readonly fork: ForkId; readonly place: RingingPlace; readonly offer: Body }
  | { readonly kind: 'accept'; readonly body: Body }
  | { readonly kind: 'refuse'; readonly status: number }
  /** CANCEL or BYE; `reason` is the value of a Reason header (RFC 3326). */
  | { readonly kind: 'end'; readonly leg: Leg; readonly reason: string | undefined }
  | { readonly kind: 'reoffer'; readonly leg: Leg; readonly offer: Body }
  | { readonly kind: 'accept_offer'; readonly leg: Leg; readonly body: Body }
  | { readonly kind: 'refuse_offer'; readonly leg: Leg; readonly status: number }
  /** OPTIONS inside the dialog: does the other side still know this call? */
  | { readonly kind: 'probe'; readonly leg: Leg }
  | { readonly kind: 'agree'; readonly side: Side; readonly voice: NegotiatedAudio }
  | { readonly kind: 'hear'; readonly side: Side; readonly heard: Heard }
  /** The last effect: ports and sessions can be forgotten. */
  | { readonly kind: 'over' };

/** RFC 3326, to the devices that did not answer first. */
export const ANSWERED_ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';
