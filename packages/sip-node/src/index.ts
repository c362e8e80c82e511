export type * from './api.ts';
export { systemDns } from './dns.ts';
export type { Dns } from './dns.ts';
export type { FloodLimits } from './flood-guard.ts';
export { openNodeEndpoint } from './open.ts';
