import type { VirtualClock } from '@offhook/testkit';
import type { EndpointEvent, EndReason, SessionId } from '../endpoint/api.ts';
import { SipUsageError } from '../endpoint/errors.ts';
import type { Scenario, Side } from './scenario.test-support.ts';
import type { Party } from './world.test-support.ts';
import { aliceUri, bobUri, sdp, textOf } from './world.test-support.ts';

/** What one side has seen of one call. */
export interface Account {
  readonly events: string[];
  /** Ends of the session; there must be exactly one. */
  readonly ends: EndReason[];
  isAnswered: boolean;
  isConfirmed: boolean;
  /** `offer/answer` pairs in the order in which they were agreed. */
  readonly agreed: string[];
  readonly infoResults: number[];
}

interface Live {
  readonly scenario: Scenario;
  readonly account: Account;
  /** Of the re-offer under way, for the account. */
  offered?: string;
  /** `end` was called. */
  isEnding: boolean;
}

const newAccount = (): Account => ({
  events: [],
  ends: [],
  isAnswered: false,
  isConfirmed: false,
  agreed: [],
  infoResults: [],
});

/** The application on one side of all the simulated calls: does what the scenarios say, and keeps an account. */
export class Actor {
  readonly accounts = new Map<string, Account>();
  readonly #side: Side;
  readonly #party: Party;
  readonly #clock: VirtualClock;
  readonly #scenarios: ReadonlyMap<string, Scenario>;
  readonly #live = new Map<SessionId, Live>();
  #offers = 0;

  constructor(side: Side, party: Party, clock: VirtualClock, scenarios: ReadonlyMap<string, Scenario>) {
    this.#side = side;
    this.#party = party;
    this.#clock = clock;
    this.#scenarios = scenarios;
    party.onEvent = (event) => {
      party.events.length = 0;
      this.#onEvent(event);
    };
  }

  call(scenario: Scenario): void {
    const { callId, caller, isDelayedOffer } = scenario;
    const session = this.#party.host.run((sip, now) =>
      sip.invite(
        {
          to: bobUri,
          from: aliceUri,
          callId,
          ...(!isDelayedOffer && { offer: sdp('first') }),
          ...(caller.kind === 'time_out' && { answerTimeout: caller.after }),
        },
        now,
      ),
    );
    this.#begin(session, scenario);
    if (caller.kind === 'cancel') this.#later(session, caller.after, () => this.#end(session));
  }

  #begin(session: SessionId, scenario: Scenario): Live {
    const live: Live = { scenario, account: newAccount(), isEnding: false };
    this.accounts.set(scenario.callId, live.account);
    this.#live.set(session, live);
    return live;
  }

  #onEvent(event: EndpointEvent): void {
    if (event.type === 'session.incoming') {
      this.#onIncoming(event);
      return;
    }
    if (event.type === 'response') {
      const { result } = event;
      const status = result.kind === 'response' ? result.response.status : 0;
      for (const { account } of this.#live.values()) account.infoResults.push(status);
      return;
    }
    if (!('session' in event)) throw new Error(`unexpected ${event.type}`);
    const live = this.#live.get(event.session);
    if (live === undefined) throw new Error(`${event.type} for a session that is over`);
    live.account.events.push(event.type);
    switch (event.type) {
      case 'session.progress':
      case 'session.early_answer':
      case 'session.redirected':
        break;
      case 'session.accepted':
        live.account.isAnswered = true;
        if (event.needsAnswer) {
          this.#later(event.session, live.scenario.thinking, () =>
            this.#party.host.run((sip, now) => sip.acknowledge(event.session, sdp('answer'), now)),
          );
        }
        this.#onAnswered(event.session, live);
        break;
      case 'session.confirmed':
        live.account.isConfirmed = true;
        break;
      case 'session.reoffer':
        this.#onReoffer(event.session, live, textOf(event.offer) ?? '');
        break;
      case 'session.reoffer_result':
        if (event.ok) live.account.agreed.push(`${live.offered}/${textOf(event.answer)}`);
        break;
      case 'session.request':
        this.#party.host.run((sip, now) => sip.respond(event.requestId, 200, now));
        break;
      case 'session.ended':
        live.account.ends.push(event.end);
        this.#live.delete(event.session);
        break;
    }
  }

  #onIncoming({ session, info }: Extract<EndpointEvent, { type: 'session.incoming' }>): void {
    const scenario = this.#scenarios.get(info.callId);
    if (scenario === undefined) throw new Error(`nobody calls with ${info.callId}`);
    if (this.accounts.has(info.callId)) throw new Error(`${info.callId} has come twice`);
    const live = this.#begin(session, scenario);
    const plan = scenario.callee;
    if (plan.kind === 'accept' && plan.rings) this.#party.host.run((sip, now) => sip.ring(session, now));
    if (plan.kind === 'silent') return;
    this.#later(session, plan.after, () => {
      if (plan.kind === 'end') this.#end(session);
      else if (plan.kind === 'refuse') {
        this.#party.host.run((sip, now) => sip.refuse(session, plan.status, now));
      } else {
        live.account.isAnswered = true;
        this.#party.host.run((sip, now) => sip.accept(session, sdp('answer'), now));
        this.#onAnswered(session, live);
      }
    });
  }

  #onAnswered(session: SessionId, live: Live): void {
    const { reoffers, infos, hangUp } = live.scenario;
    for (const { by, after } of reoffers) {
      if (by === this.#side) this.#later(session, after, () => this.#reoffer(session, live));
    }
    for (const { by, after } of infos) {
      if (by !== this.#side) continue;
      this.#later(session, after, () => {
        this.#party.host.run((sip, now) => sip.requestInSession(session, { method: 'INFO' }, now));
      });
    }
    if (hangUp.by === this.#side) this.#later(session, hangUp.after, () => this.#end(session));
  }

  #reoffer(session: SessionId, live: Live): void {
    const offer = `${this.#side}-${++this.#offers}`;
    try {
      this.#party.host.run((sip, now) => sip.reoffer(session, sdp(offer), now));
      live.offered = offer;
    } catch (error) {
      // One of ours is under way already.
      if (!(error instanceof SipUsageError) || error.code !== 'wrong_state') throw error;
    }
  }

  #onReoffer(session: SessionId, live: Live, offer: string): void {
    this.#later(session, live.scenario.thinking, () => {
      this.#party.host.run((sip, now) => {
        if (live.scenario.acceptsReoffers) {
          live.account.agreed.push(`${offer}/yes`);
          sip.acceptOffer(session, sdp('yes'), now);
        } else {
          sip.refuseOffer(session, 488, now);
        }
      });
    });
  }

  #end(session: SessionId): void {
    const live = this.#live.get(session);
    if (live !== undefined) live.isEnding = true;
    this.#party.host.run((sip, now) => sip.end(session, now));
  }

  /** Unless the session has ended, or is about to, by then. */
  #later(session: SessionId, delay: number, act: () => void): void {
    this.#clock.after(delay, () => {
      if (this.#live.get(session)?.isEnding === false) act();
    });
  }
}
