export * from './ports.ts';
export * from './phone.ts';
export * from './state/state.ts';
export * from './state/store.ts';
export * from './state/selectors.ts';
export * from './calls/codecs.ts';
export * from './calls/problems.ts';
export type { ConnectionState, StopReason } from './realtime/connection.ts';
export { namesOf, withChange } from './settings/changes.ts';
