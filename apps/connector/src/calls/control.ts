import {
  Limits,
  OffhookError,
  type AnyEvent,
  type CallId,
  type CallRecord,
  type ClientId,
  type connectorEvents,
  type connectorMethods,
  type CorrelationId,
  type EndCause,
  type Epoch,
  type LegId,
  type LinkCall,
  type Params,
  type RecordId,
  type Revision,
  type UserId,
} from '@offhook/contract';
import type { MediaEngine } from '@offhook/media';
import {
  escapeUser,
  formatHostPort,
  type Body,
  type EndpointEvent,
  type SessionId,
  type SipEndpointApi,
} from '@offhook/sip';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { normaliseNumber } from '../numbers/dial.ts';
import { lostAtPbx } from './causes.ts';
import type { LineBook, LineOfUser } from './lines.ts';
import { LiveCall, type Outcome, type SipDriver } from './live-call.ts';
import { placeCall, ringCall } from './machine.ts';
import type { CallFacts, CallTimes, ClientRequest } from './model.ts';
import { callerOf, correlationOf } from './party.ts';
import type { ClientPresence } from './presence.ts';
import { inputOf, isSdp, requestUser, textOf, toUser, type SessionEvent } from './session-events.ts';
import { beginningOf, type Beginning } from './view.ts';

type Incoming = Extract<EndpointEvent, { type: 'session.incoming' }>;

export type PlaceParams = Params<typeof connectorMethods, 'call.place'>;

/** Which of the user's clients acts on which call. */
export interface Actor {
  readonly userId: UserId;
  readonly clientId: ClientId;
  readonly callId: CallId;
}

/** Where finished calls go. */
export interface RecordKeeper {
  /** Remembers a running call, so that a crash leaves a record of it. */
  begin(record: Beginning): void;
  /** Resolves when the record is safe on disk. Never rejects: what fails there is logged and counted there. */
  finish(record: CallRecord): Promise<void>;
}

export interface CallControlOptions {
  readonly sip: SipDriver;
  readonly engine: MediaEngine;
  readonly lines: LineBook;
  readonly presence: ClientPresence;
  readonly records: RecordKeeper;
  readonly clock: Clock;
  readonly times: CallTimes;
  readonly epoch: Epoch;
  /** A new id, of characters that the contract allows. */
  readonly newId: () => string;
  readonly publish: (event: AnyEvent<typeof connectorEvents>) => void;
  /** A call that talked is lost: the PBX knows it no more, or does not answer. It may have forgotten the lines, too. */
  readonly onPbxLost: () => void;
  readonly log: Log;
}

/** Longest time for which an outgoing call may ring; PBXs give up sooner (RFC 3261 timer C is 3 minutes). */
const ANSWER_TIMEOUT = 180_000;

/** All calls of this connector: makes them, finds them, and tells of them in one numbered order. */
export class CallControl {
  readonly #options: CallControlOptions;
  readonly #calls = new Map<CallId, LiveCall>();
  readonly #bySession = new Map<SessionId, LiveCall>();
  #revision = 0;
  #draining = false;

  constructor(options: CallControlOptions) {
    this.#options = options;
  }

