import type { Device, DeviceList, DeviceRef, ListedDevice } from './listing.ts';
import type { Memory } from './memory.ts';
import type { Choice, Choices, Role } from './roles.ts';

/**
 * Whether the page may say where sound plays: `any` of the listed devices · `asked`: only those that the person picked in the
 * browser's own window (`selectAudioOutput`) · `none`: everything plays where the system plays.
 */
export type OutputAbility = 'any' | 'asked' | 'none';

/** Something a person is told of the devices, one at a time. */
export type DeviceNotice =
  /** Plugged in and not used: does the person want it? */
  | { readonly name: 'arrived'; readonly devices: readonly Device[]; readonly label: string }
  /** In use again by itself, since it was in use before or was chosen with these devices. */
  | { readonly name: 'taken'; readonly label: string }
  /** Went away during a call; `now` is what is used instead, where that is known. */
  | { readonly name: 'lost'; readonly label: string; readonly now: string | undefined };

export interface DevicesState {
  readonly outputs: OutputAbility;
  /** Undefined before the browser has named any. */
  readonly list: DeviceList | undefined;
  readonly choices: Choices;
  /** What each role used before its device went away: taken again when that comes back. */
  readonly missed: Readonly<Partial<Record<Role, DeviceRef>>>;
  readonly memory: Memory;
  readonly inCall: boolean;
  readonly notice: DeviceNotice | undefined;
}

export type DevicesInput =
  | { readonly name: 'listed'; readonly devices: readonly ListedDevice[] }
  | { readonly name: 'chosen'; readonly role: Role; readonly choice: Choice }
  | { readonly name: 'call'; readonly running: boolean }
  /** The person uses what has arrived. */
  | { readonly name: 'accepted' }
  /** They do not; nobody asks again with this set of devices. Also takes any other notice away. */
  | { readonly name: 'dismissed' }
  /** A notice was there long enough. */
  | { readonly name: 'expired' };
