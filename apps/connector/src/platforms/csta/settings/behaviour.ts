import type { LineSettings } from '@offhook/contract';
import type { Admission, Admitted } from '../../platform.ts';

/** What decides over a call that comes in. */
export interface BehaviourRules {
  readonly settings: LineSettings;
  readonly mailbox: string | undefined;
  /** Calls at the number that people call are seen and can be driven: there it is done, once, and our line is left out. */
  readonly seesDesk: boolean;
}

const RING: Admitted = { kind: 'ring' };
const LEFT_OUT: Admitted = { kind: 'refuse', status: 480 };

/**
 * What an INVITE to our line means for the clients. The platform rings our line and the desk phone for one call; what is to become
 * of the call is done at the desk phone ({@link atDesk}) where we see it, so that it is done once.
 */
export function admitted(rules: BehaviourRules, { talking }: Admission): Admitted {
  const { settings, seesDesk } = rules;
  if (settings.doNotDisturb) return { kind: 'refuse', status: 486 };
  if (settings.routing === 'desk_only') return LEFT_OUT;
  const to = elsewhere(rules, talking);
  if (to !== undefined) return seesDesk ? LEFT_OUT : { kind: 'redirect', to };
  return talking && settings.busyBehaviour === 'busy' ? { kind: 'refuse', status: 486 } : RING;
}

export type DeskAction =
  | { readonly kind: 'ring' }
  /** DeflectCall. */
  | { readonly kind: 'deflect'; readonly to: string }
  /** ClearConnection: the caller meets a busy line. */
  | { readonly kind: 'clear' };

/** What becomes of a call that has just begun to ring at the desk phone. */
export function atDesk(rules: BehaviourRules, talking: boolean): DeskAction {
  const to = elsewhere(rules, talking);
  if (to !== undefined) return { kind: 'deflect', to };
  return talking && rules.settings.busyBehaviour === 'busy' ? { kind: 'clear' } : { kind: 'ring' };
}

/** Where a call goes instead of ringing for the user. A target that is missing by now sends no call away. */
function elsewhere({ settings, mailbox }: BehaviourRules, talking: boolean): string | undefined {
  const { routing, busyBehaviour, alternativeNumber } = settings;
  if (routing === 'alternative_only' && alternativeNumber !== null) return alternativeNumber;
  if (!talking) return undefined;
  switch (busyBehaviour) {
    case 'alternative':
      return alternativeNumber ?? undefined;
    case 'voicemail':
      return mailbox;
    case 'busy':
    case 'second_call':
      return undefined;
  }
}
