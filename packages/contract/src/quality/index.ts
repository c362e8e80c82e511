export * from './call-quality.ts';
