export type { CstaLink, CstaLinkOptions } from './client.ts';
export { openCstaLink } from './client.ts';
export type { CstaLimit, SocketLimit } from './limits.ts';
export { socketLimits } from './limits.ts';
export type { CstaListener, CstaListenOptions, CstaServerLink } from './server.ts';
export { listenCsta } from './server.ts';
export type { TlsOptions } from './tls.ts';
export type { CstaTrace } from './trace.ts';
