import type {
  AnyEvent,
  CallId,
  ClientId,
  connectorEvents,
  CorrelationId,
  EndCause,
  LegId,
  UserId,
} from '@offhook/contract';
import type { MediaEngine } from '@offhook/media';
import type { InviteParams, ReferralId, ReferralState, SessionId } from '@offhook/sip';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Admission, Admitted } from '../platforms/platform.ts';
import type { CallBoard } from './board.ts';
import { lostAtPbx } from './causes.ts';
import { ExpectedCalls } from './expected.ts';
import { IncomingCalls, type Incoming } from './incoming.ts';
import { boundsOf, inviteOf, ownUriOf, uriOf } from './invites.ts';
import { LeavingLegs } from './leaving.ts';
import type { LineBook, LineOfUser } from './lines.ts';
import { LiveCall, type LiveCallOptions as LegOptions, type Outcome, type SipDriver } from './live-call.ts';
import { placeCall } from './machine.ts';
import type { Call, CallFacts, CallTimes } from './model.ts';
import { OneTalks } from './one-talks.ts';
import { assertedOf } from './party.ts';
import type { ClientPresence } from './presence.ts';
import { judgeReferral } from './referral-policy.ts';
import type { SessionEvent } from './session-events.ts';

export interface CallControlOptions {
  readonly sip: SipDriver;
  readonly engine: MediaEngine;
  readonly lines: LineBook;
  readonly presence: ClientPresence;
  readonly board: CallBoard;
  readonly clock: Clock;
  readonly times: CallTimes;
  /** A new id, of characters that the contract allows. */
  readonly newId: () => string;
  readonly publish: (event: AnyEvent<typeof connectorEvents>) => void;
  /** What the platform has to say of an INVITE before the clients ring. */
  readonly admit: (userId: UserId, situation: Admission) => Admitted;
  /** A call that talked is lost: the PBX knows it no more, or does not answer. It may have forgotten the lines, too. */
  readonly onPbxLost: () => void;
  readonly log: Log;
}

/** A call that is to be placed: the gates for lines, numbers and limits are passed. */
export interface Placing {
  readonly line: LineOfUser;
  readonly clientId: ClientId;
  readonly number: string;
  readonly offer: string;
  readonly correlationId: CorrelationId;
  /** The call that is brought here by this; absent for a new one. */
  readonly brings?: Pick<CallFacts, 'callId' | 'direction' | 'remote' | 'startedAt'>;
  readonly replaces?: NonNullable<InviteParams['replaces']>;
}

/** The SIP legs of all calls of this connector: makes them, finds them, and drives them. */
export class CallControl {
  readonly expected: ExpectedCalls;
  readonly oneTalks: OneTalks;
  readonly #options: CallControlOptions;
  readonly #calls = new Map<CallId, LiveCall>();
  readonly #bySession = new Map<SessionId, LiveCall>();
  readonly #byReferral = new Map<ReferralId, LiveCall>();
  readonly #leaving: LeavingLegs<LiveCall>;
  readonly #incoming: IncomingCalls;
  /** For good: the program ends. */
  #draining = false;
  /** For as long as the cloud wishes. */
  #paused = false;

