export * from './message/index.ts';
export type * from './endpoint/api.ts';
