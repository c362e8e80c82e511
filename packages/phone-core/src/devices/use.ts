import type { Device } from './listing.ts';
import { kindOf, type Role } from './roles.ts';
import type { DevicesState } from './state.ts';

/** What a role uses now. */
export interface Use {
  /** For `setSinkId` and the `deviceId` constraint; empty for the system's choice. */
  readonly id: string;
  /** The device itself, also behind the system's choice where the browser tells it. */
  readonly device: Device | undefined;
}

/** Undefined: nothing, which only a second ringer can be. */
export function deviceFor(state: DevicesState, role: Role): Use | undefined {
  const choice = state.choices[role];
  const kind = kindOf[role];
  const devices = state.list?.devices.filter((one) => one.kind === kind) ?? [];
  switch (choice.name) {
    case 'none':
      return undefined;
    case 'device': {
      if (kind === 'audiooutput' && state.outputs === 'none') return { id: '', device: undefined };
      const device = devices.find(({ id }) => id === choice.device.id);
      if (device !== undefined) return { id: device.id, device };
      // Names are withheld for now: the id may still be the one.
      if (state.list === undefined) return { id: choice.device.id, device: undefined };
      return systemUse(state, role);
    }
    case 'system':
      return systemUse(state, role);
  }
}

/** Windows keeps a device of its own for calls; voices use it, rings do not. */
function systemUse({ list, outputs }: DevicesState, role: Role): Use {
  const kind = kindOf[role];
  if (kind === 'audiooutput' && outputs === 'none') return { id: '', device: undefined };
  const found = list?.aliases[kind];
  const voice = role === 'microphone' || role === 'speaker';
  if (voice && found !== undefined && 'communications' in found) {
    return { id: 'communications', device: found.communications };
  }
  return { id: '', device: found?.default };
}

/** Devices that a role may be given. */
export function offeredFor({ list, outputs }: DevicesState, role: Role): readonly Device[] {
  const kind = kindOf[role];
  if (kind === 'audiooutput' && outputs === 'none') return [];
  return list?.devices.filter((one) => one.kind === kind) ?? [];
}
