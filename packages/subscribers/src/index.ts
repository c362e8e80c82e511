export * from './csv/read.ts';
export * from './csv/sniff.ts';
export * from './csv/write.ts';
export * from './encoding.ts';