  constructor(options: CallControlOptions) {
    this.#options = options;
    this.expected = new ExpectedCalls(options.clock);
    this.#leaving = new LeavingLegs(options.clock);
    const { board, lines, log } = options;
    const leg = (callId: CallId): LiveCall | undefined => this.leg(callId);
    this.oneTalks = new OneTalks({ board, leg, log, isEmergency: (number) => lines.isEmergency(number) });
    this.#incoming = new IncomingCalls({
      ...options,
      expected: this.expected,
      isDraining: () => this.draining,
      isEnding: () => this.#draining,
      countOf: (userId) => this.countOf(userId),
      replaced: (event) => this.#replaced(event),
      add: (facts, call, event) => this.#addIncoming(facts, call, event),
      refuse: (session, status, headers = []) => {
        options.sip.run((endpoint, now) => {
          endpoint.refuse(session, status, now, { headers });
        });
      },
    });
  }

  get draining(): boolean {
    return this.#draining || this.#paused;
  }

  /** Whether a SIP dialog is one of ours. One that is over may be another device's by now: its fork has the same Call-ID. */
  hasLeg(sipCallId: string): boolean {
    for (const live of this.#calls.values()) if (!live.over && live.sipCallId === sipCallId) return true;
    return false;
  }

  /** The leg of a call, while it lives. */
  leg(callId: CallId): LiveCall | undefined {
    const live = this.#calls.get(callId);
    return live === undefined || live.over ? undefined : live;
  }

  /** Calls that have not ended. */
  get count(): number {
    let count = 0;
    for (const live of this.#calls.values()) if (!live.over) count += 1;
    return count;
  }

  /** To be called whenever clients have come or gone, or the link has. */
  presenceChanged(): void {
    const { presence } = this.#options;
    for (const live of this.#calls.values()) {
      const { owner, facts, phase } = live.call;
      const { userId } = facts;
      if (phase.name === 'ringing' || phase.name === 'answering') {
        live.feed({ kind: 'audience', present: presence.online(userId) });
      }
      if (owner === undefined) continue;
      const now = presence.presenceOf({ userId, clientId: owner.clientId });
      if (now !== owner.presence) live.feed({ kind: 'owner', presence: now });
    }
  }

  /** Takes no new call for now, or takes them again. */
  pause(paused: boolean): void {
    this.#paused = paused;
  }

  /** Takes no new call from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** Ends every call that runs. */
  endAll(): void {
    // By their sessions, too: a leg may still be ending whose call has come here anew.
    const all = new Set([...this.#calls.values(), ...this.#bySession.values()]);
    for (const live of all) live.feed({ kind: 'shutdown' });
  }

  /** Events of SIP sessions; those of sessions that belong to no call any more are passed over. */
  onSip(event: SessionEvent): void {
    if (event.type === 'session.incoming') {
      this.#incoming.onInvite(event);
      return;
    }
    if (event.type === 'session.request') {
      this.#onRequestInSession(event);
      return;
    }
    const live = this.#bySession.get(event.session);
    if (event.type === 'session.ended') {
      this.#bySession.delete(event.session);
      if (live?.call.phase.name === 'talking' && lostAtPbx(event.end)) this.#options.onPbxLost();
    }
    live?.onSip(event);
  }

  /** What became of a REFER of ours. */
  onReferral(referral: ReferralId, state: ReferralState): void {
    const live = this.#byReferral.get(referral);
    if (state.name === 'ended') this.#byReferral.delete(referral);
    live?.onReferral(referral, state);
  }

  /** Resolves when the caller's voice path is described and the INVITE is about to go. Rejects with `OffhookError`. */
  place(placing: Placing): Promise<Outcome> {
    const { line, clientId, number, offer, correlationId, brings, replaces } = placing;
    const now = this.#options.clock.now();
    const facts: CallFacts = {
      userId: line.line.userId,
      correlationId,
      ...(brings ?? {
        callId: this.#options.newId() as CallId,
        direction: 'outgoing',
        remote: { number },
        startedAt: now.instant,
      }),
    };
    // Whoever comes to help must see where the call is from.
    const callerId = this.#options.lines.isEmergency(number) ? undefined : line.line.callerId;
    const requestId = 1;
    const first = placeCall(
      facts,
      this.#options.times,
      { requestId, clientId, legId: this.newLegId(), offer },
      now,
      brings === undefined ? 'call' : replaces === undefined ? 'pick_up' : 'pull',
    );
    const live = this.#add(
      first.call.facts,
      (options) => new LiveCall(first.call, options),
      (endpoint, body, at) => {
        const sipCallId = `${correlationId}.${this.#options.newId()}`;
        const invite = inviteOf(line, {
          to: uriOf(line, number),
          sipCallId,
          offer: body,
          replaces,
          callerId,
        });
        return { session: endpoint.invite(invite, at), sipCallId };
      },
    );
    const answer = live.expect(requestId);
    live.start(first.effects);
    return answer;
  }

  #replaced({ replaces, session }: Incoming): LiveCall | undefined {
    const replaced = replaces === undefined ? undefined : this.#bySession.get(replaces);
    if (replaced !== undefined) this.#bySession.set(session, replaced);
    return replaced;
  }

  #addIncoming(facts: CallFacts, call: Call, { session, info }: Incoming): LiveCall {
    const live = this.#add(
      facts,
      (options) => new LiveCall(call, options, { session, sipCallId: info.callId }),
      noInvite,
    );
    this.#bySession.set(session, live);
    return live;
  }

  #add(facts: CallFacts, make: (options: LegOptions) => LiveCall, invite: LegOptions['invite']): LiveCall {
    const { callId, userId } = facts;
    const { sip, engine, clock, log, board, publish } = this.#options;
    // A call that was brought here anew has another leg, and the old one has nothing to say of it any more.
    const isCurrent = (): boolean => this.#calls.get(callId) === live;
    const live: LiveCall = make({
      sip,
      engine,
      clock,
      log,
      invite,
      told: () => board.told(userId, callId),
      onFact: (fact) => {
        if (isCurrent()) this.oneTalks.legChanged(userId, fact);
      },
      onReattach: (clientId, reason) => {
        publish({ name: 'media.reattach', data: { userId, clientId, callId, reason } });
      },
      onSession: (session) => {
        this.#bySession.set(session, live);
      },
      onReferral: (referral) => {
        this.#byReferral.set(referral, live);
      },
      remoteOf: assertedOf,
      ...this.#referrals(facts),
      onOver: async (cause) => {
        if (!isCurrent()) return;
        this.#calls.delete(callId);
        if (cause !== undefined) await board.legEnded(userId, callId, this.#leaving.causeOf(live, cause));
      },
    });
    this.#calls.set(callId, live);
    return live;
  }

  /** What the other side of this call may have the user's line do. */
  #referrals({ userId, correlationId }: CallFacts): Pick<LegOptions, 'referrals' | 'ownUri'> {
    const line = this.#options.lines.ofUser(userId);
    if (line === undefined) return {};
    return {
      ownUri: ownUriOf(line),
      referrals: {
        judge: (request) => judgeReferral(request, boundsOf(this.#options.lines.ofUser(userId), true)),
        invite: (endpoint, { uri, replaces, referredBy }, offer, at) => {
          const sipCallId = `${correlationId}.${this.#options.newId()}`;
          const now = this.#options.lines.ofUser(userId) ?? line;
          const invite = inviteOf(now, { to: uri, sipCallId, offer, replaces, referredBy });
          return { session: endpoint.invite(invite, at), sipCallId };
        },
      },
    };
  }

  /** The platform is asked to move these calls away; see {@link LeavingLegs}. */
  leaving<T>(
    callIds: readonly CallId[],
    cause: EndCause,
    ask: () => Promise<T>,
    how: 'all' | 'one' = 'all',
  ): Promise<T> {
    return this.#leaving.during(this.#legs(callIds), cause, ask, how);
  }

  /** They stay after all. */
  staying(callIds: readonly CallId[]): void {
    this.#leaving.stay(this.#legs(callIds));
  }

  #legs(callIds: readonly CallId[]): LiveCall[] {
    return callIds.flatMap((callId) => this.leg(callId) ?? []);
  }

  #onRequestInSession(event: Extract<SessionEvent, { type: 'session.request' }>): void {
    const live = this.#bySession.get(event.session);
    if (event.request.method === 'REFER' && live !== undefined) {
      live.onRefer(event);
      return;
    }
    const status = event.request.method === 'INFO' ? 200 : 405;
    this.#options.sip.run((endpoint, now) => {
      endpoint.respond(event.requestId, status, now);
    });
  }

  /** Legs of the user that live. */
  countOf(userId: UserId): number {
    let count = 0;
    for (const live of this.#calls.values()) {
      if (live.call.facts.userId === userId && !live.over) count += 1;
    }
    return count;
  }

  newLegId(): LegId {
    return this.#options.newId() as LegId;
  }
}

const noInvite = (): never => {
  throw new Error('an incoming call sends no INVITE');
};
