import type { LineConfig, Party, UserId } from '@offhook/contract';
import { deviceKey, type DeviceKey } from './numbers.ts';

/**
 * What a device is to its user: `line` the connector's own, `desk_phone`, or only the `number` that people call and that
 * settings belong to, where the desk phone has one of its own.
 */
export type DeviceRole = 'line' | 'desk_phone' | 'number';

export interface WatchedDevice {
  readonly key: DeviceKey;
  /** As it is configured: so it is written into requests. */
  readonly number: string;
  readonly role: DeviceRole;
  readonly userId: UserId;
}

export interface RosterUser {
  readonly line: LineConfig;
  readonly own: WatchedDevice;
  /** Absent where the own line is the number that people call: CSTA cannot tell its bindings apart. */
  readonly desk: WatchedDevice | undefined;
  /** What settings belong to. */
  readonly main: WatchedDevice;
}

/** The devices of all users of this connector, by their keys. */
export class Roster {
  readonly users = new Map<UserId, RosterUser>();
  readonly devices = new Map<DeviceKey, WatchedDevice>();

  constructor(lines: readonly LineConfig[]) {
    for (const line of lines) this.#add(line);
  }

  #add(line: LineConfig): void {
    const { userId, number } = line;
    const mainNumber = line.mainNumber ?? line.deskPhone ?? number;
    const deskNumber = line.deskPhone ?? line.mainNumber;
    const own = this.#device(userId, number, 'line');
    const isOneNumber = deskNumber === undefined || deviceKey(deskNumber) === own.key;
    const desk = isOneNumber ? undefined : this.#device(userId, deskNumber, 'desk_phone');
    const main = this.#device(userId, mainNumber, 'number');
    this.users.set(userId, { line, own, desk, main });
  }

  /** A device of several users is the first one's: which of them has a call there, the platform cannot tell. */
  #device(userId: UserId, number: string, role: DeviceRole): WatchedDevice {
    const key = deviceKey(number);
    const known = this.devices.get(key);
    if (known?.userId === userId) return known;
    const device = { key, number, role, userId };
    if (known === undefined) this.devices.set(key, device);
    return device;
  }

  /** Whose device it is; its hidden line is shown as the number that people call. */
  partyOf(key: DeviceKey): Party | undefined {
    const device = this.devices.get(key);
    const user = device === undefined ? undefined : this.users.get(device.userId);
    if (user === undefined) return undefined;
    const { displayName } = user.line;
    return { number: user.main.number, ...(displayName === '' ? {} : { name: displayName }) };
  }
}
