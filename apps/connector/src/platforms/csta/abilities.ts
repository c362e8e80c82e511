import type { Abilities } from '@offhook/call-model';
import type { KnownService } from './services/knowledge.ts';

export interface AbilitySources {
  readonly isUp: boolean;
  readonly can: (service: KnownService) => boolean;
  /** The desk phone's monitor runs, and it is connected to the platform. */
  readonly hasDesk: boolean;
  readonly hasMailbox: boolean;
  readonly hasAlternative: boolean;
  /** What SIP alone can do for the user. */
  readonly sip: Abilities;
}

/**
 * What a user can have now. While the control link is down it is what SIP alone can, and no desk phone: what is there cannot be seen. What
 * SIP sees of the desk phone by itself is not used: two sources of one truth would contradict each other.
 */
export function abilitiesOf(sources: AbilitySources): Abilities {
  const { isUp, can, hasDesk, hasMailbox, hasAlternative, sip } = sources;
  if (!isUp) return { ...sip, desk: undefined };
  const moves = can('singleStepTransferCall');
  const brings = moves && can('deflectCall');
  return {
    transfer: moves || sip.transfer,
    completeTransfer: can('transferCall') || sip.completeTransfer,
    conference: can('conferenceCall') ? 'platform' : sip.conference,
    deflect: can('deflectCall') || sip.deflect,
    toVoicemail: (can('deflectCall') && hasMailbox) || sip.toVoicemail,
    park: can('parkCall') || sip.park,
    callBack: can('callBackNonCallRelated') || sip.callBack,
    pickUp: can('directedPickupCall') || sip.pickUp,
    groupPickUp: can('groupPickupCall') || sip.groupPickUp,
    desk: hasDesk
      ? {
          place: can('makeCall'),
          answer: can('answerCall'),
          control: can('holdCall') && can('retrieveCall'),
          hangUp: can('clearConnection'),
          pull: brings,
          push: moves,
        }
      : undefined,
    pushToAlternative: hasAlternative && (moves || sip.pushToAlternative),
  };
}
