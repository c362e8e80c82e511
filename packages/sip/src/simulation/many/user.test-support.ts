import type { VirtualClock } from '@offhook/testkit';
import type { Body, EndpointEvent, OutgoingRequestId, SessionId, SipEndpointApi, Target } from '../../endpoint/api.ts';
import { fromTag, toTag } from '../../message/headers.ts';
import { sdp, textOf } from '../world.test-support.ts';
import { aorOfUser, passwordOf, realm } from './desk.test-support.ts';
import { sixtyFourT1 } from './invariants.test-support.ts';
import type { HostView, Judge } from './judge.test-support.ts';
import { Obligations } from './obligations.test-support.ts';
import type { CallRecord, Leg, Life } from './record.test-support.ts';
import { isLive } from './record.test-support.ts';
import type { Action, Side } from './scenario.test-support.ts';
import { absorbsInvite } from './wire.test-support.ts';

/** After that whoever still talks hangs up: nobody else ends a call whose other side was restarted. */
const longestCall = 120_000;
/** Beyond what the timers add up to. */
const grace = 1_000;

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
}

/** The application of one user in one life: does what the scenarios say, and notes what it is told. */
export class User implements HostView {
  readonly life: Life;
  readonly #options: UserOptions;
  readonly #legs = new Map<SessionId, Leg>();
  readonly #known = new Set<CallRecord>();
  readonly #owed: Obligations<Leg>;
  readonly #infos = new Map<OutgoingRequestId, Leg>();
  #registration: ReturnType<SipEndpointApi['register']> | undefined;
  #isBound = false;
  #offers = 0;

  constructor(options: UserOptions) {
    this.#options = options;
    this.life = options.life;
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
          credentials: { username: user, password: passwordOf(user) },
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
    for (const leg of this.#legs.values()) {
      this.#owed.forgive(leg);
      this.#options.judge.touched(leg.record);
    }
    this.#legs.clear();
  }

  call(record: CallRecord, target: Target): void {
    const { callId, callee, callerPlan, isDelayedOffer } = record.scenario;
    const patience =
      callerPlan.kind === 'time_out' ? callerPlan.after : callerPlan.kind === 'wait' ? callerPlan.atMost : undefined;
    const session = this.#run((sip, now) =>
      sip.invite(
        {
          to: aorOfUser(callee),
          from: aorOfUser(this.life.host),
          contactUser: this.life.host,
          callId,
          target,
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
      this.#isBound = event.state.name === 'registered' || (this.#isBound && event.state.name === 'registering');
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
    const leg = 'session' in event ? this.#legs.get(event.session) : undefined;
    if (leg !== undefined) this.#onSessionEvent(event, leg);
    judge.onTold({ life: this.life, event, leg, isOutOfTurn: leg === undefined, isSecondTime: false });
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
    const isSecondTime =
      this.#known.has(record) && absorbsInvite(record.wires.get(this.life), this.#options.clock.now);
    const leg = this.#begin(record, 'callee', session);
    const tag = fromTag(request);
    if (tag !== undefined) leg.remoteTag = tag;
    judge.onTold({ life: this.life, event, leg, isOutOfTurn: false, isSecondTime });
    const { calleePlan: plan } = record.scenario;
    if (plan.kind === 'accept' || plan.kind === 'silent') {
      if (plan.ringing === 'ring') this.#run((sip, now) => sip.ring(session, now));
      if (plan.ringing === 'early_media') {
        // Not reliable: what counts is the answer in the 2xx, and it has to be the same (RFC 3261 section 13.2.1).
        const early = event.offer === undefined ? {} : { body: this.#answerTo(leg, textOf(event.offer)) };
        this.#run((sip, now) => sip.ring(session, now, { status: 183, reliable: false, ...early }));
      }
    }
    if (plan.kind === 'silent') return;
    this.#later(leg, plan.after, () => {
      if (plan.kind === 'end') this.#end(leg);
      else if (plan.kind === 'refuse') this.#refuse(leg, plan.status);
      else this.#accept(leg, event.offer);
    });
  }

  #refuse(leg: Leg, status: number): void {
    leg.endingAt = this.#options.clock.now;
    leg.refusedWith = status;
    this.#owed.owe(leg, 'the end', 0);
    this.#run((sip, now) => sip.refuse(leg.session, status, now));
  }

