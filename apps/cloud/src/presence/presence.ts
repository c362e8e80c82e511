import type { LineActivity, OwnPresence, Presence, PresenceChoice, PresenceState } from '@offhook/contract';

/** Whether a user's clients are there, all nodes taken together, and whether anybody touches one. */
export type ClientsState = 'none' | 'idle' | 'active';

/** Everything that a user's presence is computed from. */
export type PresenceInputs = {
  choice: PresenceChoice;
  /** As the platform said it last. */
  doNotDisturb: boolean;
  activity: LineActivity;
  clients: ClientsState;
};

/**
 * How a user is seen. The first rule that says something decides.
 * ```
 * [PR-1] What was chosen by hand holds, whatever else is so; `appear_offline` shows as `offline`.
 * [PR-2] Do-not-disturb at the platform is `do_not_disturb`.
 * [PR-3] Who talks, at whichever device, is `busy`; a line that only rings is not.
 * [PR-4] Who has a client that is in use is `available`.
 * [PR-5] Who has clients of which none is in use is `away`.
 * [PR-6] Who has no client is `offline`, whatever is known of the line.
 * ```
 */
export function stateOf({ choice, doNotDisturb, activity, clients }: PresenceInputs): PresenceState {
  switch (choice) {
    case 'automatic':
      if (doNotDisturb) return 'do_not_disturb';
      if (activity === 'talking') return 'busy';
      return clients === 'active' ? 'available' : clients === 'idle' ? 'away' : 'offline';
    case 'appear_offline':
      return 'offline';
    case 'available':
    case 'busy':
    case 'do_not_disturb':
    case 'away':
      return choice;
  }
}

/** [PR-7] Oneself sees what was chosen and one's own line as it is. */
export function ownPresence(inputs: PresenceInputs): OwnPresence {
  return { state: stateOf(inputs), line: inputs.activity, choice: inputs.choice };
}

/**
 * [PR-8] Colleagues see the line beside the state. The line of a user who appears offline shows no calls: it would give
 * away that somebody is there.
 */
export function shownPresence({ state, line, choice }: OwnPresence): Presence {
  const hidden = choice === 'appear_offline' && line !== 'unknown';
  return { state, line: hidden ? 'idle' : line };
}
