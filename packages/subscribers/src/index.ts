export * from './csv/read.ts';
export * from './csv/sniff.ts';
export * from './csv/write.ts';
export * from './encoding.ts';
export * from './headings.ts';
export * from './json/read.ts';
export * from './subscriber.ts';
export * from './values.ts';
