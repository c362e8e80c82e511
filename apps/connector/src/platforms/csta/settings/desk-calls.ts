import type { UserId } from '@offhook/contract';
import type { CallId, CstaRequest } from '@offhook/csta';
import { toDeviceId } from '@offhook/csta';
import type { Clock } from '../../../clock.ts';
import type { Log } from '../../../log.ts';
import type { CtiLink } from '../link.ts';
import type { RosterUser } from '../roster.ts';
import { WAITS } from '../services/limits.ts';
import type { CallBook } from '../state/book.ts';
import type { Member } from '../state/model.ts';
import { atDesk, type BehaviourRules, type DeskAction } from './behaviour.ts';

export interface DeskCallsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly book: CallBook;
  readonly request: CtiLink['request'];
  readonly rulesOf: (user: RosterUser) => BehaviourRules;
  /** Seconds after which the connector sends a call on to the alternative number; `undefined`: the platform does. */
  readonly alternativeAfter: (user: RosterUser) => number | undefined;
}

/** Milliseconds in which a call that is on its way between a user's devices is not looked at as one that comes in. */
const MOVING = WAITS.handOver + 2_000;

/**
 * Calls that begin to ring at a desk phone: what the user has set for them and the platform has no service for is done here, once for the
 * user, whichever of their devices ring.
 */
export class DeskCalls {
  readonly #options: DeskCallsOptions;
  /** Until when a call of the user may be on its way between their devices. */
  readonly #moving = new Map<UserId, number>();
  readonly #waits = new Set<() => void>();

  constructor(options: DeskCallsOptions) {
    this.#options = options;
  }

  movesBegin(userId: UserId): void {
    this.#moving.set(userId, this.#options.clock.now().at + MOVING);
  }

  alerts(userId: UserId, call: CallId): void {
    const user = this.#options.book.roster.users.get(userId);
    const member = user === undefined ? undefined : this.#ringing(user, call);
    if (user === undefined || member === undefined) return;
    if ((this.#moving.get(userId) ?? 0) > this.#options.clock.now().at) return;
    const rules = this.#options.rulesOf(user);
    const action = atDesk(rules, this.#talks(user, call));
    if (action.kind === 'ring') this.#ringOn(user, call, rules);
    else void this.#act(userId, action, member);
  }

  stop(): void {
    for (const cancel of this.#waits) cancel();
    this.#waits.clear();
  }

  /** Nobody has answered: then the alternative number. */
  #ringOn(user: RosterUser, call: CallId, { settings }: BehaviourRules): void {
    const { clock, alternativeAfter } = this.#options;
    const seconds = alternativeAfter(user);
    const to = settings.alternativeNumber;
    if (seconds === undefined || to === null || settings.routing !== 'all') return;
    const cancel = clock.after(seconds * 1_000, () => {
      this.#waits.delete(cancel);
      const member = this.#ringing(user, call);
      if (member !== undefined) void this.#act(user.line.userId, { kind: 'deflect', to }, member);
    });
    this.#waits.add(cancel);
  }

  async #act(
    userId: UserId,
    action: Exclude<DeskAction, { kind: 'ring' }>,
    { connection }: Member,
  ): Promise<void> {
    const request: CstaRequest =
      action.kind === 'clear'
        ? { name: 'ClearConnection', connectionToBeCleared: connection }
        : { name: 'DeflectCall', callToBeDiverted: connection, newDestination: toDeviceId(action.to) };
    const outcome = await this.#options.request(request, WAITS.other);
    if (outcome.ok) return;
    const { code } = outcome.failure;
    this.#options.log.warn({ userId, request: request.name, code }, 'a call rings on at the desk phone');
  }

  #ringing({ desk }: RosterUser, id: CallId): Member | undefined {
    const member = desk === undefined ? undefined : this.#options.book.calls.get(id)?.members.get(desk.key);
    return member?.state === 'alerting' ? member : undefined;
  }

  /** In another call, at whichever of their devices. */
  #talks({ line }: RosterUser, except: CallId): boolean {
    const { book } = this.#options;
    for (const call of book.calls.values()) {
      if (call.id === except) continue;
      const own = book.ownMembers(call, line.userId);
      if (own.some(({ state }) => state === 'connected' || state === 'hold')) return true;
    }
    return false;
  }
}
