import type { LineActivity, Presence, PresenceState } from '@offhook/contract';
import type { WordKey } from '../i18n/words.ts';

/** The key of a person's state, and of what their telephone does where that is worth a word. */
export interface PresenceWords {
  readonly state: WordKey;
  readonly line: WordKey | undefined;
}

export function presenceWords({ state, line }: Presence): PresenceWords {
  return { state: stateWords(state), line: lineActivityWords(line) };
}

export function stateWords(state: PresenceState): WordKey {
  return `presence.${state}`;
}

function lineActivityWords(line: LineActivity): WordKey | undefined {
  switch (line) {
    case 'talking':
      return 'presence.talking';
    case 'ringing':
      return 'presence.ringing';
    case 'idle':
    case 'unknown':
      return undefined;
  }
}
