import type { HidCollectionInfo, HidReportInfo, HidReportItem } from './types.ts';

/** Telephony Devices page of the HID Usage Tables 1.5, chapter 14. */
export const TELEPHONY_PAGE = 0x0b;

const usage = (page: number, id: number): number => page * 0x1_0000 + id;

/** Keys and switches, by their usage. Speed dial, volume and line keys have no part in a call here. */
const inputUsages = new Map<number, KeyName>([
  [usage(TELEPHONY_PAGE, 0x20), 'hook'],
  [usage(TELEPHONY_PAGE, 0x21), 'flash'],
  [usage(TELEPHONY_PAGE, 0x23), 'hold'],
  [usage(TELEPHONY_PAGE, 0x24), 'redial'],
  [usage(TELEPHONY_PAGE, 0x26), 'drop'],
  [usage(TELEPHONY_PAGE, 0x2f), 'mute'],
]);

/** LED page 0x08, chapter 11, and the ringer of the telephony page. */
const outputUsages = new Map<number, LampName>([
  [usage(0x08, 0x09), 'mute'],
  [usage(0x08, 0x17), 'offHook'],
  [usage(0x08, 0x18), 'ring'],
  [usage(0x08, 0x1e), 'speaker'],
  [usage(0x08, 0x20), 'hold'],
  [usage(TELEPHONY_PAGE, 0x9e), 'ringer'],
]);

export type KeyName = 'hook' | 'flash' | 'hold' | 'redial' | 'drop' | 'mute';
export type LampName = 'mute' | 'offHook' | 'ring' | 'speaker' | 'hold' | 'ringer';

/** Where one control lies in its report: after the report id, counted from the lowest bit of the first byte. */
export interface Place {
  readonly reportId: number;
  readonly bit: number;
  readonly bits: number;
  /** For a field that names one of several usages (an Array item): the value that stands for this one. */
  readonly value?: number;
}

/**
 * Device Class Definition for HID 1.11, section 6.2.2.5: `switch` absolute, stays where it is put · `button` absolute, with a
 * preferred state to which it falls back · `relative` each 1 is one press.
 */
export type KeyKind = 'switch' | 'button' | 'relative';

export interface Key extends Place {
  readonly name: KeyName;
  readonly kind: KeyKind;
}

export interface Lamp extends Place {
  readonly name: LampName;
}

/** What a headset's keys and lamps are and where: all that its report descriptor says of telephony. */
export interface Layout {
  readonly keys: readonly Key[];
  readonly lamps: readonly Lamp[];
  /** Length in bytes of each output report that has a lamp. */
  readonly outputBytes: ReadonlyMap<number, number>;
}

/** Reads `HIDDevice.collections`. Undefined where no key could answer or mute: not a headset for calls. */
export function layoutOf(collections: readonly HidCollectionInfo[]): Layout | undefined {
  const keys: Key[] = [];
  for (const report of reportsOf(collections, (one) => one.inputReports ?? [])) {
    for (const { item, ...field } of fieldsOf(report)) {
      const name = inputUsages.get(field.usage);
      if (name === undefined || keys.some((key) => key.name === name)) continue;
      keys.push({ name, kind: kindOf(item), ...placeOf(field) });
    }
  }
  if (!keys.some(({ name }) => name === 'hook' || name === 'mute')) return undefined;
  const lamps: Lamp[] = [];
  const outputBytes = new Map<number, number>();
  for (const report of reportsOf(collections, (one) => one.outputReports ?? [])) {
    let has = false;
    for (const { item: _item, ...field } of fieldsOf(report)) {
      const name = outputUsages.get(field.usage);
      if (name === undefined || lamps.some((lamp) => lamp.name === name)) continue;
      lamps.push({ name, ...placeOf(field) });
      has = true;
    }
    if (has) outputBytes.set(report.reportId ?? 0, Math.ceil(bitsOf(report) / 8));
  }
  return { keys, lamps, outputBytes };
}

/**
 * Each report once. A browser lists the fields of a nested collection with all its ancestors, too: the outermost list is the
 * whole report with its padding, and only there are the offsets right.
 */
function reportsOf(
  collections: readonly HidCollectionInfo[],
  select: (collection: HidCollectionInfo) => readonly HidReportInfo[],
): readonly HidReportInfo[] {
  const found = new Map<number, HidReportInfo>();
  const visit = (level: readonly HidCollectionInfo[]): void => {
    for (const collection of level) {
      for (const report of select(collection)) {
        const id = report.reportId ?? 0;
        if (!found.has(id) && bitsOf(report) > 0) found.set(id, report);
      }
    }
    const below = level.flatMap(({ children }) => children ?? []);
    if (below.length > 0) visit(below);
  };
  visit(collections);
  return [...found.values()];
}

interface Field {
  readonly item: HidReportItem;
  readonly reportId: number;
  readonly usage: number;
  readonly bit: number;
  readonly bits: number;
  readonly value: number | undefined;
}

function* fieldsOf(report: HidReportInfo): Generator<Field> {
  const reportId = report.reportId ?? 0;
  let bit = 0;
  for (const item of report.items ?? []) {
    const { reportSize: bits = 0, reportCount = 0, isArray = false, logicalMinimum = 0 } = item;
    for (let field = 0; field < reportCount; field += 1) {
      if (isArray) {
        for (let index = 0; index < usageCount(item); index += 1) {
          const one = usageAt(item, index);
          if (one !== undefined)
            yield { item, reportId, usage: one, bit, bits, value: logicalMinimum + index };
        }
      } else {
        const one = usageAt(item, field);
        if (one !== undefined) yield { item, reportId, usage: one, bit, bits, value: undefined };
      }
      bit += bits;
    }
  }
}

/** Section 6.2.2.8: a usage for each field in order; where there are fewer, the last one stands for the rest. */
function usageAt(item: HidReportItem, index: number): number | undefined {
  if (item.isRange === true) {
    const { usageMinimum, usageMaximum } = item;
    if (usageMinimum === undefined || usageMaximum === undefined) return undefined;
    return Math.min(usageMinimum + index, usageMaximum);
  }
  return item.usages?.[index] ?? item.usages?.at(-1);
}

const MOST_USAGES = 256;

function usageCount(item: HidReportItem): number {
  if (item.isRange !== true) return item.usages?.length ?? 0;
  return Math.min(MOST_USAGES, (item.usageMaximum ?? -1) - (item.usageMinimum ?? 0) + 1);
}

function placeOf({ reportId, bit, bits, value }: Omit<Field, 'item'>): Place {
  return { reportId, bit, bits, ...(value === undefined ? {} : { value }) };
}

function kindOf({ isAbsolute, hasPreferredState, isArray }: HidReportItem): KeyKind {
  if (isAbsolute === false) return 'relative';
  // An Array item lists what is pressed now.
  return hasPreferredState === true || isArray === true ? 'button' : 'switch';
}

function bitsOf(report: HidReportInfo): number {
  return (report.items ?? []).reduce(
    (sum, { reportSize = 0, reportCount = 0 }) => sum + reportSize * reportCount,
    0,
  );
}
