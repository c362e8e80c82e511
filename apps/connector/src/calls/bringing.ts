import type { UserCall } from '@offhook/call-model';
import { OffhookError, type ClientId, type CorrelationId, type UserId } from '@offhook/contract';
import type { Bringing } from '../platforms/platform.ts';
import type { CallBoard } from './board.ts';
import type { CallControl } from './control.ts';
import type { LineOfUser } from './lines.ts';
import type { Outcome } from './live-call.ts';

/** A call that is to come to a client. */
export interface Brought {
  readonly line: LineOfUser;
  readonly clientId: ClientId;
  readonly offer: string;
  readonly correlationId: CorrelationId;
  /** Undefined for one that is picked up: nobody here knows it yet. */
  readonly call: UserCall | undefined;
}

/** Milliseconds for the platform to bring a call. */
const ARRIVAL = 6_000;

/** Brings a call to a client: by calling for it, or by taking the call that the platform sends. */
export class Bringer {
  readonly #control: CallControl;
  readonly #board: CallBoard;

  constructor(control: CallControl, board: CallBoard) {
    this.#control = control;
    this.#board = board;
  }

  /** Rejects with `pull_failed`, or with what the platform or the voice path said. */
  async bring(brought: Brought, find: () => Promise<Bringing>): Promise<Outcome> {
    const { call, line } = brought;
    const { userId } = line.line;
    // From now on nobody else can have it; and its time begins anew when the platform has said how it comes.
    this.#begin(userId, call);
    try {
      const bringing = await find();
      this.#begin(userId, call);
      return bringing.by === 'invite'
        ? await this.#call(brought, bringing)
        : await this.#expect(brought, bringing.ask);
    } catch (error) {
      if (call !== undefined) this.#board.endHandOver(userId, call.callId);
      throw error;
    }
  }

  #begin(userId: UserId, call: UserCall | undefined): void {
    if (call === undefined) return;
    const now = this.#board.call(userId, call.callId);
    if (now === undefined || now.end !== undefined) throw new OffhookError('call_not_found');
    this.#board.beginHandOver(userId, call.callId, 'client', ARRIVAL);
  }

  #call(
    { line, clientId, offer, correlationId, call }: Brought,
    { to, replaces }: Extract<Bringing, { by: 'invite' }>,
  ): Promise<Outcome> {
    return this.#control.place({
      line,
      clientId,
      number: to,
      offer,
      correlationId,
      ...(call === undefined
        ? {}
        : {
            brings: {
              callId: call.callId,
              direction: call.direction,
              remote: call.remote,
              startedAt: call.startedAt,
            },
          }),
      ...(replaces === undefined ? {} : { replaces }),
    });
  }

  /** The platform may send the call before it answers (OpenScape 4000) or after (OpenScape Voice). */
  async #expect({ line, clientId, offer, call }: Brought, ask: () => Promise<void>): Promise<Outcome> {
    const { userId } = line.line;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const takeBack = this.#control.expected.add(
      { userId, clientId, offer, callId: call?.callId, arrived: resolve },
      ARRIVAL,
      () => {
        reject(new OffhookError('pull_failed'));
      },
    );
    if (takeBack === undefined) throw new OffhookError('pull_failed');
    ask().catch((error: unknown) => {
      takeBack();
      reject(OffhookError.from(error));
    });
    return promise;
  }
}
