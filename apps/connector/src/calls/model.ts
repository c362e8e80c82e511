import type {
  CallId,
  ClientId,
  CorrelationId,
  Direction,
  EndCause,
  ErrorCode,
  Hindrance,
  LegId,
  Party,
  UserId,
} from '@offhook/contract';
import type { EndReason, ReferralState, SessionId } from '@offhook/sip';
import type { MediaDirection } from '@offhook/media';

/** What is true of a call from its first moment to its last. */
export interface CallFacts {
  readonly callId: CallId;
  readonly userId: UserId;
  readonly correlationId: CorrelationId;
  readonly direction: Direction;
  readonly remote: Party;
  /** Who forwarded or transferred it to the user. */
  readonly divertedBy?: Party;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Times that the machine keeps, in milliseconds. */
export interface CallTimes {
  /** For the media engine to make a description. */
  readonly setup: number;
  /** Without voice and without its client, after which a call is given up. */
  readonly orphan: number;
  /**
   * The same while the cloud cannot be asked whether the client is there. Long, for the loss of the uplink
   * alone never ends a call; but not for ever, for somebody may be listening to silence. Not for a call whose voice has
   * never flowed: its client may not even know that it has it.
   */
  readonly orphanUnknown: number;
  /** Ringing with nobody there to hear it, after which the PBX is told so. */
  readonly deserted: number;
  /** Between one question whether the PBX still knows the call and the next, while its voice is missing. */
  readonly probe: number;
}

export interface Call {
  readonly facts: CallFacts;
  readonly times: CallTimes;
  /** Who is at the other side now: another than at first after a transfer. */
  readonly remote: Party;
  /** A request that is answered when the other side has answered, or refused with the end of the call. */
  readonly pending: PendingReply | undefined;
  /** It was dialled to fetch one certain call; whose it is says who answers. */
  readonly fetches: boolean;
  /** Our 200 that waits for the voice path: a call that is brought here is heard where it is until it can be heard here. */
  readonly accepting: { readonly description: string; readonly by: number } | undefined;
  /** How often the call has gone over to another SIP session. */
  readonly moves: number;
  /** The conference room that its session is with: who was sent there from here. How one comes there is drawn in `on-room.ts`. */
  readonly room: { readonly uri: string; readonly members: readonly Party[] } | undefined;
  readonly phase: Phase;
  /** Whose microphone and speaker the call has. */
  readonly owner: Owner | undefined;
  readonly voice: Voice;
  /** Whether voice has flowed once: then somebody knows of the call, whatever became of the answers to requests. */
  readonly wasHeard: boolean;
  /** A browser leg that the engine is opening now. */
  readonly opening: Opening | undefined;
  readonly muted: boolean;
  /** The leg whose owner has been asked for another one, so that it is asked once. */
  readonly asked: LegId | undefined;
  /** Since when neither the voice path nor the owner has been there; on the clock that only goes forward. */
  readonly orphanedSince: number | undefined;
  /** Whether the PBX's stream has stopped; false as well before its first packet. */
  readonly pbxSilent: boolean;
  /** When the PBX is asked whether it still knows the call, while it is silent without right. */
  readonly probeAt: number | undefined;
}

/** To bring a call here: `media` once the caller's voice path is described. */
export interface PendingReply {
  readonly requestId: RequestId;
  readonly media: { readonly legId: LegId; readonly sdp: string } | undefined;
}

/** `unknown`: the cloud cannot be asked. */
export type Presence = 'present' | 'absent' | 'unknown';

export interface Owner {
  readonly clientId: ClientId;
  readonly presence: Presence;
}

/** The voice path towards the owner. */
export type Voice =
  | { readonly name: 'none' }
  | { readonly name: 'connecting'; readonly legId: LegId }
  | { readonly name: 'flowing'; readonly legId: LegId }
  | { readonly name: 'interrupted'; readonly legId: LegId };

export interface Opening {
  readonly legId: LegId;
  readonly requestId: RequestId;
  readonly clientId: ClientId;
  readonly giveUpAt: number;
}

/** One request of a client that waits for its answer. */
export type RequestId = number;

/** How one leads to another is drawn in `machine.ts`. */
export type Phase =
  /** Outgoing: the caller's own voice path is being made. Nobody has been told of the call yet. */
  | { readonly name: 'preparing'; readonly giveUpAt: number }
  /** Outgoing: the INVITE is being made or is on its way. */
  | {
      readonly name: 'calling';
      readonly answered: boolean;
      /** For the media engine to make the INVITE's offer; `undefined` when the INVITE is out. */
      readonly giveUpAt: number | undefined;
    }
  /** Outgoing: the other side rings. `answered`: a provisional response carried an answer (early media). */
  | { readonly name: 'alerting'; readonly answered: boolean }
  /** Incoming. `offer` is absent where the PBX leaves the offer to us. */
  | Ringing
  /** Incoming: one client has answered; its voice path is being made. */
  | Answering
  | Talking
  | {
      readonly name: 'ended';
      readonly cause: EndCause;
      readonly answeredAt: number | undefined;
      readonly endedAt: number;
    }
  /** Never came into being: its request was refused, nobody else heard of it. */
  | { readonly name: 'abandoned' };

export interface Ringing {
  readonly name: 'ringing';
  readonly offer: string | undefined;
  readonly ringUntil: number;
  /** Where the call is sent on to when nobody has answered it until then. */
  readonly forward: Forward | undefined;
  /** Since when the user has had no client. */
  readonly desertedSince: number | undefined;
}

export interface Forward {
  readonly at: number;
  readonly uri: string;
}

export interface Answering {
  readonly name: 'answering';
  readonly offer: string | undefined;
  readonly ringUntil: number;
  readonly requestId: RequestId;
  readonly clientId: ClientId;
  readonly legId: LegId;
  readonly browserOffer: string;
  /** Our description for the PBX, once the engine has made it. */
  readonly description: string | undefined;
  /** Whether it rings again where this client cannot be joined; one that was asked for by the client does not. */
  readonly mayRing: boolean;
  /** As in {@link Ringing}. */
  readonly forward: Forward | undefined;
  readonly giveUpAt: number;
  /** As in {@link Ringing}: the call may ring again. */
  readonly desertedSince: number | undefined;
}

export interface Talking {
  readonly name: 'talking';
  readonly answeredAt: number;
  /** By this user. */
  readonly held: boolean;
  readonly heldByRemote: boolean;
  /** Incoming: the ACK has come. Before it no re-INVITE may go out (RFC 3261 section 14.1). */
  readonly confirmed: boolean;
  readonly exchange: Exchange;
  /** Hold or retrieve that has been asked for and has no outcome yet. */
  readonly order: Order | undefined;
  /** The other side is asked to call somebody else. */
  readonly transfer: Transfer | undefined;
  /** The call goes over to another SIP session. */
  readonly move: Move | undefined;
  /** Its place at the other side is given to another. */
  readonly leaving: Leaving | undefined;
}

export interface HoldOrder {
  readonly kind: 'hold' | 'retrieve';
  readonly requestId: RequestId;
}

/** `refresh`: the PBX is told our description again, for it may have an older one than the engine. */
export type Order = HoldOrder | { readonly kind: 'refresh' };

/** How it goes on is drawn in `on-transfer.ts`. */
export type Transfer =
  /** For a change of the call that is under way, or for the ACK. */
  | {
      readonly name: 'waiting';
      readonly requestId: RequestId;
      readonly target: ReferralTarget;
      readonly giveUpAt: number;
      /** Milliseconds for what it leads to. */
      readonly within: number;
    }
  | { readonly name: 'sent' | 'accepted'; readonly requestId: RequestId; readonly giveUpAt: number }
  /** Given up; a report may still come. */
  | { readonly name: 'late' };

/** Whom the other side shall call; `replaces`: in the place of our side in that session. */
export type ReferralTarget =
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'replaces'; readonly session: SessionId };

