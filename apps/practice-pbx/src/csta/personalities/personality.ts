import type { CstaRequestName, Edition } from '@offhook/csta';

/** The platforms that have a CSTA link; a `generic` PBX has none. */
export const CSTA_PLATFORMS = ['openscape-voice', 'openscape-4000', 'openscape-business'] as const;
export type CstaPlatform = (typeof CSTA_PLATFORMS)[number];

/** How a device is written in events and answers. What requests carry is read in every form. */
export type DeviceNaming =
  /** `N<101>Anna Berger;displayNumber=101;noa=nk;uid=…`. */
  | 'described'
  /** `N+4915550101` for what is international, `101` for the rest. */
  | 'plus'
  /** `101`. */
  | 'bare';

/**
 * When a SingleStepTransferCall or DeflectCall that names a target device of the same person is answered. Others are answered as soon as
 * they are carried out, everywhere.
 */
export type HandOver =
  /** The answer goes out, and `leadMs` later the target is called. */
  | { readonly answered: 'before_invite'; readonly leadMs: number }
  /** The answer waits until the target rings or has answered, `waitMs` at most. */
  | { readonly answered: 'after_invite'; readonly waitMs: number };

/** What a platform does differently, as data. Which line is known and which is inferred stands with each of them. */
export interface Personality {
  readonly platform: CstaPlatform;
  readonly manufacturer: string;
  readonly editions: readonly Edition[];
  /** `TransferedEvent` and `mediaAttachementServices`. */
  readonly isMisspelt: boolean;
  readonly sessionSeconds: number;
  /** Between two `SystemStatus` of ours, and what the client is told. */
  readonly heartbeatSeconds: number;
  readonly deviceNaming: DeviceNaming;
  /** What is offered; everything else is refused with `serviceNotSupported`, and missing in the capabilities. */
  readonly services: readonly CstaRequestName[];
  readonly sendsServicesPermitted: boolean;
  readonly handOver: HandOver;
  /** Private data that is understood and sent. */
  readonly privateData: {
    /** The alternative number of a user: in SetForwarding, GetForwarding and Forwarding events. */
    readonly staticOndDN: boolean;
    /** `targetDevice` and `autoAnswer` of SingleStepTransferCall and DeflectCall. */
    readonly targetDevice: boolean;
    readonly extendedServicesPermitted: boolean;
  };
}

/** System services, monitoring and snapshots: without them no client can work. */
export const BASIC_SERVICES = [
  'SystemRegister',
  'SystemRegisterCancel',
  'SystemStatus',
  'RequestSystemStatus',
  'GetSwitchingFunctionCapabilities',
  'GetSwitchingFunctionDevices',
  'MonitorStart',
  'MonitorStop',
  'SnapshotDevice',
  'SnapshotCall',
] as const satisfies readonly CstaRequestName[];
