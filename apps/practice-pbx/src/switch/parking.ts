import type { Millis } from '@offhook/sip';
import { deviceId } from './api.ts';
import type { DeviceId } from './api.ts';
import type { Board } from './board.ts';
import type { Attempt, Connection } from './call.ts';
import { holds } from './hearing.ts';
import { partiesBut } from './joining.ts';
import type { Joining } from './joining.ts';
import type { Ringing } from './ringing.ts';

const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Parked calls: each at a slot with a number of its own, heard by music, retrieved from any phone, or back at its parker in time. */
export class Parking {
  readonly #board: Board;
  readonly #ringing: Ringing;
  readonly #joining: Joining;
  readonly #route: (attempt: Attempt, number: string) => void;
  readonly #confirm: (attempt: Attempt, name: string) => void;

  constructor(parts: {
    readonly board: Board;
    readonly ringing: Ringing;
    readonly joining: Joining;
    readonly route: (attempt: Attempt, number: string) => void;
    readonly confirm: (attempt: Attempt, name: string) => void;
  }) {
    this.#board = parts.board;
    this.#ringing = parts.ringing;
    this.#joining = parts.joining;
    this.#route = parts.route;
    this.#confirm = parts.confirm;
  }

  deadline(): Millis | undefined {
    let first: Millis | undefined;
    for (const { parked } of this.#board.calls.values()) {
      if (parked !== undefined && (first === undefined || parked.until < first)) first = parked.until;
    }
    return first;
  }

  /** Nobody has fetched it: it rings where it was parked. */
  tick(now: Millis): void {
    for (const call of this.#board.calls.values()) {
      const { parked } = call;
      if (parked === undefined || parked.until > now) continue;
      const [waiting] = partiesBut(parked.slot);
      call.parked = undefined;
      this.#board.drop(parked.slot, 'park');
      if (waiting === undefined) continue;
      const attempt = this.#ringing.begin(
        call,
        waiting,
        { kind: 'call' },
        { number: parked.by, cause: 'park', onBehalfOf: parked.by },
      );
      this.#route(attempt, parked.by);
    }
  }

  /** As the target of a transfer it parks who waits; dialled, it parks who is on hold at the same device. */
  park(attempt: Attempt, wanted?: number): void {
    const { purpose, waiting } = attempt;
    if (purpose.kind !== 'transfer') {
      this.#parkHeld(attempt);
      return;
    }
    const slot = this.#freeSlot(wanted);
    if (slot === undefined || waiting === undefined) {
      this.#ringing.fail(attempt, 480, 'resourcesNotAvailable');
      return;
    }
    this.#toSlot(attempt, slot, purpose.by.device);
  }

  #toSlot(attempt: Attempt, slot: number, by: DeviceId): void {
    const { call } = attempt;
    const number = this.numberOf(slot);
    this.#ringing.answerHere(attempt, { number, name: `Parked at ${number}` }, { kind: 'slot', slot });
    const connection = [...call.connections].find(({ endpoint }) => endpoint?.kind === 'slot');
    if (connection === undefined) return;
    call.parked = { slot: connection, by, until: this.#board.now + this.#board.options.parkMs };
  }

  #parkHeld(attempt: Attempt): void {
    const { waiting } = attempt;
    const held =
      waiting === undefined
        ? undefined
        : this.#board
            .connectionsOf(waiting.device)
            .find((connection) => connection.call !== attempt.call && holds(connection));
    const slot = this.#freeSlot(undefined);
    if (held === undefined || slot === undefined) {
      this.#ringing.fail(attempt, 403, 'rejected');
      return;
    }
    const [party] = partiesBut(held);
    const purpose = { kind: 'transfer', by: held, refer: undefined } as const;
    const parking = this.#ringing.begin(held.call, party, purpose, {
      number: this.numberOf(slot),
      cause: 'park',
    });
    this.#toSlot(parking, slot, held.device);
    this.#confirm(attempt, `Parked at ${this.numberOf(slot)}`);
  }

  unpark(attempt: Attempt, slot: number): void {
    const connection = this.slot(slot);
    if (connection === undefined) {
      this.#ringing.fail(attempt, 404, 'invalidNumber');
      return;
    }
    const [party] = partiesBut(connection);
    const { call } = connection;
    call.parked = undefined;
    this.#board.drop(connection, 'unparked');
    if (party === undefined) this.#ringing.fail(attempt, 480, 'destNotObtainable');
    else this.#joining.join(attempt, party, 'unparked');
  }

  slot(slot: number): Connection | undefined {
    return this.#board
      .connectionsOf(deviceId(this.numberOf(slot)))
      .find(({ endpoint }) => endpoint?.kind === 'slot');
  }

  numberOf(slot: number): string {
    return `${this.#board.options.codes.unpark}${slot}`;
  }

  #freeSlot(wanted: number | undefined): number | undefined {
    return SLOTS.find((slot) => (wanted === undefined || slot === wanted) && this.slot(slot) === undefined);
  }
}