/** To go into a conference room together; it waits, or our offer is being made (`exchange`). */
export interface Meeting {
  readonly name: 'meeting';
  readonly requestId: RequestId;
  readonly uri: string;
  readonly giveUpAt: number;
}

/** How it goes on is drawn in `on-move.ts`, and for rooms in `on-room.ts`. */
export type Move =
  /** An INVITE that takes the place of our session; it waits, or is being answered (`exchange`). */
  | { readonly name: 'offered'; readonly offer: string | undefined; readonly remote: Party }
  /** A REFER that we have accepted; our INVITE waits, or its offer is being made (`exchange`). */
  | { readonly name: 'referred'; readonly remote: Party; readonly alone: boolean }
  /** Our INVITE is on its way. `alone`: the old session is over already. `answer`: from a provisional response. */
  | {
      readonly name: 'inviting';
      readonly remote: Party;
      readonly answer: string | undefined;
      readonly alone: boolean;
    }
  | Meeting
  /** Our INVITE to the room is on its way. `answer`: from a provisional response. */
  | (Omit<Meeting, 'name'> & { readonly name: 'entering'; readonly answer: string | undefined })
  /** We are in the room; the other side, in the session that we have left, is referred to it. */
  | (Omit<Meeting, 'name'> & {
      readonly name: 'gathering';
      /** The REFER was accepted. */
      readonly accepted: boolean;
      /** As it was in the session that we have left. */
      readonly heldByRemote: boolean;
    });

export type Leaving =
  /** Another call of ours is transferred into the place of this one. */
  | { readonly name: 'offered' }
  /** It is taken: the other side hangs up, or we do. */
  | { readonly name: 'taken'; readonly leaveAt: number };

