import { identifier } from '../schema/kinds.ts';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A device as the switching function writes it (ECMA-269, device identifiers). {@link parseDeviceId} looks into it. */
export type DeviceId = Branded<'device'>;
/** A call; OpenScape Voice writes 32 hexadecimal digits. Never looked into. */
export type CallId = Branded<'call'>;
/** One monitor that was started; every event of it carries this. */
export type MonitorCrossRefId = Branded<'monitor'>;

// Brands exist for the compiler alone: these are where text becomes what it is meant to be.
export const toDeviceId = (text: string): DeviceId => text as DeviceId;
export const toCallId = (text: string): CallId => text as CallId;
export const toMonitorCrossRefId = (text: string): MonitorCrossRefId => text as MonitorCrossRefId;

export const deviceId = identifier<DeviceId>();
export const callId = identifier<CallId>();
export const monitorCrossRefId = identifier<MonitorCrossRefId>();
