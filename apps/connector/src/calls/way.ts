import { isSameNumber, type UserCall } from '@offhook/call-model';
import { Limits, type CallStep, type LinkCall, type Party, type RingingPlace } from '@offhook/contract';
import type { Way } from './view.ts';

/** The way of one call, as its record tells it: gathered from each view of it, bounded, in order of time. */
export class CallWay {
  readonly #steps: CallStep[] = [];
  readonly #members = new Map<string, Party>();
  readonly #rang = new Set<RingingPlace>();
  #where: string = 'nowhere';
  #remote: Party | undefined;
  #divertedBy: Party | undefined;
  #foundRunning = false;
  /** When it was first seen. */
  #since: number | undefined;

  /**
   * @param view the call as it is told now
   * @param at milliseconds since the epoch, by the connector's clock
   */
  seen(view: LinkCall, call: Pick<UserCall, 'leg' | 'answeredAt'>, at: number): void {
    // What begins, begins by ringing: so does each call that this connector has seen from its start.
    if (this.#since === undefined) {
      this.#foundRunning = call.leg === undefined && call.answeredAt !== undefined;
      this.#since = at;
    }
    for (const where of view.rings) {
      if (this.#rang.has(where)) continue;
      this.#rang.add(where);
      this.#add({ kind: 'rang', at, where });
    }
    const { at: where } = view.position;
    // An outgoing call is at its client before anybody has answered: where it is placed is where it is.
    if (where !== 'nowhere' && where !== this.#where) {
      this.#add({ kind: 'at', at, where });
      this.#where = where;
    }
    for (const member of view.members ?? []) {
      if (this.#members.size < Limits.recordMembers) this.#members.set(member.number, member);
    }
    this.#divertedBy ??= view.divertedBy;
    const before = this.#remote;
    if (before === undefined || view.remote.number !== '') this.#remote = view.remote;
    if (before !== undefined && before.number !== '' && view.remote.number !== '') {
      if (!isSameNumber(before, view.remote)) this.#add({ kind: 'with', at, party: before });
    }
  }

  /** That one turned out to be the same call. */
  absorb(other: CallWay): void {
    const steps = [...other.#steps, ...this.#steps]
      .toSorted((one, next) => one.at - next.at)
      .filter(
        (step, index, all) => step.kind !== 'rang' || all.findIndex((one) => isSameRing(one, step)) === index,
      );
    this.#steps.splice(0, Infinity, ...steps.slice(0, Limits.recordSteps));
    for (const place of other.#rang) this.#rang.add(place);
    for (const [number, member] of other.#members) {
      if (this.#members.size < Limits.recordMembers) this.#members.set(number, member);
    }
    this.#divertedBy ??= other.#divertedBy;
    if ((other.#since ?? Infinity) > (this.#since ?? Infinity)) return;
    this.#since = other.#since;
    this.#foundRunning = other.#foundRunning;
  }

  told(): Way {
    const members = [...this.#members.values()];
    return {
      ...(this.#divertedBy === undefined ? {} : { divertedBy: this.#divertedBy }),
      ...(members.length === 0 ? {} : { members }),
      ...(this.#steps.length === 0 ? {} : { steps: [...this.#steps] }),
      ...(this.#foundRunning ? { foundRunning: true } : {}),
    };
  }

  #add(step: CallStep): void {
    if (this.#steps.length < Limits.recordSteps) this.#steps.push(step);
  }
}

const isSameRing = (one: CallStep, other: CallStep): boolean =>
  one.kind === 'rang' && other.kind === 'rang' && one.where === other.where;
