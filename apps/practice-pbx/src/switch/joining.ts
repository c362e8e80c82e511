import { deviceId } from './api.ts';
import type { Cause, DeviceId, SwitchError } from './api.ts';
import type { Board } from './board.ts';
import { isParty } from './call.ts';
import type { Attempt, Call, Connection } from './call.ts';
import type { Leg } from './leg.ts';
import { NO_PREFERENCE } from './leg.ts';
import type { LegId, ReferId } from './model.ts';
import type { Ringing } from './ringing.ts';

/** Two calls become one: transfer, conference, and whoever takes the place of another or joins a call. */
export class Joining {
  readonly #board: Board;
  readonly #ringing: Ringing;

  constructor(board: Board, ringing: Ringing) {
    this.#board = board;
    this.#ringing = ringing;
  }

  /** Who waits for an attempt becomes a party of the call of `member`; its own call ends without it. */
  join(attempt: Attempt, member: Connection, cause: Cause): void {
    const board = this.#board;
    const { waiting, call: old, purpose } = attempt;
    const { call } = member;
    if (waiting === undefined || old === call) {
      this.#ringing.fail(attempt, 403, 'rejected');
      return;
    }
    old.attempts.delete(attempt);
    const others = [...old.connections].filter(
      (other) => other !== waiting && (purpose.kind !== 'transfer' || other !== purpose.by) && isParty(other),
    );
    for (const connection of [waiting, ...others]) board.move(connection, call);
    this.#accept(waiting, member);
    board.change(waiting, 'connected', 'established', cause);
    if (purpose.kind === 'transfer') {
      if (purpose.refer !== undefined) board.push({ kind: 'report', refer: purpose.refer, status: 200 });
      board.drop(purpose.by, 'transfer');
    }
    board.tell({
      kind: 'conferenced',
      primaryOld: call.id,
      secondaryOld: old.id,
      conferencing: waiting.device,
      added: waiting.device,
      cause,
      call: board.snapshot(call),
    });
    board.settle(old);
    board.settle(call);
  }

