import {
  activeDevice,
  deviceAt,
  isTaken,
  othersToHold,
  seatOf,
  talkOf,
  type UserCall,
} from '@offhook/call-model';
import {
  Limits,
  OffhookError,
  type CallId,
  type CallService,
  type ClientId,
  type connectorMethods,
  type DeviceKind,
  type Params,
  type UserId,
} from '@offhook/contract';
import type { Clock } from '../clock.ts';
import { normaliseNumber } from '../numbers/dial.ts';
import type { Platform, Subject } from '../platforms/platform.ts';
import type { CallBoard } from './board.ts';
import { Bringer } from './bringing.ts';
import type { CallControl } from './control.ts';
import type { LineBook, LineOfUser } from './lines.ts';
import type { Outcome } from './live-call.ts';
import type { ClientRequest } from './model.ts';
import { Seats } from './seats.ts';

export type PlaceParams = Params<typeof connectorMethods, 'call.place'>;

/** Which of the user's clients acts. */
export interface Client {
  readonly userId: UserId;
  readonly clientId: ClientId;
}

/** Which of the user's clients acts on which call. */
export interface Actor extends Client {
  readonly callId: CallId;
}

export interface CallRequestsOptions {
  readonly control: CallControl;
  readonly board: CallBoard;
  readonly lines: LineBook;
  readonly platform: Platform;
  readonly clock: Clock;
}

/** Milliseconds for a call to arrive where it is handed over to; the platforms' own waits are 4 to 6 s. */
export const HAND_OVER = 6_000;

/**
 * What clients ask of their calls. Each passes the one gate of the call model; then it goes to the SIP leg where the call is at
 * a client, or to the platform where it is at another device or concerns more than the leg. Everything rejects with
 * `OffhookError`.
 */
export class CallRequests {
  readonly #options: CallRequestsOptions;
  readonly #bringer: Bringer;
  readonly #seats: Seats;

  constructor(options: CallRequestsOptions) {
    this.#options = options;
    this.#bringer = new Bringer(options.control, options.board);
    this.#seats = new Seats({ ...options, subject: (userId, call) => this.#subject(userId, call) });
  }

  async place(params: PlaceParams): Promise<Outcome> {
    const { userId, clientId, correlationId, offer, consultationFor } = params;
    const { control, board, lines } = this.#options;
    const number = normaliseNumber(params.to);
    // An emergency call is not refused for anything that is ours to decide.
    const emergency = lines.isEmergency(number);
    const line = this.#line(userId, { evenDraining: emergency });
    const held = (): Promise<void> => this.#seats.clear(userId, { at: 'client', clientId }, undefined);
    if (emergency) {
      // Nor does it wait for a hold, which the PBX may refuse or not answer.
      held().catch(() => {});
    } else {
      if (!line.registered) throw new OffhookError('line_not_registered');
      this.#hasRoom(userId);
      if (consultationFor !== undefined) this.#pass({ userId, clientId, callId: consultationFor }, 'consult');
      await held();
      // Another client may have placed one meanwhile.
      this.#hasRoom(userId);
    }
    const outcome = await control.place({ line, clientId, number, offer, correlationId });
    if (consultationFor === undefined) return outcome;
    board.consults(userId, outcome.call.callId, consultationFor);
    return { ...outcome, call: board.told(userId, outcome.call.callId) ?? outcome.call };
  }

  async placeAtDesk(params: Params<typeof connectorMethods, 'call.placeAtDesk'>): Promise<void> {
    const { userId, clientId, consultationFor } = params;
    const { platform, lines } = this.#options;
    const number = normaliseNumber(params.to);
    const { line } = this.#line(userId, { evenDraining: lines.isEmergency(number) });
    if (platform.abilities(userId).desk?.place !== true) throw new OffhookError('feature_unsupported');
    const about =
      consultationFor === undefined
        ? undefined
        : this.#subject(userId, this.#pass({ userId, clientId, callId: consultationFor }, 'consult').call);
    const unawait = this.#options.board.awaitDeskCall(userId, number, params.correlationId);
    try {
      await platform.calls.place(line, number, about);
    } catch (error) {
      unawait();
      throw error;
    }
  }

