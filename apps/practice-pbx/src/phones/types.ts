import type { NegotiatedAudio } from '@offhook/sdp';
import type { Body, Millis } from '@offhook/sip';
import type { Person } from '../calls/types.ts';

/** What a person can do at a desk phone. */
export type PhoneAction = 'call' | 'answer' | 'reject' | 'hangup' | 'hold' | 'retrieve' | 'dtmf';

export type PhoneInput =
  | { readonly kind: 'call'; readonly to: string }
  | { readonly kind: 'answer' | 'reject' | 'hangup' | 'hold' | 'retrieve' }
  | { readonly kind: 'incoming'; readonly from: Person; readonly offer: Body | undefined }
  /** `peer`: who rings or answers, where the PBX says so. */
  | { readonly kind: 'alerting'; readonly peer: Person | undefined }
  | { readonly kind: 'accepted'; readonly peer: Person | undefined; readonly body: Body | undefined }
  | { readonly kind: 'confirmed'; readonly body: Body | undefined }
  | { readonly kind: 'offered'; readonly offer: Body | undefined }
  | { readonly kind: 'offer_result'; readonly ok: boolean; readonly answer: Body | undefined }
  /** `status` where our call was refused; `elsewhere` where another device of the extension answered. */
  | { readonly kind: 'ended'; readonly status: number | undefined; readonly elsewhere: boolean }
  | { readonly kind: 'tick' };

export type PhoneEffect =
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
  /** The call is gone: its session and its sound. */
  | { readonly kind: 'over' };

/** For the page and the API. */
export type PhoneStateName = 'idle' | 'calling' | 'alerting' | 'ringing' | 'talking' | 'holding';

export interface PhoneSituation {
  readonly state: PhoneStateName;
  readonly peer: Person | null;
  /** What the display says. */
  readonly display: string;
  readonly may: readonly PhoneAction[];
}

export interface PhoneOptions {
  /** Answers by itself after this time. */
  readonly autoAnswer: Millis | undefined;
}
