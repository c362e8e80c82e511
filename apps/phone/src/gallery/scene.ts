import type { HistoryEntry } from '@offhook/contract';
import type { PhoneState } from '@offhook/phone-core';
import type { Page } from '../shell/section-names.ts';
import type { SoundScene } from './fake-sound.ts';
import { history } from './builders.ts';

export interface Scene {
  readonly state: PhoneState;
  readonly history: readonly HistoryEntry[] | 'loading' | 'error';
  /** Sound that the browser does not let play. */
  readonly silent?: boolean;
  /** What is open beside the dial field. */
  readonly page?: Page;
  /** A directory of so many people. */
  readonly crowd?: number;
  readonly sound?: SoundScene;
}

export function scene(state: PhoneState, rest: Partial<Scene> = {}): Scene {
  return { state, history, ...rest };
}
