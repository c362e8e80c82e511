import { activityOf, callOfLeg } from '@offhook/call-model';
import { Limits, type CallId, type EndCause, type LegId, type UserId } from '@offhook/contract';
import type { EndpointEvent, ExtraHeaders, SessionId } from '@offhook/sip';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Admission, Admitted } from '../platforms/platform.ts';
import type { CallBoard } from './board.ts';
import { isExpected, type Expected, type ExpectedCalls } from './expected.ts';
import { uriOf } from './invites.ts';
import type { LineBook } from './lines.ts';
import type { LiveCall } from './live-call.ts';
import { ringCall, takeCall } from './machine.ts';
import type { Call, CallFacts, CallTimes } from './model.ts';
import { callerOf, correlationOf, divertedByOf } from './party.ts';
import type { ClientPresence } from './presence.ts';
import { isAnsweredAtOnce, isSdp, requestUser, textOf, toUser } from './session-events.ts';

export type Incoming = Extract<EndpointEvent, { type: 'session.incoming' }>;

/** What of call control an INVITE of the PBX has to do with. */
export interface IncomingOptions {
  readonly lines: LineBook;
  readonly presence: ClientPresence;
  readonly board: CallBoard;
  readonly clock: Clock;
  readonly times: CallTimes;
  readonly newId: () => string;
  readonly admit: (userId: UserId, situation: Admission) => Admitted;
  readonly log: Log;
  readonly expected: ExpectedCalls;
  readonly isDraining: () => boolean;
  /** The connector is about to stop. */
  readonly isEnding: () => boolean;
  /** Legs of the user that live. */
  readonly countOf: (userId: UserId) => number;
  /** The call whose session this INVITE is to replace; it has the new session from now on. */
  readonly replaced: (event: Incoming) => LiveCall | undefined;
  readonly add: (facts: CallFacts, call: Call, event: Incoming) => LiveCall;
  readonly refuse: (session: SessionId, status: number, headers?: ExtraHeaders) => void;
}

/** INVITEs of the PBX: whose they are, and whether they ring, are brought to the client that has asked for them, or are turned away. */
export class IncomingCalls {
  readonly #options: IncomingOptions;

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  onInvite(event: Incoming): void {
    const { lines, presence, clock, log } = this.#options;
    const { request, session } = event;
    const fromPbx = lines.isPbx(event.flow);
    const line = lines.ofInvite(requestUser(request), toUser(request), fromPbx);
    if (!lines.configured) {
      // Bindings of an earlier life: our lines come in a moment, so this is no 404.
      this.#options.refuse(session, 480);
      return;
    }
    if (line === undefined) {
      log.info({ from: event.flow.address, sipCallId: event.info.callId }, 'INVITE for no line of ours');
      this.#options.refuse(session, 404);
      return;
    }
    if (event.offer !== undefined && !isSdp(event.offer)) {
      this.#options.refuse(session, 415);
      return;
    }
    const replaced = this.#options.replaced(event);
    if (replaced !== undefined) {
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
    const expected = this.#options.expected.take(line.userId, (wanted) => {
      const awaited = wanted.callId === undefined ? undefined : board.call(line.userId, wanted.callId);
      const answersAtOnce = fromPbx && isAnsweredAtOnce(request);
      return isExpected(awaited, wanted, { remote: leg.remote, line, callId: known?.callId, answersAtOnce });
    });
    if (expected !== undefined) {
      this.#bring(event, offer, facts, expected);
      return;
    }
    if (this.#options.isDraining()) {
      this.#turnAway(session, facts, 480, 'unreachable');
      return;
    }
    if (this.#options.countOf(line.userId) >= Limits.callsPerUser) {
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
        if (admitted.status === 480) this.#options.refuse(session, 480);
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
    const live = this.#options.add(facts, first.call, event);
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
      { requestId, clientId, legId: this.#options.newId() as LegId, offer: expected.offer },
      this.#options.clock.now(),
    );
    const live = this.#options.add(brought, first.call, event);
    expected.arrived(live.expect(requestId));
    live.start(first.effects);
  }

  /** A call that never rang here. The user still learns that somebody called. */
  #turnAway(
    session: SessionId,
    facts: CallFacts,
    status: number,
    cause: EndCause,
    headers: ExtraHeaders = [],
  ): void {
    this.#options.refuse(session, status, headers);
    this.#options.log.info(
      { callId: facts.callId, correlationId: facts.correlationId, userId: facts.userId, status, cause },
      'call turned away',
    );
    const { callId, userId } = facts;
    const { board, isEnding } = this.#options;
    // It rings on where the platform sees it, and is recorded there.
    if (board.call(userId, callId) !== undefined) return;
    board.turnedAway(facts, cause, !isEnding());
  }
}
