export * from './message/index.ts';
export * from './registrar/index.ts';
export * from './auth/index.ts';
export type * from './endpoint/api.ts';