/** Offer and answer inside the dialog (RFC 3264): one exchange at a time. */
export type Exchange =
  | { readonly name: 'idle' }
  /** The engine makes our answer to the PBX's offer; `delayed`: our offer, for the PBX sent none. */
  | {
      readonly name: 'answering';
      readonly dialog: 'this' | 'next';
      readonly delayed: boolean;
      readonly remoteHolds: boolean;
      readonly giveUpAt: number;
    }
  /** Our 200 carried an offer; the ACK brings the answer. */
  | { readonly name: 'awaiting_ack' }
  /** The engine makes our offer. */
  | { readonly name: 'offering'; readonly dialog: 'this' | 'next'; readonly giveUpAt: number }
  /** Our re-INVITE is on its way. */
  | { readonly name: 'offered' };

/** What a client asks of a call that exists. */
export type ClientRequest =
  | { readonly method: 'answer'; readonly legId: LegId; readonly offer: string }
  | { readonly method: 'attach'; readonly legId: LegId; readonly offer: string }
  | {
      readonly method: 'candidate';
      readonly legId: LegId;
      readonly candidate: string;
      readonly mid: string;
    }
  | { readonly method: 'reject' }
  | { readonly method: 'hangUp' }
  | { readonly method: 'hold' }
  | { readonly method: 'retrieve' }
  | { readonly method: 'mute'; readonly muted: boolean }
  | { readonly method: 'dtmf'; readonly digits: string };

/** Why the engine could not do as asked, in the words of the contract. */
export interface MediaRefusal {
  readonly code: ErrorCode;
  readonly text: string;
}

export type CallInput =
  | {
      readonly kind: 'request';
      readonly requestId: RequestId;
      readonly clientId: ClientId;
      readonly request: ClientRequest;
    }
  /** The SIP session's events (see `@offhook/sip`), with descriptions as text. */
  | { readonly kind: 'sip.progress'; readonly status: number; readonly answer: string | undefined }
  | { readonly kind: 'sip.accepted'; readonly answer: string | undefined; readonly needsAnswer: boolean }
  | { readonly kind: 'sip.confirmed'; readonly answer: string | undefined }
  | { readonly kind: 'sip.reoffer'; readonly offer: string | undefined }
  | {
      readonly kind: 'sip.reoffer_result';
      readonly ok: boolean;
      readonly answer: string | undefined;
      readonly status: number | undefined;
    }
  | { readonly kind: 'sip.ended'; readonly end: EndReason }
  /** A re-INVITE, or whatever else says who is at the other side from now on. */
  | { readonly kind: 'party'; readonly remote: Party }
  /** A response of the side that was called says who it is: of use as the name of the number that was dialled. */
  | { readonly kind: 'called'; readonly remote: Party }
  /** What a platform adapter does to the leg; answered like a request. */
  | {
      readonly kind: 'leg.refer';
      readonly requestId: RequestId;
      readonly target: ReferralTarget;
      /** Milliseconds for what it leads to; a minute where absent. */
      readonly within?: number;
    }
  /** To meet the other side in a conference room. */
  | { readonly kind: 'leg.meet'; readonly requestId: RequestId; readonly uri: string }
  /** Somebody else was sent to the room of this call. */
  | { readonly kind: 'leg.joined'; readonly member: Party }
  | { readonly kind: 'leg.redirect'; readonly requestId: RequestId; readonly uri: string }
  /** Another call of ours is transferred into this one's place at the other side; it was not after all; it has been. */
  | { readonly kind: 'leg.yield'; readonly state: Yielding }
  /** What became of our REFER. */
  | { readonly kind: 'sip.referral'; readonly state: ReferralState }
  /** REFER from the other side; what it asks for is permitted. */
  | { readonly kind: 'sip.referred'; readonly remote: Party }
  /** An INVITE of the other side that shall take the place of this call's session. */
  | { readonly kind: 'next.offered'; readonly offer: string | undefined; readonly remote: Party }
  /** Events of the session that shall become the call's. */
  | { readonly kind: 'next.progress'; readonly status: number; readonly answer: string | undefined }
  | { readonly kind: 'next.accepted'; readonly answer: string | undefined; readonly needsAnswer: boolean }
  | { readonly kind: 'next.ended'; readonly end: EndReason }
  /** The session that we have left for a room. */
  | { readonly kind: 'old.ended'; readonly end: EndReason }
  /** Outcomes of what the machine asked of the media engine. */
  | { readonly kind: 'media.browser_answer'; readonly legId: LegId; readonly answer: string }
  | { readonly kind: 'media.browser_refused'; readonly legId: LegId; readonly why: MediaRefusal }
  | { readonly kind: 'media.pbx_description'; readonly description: string }
  | { readonly kind: 'media.pbx_refused'; readonly why: MediaRefusal }
  /** The PBX's answer made no sense to the engine. */
  | { readonly kind: 'media.pbx_answer_refused'; readonly why: MediaRefusal }
  | { readonly kind: 'media.dtmf_refused'; readonly requestId: RequestId }
  | { readonly kind: 'media.dtmf_queued'; readonly requestId: RequestId }
  /** Events of the bridge. */
  | {
      readonly kind: 'media.browser';
      readonly legId: LegId;
      readonly state: 'connecting' | 'connected' | 'interrupted' | 'failed';
    }
  | { readonly kind: 'media.codec_mismatch' }
  /** The PBX's stream: packets come, or have not come for some seconds. */
  | { readonly kind: 'media.pbx'; readonly state: 'flowing' | 'silent' }
  | { readonly kind: 'owner'; readonly presence: Presence }
  /** Whether the user has any client. */
  | { readonly kind: 'audience'; readonly present: boolean }
  /** This connector is going out of service. */
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'tick' };

