import { activityOf, callOfLeg } from '@offhook/call-model';
import {
  Limits,
  type AnyEvent,
  type CallId,
  type ClientId,
  type connectorEvents,
  type CorrelationId,
  type EndCause,
  type LegId,
  type RecordId,
  type UserId,
} from '@offhook/contract';
import type { MediaEngine } from '@offhook/media';
import type {
  EndpointEvent,
  ExtraHeaders,
  InviteParams,
  ReferralId,
  ReferralState,
  SessionId,
} from '@offhook/sip';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Admission, Admitted } from '../platforms/platform.ts';
import type { CallBoard, RecordKeeper } from './board.ts';
import { lostAtPbx } from './causes.ts';
import { ExpectedCalls, isExpected, type Expected } from './expected.ts';
import { boundsOf, inviteOf, ownUriOf, uriOf } from './invites.ts';
import { LeavingLegs } from './leaving.ts';
import type { LineBook, LineOfUser } from './lines.ts';
import { LiveCall, type LiveCallOptions as LegOptions, type Outcome, type SipDriver } from './live-call.ts';
import { placeCall, ringCall, takeCall } from './machine.ts';
import type { Call, CallFacts, CallTimes } from './model.ts';
import { assertedOf, callerOf, correlationOf, divertedByOf } from './party.ts';
import type { ClientPresence } from './presence.ts';
import { judgeReferral } from './referral-policy.ts';
import { isAnsweredAtOnce, isSdp, requestUser, textOf, toUser, type SessionEvent } from './session-events.ts';
import { beginningOf } from './view.ts';

type Incoming = Extract<EndpointEvent, { type: 'session.incoming' }>;

export interface CallControlOptions {
  readonly sip: SipDriver;
  readonly engine: MediaEngine;
  readonly lines: LineBook;
  readonly presence: ClientPresence;
  readonly board: CallBoard;
  readonly records: RecordKeeper;
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
  readonly #options: CallControlOptions;
  readonly #calls = new Map<CallId, LiveCall>();
  readonly #bySession = new Map<SessionId, LiveCall>();
  readonly #byReferral = new Map<ReferralId, LiveCall>();
  readonly #leaving: LeavingLegs<LiveCall>;
  /** For good: the program ends. */
  #draining = false;
  /** For as long as the cloud wishes. */
  #paused = false;

