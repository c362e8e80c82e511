import type { UserId } from '@offhook/contract';
import type { CallId, CstaRequest } from '@offhook/csta';

export interface SyncLimits {
  /** Requests of the synchroniser that wait for answers at a time. */
  readonly inFlight: number;
  /** Milliseconds between two requests that nobody waits for. */
  readonly spacing: number;
  readonly answerMs: number;
  /** Milliseconds for which calls are shown as they were when the link is gone. */
  readonly grace: number;
  /** Milliseconds after which a call is shown no more though the link is back, for its device could not be asked yet. */
  readonly longestGrace: number;
  /** Milliseconds after which a device in a call is looked at again, and one that is idle. */
  readonly busyAudit: number;
  readonly idleAudit: number;
}

export const DEFAULT_SYNC_LIMITS: SyncLimits = {
  inFlight: 8,
  spacing: 5,
  answerMs: 5_000,
  grace: 10_000,
  longestGrace: 30_000,
  busyAudit: 30_000,
  idleAudit: 600_000,
};

export type SyncEffect =
  /** Give the outcome to `answered` with the same key. */
  | {
      readonly kind: 'request';
      readonly key: number;
      readonly request: CstaRequest;
      readonly timeoutMs: number;
    }
  /** The user's calls may be others now. */
  | { readonly kind: 'report'; readonly userId: UserId }
  /** A device of the user is watched now, or no more; or the platform's services have become known. */
  | { readonly kind: 'abilities'; readonly userId: UserId | undefined }
  | { readonly kind: 'settings'; readonly userId: UserId }
  /** It has just begun to ring at the desk phone. */
  | { readonly kind: 'alerting'; readonly userId: UserId; readonly call: CallId }
  /** Every device has been asked; those that the platform does not know, as they are configured. */
  | { readonly kind: 'synchronised'; readonly unknown: readonly string[] };

export interface SyncCounts {
  readonly devices: number;
  readonly watched: number;
  readonly unknown: number;
  readonly calls: number;
  readonly snapshots: number;
  readonly doubts: number;
  readonly events: number;
  readonly strayEvents: number;
}
