import type { KeptSettings, LineConfig, UserId } from '@offhook/contract';
import type { CstaRequest } from '@offhook/csta';
import type { Platform } from '../../platform.ts';
import type { CtiLink } from '../link.ts';
import type { Roster, RosterUser, WatchedDevice } from '../roster.ts';
import { WAITS } from '../services/limits.ts';
import { errorOf, isNoService } from '../services/refusals.ts';
import type { FactBook } from './facts.ts';
import { mergeKept, type ChangePlan } from './plan.ts';

export interface SettingChangesOptions {
  readonly facts: FactBook;
  readonly sip: Platform;
  readonly request: CtiLink['request'];
  /** The platform has no such service. */
  readonly onMissing: (request: CstaRequest) => void;
  /** What holds now is not known. */
  readonly onUnread: (device: WatchedDevice, request: CstaRequest) => void;
}

/** Carries changes of settings out, one request after the other, and reads back what the platform has made of them. */
export class SettingChanges {
  readonly #options: SettingChangesOptions;
  /** Accepted here since the start; the cloud may not have it yet when it sends a configuration. */
  readonly #kept = new Map<UserId, KeptSettings>();

  constructor(options: SettingChangesOptions) {
    this.#options = options;
  }

  keptOf({ userId, kept }: LineConfig): KeptSettings {
    return mergeKept(kept, this.#kept.get(userId) ?? {});
  }

  retain(roster: Roster): void {
    for (const userId of this.#kept.keys()) if (!roster.users.has(userId)) this.#kept.delete(userId);
  }

  /** Rejects with the first refusal; what was accepted before it holds, and is read back. */
  async carryOut(user: RosterUser, { requests, sip, kept }: ChangePlan): Promise<void> {
    const { userId } = user.line;
    try {
      for (const request of requests) await this.#set(request);
      if (sip !== undefined) await this.#options.sip.change(userId, sip);
      this.#kept.set(userId, mergeKept(this.#kept.get(userId) ?? {}, kept));
    } finally {
      if (requests.length > 0) await this.#readBack(user);
    }
  }

  async #set(request: CstaRequest): Promise<void> {
    const outcome = await this.#options.request(request, WAITS.other);
    if (outcome.ok) return;
    if (isNoService(outcome.failure)) this.#options.onMissing(request);
    throw errorOf(outcome.failure);
  }

  async #readBack(user: RosterUser): Promise<void> {
    const { facts, request: ask, onUnread } = this.#options;
    const devices = new Set([user.main, user.own, ...(user.desk === undefined ? [] : [user.desk])]);
    const reads = [...devices].flatMap((device) =>
      facts.readsOf(user, device).map(async (request) => {
        const outcome = await ask(request, WAITS.other);
        if (outcome.ok) facts.answered(device, outcome.response);
        else if (outcome.failure.code !== 'refused') onUnread(device, request);
      }),
    );
    await Promise.all(reads);
  }
}
