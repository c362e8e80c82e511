import type { DirectoryDevice } from '../config/directory.ts';
import type { DeviceId } from './api.ts';
import type { Board } from './board.ts';
import type { Attempt, Connection } from './call.ts';
import type { Joining } from './joining.ts';
import type { Ringing } from './ringing.ts';

/** Answering what rings somewhere else. */
export class PickUp {
  readonly #board: Board;
  readonly #ringing: Ringing;
  readonly #joining: Joining;

  constructor(board: Board, ringing: Ringing, joining: Joining) {
    this.#board = board;
    this.#ringing = ringing;
    this.#joining = joining;
  }

  /** `*8` takes the call that rings longest in the group, `*8101` the one at 101. */
  dialled(attempt: Attempt, number: string | undefined, from: DirectoryDevice | undefined): void {
    const { waiting } = attempt;
    const rung =
      from === undefined
        ? undefined
        : number === undefined
          ? this.ofGroup(from.id)
          : this.at(from.id, number);
    const other = rung && this.#ringing.attemptOf(rung);
    if (waiting === undefined || rung === undefined || other === undefined) {
      this.#ringing.fail(attempt, 404, 'invalidNumber');
      return;
    }
    attempt.call.attempts.delete(attempt);
    this.#joining.takeCall(waiting, other, rung);
  }

  /** What rings longest at a colleague of the same group. */
  ofGroup(taker: DeviceId): Connection | undefined {
    const own = this.#board.device(taker)?.extension;
    return this.#alerting()
      .filter(
        ({ device }) => this.#board.device(device)?.extension !== own && this.#joining.mayTake(taker, device),
      )
      .reduce<Connection | undefined>(
        (first, next) => (first === undefined || next.since < first.since ? next : first),
        undefined,
      );
  }

  /** What rings at any line of an extension. */
  at(taker: DeviceId, number: string): Connection | undefined {
    const extension = this.#board.device(number)?.extension;
    return this.#alerting().find(
      ({ device }) =>
        extension !== undefined &&
        this.#board.device(device)?.extension === extension &&
        this.#joining.mayTake(taker, device),
    );
  }

  #alerting(): readonly Connection[] {
    return [...this.#board.calls.values()].flatMap(({ connections }) =>
      [...connections].filter(({ state, endpoint }) => state === 'alerting' && endpoint === undefined),
    );
  }
}
