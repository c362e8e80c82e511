import { Limits, type UserId } from '@offhook/contract';

/** Who is on the screen, by whoever shows them: a person shown twice is watched once, until nobody shows them. */
export class Watches {
  readonly #byUser = new Map<UserId, number>();

  add(userIds: readonly UserId[]): void {
    for (const userId of userIds) this.#byUser.set(userId, (this.#byUser.get(userId) ?? 0) + 1);
  }

  remove(userIds: readonly UserId[]): void {
    for (const userId of userIds) {
      const left = (this.#byUser.get(userId) ?? 0) - 1;
      if (left > 0) this.#byUser.set(userId, left);
      else this.#byUser.delete(userId);
    }
  }

  /** At most as many as one client may watch: those that came last are left out. */
  list(): readonly UserId[] {
    return [...this.#byUser.keys()].slice(0, Limits.watchedUsers);
  }
}
