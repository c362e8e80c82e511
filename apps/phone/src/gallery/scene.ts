import type { HistoryEntry } from '@offhook/contract';
import type { PhoneState } from '@offhook/phone-core';
import { history } from './builders.ts';

export interface Scene {
  readonly state: PhoneState;
  readonly history: readonly HistoryEntry[] | 'loading' | 'error';
  /** Changes of the history are refused, as without a connection. */
  readonly historyFails?: boolean;
  /** Sound that the browser does not let play. */
  readonly silent?: boolean;
}

export function scene(state: PhoneState, rest: Partial<Scene> = {}): Scene {
  return { state, history, ...rest };
}
