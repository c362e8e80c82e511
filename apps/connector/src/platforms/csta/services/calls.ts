import { OffhookError, type DeviceKind, type ErrorCode, type LineConfig } from '@offhook/contract';
import type { CstaFailure, CstaOutcome, CstaRequest, ResponseTo } from '@offhook/csta';
import { toDeviceId, type ConnectionId } from '@offhook/csta';
import type { Bringing, Platform, PlatformCalls, Subject } from '../../platform.ts';
import type { DeviceKey } from '../numbers.ts';
import type { RosterUser } from '../roster.ts';
import type { Member } from '../state/model.ts';
import type { KnownService } from './knowledge.ts';
import { WAITS } from './limits.ts';
import { moveTalking, moveWaiting } from './moves.ts';
import { errorOf, isNoService } from './refusals.ts';

/** What the operations on calls need of the rest of the adapter. */
export interface CallServices {
  readonly sip: Platform;
  isUp(): boolean;
  can(service: KnownService): boolean;
  userOf(line: LineConfig): RosterUser | undefined;
  hasDesk(user: RosterUser): boolean;
  /** The connection of a subject as the platform has it now; of a call that rings at several devices the desk phone's. */
  find(subject: Subject): Member | undefined;
  mailboxOf(line: LineConfig): string | undefined;
  alternativeOf(line: LineConfig): string | undefined;
  request<R extends CstaRequest>(request: R, timeoutMs: number): Promise<CstaOutcome<ResponseTo<R['name']>>>;
  /** It was not done; where that is not sure, a snapshot has to tell. */
  failed(request: CstaRequest, failure: CstaFailure, member: Member | undefined): void;
  /**
   * A call of this user is on its way between their own devices: nobody else has to do with it. It may come back to a device where it
   * was before.
   *
   * @param to the device, where it is known which call goes there
   */
  movesBegin(line: LineConfig, member?: Member, to?: DeviceKey): void;
}

/**
 * Operations on calls by CSTA services (ECMA-269 clause 17). A call that the platform does not show, and what it has no service for, is
 * left to SIP where there is a leg. Whether the platform answers before or after it acts (OpenScape Voice, OpenScape 4000) makes no
 * difference: nothing is concluded from an answer but that it agrees.
 */
export class CstaCalls implements PlatformCalls {
  readonly #of: CallServices;

  constructor(services: CallServices) {
    this.#of = services;
  }

