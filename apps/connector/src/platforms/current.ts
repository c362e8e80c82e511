import type { Abilities } from '@offhook/call-model';
import type { LineSettings, PlatformKind, SettingsChange, UserId } from '@offhook/contract';
import type { EndpointEvent } from '@offhook/sip';
import type { CtiCounts } from './csta/counts.ts';
import { NO_PLATFORM } from './none.ts';
import type {
  Admission,
  Admitted,
  Platform,
  PlatformCalls,
  PlatformConfig,
  PlatformEvents,
} from './platform.ts';

/**
 * The platform of the configuration that holds now: another kind takes the place of the one before. What nobody will
 * report any more, of the platform before or of a user who is gone, is taken back: else it would be there for ever.
 */
export class CurrentPlatform implements Platform {
  readonly #make: (kind: PlatformKind, events: PlatformEvents) => Platform;
  readonly #events: PlatformEvents;
  #kind: PlatformKind | undefined;
  #platform: Platform = NO_PLATFORM;
  #users: ReadonlySet<UserId> = new Set();
  /** Of whom the last report had something. */
  readonly #seen = new Set<UserId>();

  constructor(make: (kind: PlatformKind, events: PlatformEvents) => Platform, events: PlatformEvents) {
    this.#make = make;
    this.#events = events;
  }

  apply(config: PlatformConfig): void {
    const { kind } = config.pbx;
    const before = this.#users;
    this.#users = new Set(config.lines.map(({ userId }) => userId));
    if (kind !== this.#kind) {
      this.#platform.stop();
      this.#kind = kind;
      this.#platform = this.#started(kind);
      for (const userId of this.#seen) this.#takeBack(userId);
    }
    this.#platform.apply(config);
    for (const userId of before) {
      if (this.#users.has(userId)) continue;
      if (this.#seen.has(userId)) this.#takeBack(userId);
      this.#events.onAbilities(userId);
    }
  }

  /** What one that was replaced has still under way is of no interest. */
  #started(kind: PlatformKind): Platform {
    const isCurrent = (): boolean => this.#platform === platform;
    const { onDevices, onSettings, onAbilities, onLink } = this.#events;
    const platform: Platform = this.#make(kind, {
      onDevices: (userId, report) => {
        if (!isCurrent() || !this.#users.has(userId)) return;
        if (report.connections.length > 0) this.#seen.add(userId);
        else this.#seen.delete(userId);
        onDevices(userId, report);
      },
      onSettings: (userId, settings) => {
        if (isCurrent()) onSettings(userId, settings);
      },
      onAbilities: (userId) => {
        if (isCurrent()) onAbilities(userId);
      },
      onLink: (state, reason) => {
        if (isCurrent()) onLink(state, reason);
      },
    });
    return platform;
  }

  #takeBack(userId: UserId): void {
    this.#seen.delete(userId);
    this.#events.onDevices(userId, { connections: [] });
  }

  get calls(): PlatformCalls {
    return this.#platform.calls;
  }

  get counts(): CtiCounts | undefined {
    return this.#platform.counts;
  }

  get product(): string | undefined {
    return this.#platform.product;
  }

  abilities(userId: UserId): Abilities {
    return this.#platform.abilities(userId);
  }

  settings(userId: UserId): LineSettings | undefined {
    return this.#platform.settings(userId);
  }

  change(userId: UserId, change: SettingsChange): Promise<LineSettings> {
    return this.#platform.change(userId, change);
  }

  admit(userId: UserId, situation: Admission): Admitted {
    return this.#platform.admit(userId, situation);
  }

  onSip(event: EndpointEvent): boolean {
    return this.#platform.onSip(event);
  }

  lineChanged(userId: UserId, registered: boolean): void {
    this.#platform.lineChanged(userId, registered);
  }

  stop(): void {
    this.#platform.stop();
  }
}
