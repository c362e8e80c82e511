/**
 * Which of a person's windows in one browser rings, notifies and counts: the one that leads. One lock decides it, for which all windows queue; when the
 * leader closes, the next in the queue has it. A window that may not sound yet (browsers want a click first) leads only until one that may asks for it.
 * ```
 *  follower ──the lock is granted──► leader ──a window that may sound asks, and this one may not──► follower (queues again)
 * ```
 * A running call stays at its window, whoever leads. Pure: the lock and the other windows are events and effects.
 */
export interface Leadership {
  readonly role: 'follower' | 'leader';
  /** The browser lets this window sound. */
  readonly audible: boolean;
}

export type LeadershipEvent =
  | { readonly name: 'started' }
  | { readonly name: 'granted' }
  /** Somebody has clicked or typed here. */
  | { readonly name: 'became_audible' }
  | { readonly name: 'heard'; readonly word: Word };

/** What windows say to each other: that one leads, or that one would rather. */
export type Word = { readonly says: 'leads'; readonly audible: boolean } | { readonly says: 'may_sound' };

export type LeadershipEffect =
  /** Wait for the lock at the end of the queue; `granted` when it is there. */
  { readonly do: 'queue' } | { readonly do: 'release' } | { readonly do: 'say'; readonly word: Word };

export interface Step {
  readonly state: Leadership;
  readonly effects: readonly LeadershipEffect[];
}

export const follower: Leadership = { role: 'follower', audible: false };

const asking = { do: 'say', word: { says: 'may_sound' } } as const;

export function lead(state: Leadership, event: LeadershipEvent): Step {
  const stay: Step = { state, effects: [] };
  switch (event.name) {
    case 'started':
      return { state, effects: [{ do: 'queue' }] };
    case 'granted':
      return {
        state: { ...state, role: 'leader' },
        effects: [{ do: 'say', word: { says: 'leads', audible: state.audible } }],
      };
    case 'became_audible':
      if (state.audible) return stay;
      return { state: { ...state, audible: true }, effects: state.role === 'follower' ? [asking] : [] };
    case 'heard':
      return heard(state, event.word);
  }
}

function heard(state: Leadership, word: Word): Step {
  switch (word.says) {
    case 'leads':
      return { state, effects: state.role === 'follower' && state.audible && !word.audible ? [asking] : [] };
    case 'may_sound':
      if (state.role === 'follower' || state.audible) return { state, effects: [] };
      return { state: { ...state, role: 'follower' }, effects: [{ do: 'release' }, { do: 'queue' }] };
  }
}
