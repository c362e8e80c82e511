import type { UserName } from './scenario.test-support.ts';

export type HostName = UserName | 'pbx';

/** One life of a host: from its start to a restart or the end of the world. */
export interface Life {
  readonly host: HostName;
  /** 1 for the first. */
  readonly number: number;
  readonly startedAt: number;
  endedAt?: number;
}
