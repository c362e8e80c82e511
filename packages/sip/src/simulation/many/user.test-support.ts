import type { VirtualClock } from '@offhook/testkit';
import type {
  Body,
  Credentials,
  EndpointEvent,
  OutgoingRequestId,
  SessionId,
  SipEndpointApi,
} from '../../endpoint/api.ts';
import { fromTag, toTag } from '../../message/headers.ts';
import type { ReferralId } from '../../endpoint/subscription-api.ts';
import type { Timer } from '../../timing/timer-queue.ts';
import { sdp, textOf } from '../world.test-support.ts';
import { aorOfUser, passwordOf, realm } from './desk.test-support.ts';
import { sixtyFourT1 } from './invariants.test-support.ts';
import type { HostView, Judge } from './judge.test-support.ts';
import { Obligations } from './obligations.test-support.ts';
import type { Life } from './life.test-support.ts';
import type { CallRecord, Leg, Way } from './record.test-support.ts';
import { isLive } from './record.test-support.ts';
import { Transfers } from './transfers.test-support.ts';
import { patienceOf } from './scenario.test-support.ts';
import type { Action, Ringing, Scenario, Side } from './scenario.test-support.ts';

/** After that whoever still talks hangs up: nothing else ends a call whose other side was restarted. */
const longestCall = 120_000;
/** With a session timer such a call ends long before. */
const longestTimedCall = 1_000_000;
/** Reports may come for ten minutes at most, and are waited for for 64·T1 more. */
const longestReferral = 700_000;
/** Beyond what the timers add up to. */
const grace = 1_000;

type SessionEvent = Extract<EndpointEvent, { readonly session: SessionId }>;

/** A machine that runs one endpoint after the other. */
export interface Machine {
  readonly life: Life;
  readonly sip: SipEndpointApi;
  run<R>(commands: (sip: SipEndpointApi, now: number) => R): R;
}

export interface UserOptions {
  readonly life: Life;
  readonly clock: VirtualClock;
  readonly judge: Judge;
  readonly calls: ReadonlyMap<string, CallRecord>;
  readonly machine: Machine;
  /** A caller has heard of the answer. */
  readonly onBothAnswered: (record: CallRecord) => void;
  /** A session has ended, or was lost. */
  readonly onLegOver: (leg: Leg) => void;
  /** Makes a call; `undefined` where nobody is bound to the callee's address of record. */
  readonly start: (scenario: Scenario, way?: Way) => CallRecord | undefined;
}

/** The application of one user in one life: does what the scenarios say, and notes what it is told. */
export class User implements HostView {
  readonly life: Life;
  readonly #options: UserOptions;
  readonly #legs = new Map<SessionId, Leg>();
  readonly #known = new Set<CallRecord>();
  readonly #owed: Obligations<Leg>;
  /** What its user means to do in a call. */
  readonly #timers = new Map<Leg, Set<Timer>>();
  readonly #transfers: Transfers;
  readonly #referrals: Obligations<{ readonly leg: Leg; readonly referral: ReferralId }>;
  readonly #infos = new Map<OutgoingRequestId, Leg>();
  #registration: ReturnType<SipEndpointApi['register']> | undefined;
  #isBound = false;
  #offers = 0;

