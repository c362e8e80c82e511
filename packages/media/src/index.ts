export * from './engine.ts';
export { createEmbeddedEngine, type EmbeddedEngine } from './embedded/create.ts';
export type { EmbeddedEngineOptions, EngineLimits, EngineLog } from './embedded/options.ts';
