import type { TestProcess } from '@offhook/testkit';
import type { Certificates } from './certificates.ts';

export type TelephoneTransport = 'udp' | 'tcp' | 'tls';

/** A telephone of foreign make, whose voice is a steady tone. */
export interface ForeignTelephone extends AsyncDisposable {
  readonly process: TestProcess;
  dial(uri: string): Promise<void>;
  answer(): Promise<void>;
  hangUp(): Promise<void>;
  /** Ends all of its calls, if there are any. */
  hangUpAll(): Promise<void>;
  hold(): Promise<void>;
  retrieve(): Promise<void>;
  /** Sends the other side of the call that it is in to `uri` (REFER). */
  transfer(uri: string): Promise<void>;
  /** Waits until it is in no call any more. */
  expectIdle(): Promise<void>;
  /** Waits until it has heard a tone of `frequency` Hz, give or take 10, for half a second. */
  expectToHear(frequency: number): Promise<void>;
  /** Waits until it hears all of these at once. */
  expectToHearAll(frequencies: readonly number[]): Promise<void>;
  /** As `expectToHear`, after a hold. */
  expectToHearAgain(frequency: number): Promise<void>;
  /** Waits until it hears nothing, or nothing comes, for half a second. */
  expectSilence(): Promise<void>;
}

/** Its account at a registrar that is its proxy, too. */
export interface TelephoneOptions {
  /** `sip:101@127.0.0.1:5070`. */
  readonly aor: string;
  readonly user: string;
  readonly password: string;
  /** Hz. */
  readonly tone: number;
  readonly answers: 'manual' | 'auto';
  /** UDP where nothing is said. */
  readonly transport?: TelephoneTransport;
  /** Needed for TLS. */
  readonly certificates?: Certificates;
}
