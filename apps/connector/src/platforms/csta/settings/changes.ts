import type { KeptSettings, LineConfig, UserId } from '@offhook/contract';
import type { CstaRequest } from '@offhook/csta';
import type { Platform } from '../../platform.ts';
import type { CtiLink } from '../link.ts';
import type { Roster, RosterUser, WatchedDevice } from '../roster.ts';
import { WAITS } from '../services/limits.ts';
import { errorOf, isNoService } from '../services/refusals.ts';
import type { FactBook } from './facts.ts';
import { withoutOverruled } from '../../generic-sip/settings.ts';
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
  /** As the configuration had it last. */
  readonly #configured = new Map<UserId, KeptSettings>();

  constructor(options: SettingChangesOptions) {
    this.#options = options;
  }

  keptOf({ userId, kept }: LineConfig): KeptSettings {
    return mergeKept(kept, this.#kept.get(userId) ?? {});
  }

  /** A new configuration has come. */
  retain(roster: Roster): void {
    for (const kept of [this.#kept, this.#configured]) {
      for (const userId of kept.keys()) if (!roster.users.has(userId)) kept.delete(userId);
    }
    for (const [userId, { line }] of roster.users) {
      const accepted = this.#kept.get(userId);
      if (accepted !== undefined) {
        this.#kept.set(userId, withoutOverruled(accepted, this.#configured.get(userId), line.kept));
      }
      this.#configured.set(userId, line.kept);
    }
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