  /** Calls that have not ended. */
  get count(): number {
    let count = 0;
    for (const live of this.#calls.values()) if (!live.over) count += 1;
    return count;
  }

  /** The calls of one user as they were told last, and the place of that truth in the order. */
  snapshot(userId: UserId): { revision: Revision; calls: LinkCall[] } {
    const calls: LinkCall[] = [];
    for (const live of this.#calls.values()) {
      if (live.call.facts.userId === userId && live.view !== undefined) calls.push(live.view);
    }
    return { revision: { epoch: this.#options.epoch, rev: this.#revision }, calls };
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

  /** Takes no new call from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** Ends every call that runs. */
  endAll(): void {
    for (const live of this.#calls.values()) live.feed({ kind: 'shutdown' });
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
    live?.feed(inputOf(event));
  }

  /** Resolves when the caller's voice path is described and the INVITE is about to go. Rejects with `OffhookError`. */
  async place(params: PlaceParams): Promise<Outcome> {
    const { userId, clientId, correlationId, offer } = params;
    if (this.#draining) throw new OffhookError('draining');
    const line = this.#options.lines.ofUser(userId);
    if (line === undefined) throw new OffhookError('no_line');
    const number = normaliseNumber(params.to);
    if (!line.registered) throw new OffhookError('line_not_registered');
    if (this.#callsOf(userId) >= Limits.callsPerUser) throw new OffhookError('call_limit_reached');
    const now = this.#options.clock.now();
    const facts: CallFacts = {
      callId: this.#options.newId() as CallId,
      userId,
      correlationId,
      direction: 'outgoing',
      remote: { number },
      startedAt: now.instant,
    };
    const requestId = 1;
    const first = placeCall(
      facts,
      this.#options.times,
      { requestId, clientId, legId: this.newLegId(), offer },
      now,
    );
    const live = this.#add(
      first.call.facts,
      (options) => new LiveCall(first.call, options),
      (endpoint, body, at) => this.#invite(endpoint, line, number, correlationId, body, at),
    );
    const answer = live.expect(requestId);
    live.start(first.effects);
    return answer;
  }

  #invite(
    endpoint: SipEndpointApi,
    line: LineOfUser,
    number: string,
    correlationId: CorrelationId,
    offer: Body,
    now: number,
  ): SessionId {
    const host = formatHostPort(line.domain, undefined);
    return endpoint.invite(
      {
        to: `sip:${escapeUser(number)}@${host}`,
        from: `sip:${escapeUser(line.line.number)}@${host}`,
        fromName: line.line.displayName,
        offer,
        ...(line.route.length > 0 ? { route: line.route } : line.target && { target: line.target }),
        credentials: line.credentials,
        contactUser: line.line.lineId,
        callId: `${correlationId}.${this.#options.newId()}`,
        answerTimeout: ANSWER_TIMEOUT,
      },
      now,
    );
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
    const now = clock.now();
    const facts: CallFacts = {
      callId: this.#options.newId() as CallId,
      userId: line.userId,
      correlationId: correlationOf(event.info.callId),
      direction: 'incoming',
      remote: callerOf(request, fromPbx),
      startedAt: now.instant,
    };
    if (this.#draining) {
      this.#turnAway(session, facts, 480, 'unreachable');
      return;
    }
    if (this.#callsOf(line.userId) >= Limits.callsPerUser) {
      this.#turnAway(session, facts, 486, 'busy');
      return;
    }
    if (!presence.reachable(line.userId, now.at)) {
      this.#turnAway(session, facts, 480, 'unreachable');
      return;
    }
    const offer = event.offer === undefined ? undefined : textOf(event.offer);
    const first = ringCall(facts, this.#options.times, { offer, ringFor: lines.ringTime() }, now);
    const live = this.#add(facts, (options) => new LiveCall(first.call, options, session), noInvite);
    this.#bySession.set(session, live);
    live.start(first.effects);
    live.feed({ kind: 'audience', present: presence.online(line.userId) });
  }

  /** A call that never rang here. The user still learns that somebody called. */
  #turnAway(session: SessionId, facts: CallFacts, status: number, cause: EndCause): void {
    this.#refuse(session, status);
    this.#options.log.info(
      { callId: facts.callId, correlationId: facts.correlationId, userId: facts.userId, status, cause },
      'call turned away',
    );
    const { startedAt } = facts;
    void this.#options.records.finish({
      ...beginningOf(facts, this.#newRecordId()),
      endedAt: startedAt,
      cause,
    });
  }

  #add(
    facts: CallFacts,
    make: (options: ConstructorParameters<typeof LiveCall>[1]) => LiveCall,
    invite: ConstructorParameters<typeof LiveCall>[1]['invite'],
  ): LiveCall {
    const { callId, userId } = facts;
    const recordId = this.#newRecordId();
    const { sip, engine, clock, log, records, publish } = this.#options;
    let noted: 'not yet' | 'begun' | 'answered' = 'not yet';
    const live = make({
      sip,
      engine,
      clock,
      log,
      recordId,
      invite,
      onView: (call) => {
        if (call.state.name === 'ended') this.#calls.delete(callId);
        this.#revision += 1;
        const revision = { epoch: this.#options.epoch, rev: this.#revision };
        publish({ name: 'call.changed', data: { userId, revision, call } });
        const reached = 'answeredAt' in call.state ? 'answered' : 'begun';
        if (call.state.name !== 'ended' && noted !== reached) {
          noted = reached;
          records.begin(beginningOf(facts, recordId, call.state));
        }
      },
      onReattach: (clientId, reason) => {
        publish({ name: 'media.reattach', data: { userId, clientId, callId, reason } });
      },
      onSession: (session) => {
        this.#bySession.set(session, live);
      },
      onOver: async (record) => {
        if (record === undefined) this.#calls.delete(callId);
        else await records.finish(record);
      },
    });
    this.#calls.set(callId, live);
    return live;
  }

  /** Calls whose end has not been told yet: those that run, and those whose records are being written. */
  get untold(): number {
    return this.#calls.size;
  }

  /** What a client asks of a call. Rejects with `OffhookError`. */
  ask(actor: Actor, request: ClientRequest): Promise<Outcome> {
    const live = this.#calls.get(actor.callId);
    // Another user's call is answered like one that does not exist.
    if (live?.call.facts.userId !== actor.userId) {
      return Promise.reject(new OffhookError('call_not_found'));
    }
    return live.request(actor.clientId, request);
  }

  #onRequestInSession(event: Extract<SessionEvent, { type: 'session.request' }>): void {
    const status = event.request.method === 'INFO' ? 200 : 405;
    this.#options.sip.run((endpoint, now) => {
      endpoint.respond(event.requestId, status, now);
    });
  }

  #refuse(session: SessionId, status: number): void {
    this.#options.sip.run((endpoint, now) => {
      endpoint.refuse(session, status, now);
    });
  }

  #callsOf(userId: UserId): number {
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
