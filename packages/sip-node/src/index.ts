export type * from './api.ts';
export { openNodeEndpoint } from './open.ts';
