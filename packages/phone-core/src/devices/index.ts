export * from './listing.ts';
export * from './roles.ts';
export * from './state.ts';
export * from './use.ts';
export * from './ear.ts';
export { initialDevices, stepDevices } from './step.ts';
export {
  createDevices,
  microphoneKey,
  type Devices,
  type DeviceSource,
  type DevicesPorts,
} from './devices.ts';
