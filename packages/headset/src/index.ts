export * from './port.ts';
export * from './machine.ts';
export * from './hid/types.ts';
export { layoutOf, TELEPHONY_PAGE, type Layout } from './hid/layout.ts';
export { createWebHidPort } from './webhid/webhid.ts';
export { createHubPort, type AskHub } from './hub/hub.ts';
export { createJabraPort, type JabraLibrary } from './jabra/jabra.ts';