  async pickUp(params: Params<typeof connectorMethods, 'call.pickUp'>): Promise<Outcome> {
    const { userId, clientId, offer, correlationId } = params;
    const { platform } = this.#options;
    const line = this.#line(userId);
    const can = platform.abilities(userId);
    if (params.number === undefined ? !can.groupPickUp : !can.pickUp) {
      throw new OffhookError('feature_unsupported');
    }
    this.#hasRoom(userId);
    const number = params.number === undefined ? undefined : normaliseNumber(params.number);
    await this.#seats.clear(userId, { at: 'client', clientId }, undefined);
    this.#hasRoom(userId);
    return this.#bringer.bring({ line, clientId, offer, correlationId, call: undefined }, () =>
      platform.calls.pickUp(line.line, number),
    );
  }

  async answer(actor: Actor, offer: string): Promise<Outcome> {
    this.#pass(actor, 'answer');
    await this.#seats.clear(actor.userId, { at: 'client', clientId: actor.clientId }, actor.callId);
    try {
      return await this.#ask(actor, { method: 'answer', legId: this.#options.control.newLegId(), offer });
    } catch (error) {
      const { code } = OffhookError.from(error);
      throw code === 'call_not_found' && this.#isTakenElsewhere(actor)
        ? new OffhookError('call_already_answered')
        : error;
    }
  }

  /** The desk phone was faster. */
  #isTakenElsewhere({ userId, callId }: Actor): boolean {
    const { board } = this.#options;
    const call = board.call(userId, callId);
    if (call !== undefined && call.end === undefined) return call.answeredAt !== undefined || isTaken(call);
    const state = board.told(userId, callId)?.state;
    return state?.name === 'ended' && state.cause === 'answered_elsewhere';
  }

  /** One's own voice path anew, or the call of a client that has left. */
  async attach(actor: Actor, offer: string): Promise<Outcome> {
    const { call } = this.#pass(actor, 'attach');
    return this.#attach(actor, call, offer);
  }

  async pull(actor: Actor, offer: string): Promise<Outcome> {
    const { userId, clientId } = actor;
    const before = this.#pass(actor, 'pull').call;
    if (isAtClients(before)) return this.#attach(actor, before, offer);
    const line = this.#line(userId);
    await this.#seats.clear(userId, { at: 'client', clientId }, before.callId);
    // Another client may have asked for it meanwhile: whoever passes here first gets it.
    const { call } = this.#pass(actor, 'pull');
    if (isAtClients(call)) return this.#attach(actor, call, offer);
    const { correlationId } = call;
    return this.#bringer.bring({ line, clientId, offer, correlationId, call }, () =>
      this.#options.platform.calls.pull(this.#subject(userId, call)),
    );
  }

  async #attach(actor: Actor, call: UserCall, offer: string): Promise<Outcome> {
    const { userId, clientId, callId } = actor;
    const talks = talkOf(call) === 'talking' && call.leg?.owner !== clientId;
    if (talks) await this.#seats.clear(userId, { at: 'client', clientId }, callId);
    return this.#ask(actor, { method: 'attach', legId: this.#options.control.newLegId(), offer });
  }

  candidate(actor: Actor, candidate: Extract<ClientRequest, { method: 'candidate' }>): Promise<Outcome> {
    return this.#ask(actor, candidate);
  }

  /** Requests that are the same for a leg and for the desk phone. */
  async simple(actor: Actor, request: SimpleRequest): Promise<Outcome> {
    const { userId } = actor;
    const { call } = this.#pass(actor, request.method);
    const isAtDevice = activeDevice(call) !== undefined;
    if (request.method === 'retrieve') await this.#seats.clear(userId, seatOf(call), call.callId);
    if (!isAtDevice) return this.#ask(actor, request);
    const { calls } = this.#options.platform;
    const subject = this.#subject(userId, call);
    switch (request.method) {
      case 'hangUp':
        await calls.hangUp(subject);
        break;
      case 'hold':
        await calls.hold(subject);
        break;
      case 'retrieve':
        await calls.retrieve(subject);
        break;
      case 'dtmf':
        await calls.digits(subject, request.digits);
        break;
      case 'reject':
      case 'mute':
        throw new OffhookError('call_not_permitted');
    }
    return this.#told(actor);
  }

  async answerAtDesk(actor: Actor): Promise<Outcome> {
    const { call } = this.#pass(actor, 'answerAtDesk');
    const connection = deviceAt(call, 'desk_phone');
    await this.#options.platform.calls.answer({ ...this.#subject(actor.userId, call), connection });
    return this.#told(actor);
  }

  async deflect(actor: Actor, to: string): Promise<Outcome> {
    const { call } = this.#pass(actor, 'deflect');
    await this.#away(actor, 'deflected', (calls) =>
      calls.deflect(this.#subject(actor.userId, call), normaliseNumber(to)),
    );
    return this.#told(actor);
  }

  async toVoicemail(actor: Actor): Promise<Outcome> {
    const { call } = this.#pass(actor, 'toVoicemail');
    await this.#away(actor, 'deflected', (calls) => calls.toVoicemail(this.#subject(actor.userId, call)));
    return this.#told(actor);
  }

  async transfer(actor: Actor, to: string): Promise<Outcome> {
    const { call } = this.#pass(actor, 'transfer');
    await this.#away(actor, 'transferred', (calls) =>
      calls.transfer(this.#subject(actor.userId, call), normaliseNumber(to)),
    );
    return this.#told(actor);
  }

  async push(actor: Actor, to: DeviceKind): Promise<Outcome> {
    const { userId, callId } = actor;
    const { board, platform } = this.#options;
    const { call } = this.#pass(actor, to === 'desk_phone' ? 'pushToDesk' : 'pushToAlternative');
    // Where nobody can see it arrive, it simply leaves.
    const isSeen = platform.abilities(userId).desk !== undefined && call.answeredAt !== undefined;
    if (isSeen) board.beginHandOver(userId, callId, to, HAND_OVER);
    try {
      await this.#away(actor, 'transferred', (calls) => calls.push(this.#subject(userId, call), to));
    } catch (error) {
      if (isSeen) board.endHandOver(userId, callId);
      throw error;
    }
    return this.#told(actor);
  }

  async park(actor: Actor): Promise<Outcome> {
    const { userId, callId } = actor;
    const { board } = this.#options;
    const { call } = this.#pass(actor, 'park');
    board.beginHandOver(userId, callId, 'parked', HAND_OVER);
    try {
      const slot = await this.#away(actor, 'parked', (calls) => calls.park(this.#subject(userId, call)));
      // Where nobody can see it arrive, there is nothing to wait for.
      if (slot === 'unseen') board.endHandOver(userId, callId);
    } catch (error) {
      board.endHandOver(userId, callId);
      throw error;
    }
    return this.#told(actor);
  }

  async callBack(actor: Actor): Promise<Outcome> {
    const { userId } = actor;
    const { call } = this.#pass(actor, 'callBack');
    await this.#options.platform.calls.callBack(this.#line(userId).line, call.remote.number);
    return this.#told(actor);
  }

  async completeTransfer(actor: Actor, otherCallId: CallId): Promise<Outcome> {
    const { userId } = actor;
    const { control, platform } = this.#options;
    const { held, active } = this.#pair(actor, 'completeTransfer', otherCallId);
    await control.leaving([held.callId, active.callId], 'transferred', () =>
      platform.calls.completeTransfer(this.#subject(userId, held), this.#subject(userId, active)),
    );
    return this.#told(actor);
  }

  async conference(actor: Actor, otherCallId: CallId): Promise<Outcome> {
    const { userId } = actor;
    const { board, control, platform } = this.#options;
    const { held, active } = this.#pair(actor, 'conference', otherCallId);
    const both = [held.callId, active.callId];
    const join = (): Promise<'joined' | 'mix'> =>
      platform.calls.conference(this.#subject(userId, held), this.#subject(userId, active));
    const way = await control.leaving(both, 'joined', join, 'one');
    if (way === 'joined') await this.#backInRoom(actor, both);
    if (way === 'mix') {
      control.staying(both);
      await control.oneTalks.mixing(both, async () => {
        for (const { callId, leg } of [held, active]) {
          if (leg?.state.name === 'held') await this.#ask({ ...actor, callId }, { method: 'retrieve' });
        }
        board.mixes(userId, held.callId, active.callId);
      });
    }
    return this.#told(actor);
  }

  /** The room waited, and who talked was sent there: the user is with them again. */
  async #backInRoom(actor: Actor, callIds: readonly CallId[]): Promise<void> {
    const { control } = this.#options;
    const waiting = callIds.find((callId) => {
      const call = control.leg(callId)?.call;
      return call?.room !== undefined && call.phase.name === 'talking' && call.phase.held;
    });
    if (waiting === undefined) return;
    // The other call is only waiting for its end.
    await control.oneTalks.mixing(callIds, () =>
      unlessOver(this.#ask({ ...actor, callId: waiting }, { method: 'retrieve' })),
    );
  }

  /** The held call is taken, the one that talks is held. */
  async alternate(actor: Actor): Promise<Outcome> {
    const { call } = this.#pass(actor, 'alternate');
    if (seatOf(call)?.at === 'desk_phone') {
      const [active] = othersToHold(
        this.#options.board.calls(actor.userId),
        { at: 'desk_phone' },
        call.callId,
      );
      if (active === undefined) throw new OffhookError('call_not_permitted');
      await this.#options.platform.calls.alternate(
        this.#subject(actor.userId, call),
        this.#subject(actor.userId, active),
      );
      return this.#told(actor);
    }
    await this.#seats.clear(actor.userId, seatOf(call), call.callId);
    return this.#ask(actor, { method: 'retrieve' });
  }

  /** The call that was placed beside the held one ends, and the held one is taken back. */
  async reconnect(actor: Actor): Promise<Outcome> {
    const { userId } = actor;
    const { board, platform } = this.#options;
    const { call } = this.#pass(actor, 'reconnect');
    const consultation = [...board.calls(userId).calls.values()].find(
      ({ consultationFor, end }) => consultationFor === call.callId && end === undefined,
    );
    if (consultation === undefined) throw new OffhookError('call_not_permitted');
    if (seatOf(call)?.at === 'desk_phone') {
      await platform.calls.reconnect(this.#subject(userId, call), this.#subject(userId, consultation));
      return this.#told(actor);
    }
    await unlessOver(this.#ask({ ...actor, callId: consultation.callId }, { method: 'hangUp' }));
    await this.#seats.clear(userId, seatOf(call), call.callId);
    return this.#ask(actor, { method: 'retrieve' });
  }

  // ── what all of them need ──

  #pass(
    actor: Actor,
    service: CallService,
    otherCallId?: CallId,
  ): { call: UserCall; other: UserCall | undefined } {
    const { userId, clientId, callId } = actor;
    const wish = { callId, clientId, service, ...(otherCallId === undefined ? {} : { otherCallId }) };
    const verdict = this.#options.board.gate(userId, wish);
    if (!verdict.ok) throw new OffhookError(verdict.code);
    return verdict;
  }

  #pair(actor: Actor, service: CallService, otherCallId: CallId): { held: UserCall; active: UserCall } {
    const { call, other } = this.#pass(actor, service, otherCallId);
    if (other === undefined) throw new OffhookError('call_not_permitted');
    return talkOf(call) === 'held' ? { held: call, active: other } : { held: other, active: call };
  }

  #line(userId: UserId, { evenDraining = false } = {}): LineOfUser {
    if (this.#options.control.draining && !evenDraining) throw new OffhookError('draining');
    const line = this.#options.lines.ofUser(userId);
    if (line === undefined) throw new OffhookError('no_line');
    return line;
  }

  #hasRoom(userId: UserId): void {
    if (this.#options.control.countOf(userId) < Limits.callsPerUser) return;
    throw new OffhookError('call_limit_reached');
  }

  /** The leg goes away by this, and that is no hanging up. */
  #away<T>(
    { callId }: Actor,
    cause: 'transferred' | 'deflected' | 'parked',
    act: (calls: Platform['calls']) => Promise<T>,
  ): Promise<T> {
    const { control, platform } = this.#options;
    return control.leaving([callId], cause, () => act(platform.calls));
  }

  #subject(userId: UserId, call: UserCall): Subject {
    const { control } = this.#options;
    const { line } = this.#line(userId, { evenDraining: true });
    return {
      line,
      remoteNumber: call.remote.number,
      leg: control.leg(call.callId)?.handle,
      connection: activeDevice(call) ?? deviceAt(call, 'line') ?? deviceAt(call, 'desk_phone'),
    };
  }

  #ask(actor: Actor, request: ClientRequest): Promise<Outcome> {
    const live = this.#options.control.leg(actor.callId);
    // Another user's call is answered like one that does not exist.
    if (live?.call.facts.userId !== actor.userId) return Promise.reject(new OffhookError('call_not_found'));
    return live.request(actor.clientId, request);
  }

  #told({ userId, callId }: Actor): Outcome {
    const call = this.#options.board.told(userId, callId);
    if (call === undefined) throw new OffhookError('call_not_found');
    return { call, media: undefined };
  }
}

/** It is in no device of the user: at a client, or between two of them. */
const isAtClients = (call: UserCall): boolean => call.leg !== undefined && activeDevice(call) === undefined;

/** What is over needs no end. */
async function unlessOver(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (OffhookError.from(error).code !== 'call_not_found') throw error;
  }
}

export type SimpleRequest = Extract<
  ClientRequest,
  { method: 'reject' | 'hangUp' | 'hold' | 'retrieve' | 'mute' | 'dtmf' }
>;