  constructor(options: UserOptions) {
    this.#options = options;
    this.life = options.life;
    this.#transfers = new Transfers({
      run: (commands) => this.#run(commands),
      start: options.start,
      hangUp: (leg) => this.#end(leg),
      owe: (leg, referral) =>
        this.#referrals.owe({ leg, referral }, 'the outcome of a REFER', longestReferral),
      settle: (referral) => this.#referrals.forgiveWhere((each) => each.referral === referral),
    });
    this.#referrals = new Obligations(options.clock, ({ leg }, what, owedFor) =>
      options.judge.fault(
        'nobody_waits_for_ever',
        `${this.life.host} has waited ${owedFor} ms for ${what}`,
        leg.record.scenario.callId,
      ),
    );
    this.#owed = new Obligations(options.clock, (leg, what, owedFor) =>
      options.judge.fault(
        'nobody_waits_for_ever',
        `${this.life.host} has waited ${owedFor} ms for ${what}`,
        leg.record.scenario.callId,
      ),
    );
  }

  get sip(): SipEndpointApi {
    return this.#options.machine.sip;
  }

  get openSessions(): number {
    return this.#legs.size;
  }

  get boundAs(): string | undefined {
    return this.#isBound ? aorOfUser(this.life.host) : undefined;
  }

  register(): void {
    const user = this.life.host;
    this.#registration = this.#run((sip, now) =>
      sip.register(
        {
          registrar: `sip:${realm}`,
          aor: aorOfUser(user),
          contactUser: user,
          expires: 60,
          credentials: this.#credentials,
        },
        now,
      ),
    );
  }

  unregister(): void {
    const registration = this.#registration;
    if (registration !== undefined) this.#run((sip, now) => sip.unregister(registration, now));
  }

  /** The plug is pulled: nothing is owed any more, and nobody is told. */
  lose(): void {
    this.#referrals.forgiveWhere(() => true);
    const lost = [...this.#legs.values()];
    this.#legs.clear();
    for (const leg of lost) {
      this.#options.judge.touched(leg.record);
      this.#forget(leg);
    }
  }

  /** With a session timer that is found out without anybody's doing. */
  otherSideIsGone(leg: Leg): void {
    const { sessionTimer } = leg.record.scenario;
    if (sessionTimer === undefined || leg.answeredAt === undefined) return;
    const within = sessionTimer.expires * 1_000 + 2 * sixtyFourT1 + grace;
    this.#owed.owe(leg, 'the end of a call whose other side is gone', within);
  }

  call(record: CallRecord, way: Way): void {
    const { callId, callee, callerPlan, isDelayedOffer, sessionTimer } = record.scenario;
    const patience = patienceOf(callerPlan);
    const session = this.#run((sip, now) =>
      sip.invite(
        {
          to: aorOfUser(callee),
          from: aorOfUser(this.life.host),
          contactUser: this.life.host,
          callId,
          ...way,
          ...(way.target === undefined &&
            way.to === undefined && { credentials: this.#credentials, redirects: 2 }),
          ...(sessionTimer !== undefined && sessionTimer.by !== 'callee' && { sessionTimer }),
          ...(!isDelayedOffer && { offer: sdp(`${callId} first`) }),
          ...(patience !== undefined && { answerTimeout: patience }),
        },
        now,
      ),
    );
    const leg = this.#begin(record, 'caller', session);
    if (patience !== undefined) this.#owed.owe(leg, 'an answer', patience + 2 * sixtyFourT1 + grace);
    if (callerPlan.kind === 'cancel') this.#later(leg, callerPlan.after, () => this.#end(leg));
  }

  onEvent(event: EndpointEvent): void {
    const { judge } = this.#options;
    if (event.type === 'registration.changed') {
      this.#isBound =
        event.state.name === 'registered' || (this.#isBound && event.state.name === 'registering');
      return;
    }
    if (event.type === 'referral.changed') {
      this.#transfers.onReferral(event.referral, event.state);
      return;
    }
    if (event.type === 'session.incoming') {
      this.#onIncoming(event);
      return;
    }
    if (event.type === 'response') {
      const leg = this.#infos.get(event.outgoing);
      this.#infos.delete(event.outgoing);
      if (leg !== undefined) this.#owed.settle(leg, `the answer to INFO ${event.outgoing}`);
      return;
    }
    if (!('session' in event)) throw new Error(`nobody has asked for ${event.type}`);
    const leg = this.#legs.get(event.session);
    if (leg !== undefined) this.#onSessionEvent(event, leg);
    judge.onTold({ life: this.life, event, leg, isOutOfTurn: leg === undefined, isSecondTime: false });
  }

  get #credentials(): Credentials {
    return { username: this.life.host, password: passwordOf(this.life.host) };
  }

  #begin(record: CallRecord, side: Side, session: SessionId): Leg {
    const leg: Leg = {
      record,
      side,
      life: this.life,
      session,
      startedAt: this.#options.clock.now,
      agreed: [],
    };
    record.legs.push(leg);
    this.#known.add(record);
    this.#legs.set(session, leg);
    this.#options.judge.touched(record);
    return leg;
  }

  #onIncoming(event: Extract<EndpointEvent, { type: 'session.incoming' }>): void {
    const { calls, judge } = this.#options;
    const { session, info, request } = event;
    const record = calls.get(info.callId);
    if (record === undefined) throw new Error(`nobody calls with ${info.callId}`);
    const wire = record.wires.get(this.life);
    const isSecondTime = this.#known.has(record) && wire?.mayBegin !== true;
    if (wire !== undefined) wire.mayBegin = false;
    const leg = this.#begin(record, 'callee', session);
    const tag = fromTag(request);
    if (tag !== undefined) leg.remoteTag = tag;
    judge.onTold({ life: this.life, event, leg, isOutOfTurn: false, isSecondTime });
    const { calleePlan: plan } = record.scenario;
    if (plan.kind === 'accept' || plan.kind === 'silent') this.#ring(leg, plan.ringing, textOf(event.offer));
    if (plan.kind === 'silent') return;
    this.#later(leg, plan.after, () => {
      if (plan.kind === 'end') this.#end(leg);
      else if (plan.kind === 'refuse') this.#refuse(leg, plan.status);
      else this.#accept(leg, event);
    });
  }

  #ring(leg: Leg, how: Ringing, offer: string | undefined): void {
    const { session } = leg;
    switch (how) {
      case 'none':
        break;
      case 'ring':
        this.#run((sip, now) => sip.ring(session, now));
        break;
      case 'reliable':
        this.#run((sip, now) => sip.ring(session, now, { reliable: true }));
        break;
      case 'early_media': {
        // Not reliable: what counts is the answer in the 2xx, and it has to be the same (RFC 3261 section 13.2.1).
        const early = offer === undefined ? {} : { body: this.#answerTo(leg, offer) };
        this.#run((sip, now) => sip.ring(session, now, { status: 183, reliable: false, ...early }));
        break;
      }
      case 'reliable_media': {
        const body = this.#describe(leg, offer);
        leg.early = { remoteTag: leg.remoteTag ?? '' };
        this.#run((sip, now) => sip.ring(session, now, { status: 183, body }));
        break;
      }
    }
  }

  /** Our answer, or after a delayed offer our offer. */
  #describe(leg: Leg, offer: string | undefined): Body {
    if (offer !== undefined) {
      const answer = this.#answerTo(leg, offer);
      leg.agreed.push(pair(offer, textOf(answer)));
      return answer;
    }
    leg.awaits = 'their_answer';
    leg.offered = `${leg.record.scenario.callId} theirs`;
    return sdp(leg.offered);
  }

  #refuse(leg: Leg, status: number): void {
    leg.endingAt = this.#options.clock.now;
    leg.refusedWith = status;
    this.#owed.owe(leg, 'the end', 0);
    this.#run((sip, now) => sip.refuse(leg.session, status, now));
  }

  #accept(leg: Leg, { offer, replaces }: Extract<EndpointEvent, { type: 'session.incoming' }>): void {
    const { sessionTimer } = leg.record.scenario;
    leg.answeredAt = this.#options.clock.now;
    const replaced = replaces === undefined ? undefined : this.#legs.get(replaces);
    if (replaced !== undefined) {
      replaced.endingAt ??= leg.answeredAt;
      leg.displaces = replaced;
      // While the 2xx waits for a PRACK it may still come to nothing.
      if (leg.early === undefined) this.#owed.owe(replaced, 'the end', 2 * sixtyFourT1 + grace);
    }
    const body = leg.early === undefined ? this.#describe(leg, textOf(offer)) : undefined;
    const asks = sessionTimer !== undefined && sessionTimer.by !== 'caller';
    this.#owed.owe(leg, 'the ACK', 3 * sixtyFourT1 + grace);
    this.#run((sip, now) => sip.accept(leg.session, body, now, asks ? { sessionTimer } : {}));
    // While the 2xx waits for a PRACK nothing else can be done with the call.
    if (leg.early === undefined) this.#onAnswered(leg);
  }

  #onAnswered(leg: Leg): void {
    const { actions, hangUp, transfer } = leg.record.scenario;
    this.#options.judge.touched(leg.record);
    if (transfer?.by === leg.side) this.#later(leg, transfer.after, () => this.#transfers.begin(leg));
    for (const action of actions) {
      if (action.by === leg.side) this.#later(leg, action.after, () => this.#act(leg, action.kind));
    }
    if (hangUp.by === leg.side) this.#later(leg, hangUp.after, () => this.#end(leg));
    const longest = leg.record.scenario.sessionTimer === undefined ? longestCall : longestTimedCall;
    this.#later(leg, longest, () => this.#end(leg));
  }

  /** What the scenario has both sides do at one instant; of whom one may know less of the call by now. */
  together(leg: Leg, act: 'reoffer' | 'update' | 'hang_up'): void {
    if (!isLive(leg) || leg.endingAt !== undefined || leg.answeredAt === undefined) return;
    // While its 2xx waits for a PRACK.
    if (leg.side === 'callee' && leg.early !== undefined && leg.confirmedAt === undefined) return;
    if (act === 'hang_up') this.#end(leg);
    else this.#act(leg, act);
  }

  #act(leg: Leg, kind: Action['kind']): void {
    switch (kind) {
      case 'reoffer':
        this.#reoffer(leg);
        break;
      case 'update':
        this.#reoffer(leg, { update: true });
        break;
      case 'info': {
        const outgoing = this.#run((sip, now) => sip.requestInSession(leg.session, { method: 'INFO' }, now));
        this.#infos.set(outgoing, leg);
        this.#owed.owe(leg, `the answer to INFO ${outgoing}`, 2 * sixtyFourT1 + grace);
        break;
      }
    }
  }

  #reoffer(leg: Leg, options: { update?: boolean } = {}): void {
    // One offer at a time (RFC 3264 section 4): a user who presses twice has to wait.
    if (leg.offered !== undefined) return;
    this.#offers += 1;
    const direction = this.#offers % 2 === 0 ? 'sendrecv' : 'sendonly';
    leg.offered = `${this.life.host} ${this.#offers} ${direction}`;
    const offer = sdp(leg.offered);
    this.#run((sip, now) => sip.reoffer(leg.session, offer, now, options));
  }

  #end(leg: Leg): void {
    leg.endingAt ??= this.#options.clock.now;
    this.#owed.owe(leg, 'the end', 2 * sixtyFourT1 + grace);
    this.#run((sip, now) => sip.end(leg.session, now));
  }

  #onSessionEvent(event: SessionEvent, leg: Leg): void {
    switch (event.type) {
      case 'session.accepted':
        this.#onAccepted(event, leg);
        break;
      case 'session.progress':
        this.#onProgress(event, leg);
        break;
      case 'session.early_confirmed':
        this.#onTheirAnswer(leg, event.body);
        this.#mayOfferEarly(leg);
        break;
      case 'session.confirmed':
        leg.confirmedAt = this.#options.clock.now;
        this.#owed.settle(leg, 'the ACK');
        this.#onTheirAnswer(leg, event.body);
        if (leg.early !== undefined) this.#onAnswered(leg);
        break;
      case 'session.reoffer':
        this.#onReoffer(leg, textOf(event.offer) ?? '');
        break;
      case 'session.reoffer_result':
        if (event.ok) leg.agreed.push(pair(leg.offered, textOf(event.answer)));
        // Without an answer from the other side's application nobody knows what it has agreed to: the call is over then.
        if (event.ok || isRefusal(event.status)) delete leg.offered;
        break;
      case 'session.request':
        if (event.request.method === 'REFER') this.#transfers.onRefer(event, leg);
        else this.#run((sip, now) => sip.respond(event.requestId, 200, now));
        break;
      case 'session.ended': {
        const { offered, awaits } = leg;
        const open = { offered, awaits };
        leg.ended = { end: event.end, at: this.#options.clock.now, open };
        this.#legs.delete(leg.session);
        this.#forget(leg);
        this.#transfers.report(leg.record, event.end.by === 'refused' ? event.end.response.status : 487);
        if (leg.displaces !== undefined && isLive(leg.displaces)) this.#end(leg.displaces);
        break;
      }
      case 'session.incoming':
      case 'session.redirected':
        break;
    }
  }

  #onTheirAnswer(leg: Leg, answer: Body | undefined): void {
    if (leg.awaits !== 'their_answer' || answer === undefined) return;
    leg.agreed.push(pair(leg.offered, textOf(answer)));
    delete leg.awaits;
    delete leg.offered;
  }

  #onProgress(event: Extract<EndpointEvent, { type: 'session.progress' }>, leg: Leg): void {
    const tag = toTag(event.response);
    this.#transfers.report(leg.record, event.response.status);
    if (tag === undefined) return;
    if (leg.remoteTag !== undefined && leg.remoteTag !== tag) leg.record.isForked = true;
    leg.remoteTag = tag;
    if (!event.reliable || event.body === undefined) return;
    leg.early = { remoteTag: tag };
    if (event.needsAnswer) this.#owe(leg, tag, event.body);
    else {
      leg.agreed.push(pair(`${leg.record.scenario.callId} first`, textOf(event.body)));
      this.#mayOfferEarly(leg);
    }
  }

  /** Our answer to the offer that a response has brought: it goes with ACK or PRACK. */
  #owe(leg: Leg, tag: string, offer: Body): void {
    leg.awaits = 'our_answer';
    this.#later(leg, leg.record.scenario.thinking, () => {
      // Another phone has answered meanwhile.
      if (leg.remoteTag !== tag) return;
      const answer = this.#answerTo(leg, textOf(offer));
      delete leg.awaits;
      leg.agreed.push(pair(textOf(offer), textOf(answer)));
      this.#run((sip, now) => sip.acknowledge(leg.session, answer, now));
      this.#options.judge.touched(leg.record);
      if (leg.answeredAt === undefined) this.#mayOfferEarly(leg);
    });
  }

  #mayOfferEarly(leg: Leg): void {
    for (const { by, after } of leg.record.scenario.early) {
      if (by !== leg.side) continue;
      this.#later(leg, after, () => {
        if (leg.answeredAt === undefined) this.#reoffer(leg, { update: true });
      });
    }
  }

  #onAccepted(event: Extract<EndpointEvent, { type: 'session.accepted' }>, leg: Leg): void {
    const { record } = leg;
    leg.answeredAt = this.#options.clock.now;
    const tag = toTag(event.response);
    if (tag !== undefined) leg.remoteTag = tag;
    this.#owed.settle(leg, 'an answer');
    if (leg.early?.remoteTag !== tag) {
      // Of another dialog, if any, was what was agreed before.
      delete leg.early;
      leg.agreed.length = 0;
      delete leg.awaits;
      if (event.needsAnswer && event.body !== undefined) this.#owe(leg, tag ?? '', event.body);
      else leg.agreed.push(pair(`${record.scenario.callId} first`, textOf(event.body)));
    }
    this.#transfers.report(record, 200);
    this.#transfers.onAnswered(leg);
    this.#onAnswered(leg);
    this.#options.onBothAnswered(record);
  }

  #onReoffer(leg: Leg, offer: string): void {
    leg.asked = offer;
    this.#later(leg, leg.record.scenario.thinking, () => {
      delete leg.asked;
      const answer = this.#answerTo(leg, offer);
      const isAccepted = leg.record.scenario.acceptsReoffers;
      if (isAccepted) leg.agreed.push(pair(offer, textOf(answer)));
      this.#run((sip, now) => {
        if (isAccepted) sip.acceptOffer(leg.session, answer, now);
        else sip.refuseOffer(leg.session, 488, now);
      });
      this.#options.judge.touched(leg.record);
    });
  }

  #answerTo(leg: Leg, offer: string | undefined): Body {
    return sdp(`${offer ?? ''} answered by ${leg.life.host}`);
  }

  /** Unless the session has ended, is about to, or its host has been restarted by then. */
  #later(leg: Leg, delay: number, act: () => void): void {
    if (!isLive(leg)) return;
    const timers = this.#timers.get(leg) ?? new Set();
    this.#timers.set(leg, timers);
    const timer = this.#options.clock.after(delay, () => {
      timers.delete(timer);
      if (leg.endingAt === undefined && !this.#hasGivenUp(leg)) act();
    });
    timers.add(timer);
  }

  /** The time that it gave the call for an answer is over: it is being cancelled. */
  #hasGivenUp(leg: Leg): boolean {
    const patience = patienceOf(leg.record.scenario.callerPlan);
    if (leg.side === 'callee' || leg.answeredAt !== undefined || patience === undefined) return false;
    return this.#options.clock.now >= leg.startedAt + patience;
  }

  #forget(leg: Leg): void {
    this.#owed.forgive(leg);
    for (const timer of this.#timers.get(leg) ?? []) timer.cancel();
    this.#timers.delete(leg);
    this.#options.onLegOver(leg);
  }

  #run<R>(commands: (sip: SipEndpointApi, now: number) => R): R {
    return this.#options.machine.run(commands);
  }
}

/** 408 and 481 come instead of an answer (RFC 3261 section 12.2.1.2). */
const isRefusal = (status: number | undefined): boolean =>
  status !== undefined && status !== 408 && status !== 481;

const pair = (offer: string | undefined, answer: string | undefined): string =>
  `${offer ?? ''} → ${answer ?? ''}`;
