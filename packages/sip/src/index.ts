export type * from './message/types.ts';
export type * from './endpoint/api.ts';
