export type * from './api.ts';
export { systemDns } from './dns.ts';
export type { Dns } from './dns.ts';
export type { FloodLimits } from './flood-guard.ts';
export { socketLimits } from './limits.ts';
export type { SocketLimit } from './limits.ts';
export { openNodeEndpoint } from './open.ts';
