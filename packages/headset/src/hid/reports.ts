import type { HeadsetSignal, Lamps } from '../port.ts';
import type { Key, LampName, Layout, Place } from './layout.ts';

/** A hook key that is held down this long asks for the other call. */
export const LONG_PRESS_MS = 800;

/** One key's last value, and when it went down. */
interface KeyMemory {
  readonly on: boolean;
  readonly since: number;
}

/** What the keys stood at: kept by whoever reads the reports, from the opening of the device on. */
export type KeyMemories = ReadonlyMap<Key, KeyMemory>;

export const noMemories: KeyMemories = new Map();

export interface Read {
  readonly memories: KeyMemories;
  readonly signals: readonly HeadsetSignal[];
}

/**
 * What one input report says that the one before did not. `at`: when it came, in milliseconds of any one clock. A report that is shorter than its
 * description, or of another id, says nothing of the keys that it does not reach.
 */
export function readReport(
  layout: Layout,
  memories: KeyMemories,
  reportId: number,
  data: DataView,
  at: number,
): Read {
  const next = new Map(memories);
  const signals: HeadsetSignal[] = [];
  for (const key of layout.keys) {
    if (key.reportId !== reportId) continue;
    const on = isOn(key, data);
    if (on === undefined) continue;
    const before = memories.get(key);
    next.set(key, { on, since: on && before?.on === true ? before.since : at });
    const signal = signalOf(key, before ?? { on: false, since: at }, on, at);
    if (signal !== undefined) signals.push(signal);
  }
  return { memories: next, signals };
}

function signalOf(key: Key, before: KeyMemory, on: boolean, at: number): HeadsetSignal | undefined {
  switch (key.kind) {
    case 'relative':
      return on ? pressed(key, 'toggle') : undefined;
    case 'switch':
      if (before.on === on) return undefined;
      return key.name === 'hook' || key.name === 'mute' || on ? pressed(key, on) : undefined;
    case 'button':
      if (before.on === on) return undefined;
      // Whether a hook key is held down is known when it is let go.
      if (key.name !== 'hook') return on ? pressed(key, 'toggle') : undefined;
      if (on) return undefined;
      return at - before.since >= LONG_PRESS_MS ? { name: 'flash' } : pressed(key, 'toggle');
  }
}

function pressed(key: Key, to: boolean | 'toggle'): HeadsetSignal | undefined {
  switch (key.name) {
    case 'hook':
    case 'mute':
      return { name: key.name, to };
    case 'flash':
    case 'hold':
      return { name: 'flash' };
    case 'drop':
      return { name: 'drop' };
    case 'redial':
      // A key that is pressed by accident in a bag calls nobody.
      return undefined;
  }
}

function isOn(place: Place, data: DataView): boolean | undefined {
  if (place.bit + place.bits > data.byteLength * 8) return undefined;
  let value = 0;
  for (let index = 0; index < Math.min(place.bits, 24); index += 1) {
    const bit = place.bit + index;
    if ((data.getUint8(bit >> 3) & (1 << (bit & 7))) !== 0) value |= 1 << index;
  }
  return place.value === undefined ? value !== 0 : value === place.value;
}

export interface OutputReport {
  readonly reportId: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The output reports that show the lamps: all of a report's lamps are sent at once, since each report overwrites all. */
export function writeReports(layout: Layout, lamps: Lamps): readonly OutputReport[] {
  const reports = [...layout.outputBytes].map(([reportId, bytes]) => ({
    reportId,
    data: new Uint8Array(bytes),
  }));
  for (const lamp of layout.lamps) {
    const report = reports.find(({ reportId }) => reportId === lamp.reportId);
    if (report === undefined || !isLit(lamp.name, lamps)) continue;
    const value = lamp.value ?? 1;
    for (let index = 0; index < lamp.bits; index += 1) {
      const bit = lamp.bit + index;
      if ((value & (1 << index)) !== 0)
        report.data[bit >> 3] = (report.data[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return reports;
}

function isLit(name: LampName, lamps: Lamps): boolean {
  switch (name) {
    case 'offHook':
      return lamps.offHook;
    case 'mute':
      return lamps.muted;
    case 'hold':
      return lamps.held;
    case 'ring':
    case 'ringer':
      return lamps.ringing;
    case 'speaker':
      // The loudspeaker of a conference phone goes with the hook by itself; a headset has none.
      return false;
  }
}
