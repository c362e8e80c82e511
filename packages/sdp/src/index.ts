export * from './attributes.ts';
export * from './audio-codecs.ts';
export * from './audio-media.ts';
export * from './capabilities.ts';
export * from './direction.ts';
export * from './negotiate-audio.ts';
export { parseSdp, SdpLimits } from './parse.ts';
export { serialiseSdp } from './serialise.ts';
export * from './types.ts';
