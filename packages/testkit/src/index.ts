export * from './clock.ts';
export * from './network.ts';
export * from './options.ts';
export * from './random.ts';
export * from './sip-host.ts';
export * from './processes.ts';
export * from './push-service.ts';
export * from './axe.ts';
