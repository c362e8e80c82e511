import { findDevice, type Device, type DeviceRef } from './listing.ts';
import { kindOf, roles, type Choice, type Choices, type Role } from './roles.ts';

/** What a person chose with a set of devices. */
export interface RememberedSet {
  readonly key: string;
  readonly choices: Choices;
}

/** The newest first. */
export type Memory = readonly RememberedSet[];

/** Desk, meeting rooms, home and the train: more than anybody changes between. */
export const MEMORY_SETS = 24;

export function withRemembered(memory: Memory, key: string, choices: Choices): Memory {
  return [{ key, choices }, ...memory.filter((one) => one.key !== key)].slice(0, MEMORY_SETS);
}

export function rememberedFor(memory: Memory, key: string): Choices | undefined {
  return memory.find((one) => one.key === key)?.choices;
}

/** The newest choice that can be had with these devices. */
export function newestPossible(memory: Memory, role: Role, devices: readonly Device[]): Choice | undefined {
  const among = devices.filter(({ kind }) => kind === kindOf[role]);
  for (const { choices } of memory) {
    const choice = choices[role];
    if (choice.name !== 'device') return choice;
    const found = findDevice(choice.device, among);
    if (found !== undefined) return { name: 'device', device: refOf(found) };
  }
  return undefined;
}

export function refOf({ id, label, group }: DeviceRef): DeviceRef {
  return { id, label, group };
}

export function writeMemory(memory: Memory): string {
  return JSON.stringify(memory);
}

/** Whatever is not as it was written, e.g. by another version, is left out. */
export function readMemory(text: string | undefined): Memory {
  if (text === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.flatMap(readSet) : [];
  } catch {
    return [];
  }
}

function readSet(value: unknown): RememberedSet[] {
  if (!isRecord(value) || typeof value['key'] !== 'string' || !isRecord(value['choices'])) return [];
  const given = value['choices'];
  const [microphone, speaker, ringer, secondRinger] = roles.map((role) => readChoice(given[role]));
  if (!microphone || !speaker || !ringer || !secondRinger) return [];
  return [{ key: value['key'], choices: { microphone, speaker, ringer, secondRinger } }];
}

function readChoice(value: unknown): Choice | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['name']) {
    case 'system':
    case 'none':
      return { name: value['name'] };
    case 'device': {
      const device = value['device'];
      if (!isRecord(device)) return undefined;
      const { id, label, group } = device;
      if (typeof id !== 'string' || typeof label !== 'string' || typeof group !== 'string') return undefined;
      return { name: 'device', device: { id, label, group } };
    }
    default:
      return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
