import type { EndpointEvent, SipEndpointApi } from '../../endpoint/api.ts';
import type { ReferralId, ReferralState, ReferrerId } from '../../endpoint/subscription-api.ts';
import { parseReferTo } from '../../headers/refer.ts';
import { aorOfUser } from './desk.test-support.ts';
import type { CallRecord, Leg, Way } from './record.test-support.ts';
import { isLive } from './record.test-support.ts';
import type { Scenario } from './scenario.test-support.ts';

/** What the user whose transfers these are lends. */
export interface TransfersOptions {
  readonly run: <R>(commands: (sip: SipEndpointApi, now: number) => R) => R;
  /** Makes a call; `undefined` where nobody is bound to the callee's address of record. */
  readonly start: (scenario: Scenario, way?: Way) => CallRecord | undefined;
  readonly hangUp: (leg: Leg) => void;
  /** The outcome of a REFER is owed from now on, and no more when it has come. */
  readonly owe: (leg: Leg, referral: ReferralId) => void;
  readonly settle: (referral: ReferralId) => void;
}

/**
 * The transfers of one user in one life (RFC 5589): those that it asks for, alone or after a consultation, and those that it
 * is asked for.
 *
 * ```
 *   transferor ──REFER──► transferee ──INVITE (Replaces, after a consultation)──► target
 *              ◄──NOTIFY──
 * ```
 */
export class Transfers {
  readonly #options: TransfersOptions;
  readonly #asked = new Map<ReferralId, Leg>();
  /** Calls to the target before it is asked, with the call that is to be transferred. */
  readonly #consultations = new Map<CallRecord, Leg>();
  /** Calls that others have asked for, and to whom each is reported. */
  readonly #reports = new Map<CallRecord, ReferrerId>();

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  /** The user begins to transfer a call. */
  begin(leg: Leg): void {
    const { transfer } = leg.record.scenario;
    if (transfer === undefined) return;
    leg.record.transfer = { states: [] };
    if (transfer.consultation === undefined) this.#refer(leg, undefined);
    else {
      const consultation = this.#options.start(transfer.consultation);
      if (consultation !== undefined) this.#consultations.set(consultation, leg);
    }
  }

  /** The consulted has answered. */
  onAnswered(consulted: Leg): void {
    const leg = this.#consultations.get(consulted.record);
    if (leg === undefined || !isLive(leg) || leg.endingAt !== undefined) return;
    if (isLive(consulted) && consulted.endingAt === undefined) this.#refer(leg, consulted);
  }

  onReferral(referral: ReferralId, state: ReferralState): void {
    const leg = this.#asked.get(referral);
    if (leg === undefined) throw new Error('nobody has asked for this transfer');
    leg.record.transfer?.states.push(state);
    if (state.name !== 'ended' && !(state.name === 'accepted' && !state.reports)) return;
    this.#options.settle(referral);
    // Whatever came of it the transferor is done (RFC 5589 section 6.1).
    if (isLive(leg) && leg.endingAt === undefined) this.#options.hangUp(leg);
  }

  /** Somebody asks us to call somebody else. */
  onRefer({ requestId, request }: Extract<EndpointEvent, { type: 'session.request' }>, leg: Leg): void {
    const { run, start } = this.#options;
    const { scenario, transfer } = leg.record;
    const referTo = parseReferTo(request);
    if (scenario.transfer === undefined || referTo === undefined || transfer === undefined) {
      throw new Error('this transfer was never planned');
    }
    const referrer = run((sip, now) => sip.acceptRefer(requestId, now));
    const { replaces } = referTo;
    const call = start(scenario.transfer.call, replaces && { to: referTo.uri, replaces });
    if (call !== undefined) transfer.call = call;
    if (referrer === undefined) return;
    if (call === undefined) run((sip, now) => sip.report(referrer, 480, now));
    else this.#reports.set(call, referrer);
  }

  /** How a call that somebody has asked for gets on. */
  report(record: CallRecord, status: number): void {
    const referrer = this.#reports.get(record);
    if (referrer === undefined) return;
    if (status >= 200) this.#reports.delete(record);
    this.#options.run((sip, now) => sip.report(referrer, status, now));
  }

  #refer(leg: Leg, consulted: Leg | undefined): void {
    const { scenario } = leg.record;
    const { transfer } = scenario;
    if (transfer === undefined) return;
    const referral = this.#options.run((sip, now) =>
      sip.refer(
        {
          session: leg.session,
          referredBy: aorOfUser(leg.life.host),
          ...(consulted === undefined
            ? { referTo: aorOfUser(transfer.call.callee) }
            : { replaces: consulted.session }),
          ...(!transfer.isReported && { report: false }),
        },
        now,
      ),
    );
    this.#asked.set(referral, leg);
    this.#options.owe(leg, referral);
  }
}