  transfer(subject: Subject, to: string): Promise<void> {
    return this.#orBySip(
      subject,
      'singleStepTransferCall',
      'transfer_failed',
      WAITS.transfer,
      (activeCall) => ({ name: 'SingleStepTransferCall', activeCall, transferredTo: toDeviceId(to) }),
      (calls) => calls.transfer(subject, to),
    );
  }

  async completeTransfer(held: Subject, active: Subject): Promise<void> {
    const pair = this.#pair('transferCall', held, active);
    if (pair === undefined) {
      this.#needsLeg(held);
      await this.#of.sip.calls.completeTransfer(held, active);
      return;
    }
    await this.#ask(
      {
        name: 'TransferCall',
        heldCall: pair.heldCall.connection,
        activeCall: pair.activeCall.connection,
      },
      WAITS.transfer,
      'transfer_failed',
      pair.heldCall,
    );
  }

  async conference(held: Subject, active: Subject): Promise<'joined' | 'mix'> {
    const pair = this.#pair('conferenceCall', held, active);
    if (pair === undefined) {
      this.#needsLeg(held);
      return this.#of.sip.calls.conference(held, active);
    }
    await this.#ask(
      {
        name: 'ConferenceCall',
        heldCall: pair.heldCall.connection,
        activeCall: pair.activeCall.connection,
      },
      WAITS.transfer,
      'conference_failed',
      pair.heldCall,
    );
    return 'joined';
  }

  deflect(subject: Subject, to: string): Promise<void> {
    return this.#orBySip(
      subject,
      'deflectCall',
      'feature_refused',
      WAITS.transfer,
      (callToBeDiverted) => ({ name: 'DeflectCall', callToBeDiverted, newDestination: toDeviceId(to) }),
      (calls) => calls.deflect(subject, to),
    );
  }

  async toVoicemail(subject: Subject): Promise<void> {
    const mailbox = this.#of.mailboxOf(subject.line);
    if (mailbox === undefined) throw new OffhookError('feature_unsupported');
    await this.deflect(subject, mailbox);
  }

  async push(subject: Subject, to: DeviceKind): Promise<void> {
    if (to === 'alternative') {
      await this.#pushToAlternative(subject);
      return;
    }
    const user = this.#userOf(subject.line);
    const { desk } = user;
    if (desk === undefined) throw new OffhookError('no_desk_phone');
    if (!this.#of.isUp()) throw new OffhookError('platform_unreachable');
    if (!this.#of.hasDesk(user)) throw new OffhookError('no_desk_phone');
    if (!this.#of.can('singleStepTransferCall')) throw new OffhookError('feature_unsupported');
    const member = this.#of.find(subject);
    if (member === undefined) throw new OffhookError('push_failed');
    this.#of.movesBegin(subject.line, member, desk.key);
    const destination = { number: user.main.number, device: desk.number };
    await this.#ask(moveTalking(member.connection, destination), WAITS.handOver, 'push_failed', member);
  }

  async #pushToAlternative(subject: Subject): Promise<void> {
    const number = this.#of.alternativeOf(subject.line);
    if (number === undefined) throw new OffhookError('no_alternative_number');
    const member = this.#of.find(subject);
    if (member?.state === 'alerting') {
      await this.deflect(subject, number);
      return;
    }
    await this.#orBySip(
      subject,
      'singleStepTransferCall',
      'push_failed',
      WAITS.handOver,
      (activeCall) => ({ name: 'SingleStepTransferCall', activeCall, transferredTo: toDeviceId(number) }),
      (calls) => calls.push(subject, 'alternative'),
    );
  }

  async pull(subject: Subject): Promise<Bringing> {
    const user = this.#userOf(subject.line);
    const member = await this.#onDesk(subject, 'singleStepTransferCall');
    const talks = member.state === 'connected' || member.state === 'hold';
    if (!talks && !this.#of.can('deflectCall')) throw new OffhookError('feature_unsupported');
    const destination = { number: user.main.number, device: user.own.number };
    const request = (talks ? moveTalking : moveWaiting)(member.connection, destination);
    return {
      by: 'incoming',
      ask: async () => {
        this.#of.movesBegin(subject.line, member, user.own.key);
        await this.#ask(request, WAITS.handOver, 'pull_failed', member);
      },
    };
  }

  async park(subject: Subject): Promise<'seen' | 'unseen'> {
    const { main } = this.#userOf(subject.line);
    await this.#orBySip(
      subject,
      'parkCall',
      'feature_refused',
      WAITS.transfer,
      // To the user's own number: the platform finds the slot.
      (parking) => ({ name: 'ParkCall', parking, parkTo: toDeviceId(main.number) }),
      async (calls) => void (await calls.park(subject)),
    );
    // However it was asked: a link that is up tells where the call is.
    return this.#of.isUp() ? 'seen' : 'unseen';
  }

  async callBack(line: LineConfig, number: string): Promise<void> {
    if (!this.#of.isUp() || !this.#of.can('callBackNonCallRelated')) {
      await this.#of.sip.calls.callBack(line, number);
      return;
    }
    await this.#ask(
      {
        name: 'CallBackNonCallRelated',
        // The line that has called, so that the clients ring for it.
        originatingDevice: toDeviceId(this.#userOf(line).own.number),
        targetDevice: toDeviceId(number),
      },
      WAITS.other,
      'feature_refused',
    );
  }

  async pickUp(line: LineConfig, number: string | undefined): Promise<Bringing> {
    const service = number === undefined ? 'groupPickupCall' : 'directedPickupCall';
    if (!this.#of.isUp() || !this.#of.can(service)) return this.#of.sip.calls.pickUp(line, number);
    const own = toDeviceId(this.#userOf(line).own.number);
    // Asked before, so that a platform that would not says so before anybody waits for a call.
    const ringing = number === undefined ? undefined : await this.#ringingAt(number);
    const request: CstaRequest =
      ringing === undefined
        ? { name: 'GroupPickupCall', newDestination: own }
        : { name: 'DirectedPickupCall', callToBePickedUp: ringing, requestingDevice: own };
    return {
      by: 'incoming',
      ask: async () => {
        this.#of.movesBegin(line);
        await this.#ask(request, WAITS.pickUp, 'pull_failed');
      },
    };
  }

  async #ringingAt(number: string): Promise<ConnectionId> {
    const request = { name: 'SnapshotDevice', snapshotObject: toDeviceId(number) } as const;
    const outcome = await this.#of.request(request, WAITS.pickUp);
    if (!outcome.ok) throw errorOf(outcome.failure);
    const ringing = outcome.response.snapshotData?.find(
      ({ localCallState }) =>
        localCallState?.compoundCallState?.[0] === 'alerting' ||
        localCallState?.simpleCallDetailedState === 'alerting',
    );
    if (ringing === undefined) {
      throw new OffhookError('feature_refused', {
        message: 'Nothing rings at this number any more.',
        hindrance: 'gone',
      });
    }
    return ringing.connectionIdentifier;
  }

  async place(line: LineConfig, to: string, consultationFor: Subject | undefined): Promise<void> {
    const user = this.#userOf(line);
    if (user.desk === undefined) throw new OffhookError('no_desk_phone');
    this.#needsUp();
    if (!this.#of.hasDesk(user)) throw new OffhookError('no_desk_phone');
    if (consultationFor === undefined) {
      this.#needs('makeCall');
      await this.#ask(
        {
          name: 'MakeCall',
          callingDevice: toDeviceId(user.desk.number),
          calledDirectoryNumber: toDeviceId(to),
          autoOriginate: 'doNotPrompt',
        },
        WAITS.other,
        'feature_refused',
      );
      return;
    }
    const existing = await this.#onDesk(consultationFor, 'consultationCall');
    await this.#ask(
      { name: 'ConsultationCall', existingCall: existing.connection, consultedDevice: toDeviceId(to) },
      WAITS.other,
      'feature_refused',
      existing,
    );
  }

  answer(subject: Subject): Promise<void> {
    return this.#atDesk(subject, 'answerCall', (callToBeAnswered) => ({
      name: 'AnswerCall',
      callToBeAnswered,
    }));
  }

  hangUp(subject: Subject): Promise<void> {
    return this.#atDesk(subject, 'clearConnection', (connectionToBeCleared) => ({
      name: 'ClearConnection',
      connectionToBeCleared,
    }));
  }

  hold(subject: Subject): Promise<void> {
    return this.#atDesk(
      subject,
      'holdCall',
      (callToBeHeld) => ({ name: 'HoldCall', callToBeHeld }),
      'hold_refused',
    );
  }

  retrieve(subject: Subject): Promise<void> {
    return this.#atDesk(
      subject,
      'retrieveCall',
      (callToBeRetrieved) => ({ name: 'RetrieveCall', callToBeRetrieved }),
      'hold_refused',
    );
  }

  digits(subject: Subject, digits: string): Promise<void> {
    return this.#atDesk(subject, 'generateDigits', (connectionToSendDigits) => ({
      name: 'GenerateDigits',
      connectionToSendDigits,
      charactersToSend: digits,
    }));
  }

  async alternate(held: Subject, active: Subject): Promise<void> {
    const heldCall = await this.#onDesk(held, 'alternateCall');
    const activeCall = await this.#onDesk(active, 'alternateCall');
    await this.#ask(
      { name: 'AlternateCall', heldCall: heldCall.connection, activeCall: activeCall.connection },
      WAITS.other,
      'hold_refused',
      heldCall,
    );
  }

  async reconnect(held: Subject, active: Subject): Promise<void> {
    const heldCall = await this.#onDesk(held, 'reconnectCall');
    const activeCall = await this.#onDesk(active, 'reconnectCall');
    await this.#ask(
      { name: 'ReconnectCall', heldCall: heldCall.connection, activeCall: activeCall.connection },
      WAITS.other,
      'hold_refused',
      heldCall,
    );
  }

  // ── what all of them need ──

  async #atDesk(
    subject: Subject,
    service: KnownService,
    requestOf: (connection: ConnectionId) => CstaRequest,
    refused: ErrorCode = 'feature_refused',
  ): Promise<void> {
    const member = await this.#onDesk(subject, service);
    await this.#ask(requestOf(member.connection), WAITS.other, refused, member);
  }

  /** A call that no leg of ours is in: only the platform can do something about it. */
  #onDesk(subject: Subject, service: KnownService): Promise<Member> {
    return Promise.try(() => {
      this.#needsUp();
      this.#needs(service);
      const member = this.#of.find(subject);
      if (member === undefined) throw new OffhookError('call_not_found');
      return member;
    });
  }

  /** By the platform where it shows the call and has the service; else by SIP. */
  async #orBySip(
    subject: Subject,
    service: KnownService,
    refused: ErrorCode,
    wait: number,
    requestOf: (connection: ConnectionId) => CstaRequest,
    bySip: (calls: PlatformCalls) => Promise<void>,
  ): Promise<void> {
    const member = this.#of.find(subject);
    if (!this.#of.isUp() || !this.#of.can(service) || member === undefined) {
      this.#needsLeg(subject);
      await bySip(this.#of.sip.calls);
      return;
    }
    const request = requestOf(member.connection);
    const outcome = await this.#of.request(request, wait);
    if (outcome.ok) return;
    this.#of.failed(request, outcome.failure, member);
    // It has just been learnt that the platform does not have it: SIP may.
    if (isNoService(outcome.failure) && subject.leg !== undefined) {
      await bySip(this.#of.sip.calls);
      return;
    }
    throw errorOf(outcome.failure, refused);
  }

  /** Two calls of ours that the platform shows both, where it can join them. */
  #pair(
    service: KnownService,
    held: Subject,
    active: Subject,
  ): { readonly heldCall: Member; readonly activeCall: Member } | undefined {
    if (!this.#of.isUp() || !this.#of.can(service)) return undefined;
    const heldCall = this.#of.find(held);
    const activeCall = this.#of.find(active);
    return heldCall === undefined || activeCall === undefined ? undefined : { heldCall, activeCall };
  }

  async #ask(request: CstaRequest, wait: number, refused: ErrorCode, member?: Member): Promise<void> {
    const outcome = await this.#of.request(request, wait);
    if (outcome.ok) return;
    this.#of.failed(request, outcome.failure, member);
    throw errorOf(outcome.failure, refused);
  }

  #userOf(line: LineConfig): RosterUser {
    const user = this.#of.userOf(line);
    if (user === undefined) throw new OffhookError('no_line');
    return user;
  }

  #needsUp(): void {
    if (!this.#of.isUp()) throw new OffhookError('platform_unreachable');
  }

  #needs(service: KnownService): void {
    if (!this.#of.can(service)) throw new OffhookError('feature_unsupported');
  }

  /** SIP can do nothing about a call that it is not in. */
  #needsLeg({ leg }: Subject): void {
    if (leg === undefined) this.#needsUp();
  }
}
