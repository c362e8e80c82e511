export * from './message/index.ts';
export * from './headers/index.ts';
export * from './events/index.ts';
export * from './registrar/index.ts';
export * from './auth/index.ts';
export type * from './endpoint/api.ts';
export type * from './endpoint/subscription-api.ts';
// What a NOTIFY says about itself has the same name in the headers' folder.
export type { SubscriptionState } from './endpoint/subscription-api.ts';
export { SipEndpoint } from './endpoint/endpoint.ts';
export { endpointLimits } from './endpoint/limits.ts';
export { SipUsageError } from './endpoint/errors.ts';
export type { SipUsageErrorCode } from './endpoint/errors.ts';
export { TimerQueue } from './timing/timer-queue.ts';
export type { Timer } from './timing/timer-queue.ts';
