import type { HidCollectionInfo, HidReportItem } from '../hid/types.ts';

/*
 * Report descriptors made by us after the layouts that headsets of the trade have: the kinds of controls, their order and their
 * padding, not anybody's bytes.
 */

const telephony = (id: number): number => 0x0b_0000 + id;
const led = (id: number): number => 0x08_0000 + id;

const padding = (bits: number): HidReportItem => ({
  isAbsolute: true,
  isArray: false,
  reportSize: 1,
  reportCount: bits,
  usages: [],
  logicalMinimum: 0,
});
const field = (usages: readonly number[], rest: Partial<HidReportItem>): HidReportItem => ({
  isAbsolute: true,
  isArray: false,
  isRange: false,
  hasPreferredState: false,
  reportSize: 1,
  reportCount: usages.length,
  usages,
  logicalMinimum: 0,
  ...rest,
});

/** Absolute hook switch that echoes its lamp, relative mute and flash, everything in report 2. */
export const switchHeadset: readonly HidCollectionInfo[] = [
  {
    usagePage: 0x0c,
    usage: 1,
    inputReports: [{ reportId: 1, items: [field([0x0c_00e9, 0x0c_00ea], {}), padding(6)] }],
    outputReports: [],
    children: [],
  },
  {
    usagePage: 0x0b,
    usage: 5,
    inputReports: [
      {
        reportId: 2,
        items: [
          field([telephony(0x20), telephony(0x97), telephony(0x2a)], {}),
          field([telephony(0x2f), telephony(0x21), telephony(0x24), telephony(0x50)], { isAbsolute: false }),
          // A key matrix: what follows lies behind it.
          field([telephony(0x06)], { reportSize: 4, isArray: true, reportCount: 1 }),
          field([telephony(0x26)], { isAbsolute: false }),
          padding(4),
        ],
      },
    ],
    outputReports: [
      {
        reportId: 2,
        items: [
          field([led(0x17), led(0x1e), led(0x09), led(0x18), led(0x20), led(0x21)], {}),
          field([led(0x2a)], {}),
          field([telephony(0x9e)], {}),
          padding(8),
        ],
      },
    ],
    children: [],
  },
];

/** Push buttons that fall back, lamps in reports of their own; the fields are listed in a nested collection as well. */
const buttonKeys = {
  reportId: 8,
  items: [padding(3), field([telephony(0x20), telephony(0x2f)], { hasPreferredState: true }), padding(3)],
};
export const buttonHeadset: readonly HidCollectionInfo[] = [
  {
    usagePage: 0x0b,
    usage: 5,
    inputReports: [buttonKeys],
    outputReports: [
      { reportId: 9, items: [field([led(0x09)], {}), padding(7)] },
      { reportId: 23, items: [field([led(0x18)], {}), padding(7)] },
      { reportId: 24, items: [padding(8), field([led(0x17), led(0x20)], {}), padding(6)] },
    ],
    children: [
      {
        usagePage: 0x0b,
        usage: 7,
        // Alone it would begin at the first bit.
        inputReports: [{ reportId: 8, items: buttonKeys.items.slice(1) }],
        outputReports: [],
        children: [],
      },
    ],
  },
];

/** No report ids, a range of usages, a mute switch that stays, and no hold lamp. */
export const rangeHeadset: readonly HidCollectionInfo[] = [
  {
    usagePage: 0x0b,
    usage: 5,
    inputReports: [
      {
        reportId: 0,
        items: [
          {
            ...field([], {}),
            isRange: true,
            usageMinimum: telephony(0x20),
            usageMaximum: telephony(0x21),
            reportCount: 2,
          },
          field([telephony(0x2f)], {}),
          padding(5),
        ],
      },
    ],
    outputReports: [{ reportId: 0, items: [field([led(0x17), led(0x18), led(0x09)], {}), padding(5)] }],
    children: [],
  },
];

/** A keyboard: nothing of telephony. */
export const keyboard: readonly HidCollectionInfo[] = [
  {
    usagePage: 1,
    usage: 6,
    inputReports: [{ reportId: 0, items: [field([0x07_00e0, 0x07_00e1], {}), padding(6)] }],
    outputReports: [{ reportId: 0, items: [field([led(1), led(2)], {}), padding(6)] }],
    children: [],
  },
];