  #accept(waiting: Connection, member: Connection): void {
    const focus = member.endpoint?.kind === 'room' ? member.person.number : undefined;
    const peer = this.#board.peerOf(waiting) ?? member.person;
    const others = [...member.call.connections].filter((other) => other !== waiting && other.leg?.isAnswered);
    const [only] = others;
    const preference = others.length === 1 ? only?.leg?.preference : undefined;
    waiting.leg?.accept(peer, preference ?? NO_PREFERENCE, focus);
  }

  /** REFER (RFC 3515, RFC 5589): blind, or attended where it names the dialog that the target shall replace. */
  refer(
    by: Connection,
    refer: ReferId,
    to: string | undefined,
    replaces: LegId | 'unknown' | undefined,
    route: (attempt: Attempt, number: string) => void,
  ): void {
    const board = this.#board;
    if (to === undefined) {
      board.push({ kind: 'refuse_refer', refer, status: 400 });
      return;
    }
    if (replaces !== undefined) {
      board.push({ kind: 'accept_refer', refer });
      const other = replaces === 'unknown' ? undefined : board.find(replaces)?.connection;
      const refused = other === undefined ? 'invalidConnection' : this.transfer(by, other, 'transfer');
      board.push({ kind: 'report', refer, status: refused === undefined ? 200 : 481 });
      return;
    }
    if (!by.call.connections.has(by) || by.leg?.isAnswered !== true) {
      board.push({ kind: 'refuse_refer', refer, status: 403 });
      return;
    }
    board.push({ kind: 'accept_refer', refer });
    this.singleStep(by, to, refer, false, route);
  }

  /** Blind: the other party waits while the target rings. Out of a conference the target is asked to join. */
  singleStep(
    by: Connection,
    to: string,
    refer: ReferId | undefined,
    autoAnswer: boolean,
    route: (attempt: Attempt, number: string) => void,
  ): void {
    const { call } = by;
    const others = partiesBut(by);
    const [waiting] = others;
    const purpose = { kind: 'transfer', by, refer } as const;
    const attempt = this.#ringing.begin(call, waiting, purpose, {
      number: to,
      autoAnswer,
      cause: 'singleStepTransfer',
    });
    if (others.length === 0) this.#ringing.fail(attempt, 403, 'rejected');
    else route(attempt, to);
  }

  /**
   * The device of both connections leaves, and everybody else of the two calls is in the first one. The second may still ring: then
   * who was held waits for its answer.
   */
  transfer(primary: Connection, secondary: Connection, cause: Cause): SwitchError | undefined {
    const board = this.#board;
    const { call } = primary;
    const old = secondary.call;
    if (call === old) return 'invalidConnection';
    const held = partiesBut(primary);
    const others = [...old.connections].filter((other) => other !== secondary);
    const [first] = held;
    const [target] = others;
    if (first === undefined || target === undefined) return 'noActiveCall';
    this.#mergeInto(call, old, secondary, first);
    board.drop(primary, cause);
    board.drop(secondary, cause);
    board.tell({
      kind: 'transferred',
      primaryOld: call.id,
      secondaryOld: old.id,
      transferring: primary.device,
      transferredTo: target.device,
      cause,
      call: board.snapshot(call),
    });
    board.calls.delete(old.id);
    board.settle(call);
    return undefined;
  }

  /** As {@link transfer}, and the device stays with the leg of its active call. */
  conference(primary: Connection, secondary: Connection): SwitchError | undefined {
    const board = this.#board;
    const { call } = primary;
    const old = secondary.call;
    const added = partiesBut(secondary)[0];
    if (call === old || added === undefined || old.attempts.size > 0) return 'noActiveCall';
    this.#mergeInto(call, old, secondary, primary);
    const { leg } = secondary;
    secondary.leg = undefined;
    primary.leg?.end(undefined);
    if (leg !== undefined) board.assign(leg, primary);
    primary.heldHere = false;
    old.connections.delete(secondary);
    secondary.state = 'null';
    board.tell({
      kind: 'conferenced',
      primaryOld: call.id,
      secondaryOld: old.id,
      conferencing: primary.device,
      added: added.device,
      cause: 'conference',
      call: board.snapshot(call),
    });
    board.calls.delete(old.id);
    board.settle(call);
    return undefined;
  }

  /** Everybody of `old` but `leaving`, and those that ring for it: `waits` waits for them now. */
  #mergeInto(call: Call, old: Call, leaving: Connection, waits: Connection): void {
    for (const connection of old.connections) {
      if (connection !== leaving) this.#board.move(connection, call);
    }
    for (const attempt of old.attempts) {
      old.attempts.delete(attempt);
      attempt.call = call;
      if (attempt.waiting === leaving) attempt.waiting = waits;
      call.attempts.add(attempt);
    }
  }

  /**
   * INVITE with Replaces (RFC 3891): the new leg takes the place of an answered one, or answers for one that rings. Gives a status
   * where that may not be.
   */
  replace(waiting: Connection, leg: Leg, replaced: LegId): number | undefined {
    const board = this.#board;
    const found = board.find(replaced);
    if (found === undefined || found.leg.isEnded) return 481;
    const { connection } = found;
    if (!this.mayTake(waiting.device, connection.device)) return 403;
    const attempt = this.#ringing.attemptOf(connection);
    if (attempt !== undefined) {
      this.takeCall(waiting, attempt, connection);
      return undefined;
    }
    if (connection.leg !== found.leg || !found.leg.isAnswered) return 481;
    const { call } = connection;
    const old = waiting.call;
    board.move(waiting, call);
    const [other] = partiesBut(connection).filter((party) => party !== waiting);
    leg.accept(other?.person ?? connection.person, other?.leg?.preference ?? NO_PREFERENCE);
    board.change(waiting, 'connected', 'established', 'transfer');
    board.drop(connection, 'transfer');
    board.tell({
      kind: 'transferred',
      primaryOld: call.id,
      secondaryOld: old.id,
      transferring: connection.device,
      transferredTo: waiting.device,
      cause: 'transfer',
      call: board.snapshot(call),
    });
    board.settle(old);
    board.settle(call);
    return undefined;
  }

  /** Pick-up: `taker` answers for what rings at `rung`. */
  takeCall(taker: Connection, attempt: Attempt, rung: Connection): void {
    const board = this.#board;
    const old = taker.call;
    const { call, waiting } = attempt;
    for (const other of old.attempts) this.#ringing.cancel(other, undefined);
    board.move(taker, call);
    attempt.targets.add(taker);
    rung.call.lastRedirection = deviceId(rung.device);
    taker.leg?.accept(waiting?.person ?? rung.person, waiting?.leg?.preference ?? NO_PREFERENCE);
    board.change(taker, 'connected', 'established', 'callPickup');
    this.#ringing.answered(attempt, taker);
    board.settle(old);
  }

  /** One's own calls, and those of the same pick-up group. */
  mayTake(device: DeviceId, from: DeviceId): boolean {
    const taker = this.#board.device(device)?.extension;
    const owner = this.#board.device(from)?.extension;
    if (taker === undefined || owner === undefined) return false;
    return taker === owner || taker.pickupGroup === owner.pickupGroup;
  }
}

export function partiesBut(connection: Connection): readonly Connection[] {
  return [...connection.call.connections].filter((other) => other !== connection && isParty(other));
}
