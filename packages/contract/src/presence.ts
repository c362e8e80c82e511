import * as z from 'zod';
import { UserId } from './ids.ts';

/**
 * How a colleague sees a user. Computed in one place, in the cloud: what the user set by hand, else do-not-disturb of the
 * platform, else a call on the line (`busy`), else whether a client is there and in use.
 */
export const PresenceState = z.enum(['available', 'busy', 'do_not_disturb', 'away', 'offline']);
export type PresenceState = z.infer<typeof PresenceState>;

/** What a person can choose. `automatic` takes a choice back; `appear_offline` shows as `offline`. */
export const PresenceChoice = z.enum([
  'automatic',
  'available',
  'busy',
  'do_not_disturb',
  'away',
  'appear_offline',
]);
export type PresenceChoice = z.infer<typeof PresenceChoice>;

/** What a user's number does now, at whichever of their devices. `unknown`: nobody can be asked. */
export const LineActivity = z.enum(['unknown', 'idle', 'ringing', 'talking']);
export type LineActivity = z.infer<typeof LineActivity>;

export const Presence = z.object({ state: PresenceState, line: LineActivity });
export type Presence = z.infer<typeof Presence>;

/** One's own: also what was chosen. */
export const OwnPresence = Presence.extend({ choice: PresenceChoice });
export type OwnPresence = z.infer<typeof OwnPresence>;

export const UserPresence = z.object({ userId: UserId, presence: Presence });
export type UserPresence = z.infer<typeof UserPresence>;

export const UserActivity = z.object({ userId: UserId, activity: LineActivity });
export type UserActivity = z.infer<typeof UserActivity>;
