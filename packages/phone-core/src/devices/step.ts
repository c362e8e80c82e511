import {
  findDevice,
  isSameLabel,
  plainLabel,
  readListing,
  setKey,
  type Device,
  type DeviceList,
  type DeviceRef,
} from './listing.ts';
import { newestPossible, refOf, rememberedFor, withRemembered, type Memory } from './memory.ts';
import { firstChoices, kindOf, roles, type Choice, type Choices, type Role } from './roles.ts';
import type { DeviceNotice, DevicesInput, DevicesState, OutputAbility } from './state.ts';
import { deviceFor } from './use.ts';

export function initialDevices(outputs: OutputAbility, memory: Memory): DevicesState {
  return {
    outputs,
    list: undefined,
    // Until names are known, the last word of the person holds: their ids are usually the same.
    choices: memory[0]?.choices ?? firstChoices,
    missed: {},
    memory,
    inCall: false,
    notice: undefined,
  };
}

/**
 * Which device each role uses, by what is plugged in and what the person has said:
 * ```
 *  listed ─► came back after it was lost ─────► taken again
 *         ─► chosen before with this very set ─► as chosen
 *         ─► still there ──────────────────────► stays: nothing jumps
 *         ─► gone ─► newest choice that is there, else the system's
 *         ─► new and not used ─────────────────► asked about, once for each set
 * ```
 */
export function stepDevices(state: DevicesState, input: DevicesInput): DevicesState {
  switch (input.name) {
    case 'listed': {
      const list = readListing(input.devices);
      // Names are withheld again, as Firefox does once no microphone is open: what was known is as good as any.
      return list === undefined ? state : listed(state, list);
    }
    case 'chosen':
      return chosen(state, { ...state.choices, [input.role]: input.choice }, [input.role]);
    case 'call':
      return { ...state, inCall: input.running };
    case 'accepted':
      return accepted(state);
    case 'dismissed':
      return state.notice?.name === 'arrived'
        ? chosen(state, state.choices, [])
        : { ...state, notice: undefined };
    case 'expired':
      return { ...state, notice: undefined };
  }
}

function chosen(state: DevicesState, choices: Choices, by: readonly Role[]): DevicesState {
  const missed = Object.fromEntries(
    Object.entries(state.missed).filter(([role]) => !by.some((one) => one === role)),
  );
  const memory =
    state.list === undefined ? state.memory : withRemembered(state.memory, setKey(state.list), choices);
  // Whoever chooses while asked has answered.
  const notice = state.notice?.name === 'arrived' ? undefined : state.notice;
  return { ...state, choices, missed, memory, notice };
}

function accepted(state: DevicesState): DevicesState {
  const { notice } = state;
  if (notice?.name !== 'arrived') return state;
  const by = (['microphone', 'speaker'] as const).filter((role) =>
    notice.devices.some(({ kind }) => kind === kindOf[role]),
  );
  const choices = { ...state.choices };
  for (const role of by) {
    const device = notice.devices.find(({ kind }) => kind === kindOf[role]);
    if (device !== undefined) choices[role] = { name: 'device', device: refOf(device) };
  }
  return chosen(state, choices, by);
}

function listed(before: DevicesState, list: DeviceList): DevicesState {
  const key = setKey(list);
  const sameSet = before.list !== undefined && setKey(before.list) === key;
  const remembered = sameSet ? undefined : rememberedFor(before.memory, key);
  const missed = { ...before.missed };
  const choices = { ...before.choices };
  for (const role of roles) {
    const of: Look = { role, list, former: before.list };
    const current = before.choices[role];
    const lost = before.missed[role];
    const back = lost && present(lost, of);
    if (back !== undefined) {
      delete missed[role];
      choices[role] = { name: 'device', device: refOf(back) };
      continue;
    }
    if (current.name === 'device' && present(current.device, of) === undefined)
      missed[role] ??= current.device;
    choices[role] =
      (remembered && possible(remembered[role], of)) ??
      possible(current, of) ??
      newestPossible(before.memory, role, list.devices) ??
      firstChoices[role];
  }
  const after: DevicesState = { ...before, list, choices, missed };
  // The first list is no news.
  return before.list === undefined
    ? after
    : { ...after, notice: noticeOf(before, after, remembered !== undefined) };
}

interface Look {
  readonly role: Role;
  readonly list: DeviceList;
  /** What was there before. */
  readonly former: DeviceList | undefined;
}

function present(device: DeviceRef, { role, list, former }: Look): Device | undefined {
  const kind = kindOf[role];
  return findDevice(
    device,
    list.devices.filter((one) => one.kind === kind),
    former?.devices,
  );
}

/** The choice with the id that its device has today; undefined where that is not there. */
function possible(choice: Choice, of: Look): Choice | undefined {
  if (choice.name !== 'device') return choice;
  const device = present(choice.device, of);
  return device === undefined ? undefined : { name: 'device', device: refOf(device) };
}

/** A ringer alone is not worth a word. */
const spoken = ['speaker', 'microphone'] as const;

function noticeOf(before: DevicesState, after: DevicesState, known: boolean): DeviceNotice | undefined {
  const moved = after.inCall ? (lostNotice(before, after) ?? takenNotice(before, after)) : undefined;
  if (moved !== undefined) return moved;
  return (known ? undefined : arrivedNotice(before, after)) ?? stillTrue(before.notice, after);
}

function lostNotice(before: DevicesState, after: DevicesState): DeviceNotice | undefined {
  for (const role of spoken) {
    const was = deviceFor(before, role)?.device;
    if (was === undefined || isIn(was, after.list)) continue;
    const now = deviceFor(after, role)?.device;
    return { name: 'lost', label: plainLabel(was.label), now: now && plainLabel(now.label) };
  }
  return undefined;
}

function takenNotice(before: DevicesState, after: DevicesState): DeviceNotice | undefined {
  for (const role of spoken) {
    const was = deviceFor(before, role)?.device;
    const now = deviceFor(after, role)?.device;
    if (now === undefined || (was !== undefined && isSameLabel(was, now))) continue;
    return { name: 'taken', label: plainLabel(now.label) };
  }
  return undefined;
}

/** One thing at a time: the parts of a headset belong together by their group. */
function arrivedNotice(before: DevicesState, after: DevicesState): DeviceNotice | undefined {
  const unused = (after.list?.devices ?? []).filter((one) => !isIn(one, before.list) && !isUsed(one, after));
  const [first] = unused.filter(({ kind }) => kind === 'audioinput' || after.outputs !== 'none');
  if (first === undefined) return undefined;
  const devices = unused.filter((one) => one === first || (first.group !== '' && one.group === first.group));
  return { name: 'arrived', devices, label: plainLabel(first.label) };
}

function isUsed(device: Device, state: DevicesState): boolean {
  return spoken.some(
    (role) => kindOf[role] === device.kind && deviceFor(state, role)?.device?.id === device.id,
  );
}

function isIn(device: Device, list: DeviceList | undefined): boolean {
  const same = list?.devices.filter(({ kind }) => kind === device.kind) ?? [];
  return same.some((one) => one.id === device.id || isSameLabel(one, device));
}

/** Nobody is asked about what has gone again. */
function stillTrue(notice: DeviceNotice | undefined, after: DevicesState): DeviceNotice | undefined {
  if (notice?.name !== 'arrived') return notice;
  return notice.devices.every((one) => isIn(one, after.list)) ? notice : undefined;
}