export type Yielding = 'offered' | 'kept' | 'taken';

/** What the machine asks of its surroundings, to be done in this order. */
export type CallEffect =
  | {
      readonly kind: 'reply';
      readonly requestId: RequestId;
      readonly media?: { readonly legId: LegId; readonly sdp: string };
    }
  | {
      readonly kind: 'refuse';
      readonly requestId: RequestId;
      readonly code: ErrorCode;
      readonly message?: string;
      readonly hindrance?: Hindrance;
    }
  | { readonly kind: 'sip.invite'; readonly offer: string }
  | { readonly kind: 'sip.ring' }
  | { readonly kind: 'sip.accept'; readonly description: string }
  | { readonly kind: 'sip.refuse'; readonly status: number }
  /** CANCEL or BYE, as the session needs it; nothing where there is none yet. */
  | { readonly kind: 'sip.end' }
  | { readonly kind: 'sip.reoffer'; readonly offer: string }
  | { readonly kind: 'sip.accept_offer'; readonly description: string }
  | { readonly kind: 'sip.refuse_offer'; readonly status: number }
  /** 302 to the INVITE. */
  | { readonly kind: 'sip.redirect'; readonly uri: string }
  | { readonly kind: 'sip.refer'; readonly target: ReferralTarget }
  /** 202 to the REFER that has come, or a refusal. */
  | { readonly kind: 'sip.accept_refer' }
  | { readonly kind: 'sip.refuse_refer'; readonly status: number }
  /** To who has sent the REFER: how our INVITE gets on. */
  | { readonly kind: 'sip.report'; readonly status: number }
  /** 200 to the INVITE that replaces our session, which is the call's from now on. */
  | { readonly kind: 'next.accept'; readonly description: string }
  | { readonly kind: 'next.refuse'; readonly status: number }
  /** Our INVITE to whom we were referred to, or to this URI. */
  | { readonly kind: 'next.invite'; readonly offer: string; readonly uri?: string }
  /** It is answered: it is the call's session from now on. */
  | { readonly kind: 'next.take' }
  | { readonly kind: 'next.end' }
  /** It is the call's session from now on, and the old one is kept. */
  | { readonly kind: 'next.keep' }
  /** The old one is the call's again; the other ends. */
  | { readonly kind: 'next.back' }
  /** REFER in the old session. */
  | { readonly kind: 'old.refer'; readonly uri: string }
  /** The old session is left to its end. */
  | { readonly kind: 'old.leave' }
  /** Asks the PBX whether it still knows the call. Where it does not, the session ends by itself. */
  | { readonly kind: 'sip.probe' }
  | { readonly kind: 'media.open_browser_leg'; readonly legId: LegId; readonly offer: string }
  | {
      readonly kind: 'media.candidate';
      readonly legId: LegId;
      readonly candidate: string;
      readonly mid: string;
    }
  | { readonly kind: 'media.create_pbx_offer'; readonly direction: MediaDirection }
  | { readonly kind: 'media.answer_pbx_offer'; readonly offer: string; readonly direction: MediaDirection }
  | { readonly kind: 'media.accept_pbx_answer'; readonly answer: string }
  | { readonly kind: 'media.set_flow'; readonly flow: 'pass' | 'hold' }
  | { readonly kind: 'media.dtmf'; readonly requestId: RequestId; readonly digits: string }
  /** The engine takes too long: what it still makes of what it was asked for this side is not wanted any more. */
  | { readonly kind: 'media.give_up'; readonly side: 'browser' | 'pbx' }
  /** Closes the bridge with all it holds. */
  | { readonly kind: 'media.close' }
  /** Ask the owner for a new voice path. */
  | {
      readonly kind: 'reattach';
      readonly clientId: ClientId;
      readonly reason: 'codec_changed' | 'media_lost';
    };

export interface Step {
  readonly call: Call;
  readonly effects: readonly CallEffect[];
}
