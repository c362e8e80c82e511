import type { NegotiatedAudio } from '@offhook/sdp';
import type { Body, Millis } from '@offhook/sip';
import type { Person } from '../person.ts';

/** Keys of a desk phone. `consult` dials a second call and holds the first; `swap` changes between the two. */
export type PhoneAction =
  | 'call'
  | 'answer'
  | 'reject'
  | 'hangup'
  | 'hold'
  | 'retrieve'
  | 'dtmf'
  | 'consult'
  | 'swap'
  | 'transfer'
  | 'blindTransfer'
  | 'conference'
  | 'redial';

/** Keys that need nothing besides. */
export type PlainAction = Exclude<PhoneAction, 'call' | 'dtmf' | 'consult' | 'blindTransfer'>;

declare const phoneCallBrand: unique symbol;
/** One call of a phone. */
export type PhoneCallId = number & { readonly [phoneCallBrand]: true };

/** What happens to one call of the phone. */
export type PhoneCallInput =
  /** `peer`: who rings or answers, where the PBX says so. */
  | { readonly kind: 'alerting'; readonly peer: Person | undefined }
  | { readonly kind: 'accepted'; readonly peer: Person | undefined; readonly body: Body | undefined }
  | { readonly kind: 'confirmed'; readonly body: Body | undefined }
  | { readonly kind: 'offered'; readonly peer: Person | undefined; readonly offer: Body | undefined }
  | { readonly kind: 'offer_result'; readonly ok: boolean; readonly answer: Body | undefined }
  /** `status` where our call was refused; `elsewhere` where another device of the extension answered. */
  | { readonly kind: 'ended'; readonly status: number | undefined; readonly elsewhere: boolean }
  /** NOTIFY of the PBX: answer or retrieve, hold. */
  | { readonly kind: 'order'; readonly order: 'talk' | 'hold' }
  /** How a transfer of this call went. */
  | { readonly kind: 'referred'; readonly ok: boolean };

export type PhoneInput =
  | { readonly kind: 'call' | 'consult' | 'blindTransfer'; readonly to: string }
  | { readonly kind: PlainAction }
  | {
      readonly kind: 'incoming';
      readonly call: PhoneCallId;
      readonly from: Person;
      readonly offer: Body | undefined;
      /** The PBX asks the phone to answer by itself. */
      readonly autoAnswer: boolean;
    }
  | { readonly kind: 'of_call'; readonly call: PhoneCallId; readonly input: PhoneCallInput }
  | { readonly kind: 'tick' };

export type PhoneCallEffect =
  | { readonly kind: 'invite'; readonly to: string; readonly offer: Body }
  | { readonly kind: 'ring' }
  | { readonly kind: 'accept'; readonly body: Body }
  | { readonly kind: 'refuse'; readonly status: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'reoffer'; readonly offer: Body }
  | { readonly kind: 'accept_offer'; readonly body: Body }
  | { readonly kind: 'refuse_offer'; readonly status: number }
  | { readonly kind: 'agree'; readonly voice: NegotiatedAudio }
  /** Whether the phone's own voice sounds. */
  | { readonly kind: 'speak'; readonly on: boolean }
  /** REFER: to a number, or to the other side of another call (RFC 5589). */
  | { readonly kind: 'refer'; readonly to: string }
  | { readonly kind: 'refer_to_call'; readonly other: PhoneCallId }
  /** The call is gone: its session and its sound. */
  | { readonly kind: 'over' };

export interface PhoneEffect {
  readonly call: PhoneCallId;
  readonly effect: PhoneCallEffect;
}

/** For the page and the API. */
export type PhoneStateName = 'idle' | 'calling' | 'alerting' | 'ringing' | 'talking' | 'holding';

export interface PhoneCallView {
  readonly id: PhoneCallId;
  readonly state: Exclude<PhoneStateName, 'idle'>;
  readonly peer: Person;
  /** The other side holds. */
  readonly isHeld: boolean;
}

export interface PhoneSituation {
  /** Of the call in front. */
  readonly state: PhoneStateName;
  readonly peer: Person | null;
  /** What the display says of it. */
  readonly display: string;
  /** The lines under it: the calls behind. */
  readonly lines: readonly string[];
  readonly calls: readonly PhoneCallView[];
  readonly may: readonly PhoneAction[];
}

export interface PhoneOptions {
  /** Answers by itself after this time, where it has no other call. */
  readonly autoAnswer: Millis | undefined;
  /** The number that makes a conference room. */
  readonly conference: string;
}
