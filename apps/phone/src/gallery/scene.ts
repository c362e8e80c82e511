import type { HistoryEntry } from '@offhook/contract';
import type { PhoneState } from '@offhook/phone-core';
import type { SoundScene } from './fake-sound.ts';
import type { Page } from '../shell/section-names.ts';
import { history } from './builders.ts';

export interface Scene {
  readonly state: PhoneState;
  readonly history: readonly HistoryEntry[] | 'loading' | 'error';
  /** What is open beside the dial field, instead of the first one. */
  readonly page?: Page;
  /** What the self-test finds. */
  readonly check?: 'good' | 'bad' | 'running';
  /** Sound that the browser does not let play. */
  readonly silent?: boolean;
  /** A directory of so many people. */
  readonly crowd?: number;
  readonly sound?: SoundScene;
}

export function scene(state: PhoneState, rest: Partial<Scene> = {}): Scene {
  return { state, history, ...rest };
}
