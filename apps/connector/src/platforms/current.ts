import type { Abilities } from '@offhook/call-model';
import type { LineSettings, PlatformKind, SettingsChange, UserId } from '@offhook/contract';
import type { EndpointEvent } from '@offhook/sip';
import type { CtiCounts } from './csta/counts.ts';
import { NO_PLATFORM } from './none.ts';
import type { Admission, Admitted, Platform, PlatformCalls, PlatformConfig } from './platform.ts';

/** The platform of the configuration that holds now: another kind takes the place of the one before. */
export class CurrentPlatform implements Platform {
  readonly #make: (kind: PlatformKind) => Platform;
  #kind: PlatformKind | undefined;
  #platform: Platform = NO_PLATFORM;

  constructor(make: (kind: PlatformKind) => Platform) {
    this.#make = make;
  }

  apply(config: PlatformConfig): void {
    const { kind } = config.pbx;
    if (kind !== this.#kind) {
      this.#platform.stop();
      this.#kind = kind;
      this.#platform = this.#make(kind);
    }
    this.#platform.apply(config);
  }

  get calls(): PlatformCalls {
    return this.#platform.calls;
  }

  get counts(): CtiCounts | undefined {
    return this.#platform.counts;
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