  constructor(options: CallControlOptions) {
    this.#options = options;
    this.expected = new ExpectedCalls(options.clock);
    this.#leaving = new LeavingLegs(options.clock);
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
      this.#onInvite(event);
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
    const requestId = 1;
    const first = placeCall(
      facts,
      this.#options.times,
      { requestId, clientId, legId: this.newLegId(), offer },
      now,
      brings === undefined ? 'call' : 'pull',
    );
    const live = this.#add(
      first.call.facts,
      (options) => new LiveCall(first.call, options),
      (endpoint, body, at) => {
        const sipCallId = `${correlationId}.${this.#options.newId()}`;
        const invite = inviteOf(line, { to: uriOf(line, number), sipCallId, offer: body, replaces });
        return { session: endpoint.invite(invite, at), sipCallId };
      },
    );
    const answer = live.expect(requestId);
    live.start(first.effects);
    return answer;
  }

  #onInvite(event: Incoming): void {
    const { lines, presence, clock, log } = this.#options;
    const { request, session } = event;
    const fromPbx = lines.isPbx(event.flow);
    const line = lines.ofInvite(requestUser(request), toUser(request), fromPbx);
    if (!lines.configured) {
      // Bindings of an earlier life: our lines come in a moment, so this is no 404.
      this.#refuse(session, 480);
      return;
    }
    if (line === undefined) {
      log.info({ from: event.flow.address, sipCallId: event.info.callId }, 'INVITE for no line of ours');
      this.#refuse(session, 404);
      return;
    }
    if (event.offer !== undefined && !isSdp(event.offer)) {
      this.#refuse(session, 415);
      return;
    }
    const replaced = event.replaces === undefined ? undefined : this.#bySession.get(event.replaces);
    if (replaced !== undefined) {
      this.#bySession.set(session, replaced);
      const offer = event.offer === undefined ? undefined : textOf(event.offer);
      replaced.adopt({ session, sipCallId: event.info.callId }, offer, callerOf(request, fromPbx));
      return;
    }
    const now = clock.now();
    const divertedBy = fromPbx ? divertedByOf(request) : undefined;
    const leg = {
      direction: 'incoming',
      remote: callerOf(request, fromPbx),
      sipCallId: event.info.callId,
    } as const;
    // The platform may have told of this call before it sent it to us.
    const { board } = this.#options;
    const knownId = callOfLeg(board.calls(line.userId), leg);
    const known = knownId === undefined ? undefined : board.call(line.userId, knownId);
    const facts: CallFacts = {
      callId: known?.callId ?? (this.#options.newId() as CallId),
      userId: line.userId,
      correlationId: known?.correlationId ?? correlationOf(event.info.callId),
      direction: leg.direction,
      remote: leg.remote,
      startedAt: known?.startedAt ?? now.instant,
      ...(divertedBy === undefined ? {} : { divertedBy }),
    };
    const offer = event.offer === undefined ? undefined : textOf(event.offer);
    const expected = this.expected.take(line.userId, (wanted) => {
      const awaited = wanted.callId === undefined ? undefined : board.call(line.userId, wanted.callId);
      const answersAtOnce = fromPbx && isAnsweredAtOnce(request);
      return isExpected(awaited, wanted, { remote: leg.remote, line, callId: known?.callId, answersAtOnce });
    });
    if (expected !== undefined) {
      this.#bring(event, offer, facts, expected);
      return;
    }
    if (this.draining) {
      this.#turnAway(session, facts, 480, 'unreachable');
      return;
    }
    if (this.countOf(line.userId) >= Limits.callsPerUser) {
      this.#turnAway(session, facts, 486, 'busy');
      return;
    }
    const admitted = this.#admitted(session, facts);
    if (admitted === undefined) return;
    if (!presence.reachable(line.userId, now.at)) {
      this.#turnAway(session, facts, 480, 'unreachable');
      return;
    }
    this.#ring(event, offer, facts, admitted.forward);
  }

  /** What the user has set, or the platform wants: whether the clients ring at all. Undefined: they do not. */
  #admitted(session: SessionId, facts: CallFacts): Extract<Admitted, { kind: 'ring' }> | undefined {
    const { userId, remote } = facts;
    const talking = activityOf(this.#options.board.calls(userId)) === 'talking';
    const admitted = this.#options.admit(userId, { talking, number: remote.number });
    switch (admitted.kind) {
      case 'ring':
        return admitted;
      case 'refuse':
        // 480: the clients are left out, other devices may ring on; that is nothing to record.
        if (admitted.status === 480) this.#refuse(session, 480);
        else this.#turnAway(session, facts, admitted.status, 'busy');
        return undefined;
      case 'redirect': {
        const line = this.#options.lines.ofUser(userId);
        if (line === undefined) return { kind: 'ring' };
        const contact = `<${uriOf(line, admitted.to)}>`;
        this.#turnAway(session, facts, 302, 'deflected', [['Contact', contact]]);
        return undefined;
      }
    }
  }

  #ring(
    event: Incoming,
    offer: string | undefined,
    facts: CallFacts,
    forward: Extract<Admitted, { kind: 'ring' }>['forward'],
  ): void {
    const { lines, presence, clock, times } = this.#options;
    const line = lines.ofUser(facts.userId);
    const onward =
      forward === undefined || line === undefined
        ? {}
        : { forward: { after: forward.afterSeconds * 1000, uri: uriOf(line, forward.to) } };
    const first = ringCall(facts, times, { offer, ringFor: lines.ringTime(), ...onward }, clock.now());
    const live = this.#addIncoming(facts, first.call, event);
    live.start(first.effects);
    live.feed({ kind: 'audience', present: presence.online(facts.userId) });
  }

  /** A client has asked for this call, so it is answered there and nobody rings. */
  #bring(event: Incoming, offer: string | undefined, facts: CallFacts, expected: Expected): void {
    const { userId, clientId, callId } = expected;
    const known = callId === undefined ? undefined : this.#options.board.call(userId, callId);
    const brought: CallFacts =
      // What has ended meanwhile stays ended: this is another call then.
      known === undefined || known.end !== undefined
        ? facts
        : {
            ...facts,
            callId: known.callId,
            correlationId: known.correlationId,
            direction: known.direction,
            remote: known.remote,
            startedAt: known.startedAt,
          };
    const requestId = 1;
    const first = takeCall(
      brought,
      this.#options.times,
      { offer },
      { requestId, clientId, legId: this.newLegId(), offer: expected.offer },
      this.#options.clock.now(),
    );
    const live = this.#addIncoming(brought, first.call, event);
    expected.arrived(live.expect(requestId));
    live.start(first.effects);
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

  /** A call that never rang here. The user still learns that somebody called. */
  #turnAway(
    session: SessionId,
    facts: CallFacts,
    status: number,
    cause: EndCause,
    headers: ExtraHeaders = [],
  ): void {
    this.#refuse(session, status, headers);
    this.#options.log.info(
      { callId: facts.callId, correlationId: facts.correlationId, userId: facts.userId, status, cause },
      'call turned away',
    );
    const { startedAt, callId, userId } = facts;
    // It rings on where the platform sees it, and is recorded there.
    if (this.#options.board.call(userId, callId) !== undefined) return;
    void this.#options.records.finish({
      ...beginningOf(facts, this.#newRecordId()),
      endedAt: startedAt,
      cause,
    });
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
        if (isCurrent()) board.legChanged(userId, fact);
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

  #refuse(session: SessionId, status: number, headers: ExtraHeaders = []): void {
    this.#options.sip.run((endpoint, now) => {
      endpoint.refuse(session, status, now, { headers });
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

  #newRecordId(): RecordId {
    return this.#options.newId() as RecordId;
  }
}

const noInvite = (): never => {
  throw new Error('an incoming call sends no INVITE');
};
