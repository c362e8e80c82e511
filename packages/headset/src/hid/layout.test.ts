import { describe, expect, it } from 'vitest';
import { darkLamps, type HeadsetSignal } from '../port.ts';
import { buttonHeadset, keyboard, rangeHeadset, switchHeadset } from '../testing/layouts.ts';
import { layoutOf, type Layout } from './layout.ts';
import { LONG_PRESS_MS, noMemories, readReport, writeReports } from './reports.ts';

function layout(of: Parameters<typeof layoutOf>[0]): Layout {
  const found = layoutOf(of);
  if (found === undefined) throw new Error('not a headset');
  return found;
}

/** Signals of reports that come one after the other, each `[at, ...bytes]`. */
function signals(of: Layout, id: number, ...reports: readonly (readonly number[])[]): HeadsetSignal[] {
  let memories = noMemories;
  return reports.flatMap(([at = 0, ...bytes]) => {
    const read = readReport(of, memories, id, new DataView(Uint8Array.from(bytes).buffer), at);
    memories = read.memories;
    return read.signals;
  });
}

const written = (of: Layout, lamps: Partial<typeof darkLamps>) =>
  writeReports(of, { ...darkLamps, ...lamps }).map(({ reportId, data }) => [reportId, ...data]);

describe('where the controls lie', () => {
  it('[HID-6.2.2.5] switches, relative keys and what lies behind a matrix', () => {
    expect(layout(switchHeadset).keys).toEqual([
      { name: 'hook', kind: 'switch', reportId: 2, bit: 0, bits: 1 },
      { name: 'mute', kind: 'relative', reportId: 2, bit: 3, bits: 1 },
      { name: 'flash', kind: 'relative', reportId: 2, bit: 4, bits: 1 },
      { name: 'redial', kind: 'relative', reportId: 2, bit: 5, bits: 1 },
      { name: 'drop', kind: 'relative', reportId: 2, bit: 11, bits: 1 },
    ]);
  });

  it('a nested collection does not hide the padding of the whole report', () => {
    expect(layout(buttonHeadset).keys).toEqual([
      { name: 'hook', kind: 'button', reportId: 8, bit: 3, bits: 1 },
      { name: 'mute', kind: 'button', reportId: 8, bit: 4, bits: 1 },
    ]);
  });

  it('[HID-6.2.2.8] a range gives each field its usage', () => {
    expect(layout(rangeHeadset).keys.map(({ name, bit }) => [name, bit])).toEqual([
      ['hook', 0],
      ['flash', 1],
      ['mute', 2],
    ]);
  });

  it('[HID-6.2.2.5] an Array field names what is pressed', () => {
    const array = layout([
      {
        inputReports: [
          {
            reportId: 1,
            items: [
              {
                isAbsolute: true,
                isArray: true,
                reportSize: 8,
                reportCount: 1,
                logicalMinimum: 1,
                usages: [0x0b_0020, 0x0b_002f, 0x0b_0021],
              },
            ],
          },
        ],
      },
    ]);
    expect(signals(array, 1, [0, 2], [1, 0], [2, 3], [3, 0])).toEqual([
      { name: 'mute', to: 'toggle' },
      { name: 'flash' },
    ]);
  });

  it('a keyboard is no headset, and neither is nothing', () => {
    expect(layoutOf(keyboard)).toBeUndefined();
    expect(layoutOf([])).toBeUndefined();
    expect(
      layoutOf([{ inputReports: [{ items: [{ usages: [0x0b_0021], reportSize: 1, reportCount: 1 }] }] }]),
    ).toBe(undefined);
  });
});

describe('what a report says', () => {
  it('a switch speaks when it moves, whatever else the report is about', () => {
    expect(signals(layout(switchHeadset), 2, [0, 1, 0], [1, 0b1001, 0], [2, 1, 0], [3, 0, 0])).toEqual([
      { name: 'hook', to: true },
      { name: 'mute', to: 'toggle' },
      { name: 'hook', to: false },
    ]);
  });

  it('each 1 of a relative key is a press', () => {
    expect(signals(layout(switchHeadset), 2, [0, 8, 0], [1, 8, 0])).toEqual([
      { name: 'mute', to: 'toggle' },
      { name: 'mute', to: 'toggle' },
    ]);
  });

  it('a hook key acts when it is let go; held down it asks for the other call', () => {
    const of = layout(buttonHeadset);
    expect(signals(of, 8, [0, 8], [LONG_PRESS_MS - 1, 0])).toEqual([{ name: 'hook', to: 'toggle' }]);
    expect(signals(of, 8, [0, 8], [400, 8], [LONG_PRESS_MS, 0])).toEqual([{ name: 'flash' }]);
  });

  it('another report, or one that is too short, says nothing', () => {
    expect(signals(layout(switchHeadset), 1, [0, 255, 255])).toEqual([]);
    expect(signals(layout(switchHeadset), 2, [0])).toEqual([]);
  });
});

describe('what the lamps need', () => {
  it('each report whole, the rest of it dark', () => {
    expect(written(layout(switchHeadset), { offHook: true, muted: true })).toEqual([[2, 0b0000_0101, 0]]);
    expect(written(layout(switchHeadset), { ringing: true, held: true })).toEqual([[2, 0b1001_1000, 0]]);
    expect(written(layout(buttonHeadset), { offHook: true, ringing: true })).toEqual([
      [9, 0],
      [23, 1],
      [24, 0, 1],
    ]);
  });

  it('a lamp that is not there is left out', () => {
    expect(written(layout(rangeHeadset), { held: true, muted: true })).toEqual([[0, 0b100]]);
  });
});

it('no description and no bytes make it throw', () => {
  let read = 0;
  let value = 7;
  const next = (below: number): number => {
    value = (value * 48_271) % 2_147_483_647;
    return value % below;
  };
  for (let round = 0; round < 2_000; round += 1) {
    const items = Array.from({ length: next(5) }, () => ({
      isAbsolute: next(2) === 0,
      isArray: next(3) === 0,
      isRange: next(3) === 0,
      hasPreferredState: next(2) === 0,
      usages: Array.from({ length: next(4) }, () => 0x0b_0020 + next(16)),
      usageMinimum: 0x0b_0020 + next(4),
      usageMaximum: next(40) === 0 ? 0xffff_ffff : 0x0b_0020 + next(20),
      reportSize: next(40),
      reportCount: next(12),
    }));
    const found = layoutOf([
      { inputReports: [{ reportId: 1, items }], outputReports: [{ reportId: 1, items }] },
    ]);
    if (found === undefined) continue;
    signals(found, 1, ...Array.from({ length: 5 }, () => Array.from({ length: next(20) }, () => next(256))));
    writeReports(found, { offHook: true, ringing: true, muted: true, held: true });
    read += 1;
  }
  expect(read).toBeGreaterThan(100);
});
