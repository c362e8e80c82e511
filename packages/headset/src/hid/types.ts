/**
 * The parts of WebHID (wicg.github.io/webhid) that are used here, as a browser gives them. TypeScript's DOM library has none
 * of it.
 */
export interface HidReportItem {
  readonly isAbsolute?: boolean;
  readonly isArray?: boolean;
  readonly isRange?: boolean;
  readonly hasPreferredState?: boolean;
  readonly usages?: readonly number[];
  readonly usageMinimum?: number;
  readonly usageMaximum?: number;
  /** Bits of one field. */
  readonly reportSize?: number;
  /** Fields. */
  readonly reportCount?: number;
  readonly logicalMinimum?: number;
}

export interface HidReportInfo {
  readonly reportId?: number;
  readonly items?: readonly HidReportItem[];
}

export interface HidCollectionInfo {
  readonly usagePage?: number;
  readonly usage?: number;
  readonly inputReports?: readonly HidReportInfo[];
  readonly outputReports?: readonly HidReportInfo[];
  readonly children?: readonly HidCollectionInfo[];
}

export interface HidInputReport {
  readonly reportId: number;
  readonly data: DataView;
  /** Milliseconds, monotonic. */
  readonly timeStamp: number;
}

export interface HidDevice {
  readonly opened: boolean;
  readonly productName: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly collections: readonly HidCollectionInfo[];
  open(): Promise<void>;
  close(): Promise<void>;
  /** Chrome 100 on. */
  forget?(): Promise<void>;
  sendReport(reportId: number, data: Uint8Array<ArrayBuffer>): Promise<void>;
  addEventListener(name: 'inputreport', listener: (event: HidInputReport) => void): void;
  removeEventListener(name: 'inputreport', listener: (event: HidInputReport) => void): void;
}

export interface HidConnectionEvent {
  readonly device: HidDevice;
}

/** `navigator.hid` */
export interface Hid {
  getDevices(): Promise<readonly HidDevice[]>;
  requestDevice(options: {
    readonly filters: readonly { readonly usagePage: number }[];
  }): Promise<readonly HidDevice[]>;
  addEventListener(name: 'connect' | 'disconnect', listener: (event: HidConnectionEvent) => void): void;
  removeEventListener(name: 'connect' | 'disconnect', listener: (event: HidConnectionEvent) => void): void;
}
