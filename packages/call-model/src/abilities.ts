/**
 * What the platform, as it has been probed, and the user's own settings allow. Data, never derived from a platform's
 * name: whatever is not said here is offered to nobody.
 */
export interface Abilities {
  /** SingleStepTransferCall, or REFER. */
  readonly transfer: boolean;
  /** TransferCall, or REFER with Replaces. */
  readonly completeTransfer: boolean;
  /** `mix`: two calls can be joined at a client alone, by SIP in a conference room or by the client itself. */
  readonly conference: 'platform' | 'mix' | 'none';
  /** DeflectCall, or 302 to an INVITE. */
  readonly deflect: boolean;
  /** A ringing call can be sent to the user's mailbox. */
  readonly toVoicemail: boolean;
  readonly park: boolean;
  readonly callBack: boolean;
  readonly pickUp: boolean;
  readonly groupPickUp: boolean;
  /** The desk phone's calls are seen; and what can be done there. */
  readonly desk: DeskAbilities | undefined;
  /** A running call can be sent to the alternative number: the platform can, and the user has one. */
  readonly pushToAlternative: boolean;
}

export interface DeskAbilities {
  readonly place: boolean;
  readonly answer: boolean;
  /** Hold, retrieve, alternate, consult, digits. */
  readonly control: boolean;
  readonly hangUp: boolean;
  /** A call can be brought from there to a client. */
  readonly pull: boolean;
  /** A call can be sent there. */
  readonly push: boolean;
}

export const NO_ABILITIES: Abilities = {
  transfer: false,
  completeTransfer: false,
  conference: 'none',
  deflect: false,
  toVoicemail: false,
  park: false,
  callBack: false,
  pickUp: false,
  groupPickUp: false,
  desk: undefined,
  pushToAlternative: false,
};
