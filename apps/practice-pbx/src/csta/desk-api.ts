import type {
  Applicant,
  CstaErrorCode,
  CstaEvent,
  CstaMessage,
  CstaRequest,
  CstaResponse,
} from '@offhook/csta';
import type { SwitchApi, SwitchEvent } from '../switch/api.ts';
import type { FeatureNumbers } from './context.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { Personality } from './personalities/personality.ts';

/* What goes into the CSTA desk and comes out of it. */

/** One client's link, counted from 1 and never used again. */
export type LinkId = number;

/** Of a clock that only goes forward. */
export type Millis = number;

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface MonitorLimits {
  readonly perApplication: number;
  readonly all: number;
}

export interface DeskOptions {
  readonly api: SwitchApi;
  readonly personality: Personality;
  readonly numbers: FeatureNumbers;
  /** Without them every application is admitted. */
  readonly credentials?: Credentials | undefined;
  /** At a time. */
  readonly applications: number;
  readonly monitors: MonitorLimits;
  readonly faults: FaultPlan;
}

export type DeskInput =
  /** A session was started. */
  | { readonly kind: 'started'; readonly link: LinkId; readonly applicant: Applicant }
  | {
      readonly kind: 'request';
      readonly link: LinkId;
      readonly invokeId: number;
      readonly request: CstaRequest;
    }
  /** A message goes by, before anything is done with it. */
  | {
      readonly kind: 'seen';
      readonly link: LinkId;
      readonly direction: 'in' | 'out';
      readonly invokeId: number;
      readonly name: string;
    }
  /** The link is gone, whether its session was started or not. */
  | { readonly kind: 'ended'; readonly link: LinkId }
  | { readonly kind: 'switch'; readonly event: SwitchEvent }
  | { readonly kind: 'tick' };

export type DeskEffect =
  | {
      readonly kind: 'answer';
      readonly link: LinkId;
      readonly invokeId: number;
      readonly response: CstaResponse;
    }
  | {
      readonly kind: 'refuse';
      readonly link: LinkId;
      readonly invokeId: number;
      readonly code: CstaErrorCode;
    }
  /** The request will never be answered. */
  | { readonly kind: 'abandon'; readonly link: LinkId; readonly invokeId: number }
  | { readonly kind: 'event'; readonly link: LinkId; readonly event: CstaEvent }
  /** Past the session, which would not send it. */
  | {
      readonly kind: 'message';
      readonly link: LinkId;
      readonly invokeId: number;
      readonly message: CstaMessage;
    }
  | { readonly kind: 'octets'; readonly link: LinkId; readonly octets: Uint8Array }
  /** Break the link without a word. */
  | { readonly kind: 'cut'; readonly link: LinkId }
  /** Send nothing any more, and leave the link open. */
  | { readonly kind: 'mute'; readonly link: LinkId };

/** An application as the page shows it. */
export interface ApplicationView {
  readonly link: LinkId;
  readonly name: string;
  readonly monitors: number;
}