  #accept(leg: Leg, offer: Body | undefined): void {
    leg.answeredAt = this.#options.clock.now;
    const body = offer === undefined ? sdp(`${leg.record.scenario.callId} theirs`) : this.#answerTo(leg, textOf(offer));
    if (offer === undefined) {
      leg.awaits = 'their_answer';
      leg.offered = textOf(body) ?? '';
    } else {
      leg.agreed.push(pair(textOf(offer), textOf(body)));
    }
    this.#run((sip, now) => sip.accept(leg.session, body, now));
    this.#onAnswered(leg);
  }

  #onAnswered(leg: Leg): void {
    const { actions, hangUp } = leg.record.scenario;
    this.#options.judge.touched(leg.record);
    for (const action of actions) {
      if (action.by === leg.side) this.#later(leg, action.after, () => this.#act(leg, action.kind));
    }
    if (hangUp.by === leg.side) this.#later(leg, hangUp.after, () => this.#end(leg));
    this.#later(leg, longestCall, () => this.#end(leg));
  }

  /** What the scenario has both sides do at one instant; of whom one may know less of the call by now. */
  together(leg: Leg, act: 'reoffer' | 'hang_up'): void {
    if (!isLive(leg) || leg.endingAt !== undefined || leg.answeredAt === undefined) return;
    if (act === 'hang_up') this.#end(leg);
    else this.#act(leg, act);
  }

  #act(leg: Leg, kind: Action['kind']): void {
    switch (kind) {
      case 'reoffer':
        this.#reoffer(leg);
        break;
      case 'info': {
        const outgoing = this.#run((sip, now) => sip.requestInSession(leg.session, { method: 'INFO' }, now));
        this.#infos.set(outgoing, leg);
        this.#owed.owe(leg, `the answer to INFO ${outgoing}`, 2 * sixtyFourT1 + grace);
        break;
      }
    }
  }

  #reoffer(leg: Leg): void {
    // One offer at a time (RFC 3264 section 4): a user who presses twice has to wait.
    if (leg.offered !== undefined) return;
    this.#offers += 1;
    const direction = this.#offers % 2 === 0 ? 'sendrecv' : 'sendonly';
    leg.offered = `${this.life.host} ${this.#offers} ${direction}`;
    const offer = sdp(leg.offered);
    this.#run((sip, now) => sip.reoffer(leg.session, offer, now));
  }

  #end(leg: Leg): void {
    leg.endingAt ??= this.#options.clock.now;
    this.#owed.owe(leg, 'the end', 2 * sixtyFourT1 + grace);
    this.#run((sip, now) => sip.end(leg.session, now));
  }

  #onSessionEvent(event: EndpointEvent, leg: Leg): void {
    switch (event.type) {
      case 'session.accepted':
        this.#onAccepted(event, leg);
        break;
      case 'session.confirmed':
        if (leg.awaits === 'their_answer' && event.body !== undefined) {
          leg.agreed.push(pair(leg.offered, textOf(event.body)));
          delete leg.awaits;
          delete leg.offered;
        }
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
        this.#run((sip, now) => sip.respond(event.requestId, 200, now));
        break;
      case 'session.ended': {
        const { offered, awaits } = leg;
        const open = { offered, awaits };
        leg.ended = { end: event.end, at: this.#options.clock.now, open };
        this.#legs.delete(leg.session);
        this.#owed.forgive(leg);
        break;
      }
      default:
        break;
    }
  }

  #onAccepted(event: Extract<EndpointEvent, { type: 'session.accepted' }>, leg: Leg): void {
    const { record } = leg;
    leg.answeredAt = this.#options.clock.now;
    const tag = toTag(event.response);
    if (tag !== undefined) leg.remoteTag = tag;
    this.#owed.settle(leg, 'an answer');
    if (event.needsAnswer) {
      leg.awaits = 'our_answer';
      const offer = textOf(event.body);
      this.#later(leg, record.scenario.thinking, () => {
        const answer = this.#answerTo(leg, offer);
        delete leg.awaits;
        leg.agreed.push(pair(offer, textOf(answer)));
        this.#run((sip, now) => sip.acknowledge(leg.session, answer, now));
        this.#options.judge.touched(record);
      });
    } else {
      leg.agreed.push(pair(`${record.scenario.callId} first`, textOf(event.body)));
    }
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
    this.#options.clock.after(delay, () => {
      if (isLive(leg) && leg.endingAt === undefined) act();
    });
  }

  #run<R>(commands: (sip: SipEndpointApi, now: number) => R): R {
    return this.#options.machine.run(commands);
  }
}

/** 408 and 481 come instead of an answer (RFC 3261 section 12.2.1.2). */
const isRefusal = (status: number | undefined): boolean =>
  status !== undefined && status !== 408 && status !== 481;

const pair = (offer: string | undefined, answer: string | undefined): string => `${offer ?? ''} → ${answer ?? ''}`;
