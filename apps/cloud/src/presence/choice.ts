import type { PresenceChoice } from '@offhook/contract';

/** What is kept of a user: their choice, and do-not-disturb as the platform said it last. */
export type Choice = { choice: PresenceChoice; platformDnd: boolean };

/** Of a user of whom nothing is kept. */
export const noChoice: Choice = { choice: 'automatic', platformDnd: false };

/**
 * The platform says whether do-not-disturb is on. Only a change counts, so that a choice that the platform has not heard
 * of yet is not taken back by what it says meanwhile.
 * ```
 * [PR-9]  It went on: the choice is `do_not_disturb`.
 * [PR-10] It went off: a choice of `do_not_disturb` is taken back; any other stays.
 * [PR-11] It is as before: nothing changes.
 * ```
 */
export function followPlatform(before: Choice, platformDnd: boolean): Choice {
  if (platformDnd === before.platformDnd) return before;
  if (platformDnd) return { choice: 'do_not_disturb', platformDnd };
  const { choice } = before;
  return { choice: choice === 'do_not_disturb' ? 'automatic' : choice, platformDnd };
}

/** [PR-12] What the platform's do-not-disturb should be after a choice: on for `do_not_disturb`, off for any other. */
export const wantsDnd = (choice: PresenceChoice): boolean => choice === 'do_not_disturb';
